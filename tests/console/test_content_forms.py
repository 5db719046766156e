"""Forms of the content: an address that must not be kept, vetting, confirmations, and nothing changed by itself."""

import copy
import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from console.content_apply import apply_form
from console.content_forms import build_parts, list_kinds, show_values
from console.wording import load_words
from hotline.content_acts import list_places
from hotline.regions import build_region
from hotline.resources import build_directory
from storage.content_files import load_documents
from storage.content_texts import parse_text
from tests.console.conftest import Stage
from tests.console.test_content_pages import admin, post, write

__all__ = ["admin"]


class _Reader(HTMLParser):
    """Fields as a browser would send them; a check box that is off is not sent."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._name = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("name") and given.get("type") != "checkbox":
            self.fields[str(given["name"])] = given.get("value") or ""
        elif tag in {"textarea", "select"}:
            self._name = str(given["name"])
            self.fields[self._name] = ""
        elif tag == "option" and "selected" in given:
            self.fields[self._name] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        self._name = "" if tag == "textarea" else self._name

    def handle_data(self, data: str) -> None:
        if self._name and self.lasttag == "textarea":
            self.fields[self._name] += data


def read_form(page: str) -> dict[str, str]:
    reader = _Reader()
    reader.feed(page.partition('id="edit"')[2].partition("</form>")[0])
    return {name: value for name, value in reader.fields.items() if name != "csrf"}


@pytest.mark.parametrize("hidden", ["yes", "unknown", ""])
async def test_a_confidential_switch_empties_the_address_whatever_was_typed_d4(
    stage: Stage, admin: httpx.AsyncClient, hidden: str
) -> None:
    typed = {"address_confidential": hidden, "address_1": "1 Secret Road", "near": "the park"}
    draft = await write(admin, "places", "awaken_drop_in", **typed)
    (change,) = (await stage.editing.desk.show(draft)).changes
    assert "service_at_locations" not in change.after
    assert "Secret" not in str(change.after)
    assert "park" not in str(change.after)


async def test_an_open_address_is_kept_with_what_the_standard_wants_beside_it(
    stage: Stage, admin: httpx.AsyncClient
) -> None:
    draft = await write(admin, "places", "awaken_drop_in", address_confidential="no", address_1="2 Open Street")
    (change,) = (await stage.editing.desk.show(draft)).changes
    (place,) = change.after["service_at_locations"]
    assert place["location"]["addresses"][0]["address_1"] == "2 Open Street"
    assert place["location"]["addresses"][0]["country"] == "US"


async def test_vetting_has_the_eleven_factors_when_who_was_asked_and_how_d2(
    stage: Stage, admin: httpx.AsyncClient
) -> None:
    page = (await admin.get("/content/entry?kind=places&entry=awaken_drop_in")).text
    assert page.count('name="vet_') == 11
    said = {"vet_quality": "yes", "vet_culture": "no", "vetted_on": "2026-11-02", "asked": "intake worker"}
    draft = await write(admin, "places", "awaken_drop_in", **said, vetted_by="ann, ben")
    seen = (await admin.get(f"/content/drafts/{draft}")).text
    assert "Good work, known by others" in seen
    assert "address_confidential" not in seen, "only what differs is to be judged"
    shown = await stage.editing.desk.show(draft)
    vetting = shown.changes[0].after["porchlight"]["vetting"]
    assert vetting["factors"] == {"quality": True, "culture": False}
    assert (str(vetting["vetted_on"]), vetting["asked"]) == ("2026-11-02", "intake worker")
    assert vetting["approved_by"] == ["ann", "ben"]
    assert shown.lacks == ("two_more",)


async def test_a_new_number_loses_the_old_confirmation_unless_somebody_phoned_it_d3(
    stage: Stage, admin: httpx.AsyncClient
) -> None:
    await stage.editing.desk.confirm("ann", "runaway")
    phoned = await write(admin, "lines", "runaway", call_number="800-555-0100", confirmed_today="yes", base_version="2")
    not_phoned = await write(admin, "lines", "runaway", call_number="800-555-0100", base_version="2")
    shown = [(await stage.editing.desk.show(one)).changes[0].after for one in (phoned, not_phoned)]
    assert [line["verified_by"] for line in shown] == ["admin", None]
    assert [line["assured_date"] for line in shown] == [stage.clock.now().date(), None]


async def test_what_cannot_be_read_is_said_and_what_was_typed_stays(stage: Stage, admin: httpx.AsyncClient) -> None:
    typed = {"vetted_on": "soon", "description": "Words of an hour"}
    answer = await post(admin, "/content/entry", kind="places", entry="awaken_drop_in", note="x", **typed)
    assert answer.status_code == 422
    assert "That is no date." in answer.text
    assert "Words of an hour" in answer.text
    assert stage.editing.memory.drafts == {}


@pytest.mark.parametrize(
    ("kind", "entry"),
    [
        ("replies", "food"), ("lines", "lifeline"), ("places", "awaken_drop_in"), ("cards", "missing"),
        ("hours", "regions/nevada~holidays"), ("screening", "screening/en~entries/en-near-here"),
        ("region", "regions/nevada~ladder"), ("words", "topics~topics/food"),
    ],
)  # fmt: skip
async def test_every_kind_has_a_form_that_changes_nothing_by_itself(
    stage: Stage, admin: httpx.AsyncClient, kind: str, entry: str
) -> None:
    """Saved as it came, no document is another."""
    listed = (await admin.get(f"/content/of/{kind}", params={"find": entry.rpartition("~")[2]})).text
    assert "/content/entry?kind=" in listed
    page = (await admin.get("/content/entry", params={"kind": kind, "entry": entry})).text
    answer = await post(admin, "/content/entry", **read_form(page) | {"note": "Nothing."})
    assert answer.headers["location"] == "/content?notice=nothing_changed"


async def test_a_new_place_begins_with_everything_unknown_and_its_address_locked_d4(
    stage: Stage, admin: httpx.AsyncClient
) -> None:
    page = (await admin.get("/content/entry?kind=places&entry=sunrise_house&new=yes")).text
    typed = {
        "place_name": "Sunrise House", "organization": "Sunrise", "organization_about": "A house.",
        "phones": "775-555-0199 | voice\n7755550198 | tty", "service_areas": "Reno | metro:reno",
        "schedules": "MO,TU | 09:00 | 17:00", "needs": "food", "address_1": "1 Hidden Road",
    }  # fmt: skip
    fields = {name: value for name, value in read_form(page).items() if name not in {"kind", "entry", "note"}}
    draft = await write(admin, "places", "sunrise_house", **fields | typed)
    shown = await stage.editing.desk.show(draft)
    assert {change.path for change in shown.changes} == {"directory/nevada/sunrise_house"}
    text = shown.draft.texts["directory/nevada/sunrise_house"]
    assert text is not None
    document = parse_text("new", text)
    (place,) = document["services"]
    assert document["organization"] == {"name": "Sunrise", "description": "A house."}
    assert place["phones"] == [
        {"number": "775-555-0199", "type": "voice"},
        {"number": "7755550198", "type": "tty"},
    ]
    assert place["schedules"] == [{"freq": "WEEKLY", "byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00"}]
    assert (place["porchlight"]["address_confidential"], "service_at_locations" in place) == ("unknown", False)
    documents = {**load_documents(), "directory/nevada/sunrise_house": document}
    directory = build_directory(documents, build_region(documents, "nevada"), "practice")
    assert directory.get("sunrise_house").phone == "775-555-0199"


@pytest.mark.parametrize("name", ["awaken_drop_in", "lifeline", "Capital", "a/b", "../x", ""])
async def test_a_new_entry_takes_no_name_that_is_taken_or_leads_elsewhere(admin: httpx.AsyncClient, name: str) -> None:
    asked = {"kind": "places", "entry": name, "new": "yes"}
    answer = await admin.get("/content/entry", params=asked)
    assert answer.headers["location"] == "/content/of/places?notice=no_id"
    assert "cannot be an id" in (await admin.get(answer.headers["location"])).text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("phones", "voice | | | | five", "Write a line for each"), ("minimum_age", "ten", "That is no number."),
        ("place_name", "one\ntwo", "One line is too much"), ("status", "burnt", "Choose one of the list."),
        ("phones", "- {number: [}", "That cannot be read."), ("phones", "- &a [x]\n- *a", "That cannot be read."),
        ("description", "x" * 20_001, "That is too long."), ("publish", "unknown", "Choose one of the list."),
    ],
)  # fmt: skip
async def test_each_field_says_what_is_wrong_with_it(
    stage: Stage, admin: httpx.AsyncClient, field: str, typed: str, said: str
) -> None:
    form = {"kind": "places", "entry": "awaken_drop_in", "note": "x", field: typed}
    answer = await post(admin, "/content/entry", **form)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert stage.editing.memory.drafts == {}


async def test_a_new_screening_term_stands_in_its_document_and_needs_two_others_g2(
    stage: Stage, admin: httpx.AsyncClient
) -> None:
    asked = {"kind": "screening", "document": "screening/en_slang", "entry": "en-sign-new", "new": "yes"}
    page = (await admin.get("/content/entry", params=asked)).text
    fields = {name: value for name, value in read_form(page).items() if name not in {"kind", "entry", "note"}}
    name = "screening/en_slang~entries/en-sign-new"
    draft = await write(admin, "screening", name, **fields | {"meaning": "a meeting", "phrases_sure": "a gig"})
    shown = await stage.editing.desk.show(draft)
    (change,) = shown.changes
    assert (change.after["phrases"], shown.lacks) == (["a gig"], ("two_more",))
    for taken in ("en-sign-trade", "../en-x", "EN-x"):
        assert (await admin.get("/content/entry", params=asked | {"entry": taken})).status_code == 303


def test_every_line_and_place_there_is_comes_out_of_its_form_as_it_was() -> None:
    """No record loses what its form cannot show, and each field of a form has its word."""
    documents, words = load_documents(), load_words()["en"]["content"]
    for kind in ("lines", "places"):
        for row in list_kinds(documents)[kind]:
            parts = build_parts(kind, row.entry, documents)
            form = show_values(parts, documents)
            assert apply_form(kind, parts, documents, form, by="ann", day=date(2026, 6, 1)) == {}, row.entry
            assert {field.word for part in parts for field in part.fields} <= {*words["field"], *words["factor"]}


async def test_a_new_reply_stands_in_both_languages_or_the_checker_refuses_it_v9(
    stage: Stage, admin: httpx.AsyncClient
) -> None:
    asked = {"kind": "replies", "document": "advocate", "entry": "quick_new", "new": "yes"}
    page = (await admin.get("/content/entry", params=asked)).text
    fields = {name: value for name, value in read_form(page).items() if name not in {"kind", "entry", "note"}}
    said = fields | {"text_en": "I am here.", "text_es": "Aquí estoy."}
    draft = await write(admin, "replies", "quick_new", **said)
    shown = await stage.editing.desk.show(draft)
    assert {change.path: change.after["text"] for change in shown.changes} == {
        "replies/en/advocate": "I am here.",
        "replies/es/advocate": "Aquí estoy.",
    }
    for wrong in ({"entry": "food"}, {"document": "../x"}, {"entry": "Quick"}):
        assert (await admin.get("/content/entry", params=asked | wrong)).status_code == 303


def _keep(documents: dict[str, Any], path: str, at: int, record: dict[str, Any]) -> None:
    documents[path]["services"][at]["porchlight"]["hsds"] = record


@pytest.mark.parametrize("hidden", ["yes", "unknown"])
def test_what_was_kept_of_a_record_goes_with_the_address_in_every_document_d4(hidden: str) -> None:
    """A record is kept as it came: it knows the address that the form takes out, and so may a partner's."""
    documents = copy.deepcopy(dict(load_documents()))
    path, place = next((path, one) for path, one in list_places(documents) if one["key"] == "awaken_drop_in")
    street = place["service_at_locations"][0]["location"]["addresses"][0]["address_1"]
    owner = documents[path]["organization"]["name"]
    others = sorted({other for other, _ in list_places(documents)} - {path})
    _keep(documents, path, 0, {"id": "0", "description": street})
    _keep(documents, others[0], 0, {"id": "1", "description": f"We also see people at {street.upper()}."})
    _keep(documents, others[1], 0, {"id": "2", "description": f"Beside {place['name']}."})
    _keep(documents, others[2], 0, {"id": "3", "organization": {"name": owner, "locations": [{"name": "Back door"}]}})
    _keep(documents, others[3], 0, {"id": "4", "description": "Somewhere else."})
    parts = build_parts("places", "awaken_drop_in", documents)
    form = {**show_values(parts, documents), "address_confidential": hidden}
    changed = apply_form("places", parts, documents, form, by="admin", day=date(2026, 11, 21))
    assert set(changed) == {path, *others[:3]}
    for name, document in changed.items():
        assert "hsds" not in document["services"][0]["porchlight"], name
        before, after = (copy.deepcopy(one["services"][0]) for one in (documents[name], document))
        assert re.fullmatch("[0-9a-f]{16}", after["porchlight"].pop("came_as")), "known when it comes again"
        if name != path:
            before["porchlight"].pop("hsds")
            assert after == before, "nothing else of a neighbour is touched"


def test_a_form_of_an_open_place_keeps_what_came_with_it() -> None:
    documents = copy.deepcopy(dict(load_documents()))
    path = next(path for path, one in list_places(documents) if one["key"] == "awaken_drop_in")
    _keep(documents, path, 0, {"id": "0", "wait_time": "None."})
    parts = build_parts("places", "awaken_drop_in", documents)
    form = {**show_values(parts, documents), "description": "A warm room."}
    changed = apply_form("places", parts, documents, form, by="admin", day=date(2026, 11, 21))
    assert changed[path]["services"][0]["porchlight"]["hsds"] == {"id": "0", "wait_time": "None."}
