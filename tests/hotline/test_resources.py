"""Places: the acceptance table, what is never served, and the address that nothing may show (D1-D5, D8, C8)."""

import copy
import re
from datetime import timedelta

import pytest

from hotline.areas import find_area
from hotline.errors import ContentError
from hotline.resources import UnknownResource, build_directory, find_places
from tests.hotline.verified import (
    nevada,
    pacific,
    shipped_documents,
    verified_directory,
    verified_documents,
)

VERIFIED = verified_directory()
DOCUMENTS = shipped_documents()
PRACTICE = build_directory(DOCUMENTS, nevada(), "practice")
NPHY = "directory/nevada/nphy"
DROP_IN = 0
AGES_OF_A_CONFIRMATION = [(90, True, False), (91, True, True), (180, True, True), (181, False, False)]


def found(need, area, when, age=None, directory=VERIFIED, limit=3):
    return find_places(directory, need=need, area=find_area(area), age=age, now=pacific(when), limit=limit)


def sure(result):
    return {match.place.id for match in result.places if not match.call_first}


def named(result):
    return [match.place.id for match in result.places]


@pytest.mark.parametrize(
    ("when", "age", "area", "open_now", "line"),
    [
        ("2026-11-23 08:30", 14, "las vegas", {"nphy_drop_in"}, "safe_place"),
        ("2026-11-23 08:30", 14, "reno", set(), "safe_place"),
        ("2026-11-23 08:30", 14, "elko", set(), "runaway"),
        ("2026-11-25 19:30", 14, "las vegas", {"embracing_project_drop_in"}, "safe_place"),
        ("2026-11-25 19:30", 14, "reno", set(), "safe_place"),
        ("2026-11-21 12:00", 15, "las vegas", {"nphy_drop_in", "embracing_project_drop_in"}, "safe_place"),
        ("2026-11-21 12:00", 15, "reno", set(), "safe_place"),
        ("2026-11-22 02:00", 15, "las vegas", set(), "safe_place"),
        ("2026-11-22 14:00", 15, "las vegas", set(), "safe_place"),
        ("2026-11-23 21:00", 15, "las vegas", set(), "safe_place"),
        ("2026-11-24 07:59", 15, "las vegas", set(), "safe_place"),
        ("2026-11-22 02:00", 15, "reno", set(), "safe_place"),
        ("2026-11-22 02:00", 15, "pahrump", set(), "runaway"),
        ("2026-11-21 12:00", 11, "las vegas", set(), "safe_place"),
        ("2026-11-21 12:00", 11, "reno", set(), "safe_place"),
        ("2026-11-21 12:00", 19, "las vegas", {"embracing_project_drop_in"}, "runaway"),
        ("2026-11-21 12:00", 19, "reno", {"eddy_house"}, "runaway"),
        ("2026-11-21 12:00", 20, "las vegas", set(), "runaway"),
        ("2026-11-21 12:00", 24, "reno", {"eddy_house"}, "info_211"),
        ("2026-11-21 12:00", 25, "reno", set(), "info_211"),
        ("2026-11-21 12:00", 25, "las vegas", set(), "info_211"),
    ],
)
def test_the_acceptance_table_of_drop_in_places(when, age, area, open_now, line):
    """D5: the printed hours, with the corrections, on a copy that is marked verified and served live."""
    result = found("drop_in", area, when, age)
    assert sure(result) == open_now
    assert result.next_best_line == line


@pytest.mark.parametrize("town", ["elko", "carson city", "ely", "winnemucca", "pahrump", "mesquite", "laughlin"])
def test_rural_nevada_has_lines_alone_and_it_is_said(town):
    """D9: the gap is open, and Clark County's far towns do not count to Las Vegas."""
    result = found("place_tonight", town, "2026-11-23 12:00", 15)
    assert result.places == ()
    assert result.next_best_line == "runaway"
    assert result.gap == "rural"


def test_sunday_at_two_in_the_night_gives_the_shelter_by_phone_and_the_next_opening():
    result = found("place_tonight", "las vegas", "2026-11-22 02:00", 15)
    assert [(match.place.id, match.call_first) for match in result.places] == [("nphy_shelter", True)]
    assert result.next_opening is not None
    assert (result.next_opening.place.id, result.next_opening.opens_at) == ("nphy_drop_in", pacific("2026-11-23 08:00"))


def test_a_place_to_pass_the_day_comes_after_a_bed_and_only_while_it_is_known_to_be_open():
    open_day = found("place_tonight", "las vegas", "2026-11-23 12:00", 15)
    assert [(match.place.id, match.related) for match in open_day.places] == [
        ("nphy_shelter", False), ("embracing_project_drop_in", True), ("nphy_drop_in", True),
    ]  # fmt: skip
    assert all(match.call_first for match in open_day.places)
    assert named(found("place_tonight", "reno", "2026-11-22 02:00", 15)) == ["rhyme"]


def test_an_unknown_hour_or_age_is_never_taken_for_a_yes():
    """D5: Awaken prints neither hours nor ages, RHYME no ages, so both come with "call first"."""
    for need, place in (("drop_in", "awaken_drop_in"), ("place_tonight", "rhyme")):
        result = found(need, "reno", "2026-11-23 12:00", 15)
        assert {match.place.id: match.call_first for match in result.places}[place] is True


def test_a_place_of_unknown_ages_is_to_be_called_first_even_when_it_is_open():
    documents = verified_documents()
    documents[NPHY]["services"][DROP_IN] |= {"minimum_age": None, "maximum_age": None}
    directory = build_directory(documents, nevada(documents), "live")
    for age in (None, 15):
        result = found("drop_in", "las vegas", "2026-11-23 12:00", age, directory)
        assert {match.place.id: match.call_first for match in result.places}["nphy_drop_in"] is True


def test_a_place_that_somebody_is_sure_of_comes_first():
    result = found("drop_in", "reno", "2026-11-23 12:00", 20)
    assert named(result) == ["eddy_house", "awaken_drop_in"]


def test_on_a_holiday_that_the_hours_say_nothing_of_a_place_is_to_be_called_first():
    result = found("drop_in", "las vegas", "2026-11-26 12:00", 15)
    assert named(result) == ["embracing_project_drop_in", "nphy_drop_in"]
    assert sure(result) == set()


@pytest.mark.parametrize("area", ["89101", "henderson", "north las vegas", "clark county", "estoy en las vegas"])
def test_the_towns_around_a_city_count_to_it(area):
    assert sure(found("drop_in", area, "2026-11-23 12:00", 15)) == {"nphy_drop_in", "embracing_project_drop_in"}


@pytest.mark.parametrize("area", ["skip", "nevada", "98512", "oregon", "los angeles, california"])
def test_an_area_that_is_unknown_or_elsewhere_gets_no_local_place(area):
    assert found("drop_in", area, "2026-11-23 12:00", 15).places == ()


def test_at_most_three_places_are_named():
    """C8."""
    assert len(found("place_tonight", "las vegas", "2026-11-23 12:00", 15, limit=2).places) == 2


class TestVerification:
    def test_nothing_shipped_is_served_live(self):
        """D2, D3: nobody confirmed and nobody vetted any of it."""
        live = build_directory(DOCUMENTS, nevada(), "live")
        for need in live.categories.by_id:
            for area in ("las vegas", "reno", "elko"):
                result = found(need, area, "2026-11-23 12:00", 15, live)
                assert (result.places, result.next_opening) == ((), None)

    def test_practice_serves_what_nobody_confirmed(self):
        assert sure(found("drop_in", "las vegas", "2026-11-23 12:00", 15, PRACTICE)) == {"nphy_drop_in"}

    def test_practice_does_not_serve_what_the_facts_say_not_to_publish(self):
        withheld = {"eddy_house", "embracing_project_drop_in", "crisis_call_center", "safe_place_reno"}
        assert not withheld & set(PRACTICE.places)
        for place in withheld:
            with pytest.raises(UnknownResource):
                PRACTICE.get(place)

    @pytest.mark.parametrize(("days", "shown", "call_first"), AGES_OF_A_CONFIRMATION)
    def test_a_place_grows_old(self, days, shown, call_first):
        now = pacific("2026-11-01 12:00") + timedelta(days=days)
        result = find_places(VERIFIED, need="place_tonight", area=find_area("reno"), age=19, now=now)
        places = {match.place.id: match.call_first for match in result.places}
        assert ("eddy_house" in places) is shown
        assert not shown or places["eddy_house"] is call_first

    @pytest.mark.parametrize("factor", ["confidentiality", "informed_consent", "non_discrimination", "site_security"])
    @pytest.mark.parametrize("answer", ["unknown", False])
    def test_a_place_whose_consent_confidentiality_discrimination_or_site_is_unknown_is_blocked(self, factor, answer):
        """D2."""
        assert self.live_with(factors={factor: answer}) == set()

    def test_one_person_alone_cannot_approve_a_place(self):
        assert self.live_with(approved_by=["test administrator", "test administrator"]) == set()

    def test_a_vetting_older_than_a_year_does_not_stand(self):
        assert self.live_with(vetted_on=pacific("2025-11-20 12:00").date()) == set()

    def test_the_whole_vetting_stands(self):
        assert self.live_with() == {"nphy_drop_in"}

    def live_with(self, factors=None, **fields):
        documents = verified_documents()
        vetting = documents[NPHY]["services"][DROP_IN]["porchlight"]["vetting"]
        vetting |= fields
        vetting["factors"] |= factors or {}
        directory = build_directory(documents, nevada(documents), "live")
        return sure(found("drop_in", "las vegas", "2026-11-23 12:00", 12, directory))

    def test_a_line_that_may_not_be_served_is_not_next_best(self):
        documents = verified_documents()
        documents["numbers"]["lines"]["safe_place"] |= {"assured_date": None, "verified_by": None}
        directory = build_directory(documents, nevada(documents), "live")
        assert found("drop_in", "las vegas", "2026-11-22 02:00", 15, directory).next_best_line == "runaway"


class TestWords:
    def test_a_place_is_said_in_both_languages(self):
        place = PRACTICE.get("nphy_drop_in")
        noon = pacific("2026-11-21 12:00")
        english, spanish = (place.gaps(language, "sms", noon) for language in ("en", "es"))
        assert english["name"] == "NPHY Drop-In Center"
        assert english["phone"] == "702-383-1332"
        assert (english["hours"], spanish["hours"]) == ("open until 7 pm", "abierto hasta las 7 pm")
        assert english["notice"].startswith("Ages 12 to 18. We do not know if they call a parent or police.")
        assert spanish["notice"].startswith("De 12 a 18 años. No sabemos si avisan a familia o policía.")
        assert english["where"] == "4981 Shirley St, near Tropicana & Maryland"
        assert spanish["where"] == "4981 Shirley St, cerca de Tropicana & Maryland"

    def test_a_confidential_place_is_a_name_and_a_phone_number(self):
        """D4."""
        gaps = PRACTICE.get("nphy_shelter").gaps("en", "sms", pacific("2026-11-21 12:00"))
        assert (gaps["name"], gaps["phone"]) == ("NPHY Emergency Shelter", "702-383-1332")
        assert gaps["where"] == gaps["hours"] == ""

    def test_unknown_is_said_as_unknown_and_a_parent_that_may_be_called_is_said(self):
        """C8."""
        noon = pacific("2026-11-21 12:00")
        assert "may need to call a parent" in PRACTICE.get("rhyme").gaps("en", "sms", noon)["notice"]
        assert "do not know if they tell police" in PRACTICE.get("rhyme").gaps("en", "sms", noon)["notice"]
        assert "may tell police" in PRACTICE.get("home_free").gaps("en", "sms", noon)["notice"]

    @pytest.mark.parametrize("place", PRACTICE.places)
    def test_every_place_served_can_be_called_and_holds_one_number(self, place):
        gaps = PRACTICE.get(place).gaps("en", "sms", pacific("2026-11-21 12:00"))
        assert re.fullmatch(r"[0-9-]{10,14}", gaps["phone"])

    def test_a_place_does_not_print_its_street(self):
        assert "Shirley" not in repr(PRACTICE.get("nphy_drop_in"))


def change(service=DROP_IN, document=NPHY, **fields):
    documents = copy.deepcopy(DOCUMENTS)
    ours = fields.pop("porchlight", {})
    documents[document]["services"][service] |= fields
    documents[document]["services"][service]["porchlight"] |= ours
    return documents


def with_zip(zip_code, state="NV"):
    documents = copy.deepcopy(DOCUMENTS)
    address = documents[NPHY]["services"][DROP_IN]["service_at_locations"][0]["location"]["addresses"][0]
    address |= {"postal_code": zip_code, "state_province": state}
    return documents


@pytest.mark.parametrize(
    "documents",
    [
        with_zip("98512"),  # a ZIP of Washington State
        with_zip("8951"),
        with_zip("89512", state="WA"),
        change(phones=[{"number": "775-393-9183"}]),  # another organization's
        change(phones=[{"number": "1-800-273-8255"}]),  # the lifeline's old number
        change(phones=[{"number": "69866"}]),
        change(phones=[{"number": "7417"}]),
        change(phones=[{"number": "702-383-133"}]),
        change(phones=[{"number": "702-383-1332", "aid": "NPHYNPH"}]),
        change(phones=[]),
        change(phones=[{"number": "702-383-1332", "type": "text"}]),  # only texted: a line, not a place
        change(phones=[{"number": "702-399-0081"}]),  # for an advocate's report alone
        change(phones=[{"number": "702-383-1332"}, {"number": "711", "type": "tty"}]),  # the relay's
        change(name="NPHY emergency shelter"),
        change(porchlight={"needs": []}),
        change(porchlight={"needs": ["beds"]}),
        change(porchlight={"who": {"boys": True}}),
        change(minimum_age=19, maximum_age=18),
        change(minimum_age=None, maximum_age=18),
        change(schedules=[{"byday": "MO", "opens_at": "19:00", "closes_at": "19:00"}]),
        change(status="open"),
        change(key="nphy_shelter"),
        change(service_areas=[]),
        change(service_areas=[{"extent": "metro:las_vegs"}]),
        change(service_areas=[{"extent": "state:CA"}]),
        change(fees="none"),
        change(assured_date=pacific("2026-11-01 12:00").date()),
        change(porchlight={"publish": False}),
        change(porchlight={"kinds": ["housing"]}),
        change(porchlight={"parent_contact": None}),
        change(porchlight={"line": "runaway"}),
        change(porchlight={"time_zone": "Nevada/Reno"}),
        change(porchlight={"vetting": {"factors": {"kindness": True}}}),
    ],
    ids=range(33),
)
def test_a_wrong_record_is_refused_at_start(documents):
    """D8."""
    with pytest.raises(ContentError):
        build_directory(documents, nevada(), "practice")


def test_the_refusal_of_a_doubled_number_names_who_has_it():
    with pytest.raises(ContentError, match="already used by the line lifeline"):
        build_directory(change(phones=[{"number": "1-800-273-8255"}]), nevada(), "practice")
