"""Who somebody is, asked of places: known yes, unknown, known no (C8, D1, D5)."""

import pytest

from hotline.areas import find_area
from hotline.categories import build_categories
from hotline.errors import ContentError
from hotline.facets import FACETS
from hotline.resources import UnknownResource, build_directory, find_places
from tests.hotline.verified import nevada, pacific, shipped_documents, verified_directory, verified_documents

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


def with_who(**answers):
    """The shipped directory with facets answered for NPHY's two places and Embracing Project's withheld one."""
    documents = verified_documents()
    for service in documents[NPHY]["services"]:
        service["porchlight"]["who"] |= answers
    return build_directory(documents, nevada(documents), "live")


class TestWho:
    """D1, D5."""

    @pytest.mark.parametrize("facet", FACETS)
    def test_a_known_no_is_left_out(self, facet):
        directory = with_who(**{FACETS[facet]: False})
        found = search("drop_in", "las vegas", directory=directory, age=15, who=[facet])
        assert named(found) == ["embracing_project_drop_in"]
        asked_nothing = search("drop_in", "las vegas", directory=directory, age=15)
        assert "nphy_drop_in" in named(asked_nothing)

    @pytest.mark.parametrize("facet", FACETS)
    def test_a_known_yes_comes_before_an_unknown(self, facet):
        directory = with_who(**{FACETS[facet]: True})
        found = search("drop_in", "las vegas", directory=directory, age=15, who=[facet])
        assert [(match.place.id, match.call_first, match.unknown) for match in found.places] == [
            ("nphy_drop_in", False, ()), ("embracing_project_drop_in", True, (facet,)),
        ]  # fmt: skip

    def test_a_known_yes_that_has_to_be_called_first_still_comes_before_an_unknown(self):
        documents = verified_documents()
        documents[NPHY]["services"][0]["porchlight"]["who"]["boys"] = True
        documents[NPHY]["services"][0]["porchlight"]["call_first"] = True
        directory = build_directory(documents, nevada(documents), "live")
        found = search("drop_in", "las vegas", directory=directory, age=15, who=["boy"])
        assert named(found) == ["nphy_drop_in", "embracing_project_drop_in"]

    @pytest.mark.parametrize("facet", FACETS)
    def test_an_unknown_is_never_a_yes(self, facet):
        found = search("drop_in", "las vegas", directory=VERIFIED, age=15, who=[facet])
        assert found.places
        assert all(match.call_first and match.unknown == (facet,) for match in found.places)

    def test_a_place_that_is_known_to_refuse_is_no_next_opening(self):
        directory = with_who(boys=False)
        opening = search("drop_in", "las vegas", NIGHT, directory, age=15, who=["boy"]).next_opening
        assert opening.place.id == "embracing_project_drop_in"

    def test_a_topic_speaks_of_somebody_by_itself(self):
        directory = with_who(boys=False)
        assert CATEGORIES.find_facets("boys_men") == {"boy"}
        documents = verified_documents()
        documents[NPHY]["services"][0]["porchlight"] |= {"needs": ["survivor_services"]}
        documents[NPHY]["services"][0]["porchlight"]["who"]["boys"] = False
        directory = build_directory(documents, nevada(documents), "live")
        assert "nphy_drop_in" in named(search("labour", "las vegas", directory=directory, age=15))
        assert "nphy_drop_in" not in named(search("boys_men", "las vegas", directory=directory, age=15))

    def test_a_facet_that_is_none_is_refused_without_being_repeated(self):
        with pytest.raises(ContentError) as caught:
            search("drop_in", "las vegas", who=["jordan"])
        assert "jordan" not in str(caught.value)

    def test_those_who_speak_the_language_come_first_among_like_ones(self):
        documents = verified_documents()
        documents[NPHY]["services"][0]["languages"] = [{"code": "es", "name": "Spanish"}]
        directory = build_directory(documents, nevada(documents), "live")
        assert named(search("drop_in", "las vegas", directory=directory, age=15))[0] == "embracing_project_drop_in"
        spanish = search("drop_in", "las vegas", directory=directory, age=15, language="es")
        assert named(spanish) == ["nphy_drop_in", "embracing_project_drop_in"]

    @pytest.mark.parametrize(
        ("facet", "english", "spanish"),
        [
            ("boy", "Ask if they welcome boys.", "Pregunta si aceptan varones."),
            ("with_child", "welcome people with a child.", "personas con hijos."),
            ("tribal", "welcome Native people.", "gente nativa."),
        ],
    )
    def test_an_unknown_that_was_asked_about_is_said(self, facet, english, spanish):
        """C8: by the place's id in a reply, so that the words come from the directory alone."""
        (match,) = search("place_tonight", "reno", who=[facet]).places
        place = PRACTICE.get(match.reference)
        assert english in place.gaps("en", "sms", NOON)["notice"]
        assert spanish in place.gaps("es", "sms", NOON)["notice"]
        assert "welcome" not in PRACTICE.get(match.place.id).gaps("en", "sms", NOON)["notice"]

    @pytest.mark.parametrize("reference", ["rhyme:jordan", "rhyme:boy+jordan", "nobody:boy", ":boy", "eddy_house:boy"])
    def test_a_reference_to_nothing_is_refused_without_being_repeated(self, reference):
        with pytest.raises(UnknownResource) as caught:
            PRACTICE.get(reference)
        assert "jordan" not in str(caught.value)

    @pytest.mark.parametrize("place", PRACTICE.places)
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_a_notice_with_everything_asked_stays_short(self, place, language):
        """V1: the rest of the two parts belongs to name, place, hours and number."""
        notice = PRACTICE.get(f"{place}:{'+'.join(FACETS)}").gaps(language, "sms", NOON)["notice"]
        assert len(notice) <= 175
