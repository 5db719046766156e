"""The region pack: clocks, areas, gaps said openly, reports for advocates alone (D9, D10, H3, P8)."""

import copy

import pytest

from hotline.areas import Area, find_area
from hotline.categories import build_categories
from hotline.digits import flatten
from hotline.errors import ContentError
from hotline.numbers import build_lines
from hotline.regions import build_region
from hotline.resources import build_directory, find_places
from hotline.screening import Level
from hotline.timings import RUNGS, Timings
from tests.hotline.verified import nevada, pacific, shipped_documents

DOCUMENTS = shipped_documents()
REGION = nevada()
REGIONS = ("nevada", "california")
PRACTICE = {name: build_directory(DOCUMENTS, build_region(DOCUMENTS, name), "practice") for name in REGIONS}


def test_the_steps_of_a_hand_off_have_their_lengths():
    """H3."""
    ladder = REGION.ladder
    assert (ladder.lease_seconds, ladder.transfer_seconds) == (90, 60)
    assert (ladder.imminent_wait_seconds, ladder.high_wait_seconds) == (120, 300)
    assert (ladder.hold_seconds, ladder.hold_ceiling_seconds) == (7200, 14400)


def test_the_ladder_of_both_regions_pages_as_the_requirement_says_h3():
    for region in (REGION, build_region(DOCUMENTS, "california")):
        imminent, high = region.ladder.steps(Level.IMMINENT), region.ladder.steps(Level.HIGH)
        assert [(step.to, step.next_seconds) for step in imminent] == [
            (("on_shift", "on_call"), 60), (("on_shift", "on_call"), 60), (("on_shift", "on_call", "supervisor"), 60),
        ]  # fmt: skip
        assert [step.to for step in high] == [("on_shift",), ("on_shift", "on_call"), RUNGS]
        assert high[0].next_seconds == 60
        assert region.ladder == Timings()


@pytest.mark.parametrize(
    ("words", "metro"),
    [
        ("las vegas", "las_vegas"), ("henderson", "las_vegas"), ("clark county", "las_vegas"), ("sparks", "reno"),
        ("laughlin", None), ("mesquite", None), ("elko", None), ("nevada", None),
    ],
)  # fmt: skip
def test_a_texter_stands_in_the_metro_that_people_count_a_town_to(words, metro):
    metros = {extent for extent in REGION.extents(find_area(words)) if extent.startswith("metro:")}
    assert metros == ({f"metro:{metro}"} if metro else set())


def test_a_town_of_the_same_name_in_another_state_is_elsewhere():
    assert REGION.extents(Area("Las Vegas", "San Miguel County", "NM")) == {"country:US", "state:NM"}


def test_an_unknown_area_is_the_region_itself():
    assert REGION.extents(None) == {"country:US", "state:NV"}


@pytest.mark.parametrize("name", REGIONS)
@pytest.mark.parametrize("category", sorted(build_categories(DOCUMENTS).by_id))
def test_each_category_has_an_entry_or_an_open_none_known_in_each_region(name, category):
    """D10: never both, never neither."""
    directory = PRACTICE[name]
    has_entry = any(category in place.needs for place in directory.places.values())
    assert has_entry is (category not in directory.region.none_known)


@pytest.mark.parametrize(
    ("need", "area", "age", "who", "gap"),
    [
        ("place_tonight", "elko", 15, (), "rural"),
        ("food", "laughlin", None, (), "rural"),
        ("food", "89883", None, (), "rural"),
        ("school_work", "nevada", None, (), None),
        ("place_tonight", "las vegas", 20, (), "bed_over_18"),
        ("place_tonight", "las vegas", 18, (), None),
        ("place_tonight", "las vegas", None, (), None),
        ("drop_in", "reno", 15, (), "night"),
        ("drop_in", "reno", 15, ("tribal",), "tribal"),
        ("school_work", "reno", 15, (), None),
        ("place_tonight", "skip", 15, (), None),
        ("place_tonight", "skip", 15, ("tribal",), "tribal"),
        ("place_tonight", "oregon", 15, ("tribal",), None),
    ],
)
def test_the_gap_that_concerns_a_search_is_named(need, area, age, who, gap):
    """D9."""
    assert REGION.find_gap(need, find_area(area), age, who) == gap


@pytest.mark.parametrize("name", REGIONS)
def test_every_gap_is_said_in_both_languages(name):
    """D9."""
    for gap in PRACTICE[name].region.gaps.values():
        assert gap.said["en"]
        assert gap.said["es"]


@pytest.mark.parametrize(
    ("need", "area", "age", "ideas"),
    [
        ("place_tonight", "las vegas", 15, ("safe_place_site", "lit_place")),
        ("place_tonight", "reno", None, ("safe_place_site", "lit_place")),
        ("place_tonight", "las vegas", 18, ("lit_place",)),
        ("drop_in", "ely", 15, ("lit_place",)),
        ("school_work", "las vegas", 15, ()),
    ],
)
def test_ideas_for_a_night_without_a_place(need, area, age, ideas):
    """D5: a signed place, a lit place that is open all night."""
    assert REGION.list_tonight(need, find_area(area), age) == ideas


class TestCalifornia:
    """D9: names of an old list, as data alone."""

    def test_nothing_of_the_list_is_published(self):
        assert {place.id for place in PRACTICE["california"].places.values()} == {"home_free"}

    def test_the_list_is_whole_and_unconfirmed(self):
        names = [name for name in DOCUMENTS if name.startswith("directory/california/")]
        services = [service for name in names for service in DOCUMENTS[name]["services"]]
        assert (len(names), len(services)) == (30, 32)
        for service in services:
            assert service["assured_date"] is None
            assert service["porchlight"]["publish"] is False
            assert "phones" not in service
            assert "service_at_locations" not in service

    def test_a_home_whose_place_is_undisclosed_is_told_of_no_closer_than_the_state(self):
        """D4."""
        (home,) = DOCUMENTS["directory/california/courage_house"]["services"]
        assert home["porchlight"]["address_confidential"] is True
        assert [area["extent"] for area in home["service_areas"]] == ["state:CA"]

    @pytest.mark.parametrize("area", ["oakland", "los angeles", "90012", "chico", "california", "skip"])
    def test_a_search_there_gives_a_line_and_says_the_gap(self, area):
        here = find_area(area, home="CA")
        now = pacific("2026-11-22 02:00")
        found = find_places(PRACTICE["california"], need="place_tonight", area=here, age=16, now=now)
        assert (found.places, found.next_best_line, found.gap) == ((), "runaway", "places")


def test_the_emergency_policy_waits_for_counsel():
    """R11."""
    assert REGION.emergency_policy_state == "to be approved by counsel"


def test_no_number_for_reports_is_ever_given_to_a_texter():
    """P8: those cards are for advocates; no line and no place has one of the numbers."""
    reports = {flatten(contact.number) for contact in REGION.mandated_report}
    lines = build_lines(DOCUMENTS)
    assert len(reports) == 4
    assert not any(lines.find_by_digits(number) for number in reports)
    places = build_directory(DOCUMENTS, REGION, "practice").places.values()
    now = pacific("2026-11-21 12:00")
    assert not reports & {flatten(place.gaps("en", "sms", now)["phone"]) for place in places}


@pytest.mark.parametrize("need", ["place_tonight", "drop_in", "food", "ride", "assault_exam", "anything else"])
@pytest.mark.parametrize("area", ["las vegas", "reno", "elko", "skip"])
@pytest.mark.parametrize("age", [None, 11, 17, 18, 21, 22, 40])
def test_there_is_always_a_line_that_is_next_best(need, area, age):
    lines = build_lines(DOCUMENTS)
    line = REGION.pick_next_best(need, find_area(area), age, lines.by_id)
    assert lines.get(line).takes(age)


def test_when_no_line_of_the_list_may_be_served_the_fallback_is():
    """D3: the lines that are never hidden."""
    assert REGION.pick_next_best("drop_in", find_area("reno"), 15, {"lifeline", "crisis_text"}) == "lifeline"
    assert REGION.pick_next_best("drop_in", find_area("reno"), 15, {"crisis_text"}) == "crisis_text"


def without(key):
    documents = copy.deepcopy(DOCUMENTS)
    del documents["regions/nevada"][key]
    return documents


def with_change(**fields):
    documents = copy.deepcopy(DOCUMENTS)
    documents["regions/nevada"] |= fields
    return documents


def with_ladder(**fields):
    return with_change(ladder=DOCUMENTS["regions/nevada"]["ladder"] | fields)


def with_pages(steps):
    return with_ladder(pages=DOCUMENTS["regions/nevada"]["ladder"]["pages"] | {"high": steps})


@pytest.mark.parametrize(
    "documents",
    [
        {},
        without("time_zone"),
        without("fallback_lines"),
        without("emergency_policy"),
        with_change(time_zone="Nevada"),
        with_change(ladder={"lease_seconds": 90}),
        with_change(ladder=DOCUMENTS["regions/nevada"]["ladder"] | {"lease_seconds": 0}),
        with_ladder(hold_ceiling_seconds=23 * 3600),
        with_ladder(pages={"imminent": [{"to": ["on_shift"], "next_seconds": 60}]}),
        with_pages([]),
        with_pages([{"to": ["the_police"], "next_seconds": 60}]),
        with_pages([{"to": ["on_shift"], "next_seconds": 0}]),
        with_change(gaps={"rural": {"en": "x", "es": "x", "who": ["everybody"]}}),
        with_change(tonight=[{"line": "safe_place"}]),
        with_change(none_known="housing"),
        with_change(gaps={"rural": {"en": "Only lines."}}),
        with_change(emergency_policy={"state": "approved", "text": "x"}),
        with_change(mandated_report=[{"name": "x", "number": "12", "hours": "days", "extents": ["state:NV"]}]),
        with_change(clock="24 h"),
    ],
    ids=range(19),
)
def test_a_wrong_region_pack_is_refused_at_start(documents):
    with pytest.raises(ContentError):
        build_region(documents, "nevada")


@pytest.mark.parametrize(
    "change",
    [
        {"fallback_lines": ["trafficking"]},
        {"next_best": [{"line": "nobody"}]},
        {"next_best": [{"line": "info_211", "needs": ["beds"]}]},
        {"tonight": [{"idea": "lit_place", "needs": ["beds"]}]},
        {"none_known": ["beds"]},
        {"gaps": {"rural": {"en": "x", "es": "x", "needs": ["beds"]}}},
    ],
)
def test_a_region_that_names_a_line_or_a_need_that_may_be_missing_is_refused(change):
    documents = with_change(**change)
    with pytest.raises(ContentError):
        build_directory(documents, build_region(documents, "nevada"), "practice")
