"""What can be searched for: categories, kinds and the topics that lead to them (D10)."""

import copy

import pytest
import yaml

from hotline.areas import find_area
from hotline.categories import KINDS, build_categories
from hotline.errors import ContentError
from hotline.resources import build_directory, find_places
from storage.content_files import CONTENT_FOLDER
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


class TestCategories:
    """D10."""

    def test_every_kind_of_service_has_a_category(self):
        assert {category.kind for category in CATEGORIES.by_id.values()} == KINDS
        assert len(KINDS) == 20

    def test_every_topic_leads_to_a_category_or_is_known_to_lead_to_none(self):
        topics = set(yaml.safe_load((CONTENT_FOLDER / "topics.yml").read_text("utf-8"))["topics"])
        assert topics == set(CATEGORIES.topics) | CATEGORIES.unsearched

    def test_a_place_has_the_kinds_of_its_needs(self):
        assert PRACTICE.get("nphy_shelter").kinds == {"housing"}
        assert PRACTICE.get("home_free").kinds == {"transport"}

    @pytest.mark.parametrize(
        "change",
        [
            {"categories": {"food": {"kind": "basic_needs"}}},
            {"topics": {"food": "groceries"}},
            {"topics": {"hello": "food"}},
            {"who": {"lgbtq": ["everybody"]}},
            {"kinds": []},
        ],
    )
    def test_categories_that_lead_nowhere_are_refused(self, change):
        documents = copy.deepcopy(DOCUMENTS)
        documents["categories"] |= change
        with pytest.raises(ContentError):
            build_categories(documents)

    @pytest.mark.parametrize("field", [{"kind": "beds"}, {"kind": "housing", "stand_ins": ["sofa"]}])
    def test_a_category_of_no_kind_is_refused(self, field):
        documents = copy.deepcopy(DOCUMENTS)
        documents["categories"]["categories"]["housing"] = field
        with pytest.raises(ContentError):
            build_categories(documents)

    def test_a_kind_of_service_without_a_category_is_refused(self):
        documents = copy.deepcopy(DOCUMENTS)
        del documents["categories"]["categories"]["embassy"]
        del documents["categories"]["topics"]["embassy"]
        with pytest.raises(ContentError):
            build_categories(documents)

    def test_a_place_for_a_need_that_nobody_can_search_for_is_refused(self):
        documents = copy.deepcopy(DOCUMENTS)
        documents[NPHY]["services"][0]["porchlight"]["needs"] = ["beds"]
        with pytest.raises(ContentError):
            build_directory(documents, nevada(), "practice")
