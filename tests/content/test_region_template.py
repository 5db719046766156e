"""The region template is whole: copied, it is a region that every program can serve (D9, D10)."""

import re
from datetime import UTC, datetime

import pytest
import yaml

from app.programs import ROOT
from hotline import regions
from hotline.categories import build_categories
from hotline.errors import ContentError
from hotline.regions import build_region
from hotline.resources import build_directory, find_line
from storage.content_files import load_documents

TEMPLATE = ROOT / "docs" / "region_template"
GUIDE = (ROOT / "docs" / "region_pack.md").read_text()
NAMES = {"regions/arizona": "region.yml", "directory/arizona/example_house": "place.yml"}
PACK = {name: yaml.safe_load((TEMPLATE / file).read_text()) for name, file in NAMES.items()}
DOCUMENTS = load_documents()


def test_a_copy_of_the_template_serves_lines_in_both_modes_and_no_example_place() -> None:
    documents = {**DOCUMENTS, **PACK}
    region = build_region(documents, "arizona")
    for mode in ("practice", "live"):
        directory = build_directory(documents, region, mode)
        assert not any("EXAMPLE" in place.name for place in directory.places.values())
    assert find_line(directory, need="place_tonight", now=datetime(2026, 11, 21, tzinfo=UTC))


def test_every_category_without_a_national_place_is_said_to_be_unknown_d10() -> None:
    documents = {**DOCUMENTS, **PACK}
    region = build_region(documents, "arizona")
    places = build_directory(documents, region, "practice").places.values()
    known = {need for place in places for need in place.needs}
    assert set(build_categories(documents).by_id) <= known | region.none_known | _with_a_line(region)


def _with_a_line(region: regions.Region) -> set[str]:
    """Categories that a line answers: those that Nevada's pack leaves out as well."""
    nevada = build_region(DOCUMENTS, "nevada")
    known = {need for place in build_directory(DOCUMENTS, nevada, "practice").places.values() for need in place.needs}
    return set(build_categories(DOCUMENTS).by_id) - nevada.none_known - known


def test_the_example_places_would_be_served_once_published_and_the_confidential_one_without_an_address_d4() -> None:
    place = yaml.safe_load((TEMPLATE / "place.yml").read_text())
    for service in place["services"]:
        service["porchlight"] |= {"publish": True}
        service["porchlight"].pop("reason")
    documents = {**DOCUMENTS, **PACK, "directory/arizona/example_house": place}
    places = build_directory(documents, build_region(documents, "arizona"), "practice").places
    assert {"example_drop_in", "example_shelter"} <= set(places)
    assert not places["example_shelter"].street
    place["services"][1]["porchlight"]["near"] = "100 Example St"
    with pytest.raises(ContentError):
        build_directory(documents, build_region(documents, "arizona"), "practice")


def test_the_guide_names_every_field_of_a_pack_and_the_files_that_it_copies() -> None:
    for name in regions._FIELDS:
        assert f"`{name}`" in GUIDE, name
    for path in re.findall(r"docs/region_template/\w+\.yml", GUIDE):
        assert (ROOT / path).exists()
