"""A list of places in CSV, taken by a mapping file, lands as any import does (G4, D4)."""

import pytest

from hotline.errors import ContentError
from hotline.exchange.columns import Columns
from hotline.exchange.plan import Kind
from tests.exchange.world import entry_of, only, plan, taken_in

MAPPING = {
    "source": "County list",
    "columns": {
        "id": "No", "name": "Agency", "phone": "Phone1", "needs": "Kind", "address_1": "Street", "city": "City",
        "state_province": "State", "postal_code": "Zip", "minimum_age": "From", "confidential": "Secret",
    },
    "values": {"needs": {"Clinic": ["doctor"], "Meals": "food"}},
    "fixed": {"areas": ["state:NV"]},
}  # fmt: skip
ROW = {
    "No": "7", "Agency": "Mesa Kitchen", "Phone1": "702.555.0177", "Kind": "Meals; Clinic", "Street": "9 Mesa Rd",
    "City": "Las Vegas", "State": "NV", "Zip": "89119", "From": "16", "Secret": "", "Fax": "none",
}  # fmt: skip


def test_a_list_in_csv_is_taken_by_its_mapping_and_known_again():
    columns = Columns(MAPPING)
    assert columns.check_header(list(ROW)) == ["Fax"]
    service = columns.build_service(ROW)
    documents = taken_in([service])
    entry = entry_of(documents, "mesa_kitchen")
    assert entry.additions["needs"] == ["food", "doctor"]
    assert (entry.service["minimum_age"], entry.service["phones"][0]["number"]) == (16, "702-555-0177")
    assert entry.service["service_areas"] == [{"name": "NV", "extent": "state:NV", "extent_type": "text"}]
    assert only(plan([columns.build_service(ROW)], documents)).kind is Kind.SAME
    moved = columns.build_service(ROW | {"Street": "11 Mesa Rd"})
    assert [change.path for change in only(plan([moved], documents)).changes] == ["service_at_locations"]


def test_a_list_without_descriptions_changes_none_that_stands_here_g4():
    mapping = {"source": "County list", "columns": {"name": "Agency", "organization": "Owner", "minimum_age": "From"}}
    row = {"Agency": "NPHY Drop-In Center", "Owner": "Nevada Partnership for Homeless Youth", "From": "14"}
    found = only(plan([Columns(mapping).build_service(row)]))
    assert (found.kind, [change.path for change in found.changes]) == (Kind.CHANGE, ["minimum_age"])


def test_a_row_marked_confidential_brings_no_address_d4():
    entry = entry_of(taken_in([Columns(MAPPING).build_service(ROW | {"Secret": "Yes"})]), "mesa_kitchen")
    assert entry.is_confidential and "Mesa Rd" not in repr(entry)


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": {}},
        {"columns": {"name": "A", "nonsense": "B"}},
        {"source": ""},
        {"more": 1},
        {"fixed": {"areas": "x"}},
    ],
)
def test_a_mapping_that_is_wrong_is_refused(wrong):
    with pytest.raises(ContentError):
        Columns(MAPPING | wrong)
