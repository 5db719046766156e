"""The region pack: clocks, areas, gaps said openly, reports for advocates alone (D9, D10, H3, P8)."""

import copy

import pytest

from hotline.areas import Area, find_area
from hotline.digits import flatten
from hotline.errors import ContentError
from hotline.numbers import build_lines
from hotline.regions import KINDS, build_region
from hotline.resources import build_directory
from tests.hotline.verified import nevada, pacific, shipped_documents

DOCUMENTS = shipped_documents()
REGION = nevada()


def test_the_steps_of_a_hand_off_have_their_lengths():
    """H3."""
    ladder = REGION.ladder
    assert (ladder.lease_seconds, ladder.imminent_wait_seconds, ladder.high_wait_seconds, ladder.repage_seconds) == (
        90, 120, 300, 60,
    )  # fmt: skip


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


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_of_place_has_an_entry_or_an_open_none_known(kind):
    """D10: never both, never neither."""
    directory = build_directory(DOCUMENTS, REGION, "practice")
    has_entry = any(kind in place.kinds for place in directory.places.values())
    assert has_entry is (kind not in REGION.none_known)


def test_rural_and_tribal_gaps_are_said_in_both_languages():
    """D9."""
    for gap in ("rural", "tribal"):
        assert REGION.gaps[gap]["en"]
        assert REGION.gaps[gap]["es"]


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
        with_change(none_known=["beds"]),
        with_change(gaps={"rural": {"en": "Only lines."}}),
        with_change(emergency_policy={"state": "approved", "text": "x"}),
        with_change(mandated_report=[{"name": "x", "number": "12", "hours": "days", "extents": ["state:NV"]}]),
        with_change(clock="24 h"),
    ],
    ids=range(12),
)
def test_a_wrong_region_pack_is_refused_at_start(documents):
    with pytest.raises(ContentError):
        build_region(documents, "nevada")


@pytest.mark.parametrize("change", [{"fallback_lines": ["trafficking"]}, {"next_best": [{"line": "nobody"}]}])
def test_a_region_that_leans_on_a_line_that_may_be_missing_is_refused(change):
    documents = with_change(**change)
    with pytest.raises(ContentError):
        build_directory(documents, build_region(documents, "nevada"), "practice")
