"""Every content file against its schema, and the directory against Open Referral's own (D1, D4)."""

import copy
import json
import os
import uuid

import pytest
from jsonschema import Draft202012Validator

from hotline.areas import find_zip
from storage.content_files import CONTENT_FOLDER
from tests.hotline.verified import is_place, shipped_documents, verified_documents

ROOT = CONTENT_FOLDER.parent
HSDS = ROOT.parent / "shared" / "data" / "hsds-3.0" / "schema" / "compiled"
DOCUMENTS = shipped_documents()
PLACES = sorted(name for name in DOCUMENTS if is_place(name))
VERIFIED = verified_documents()


def schema(name):
    return Draft202012Validator(json.loads((CONTENT_FOLDER / "schema" / f"{name}.schema.json").read_text("utf-8")))


def plain(document):
    """YAML as JSON sees it: dates as text; YAML 1.1 reads the key ``on`` as true."""
    return json.loads(json.dumps(document, default=str))


@pytest.mark.parametrize("name", ["numbers", "directory", "region", "categories"])
def test_the_schema_itself_is_one(name):
    Draft202012Validator.check_schema(schema(name).schema)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("numbers", "numbers"),
        ("categories", "categories"),
        ("region", "regions/nevada"),
        ("region", "regions/california"),
        *(("directory", name) for name in PLACES),
    ],
)
def test_a_content_file_fits_its_schema(kind, name):
    document = plain(DOCUMENTS[name])
    document["review"].pop("true", None)
    schema(kind).validate(document)


@pytest.mark.parametrize(
    "planted",
    [
        {"service_at_locations": [{"location": {"location_type": "physical"}}]},
        {"description": "4711 Quiet Heron"},
        {"name": "Shelter 12"},
    ],
)
def test_the_schema_has_no_room_for_a_confidential_address(planted):
    """D4."""
    document = plain(DOCUMENTS["directory/nevada/nphy"])
    document["services"][1] |= planted
    assert not schema("directory").is_valid(document)


def test_the_schema_has_no_room_for_a_cross_street_of_a_confidential_place():
    document = plain(DOCUMENTS["directory/nevada/nphy"])
    document["services"][1]["porchlight"]["near"] = "Alder"
    assert not schema("directory").is_valid(document)


def test_every_zip_on_disk_is_a_real_one_of_its_state():
    """D8: the start checks the first digits alone; the postal list is asked here."""
    asked = 0
    for name in PLACES:
        for service in DOCUMENTS[name]["services"]:
            for link in service.get("service_at_locations", []):
                for address in link["location"]["addresses"]:
                    found = find_zip(address["postal_code"])
                    assert found is not None
                    assert (found.state, found.city) == (address["state_province"], address["city"])
                    asked += 1
    assert asked >= 3


def identified(part, path):
    """A record with the ids that HSDS asks for, made from where it stands; nothing that is null."""
    if isinstance(part, list):
        return [identified(item, f"{path}/{place}") for place, item in enumerate(part)]
    if not isinstance(part, dict):
        return part
    fields = {key: identified(value, f"{path}/{key}") for key, value in part.items() if value is not None}
    return {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, path))} | fields


@pytest.mark.parametrize("name", PLACES)
def test_a_place_is_a_service_of_open_referral(name):
    """D1: HSDS 3.0; our additions stand beside its fields, which it allows."""
    if not HSDS.is_dir():
        assert os.environ.get("CI") != "true", "CI needs the HSDS schemas in ../shared/data beside this checkout"
        pytest.skip("the HSDS schemas are not in ../shared/data beside this checkout")
    validator = Draft202012Validator(json.loads((HSDS / "service.json").read_text("utf-8")))
    for document in (DOCUMENTS, VERIFIED):
        for service in plain(document.get(name, {"services": []}))["services"]:
            whole = identified({key: value for key, value in service.items() if key != "porchlight"}, service["key"])
            validator.validate(whole)
            assert not validator.is_valid(whole | {"status": "open"})


def test_the_fixture_differs_from_the_shipped_files_only_as_it_says():
    """It is the printed data with the corrections, marked verified; a changed number or hour shows here."""
    for name in PLACES:
        if name not in VERIFIED:
            continue
        shipped = {service["key"]: service for service in copy.deepcopy(DOCUMENTS[name])["services"]}
        for service in VERIFIED[name]["services"]:
            if service["key"] == "eddy_house":
                continue
            for key in ("name", "phones", "schedules", "minimum_age", "maximum_age", "service_at_locations"):
                assert service.get(key) == shipped[service["key"]].get(key), (service["key"], key)
