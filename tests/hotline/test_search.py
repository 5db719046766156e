"""The search by any need and what to say of a night without a place; nothing unconfirmed is served (D2, D3, D5)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.areas import find_area
from hotline.categories import build_categories
from hotline.resources import UnknownResource, build_directory, find_line, find_places, has_need
from hotline.verification import Verification
from hotline.vetting import BLOCKING, FACTORS, Vetting
from tests.hotline.verified import nevada, pacific, shipped_documents, verified_directory

DOCUMENTS = shipped_documents()
PRACTICE = build_directory(DOCUMENTS, nevada(), "practice")
VERIFIED = verified_directory()
CATEGORIES = build_categories(DOCUMENTS)
NPHY = "directory/nevada/nphy"
NOON = pacific("2026-11-23 12:00")
NIGHT = pacific("2026-11-22 02:00")


def search(need, area, when=NOON, directory=PRACTICE, **more):
    return find_places(directory, need=need, area=find_area(area), now=when, **more)


def named(found):
    return [match.place.id for match in found.places]


class TestAnyNeed:
    """D5."""

    @pytest.mark.parametrize(
        ("need", "area", "places"),
        [
            ("food", "las vegas", ["nphy_drop_in"]),
            (
                "food",
                "reno",
                [
                    "rhyme",
                ],
            ),
            ("shower_clothes", "las vegas", ["nphy_drop_in"]),
            ("counselling", "reno", ["awaken_drop_in"]),
            ("case_manager", "reno", ["awaken_drop_in", "rhyme"]),
            ("peer_group", "reno", ["awaken_drop_in"]),
            ("survivor_peer", "reno", []),
            ("assault_exam", "las vegas", ["signs_of_hope"]),
            ("release_notice", "elko", ["vine"]),
            ("ride", "elko", ["home_free"]),
            ("faith", "reno", ["awaken_drop_in"]),
            ("made_to_do_things", "las vegas", ["signs_of_hope"]),
            ("another_place", "reno", ["rhyme"]),
            ("housing", "las vegas", []),
            ("doctor", "las vegas", []),
            ("tribal", "reno", []),
            ("hello", "las vegas", []),
            ("no such need", "las vegas", []),
        ],
    )
    def test_any_need_or_topic_can_be_searched_for(self, need, area, places):
        assert sorted(named(search(need, area))) == places

    def test_what_only_stands_in_says_so(self):
        (match,) = search("food", "las vegas").places
        assert match.related
        assert match.call_first
        (exact,) = search("food", "reno").places
        assert not exact.related

    @pytest.mark.parametrize("need", [*CATEGORIES.by_id, *CATEGORIES.topics])
    @pytest.mark.parametrize("area", ["las vegas", "reno", "elko", "skip", "oregon"])
    def test_a_search_for_anything_anywhere_ends_with_a_line(self, need, area):
        for age in (None, 11, 16, 20, 30):
            found = search(need, area, age=age)
            assert PRACTICE.lines.get(found.next_best_line).takes(age)
            assert all(match.place.takes(age) for match in found.places)

    @pytest.mark.parametrize(
        ("need", "area", "age", "line"),
        [
            ("partner_violence", "elko", 16, "love_is_respect"),
            ("partner_violence", "elko", 30, "domestic_violence"),
            ("lgbtq", "reno", 16, "trevor"),
            ("lgbtq", "reno", 30, "info_211"),
            ("tribal", "elko", 16, "strong_hearts"),
            ("boys_men", "elko", 16, "trafficking"),
            ("counselling", "elko", 16, "lifeline"),
            ("doctor", "elko", 16, "info_211"),
            ("disability", "elko", 16, "relay_711"),
        ],
    )
    def test_the_line_that_knows_more_fits_the_need(self, need, area, age, line):
        assert search(need, area, age=age).next_best_line == line
        assert find_line(PRACTICE, need=need, area=find_area(area), age=age, now=NOON) == line

    @pytest.mark.parametrize(
        ("need", "area", "has"),
        [
            ("food", None, True),
            ("food", "las vegas", True),
            ("food", "elko", False),
            ("shower_clothes", "reno", True),
            ("counselling", "reno", True),
            ("counselling", "las vegas", False),
            ("assault_exam", "las vegas", True),
            ("doctor", None, False),
            ("housing", None, False),
            ("substance_use", None, False),
            ("partner_violence", None, False),
            ("own_child", None, False),
            ("lgbtq", None, False),
            ("tribal", None, False),
            ("immigration", None, False),
            ("school_work", None, False),
            ("peer_group", None, True),
            ("case_manager", None, True),
            ("ride", "elko", True),
            ("release_notice", None, True),
            ("hello", None, False),
            ("no such need", None, False),
        ],
    )
    def test_whether_a_search_makes_sense_is_known_before_anything_is_asked(self, need, area, has):
        """C4."""
        assert has_need(PRACTICE, need, area=find_area(area) if area else None, now=NIGHT) is has

    def test_it_makes_no_sense_where_nothing_may_be_served(self):
        live = build_directory(DOCUMENTS, nevada(), "live")
        assert not any(has_need(live, need, now=NOON) for need in CATEGORIES.by_id)

    @given(st.sampled_from([*CATEGORIES.by_id]), st.sampled_from(["las vegas", "reno", "elko"]), st.integers(0, 335))
    @settings(max_examples=200, deadline=None)
    def test_what_a_search_names_was_said_to_be_there(self, need, area, half_hours):
        now = NOON + timedelta(minutes=30 * half_hours)
        if search(need, area, now).places:
            assert has_need(PRACTICE, need, area=find_area(area), now=now)


class TestTonight:
    """D5: no sure place is not the end."""

    @pytest.mark.parametrize(
        ("area", "age", "line", "ideas", "gap", "opens"),
        [
            ("las vegas", 15, "safe_place", ("safe_place_site", "lit_place"), None, "2026-11-23 08:00"),
            ("las vegas", 11, "safe_place", ("safe_place_site", "lit_place"), None, None),
            ("las vegas", 19, "runaway", ("lit_place",), "bed_over_18", "2026-11-23 09:00"),
            ("las vegas", 25, "info_211", ("lit_place",), "bed_over_18", None),
            ("reno", 15, "safe_place", ("safe_place_site", "lit_place"), None, None),
            ("pahrump", 15, "runaway", ("lit_place",), "rural", None),
            ("winnemucca", 25, "info_211", ("lit_place",), "rural", None),
        ],
    )
    def test_sunday_at_two_in_the_night(self, area, age, line, ideas, gap, opens):
        """The acceptance table, for a bed: nothing is sure, and all that is known is there."""
        found = search("place_tonight", area, NIGHT, VERIFIED, age=age)
        assert not any(not match.call_first for match in found.places)
        assert (found.next_best_line, found.tonight, found.gap) == (line, ideas, gap)
        assert (found.next_opening.opens_at if found.next_opening else None) == (pacific(opens) if opens else None)

    def test_a_sure_place_needs_no_other_idea(self):
        found = search("drop_in", "las vegas", NOON, VERIFIED, age=15)
        assert (found.tonight, found.gap) == ((), None)

    def test_the_shelter_and_the_runaway_number_are_named_in_the_night(self):
        assert named(search("place_tonight", "las vegas", NIGHT, VERIFIED, age=15)) == ["nphy_shelter"]
        assert named(search("place_tonight", "reno", NIGHT, VERIFIED, age=15)) == ["rhyme"]
        assert named(search("place_tonight", "reno", NIGHT, VERIFIED, age=19)) == ["eddy_house", "rhyme"]
        assert named(search("place_tonight", "las vegas", NIGHT, VERIFIED, age=11)) == []


DATES = st.one_of(st.none(), st.integers(-400, 400))
ANSWERS = st.sampled_from([True, False, None])


@given(
    assured=DATES, expires=DATES, vetted=DATES, people=st.lists(st.sampled_from(["a", "b"]), max_size=3),
    factors=st.dictionaries(st.sampled_from(FACTORS), ANSWERS),
    need=st.sampled_from(["place_tonight", "drop_in", "food"]),
    age=st.one_of(st.none(), st.integers(10, 25)), half_hours=st.integers(0, 335),
)  # fmt: skip
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_nobody_confirmed_or_vetted_lately_is_never_served_live(
    assured, expires, vetted, people, factors, need, age, half_hours
):
    """D2, D3: not in a search, not as the next opening, not as a reason to ask for an area."""
    now = NOON + timedelta(minutes=30 * half_hours)

    def on(days):
        return None if days is None else (now + timedelta(days=days)).date()

    verification = Verification(on(assured), "somebody" if assured is not None else None, on(expires))
    vetting = Vetting({name: factors.get(name) for name in FACTORS}, on(vetted), tuple(people))
    places = {
        place.id: replace(place, verification=verification, vetting=vetting)
        for place in VERIFIED.places.values()
        if place.organization == "Nevada Partnership for Homeless Youth"
    }
    directory = replace(VERIFIED, places=places)
    found = search(need, "las vegas", now, directory, age=age)
    served = bool(found.places or found.next_opening or has_need(directory, need, area=find_area("las vegas"), now=now))
    confirmed = assured is not None and -181 <= assured <= 1 and (expires is None or expires >= -1)
    approved = vetted is not None and -366 <= vetted <= 1 and {"a", "b"} <= set(people)
    assert not served or (confirmed and approved and all(factors.get(name) for name in BLOCKING))


def test_an_id_brings_up_nothing_in_live_mode_that_nobody_confirmed():
    """D3: neither by its id nor in a reply."""
    live = build_directory(DOCUMENTS, nevada(), "live")
    assert live.places == {}
    for place in PRACTICE.places:
        with pytest.raises(UnknownResource):
            live.get(place)
