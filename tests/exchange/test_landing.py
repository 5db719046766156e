"""An import is one draft: somebody chooses, others agree, and no record brings a hidden address back (G2, G4, D4)."""

import copy

import pytest

from hotline.exchange.entry import list_entries
from hotline.exchange.export import export_directory
from hotline.exchange.plan import Kind
from hotline.resources import build_directory
from tests.exchange.landing import NPHY, Landing, read_shipped
from tests.exchange.world import a_place, entry_of
from tests.hotline.verified import nevada, verified_documents

STREET = "77 Quail St"
SHELTER = "NPHY Emergency Shelter"


@pytest.fixture
def landing():
    return Landing()


def changed_drop_in():
    found = export_directory(verified_documents(), leave_out=True)
    record = copy.deepcopy(dict(zip(found.keys, found.services, strict=True))["nphy_drop_in"])
    return record | {"minimum_age": 14}


def hide(document, key):
    """The content file with a place made confidential, as somebody does who knows nothing of kept records."""
    hidden = copy.deepcopy(document)
    service = next(one for one in hidden["services"] if one["key"] == key)
    service.pop("service_at_locations", None)
    service["porchlight"] |= {"address_confidential": True}
    service["porchlight"].pop("near", None)
    return hidden


async def test_an_import_waits_for_a_choice_and_for_others_and_only_then_is_live_g4(landing):
    """The whole way: a draft with a conflict, a choice, two approvals, live; and what was chosen is to be phoned."""
    plan, draft = await landing.take(a_place(), changed_drop_in())
    assert [item.kind for item in plan.items] == [Kind.ADD, Kind.CONFLICT]
    assert draft.origin == "import" and draft.authors == ("ann",)
    assert draft.note == "Import of theirs.json: 1 new, 0 changed; to choose: nphy_drop_in"
    before = await landing.read_live()
    await landing.agree(draft.id, "ben", "cat", "dan")
    assert (await landing.desk.publish(draft.id)).lacks == ("conflicts",), "no number of people replaces the choice"
    assert await landing.read_live() == before
    draft = await landing.choose(await landing.sets.find_draft(draft.id), theirs=False)
    assert (await landing.desk.publish(draft.id)).version == 2
    live = await landing.read_live()
    drop_in = entry_of(live, "nphy_drop_in")
    assert (drop_in.service["minimum_age"], drop_in.service["assured_date"]) == (14, None), "nobody phoned it (D3)"
    places = build_directory(live, nevada(live), "live").places
    assert "quail_street_clinic" in {entry.key for entry in list_entries(live)} - set(places)
    (newest, _) = await landing.sets.read_history()
    assert (newest.kind, newest.by, newest.approved) == ("import", ("ann",), ("ben", "cat", "dan"))


async def test_what_stands_here_can_be_kept_and_then_nothing_of_it_changes(landing):
    _, draft = await landing.take(changed_drop_in())
    before = await landing.read_live()
    draft = await landing.choose(draft, theirs=True)
    assert (await landing.desk.show(draft.id)).changes == ()
    assert await landing.read_live() == before


async def test_what_went_live_meanwhile_is_asked_about_too(landing):
    """Somebody changed the place between the import and the choice: neither is lost."""
    _, draft = await landing.take(changed_drop_in())
    document = (await landing.read_live())[NPHY]
    document["services"][0]["alert"] = "Ring twice."
    assert await landing.change(NPHY, document) == 2
    shown = await landing.desk.show(draft.id)
    assert [one.theirs.get("alert") for one in shown.draft.conflicts] == ["Ring twice."]
    chosen = await landing.choose(shown.draft, theirs=True)
    assert (await landing.desk.show(chosen.id)).changes == ()


async def test_an_import_that_changes_nothing_makes_no_draft(landing):
    found = export_directory(verified_documents(), leave_out=True)
    plan, draft = await landing.take(*found.services)
    assert draft is None and plan.count(Kind.SAME) == len(found.services)
    assert not await landing.sets.list_drafts()


async def test_of_a_confidential_place_nothing_comes_into_a_draft_and_no_choice_is_offered_d4(landing):
    plan, draft = await landing.take(a_place(), a_place(id="other", name=SHELTER, description="At 4711 Quiet Heron."))
    assert plan.choices == () and draft.conflicts == ()
    assert "nphy_shelter" in draft.note and "Heron" not in repr(draft)


@pytest.mark.parametrize(
    "record",
    [
        {"id": "other", "name": SHELTER, "status": "active", "minimum_age": 9, "maximum_age": 20},
        changed_drop_in() | {"alert": "Undisclosed address.", "porchlight": {}},
    ],
)
async def test_no_choice_is_offered_where_a_place_is_confidential_or_says_so_d4(landing, record):
    """Not even of what would be harmless: somebody makes it confidential or not in its form, and looks."""
    plan, draft = await landing.take(record)
    assert plan.items[0].kind is Kind.CONFLICT and plan.choices == () and draft is None


async def test_the_history_says_no_word_of_the_list(landing):
    plan, draft = await landing.take(
        a_place(name="Clinic at 5 Elm"), a_place(id="x", name="Hides at 9 Oak", phones=[{"id": "p", "number": "988"}])
    )
    assert plan.count(Kind.CONFLICT) == 1
    assert draft.note == "Import of theirs.json: 1 new, 0 changed; left out, to be looked at: a new one"


async def test_a_second_record_of_a_place_that_waits_for_a_choice_waits_too(landing):
    plan, _ = await landing.take(changed_drop_in(), changed_drop_in() | {"minimum_age": 15})
    assert [bool(item.choice) for item in plan.items] == [True, False]
    assert "another record" in plan.items[1].reasons[0]


async def test_a_choice_that_the_checker_would_refuse_is_not_offered_d8(landing):
    record = changed_drop_in() | {"phones": [{"id": "x", "number": "988"}]}
    plan, draft = await landing.take(record)
    assert draft is None and "already used" in " ".join(plan.items[0].reasons)


async def kept_beside(landing):
    """A place of the shelter's organization whose kept record lists the clinic's street; live."""
    _, draft = await landing.take(a_place())
    await landing.agree(draft.id, "ben", "cat")
    assert (await landing.desk.publish(draft.id)).version
    live = await landing.read_live()
    assert STREET in repr(entry_of(live, "quail_street_clinic").additions["hsds"])
    return entry_of(live, "quail_street_clinic").document


async def test_a_place_that_hides_loses_what_was_kept_of_its_record_and_none_brings_it_back_d4():
    """By a draft that knows nothing of it, by going back, and by importing the same record again."""
    landing = Landing(read_shipped())
    path = await kept_beside(landing)
    version = await landing.sets.find_live()
    hidden = hide((await landing.read_live())[path], "quail_street_clinic")
    assert STREET in repr(hidden), "the kept record is still in what was typed"
    # The name holds a street: a confidential place may not.
    hidden["organization"] |= {"name": "Quail Health"}
    hidden["services"][0] |= {"name": "Quail Clinic", "description": "A clinic."}
    assert await landing.change(path, hidden) > version
    assert STREET not in repr(await landing.read_live())
    await landing.desk.roll_back("ben", version, "back")
    live = await landing.read_live()
    assert STREET not in repr(live) and entry_of(live, "quail_street_clinic").is_confidential
    for again in ({"name": "Quail Clinic"}, {"phones": [{"id": "p", "number": "702-555-0188"}]}):
        plan, draft = await landing.take(a_place(**again))
        assert draft is None and plan.items[0].reasons == ("it is confidential here: nothing of it is taken",), again


async def test_a_draft_that_kept_a_record_is_cleared_when_a_place_beside_it_hides_meanwhile_d4():
    landing = Landing(read_shipped())
    path = await kept_beside(landing)
    document = (await landing.read_live())[path]
    document["services"].append(copy.deepcopy(document["services"][0]))
    second = document["services"][1]
    second |= {"key": "quail_house", "name": "Quail House", "phones": [{"number": "702-555-0199"}]}
    second.pop("service_at_locations")
    second["porchlight"].pop("hsds")
    assert await landing.change(path, document)
    _, draft = await landing.take(a_place(alert="Closed on Friday."))
    assert STREET in draft.texts[path]
    hidden = hide((await landing.read_live())[path], "quail_house")
    hidden["services"][1] |= {"description": "A house."}
    hidden["services"][1].pop("alert", None)
    assert await landing.change(path, hidden)
    rebased = (await landing.desk.show(draft.id)).draft
    assert "hsds" not in rebased.texts[path]


async def test_going_back_clears_what_was_kept_of_a_neighbour_d4():
    landing = Landing(read_shipped())
    path = await kept_beside(landing)
    document = (await landing.read_live())[path]
    second = copy.deepcopy(document["services"][0])
    second |= {"key": "quail_house", "name": "Quail House", "phones": [{"number": "702-555-0199"}]}
    second["porchlight"]["hsds"] = {"id": "9", "name": "Quail House", "status": "active", "wait_time": STREET}
    second.pop("service_at_locations")
    document["services"].append(second)
    version = await landing.change(path, document)
    hidden = hide((await landing.read_live())[path], "quail_street_clinic")
    hidden["services"][0] |= {"name": "Quail Clinic", "description": "A clinic."}
    assert await landing.change(path, hidden) > version
    assert await landing.desk.roll_back("ben", version, "back")
    assert STREET not in repr(await landing.read_live())


async def test_going_back_also_clears_records_elsewhere_that_tell_of_the_place_d4():
    landing = Landing(read_shipped())
    path = await kept_beside(landing)
    other = a_place(
        id="7", name="Mesa Kitchen", phones=[{"id": "p", "number": "702-555-0177"}], service_at_locations=[],
        organization={"id": "o", "name": "Mesa"}, description="Food.", wait_time=f"As long as at {STREET}.",
    )  # fmt: skip
    _, draft = await landing.take(other)
    await landing.agree(draft.id, "ben", "cat")
    version = (await landing.desk.publish(draft.id)).version
    live = await landing.read_live()
    kitchen = copy.deepcopy(live["directory/nevada/mesa"])
    kitchen["services"][0]["porchlight"].pop("hsds")
    await landing.change("directory/nevada/mesa", kitchen)
    hidden = hide(live[path], "quail_street_clinic")
    hidden["services"][0] |= {"name": "Quail Clinic", "description": "A clinic."}
    await landing.change(path, hidden)
    await landing.desk.roll_back("ben", version, "back")
    assert STREET not in repr(await landing.read_live())
