"""Imports land as drafts, lose nothing that is better known here, and take no confidential address (G4, D3, D4)."""

import copy
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.errors import ContentError
from hotline.exchange.columns import Columns
from hotline.exchange.entry import ConfidentialPlace, list_entries
from hotline.exchange.export import export_directory
from hotline.exchange.plan import Kind
from hotline.exchange.writing import write_service
from hotline.regions import build_region
from hotline.resources import build_directory
from tests.exchange.world import a_place, plan, services_of, taken_in
from tests.hotline.verified import shipped_documents, verified_documents

STREET = "4711 Quiet Heron Ave"
SHELTER = "NPHY Emergency Shelter"


def only(found):
    assert len(found.items) == 1
    return found.items[0]


def entry_of(documents, key):
    return next(entry for entry in list_entries(documents) if entry.key == key)


def existing(documents, key):
    """A place of ours as another directory would give it."""
    found = export_directory(documents, leave_out=True, unpublished=True)
    return copy.deepcopy(dict(zip(found.keys, found.services, strict=True))[key])


def test_a_new_place_is_unpublished_unverified_and_nobody_is_told_of_it_d3():
    documents = taken_in([a_place(assured_date="2026-11-20", assurer_email="somebody@example.org")])
    entry = entry_of(documents, "quail_street_clinic")
    assert entry.service["assured_date"] is None
    assert (entry.additions["publish"], entry.additions["call_first"]) == (False, True)
    assert entry.service["phones"] == [{"number": "702-555-0142", "type": "voice"}]
    assert entry.key not in build_directory(documents, build_region(documents, "nevada"), "practice").places


def test_a_foreign_file_cannot_say_that_we_vetted_or_published_d2():
    vetting = {"factors": {"quality": True}, "vetted_on": "2026-11-01", "approved_by": ["a", "b"]}
    forged = {"publish": True, "verified_by": "me", "vetting": vetting, "needs": ["doctor"], "source": "facts"}
    entry = entry_of(taken_in([a_place(porchlight=forged)]), "quail_street_clinic")
    assert entry.additions["needs"] == ["doctor"]
    assert (entry.additions["publish"], entry.additions["verified_by"]) == (False, None)
    assert entry.additions["vetting"]["vetted_on"] is None
    assert "vetting" not in entry.additions["hsds"]["porchlight"]


def test_what_somebody_confirmed_is_never_overwritten_g4():
    documents = verified_documents()
    record = existing(documents, "nphy_drop_in") | {"minimum_age": 14}
    found = plan([record], documents)
    assert only(found).kind is Kind.CONFLICT
    assert [(c.path, c.before, c.after) for c in only(found).changes] == [("minimum_age", 12, 14)]
    assert not found.documents


def test_a_change_of_what_nobody_confirmed_is_planned_with_both_values():
    documents = shipped_documents()
    found = plan([existing(documents, "nphy_drop_in") | {"minimum_age": 14}], documents)
    assert only(found).kind is Kind.CHANGE
    assert entry_of(found.documents, "nphy_drop_in").service["minimum_age"] == 14


def test_a_like_name_of_another_organization_is_not_taken_for_ours():
    found = plan([a_place(name="NPHY Drop-In Center")])
    assert only(found).kind is Kind.CONFLICT
    assert "another entry has this id or name" in only(found).reasons[0]


def test_unknown_never_replaces_known():
    documents = shipped_documents()
    record = existing(documents, "nphy_drop_in")
    record["porchlight"] |= {"walk_in": "unknown", "who": {}}
    for field in ("phones", "schedules", "minimum_age", "maximum_age", "service_at_locations"):
        del record[field]
    assert only(plan([record], documents)).kind is Kind.SAME


def test_what_came_before_is_compared_three_ways():
    """There since: taken. Here since: kept. Both: a person decides."""
    documents = taken_in([a_place(alert="Closed on Friday.")])
    service = entry_of(documents, "quail_street_clinic").service
    service["minimum_age"] = 13
    there = plan([a_place(alert="Open again.")], documents)
    assert (only(there).kind, [c.path for c in only(there).changes]) == (Kind.CHANGE, ["alert"])
    assert entry_of(there.documents, "quail_street_clinic").service["minimum_age"] == 13
    assert only(plan([a_place(alert="Closed on Friday.")], documents)).kind is Kind.SAME
    service["alert"] = "Ring twice."
    assert only(plan([a_place(alert="Open again.")], documents)).kind is Kind.CONFLICT


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (a_place(phones=[{"id": "x", "number": "988"}]), "already used by the line"),
        (a_place(phones=[{"id": "x", "number": "775-393-9183"}]), "already used by awaken_drop_in"),
        (a_place(description=f"Beside the {SHELTER}."), "names nphy_shelter"),
        (a_place(phones=[{"id": "x", "number": "702-383-1332"}]), "number of nphy_shelter, which is confidential"),
    ],
)
def test_what_the_one_checker_refuses_waits_for_a_person_d8(record, reason):
    found = plan([record])
    assert only(found).kind is Kind.CONFLICT
    assert reason in " ".join(only(found).reasons)
    assert not found.documents


def test_a_zip_of_another_state_waits_for_a_person_d8():
    record = a_place()
    record["service_at_locations"][0]["location"]["addresses"][0]["postal_code"] = "10001"
    assert only(plan([record])).kind is Kind.CONFLICT


@pytest.mark.parametrize(
    "record", [{}, {"name": "X"}, {"name": "X", "status": "open"}, {"name": 7, "status": "active"}]
)
def test_what_cannot_be_read_is_said(record):
    assert only(plan([record])).kind is Kind.REFUSED


def test_hours_with_a_rule_that_is_not_understood_are_unknown():
    plain = {"id": "a", "freq": "WEEKLY", "byday": "MO", "opens_at": "08:00", "closes_at": "12:00:00"}
    known = entry_of(taken_in([a_place(schedules=[plain])]), "quail_street_clinic")
    assert [part["closes_at"] for part in known.service["schedules"]] == ["12:00"]
    ruled = a_place(schedules=[plain, plain | {"id": "b", "valid_from": "2026-12-01"}])
    assert "schedules" not in entry_of(taken_in([ruled]), "quail_street_clinic").service


@pytest.mark.parametrize(
    "more",
    [
        {"description": "The location of this home is confidential."},
        {"alert": "Undisclosed address."},
        {"porchlight": {"address_confidential": True}},
        {"porchlight": {"address_confidential": "unknown"}},
    ],
)
def test_a_place_that_says_it_is_not_public_comes_without_its_address_d4(more):
    entry = entry_of(taken_in([a_place(name="Mesa Home", **more)]), "mesa_home")
    assert entry.is_confidential
    assert "Quail St" not in repr(entry.service) and "service_at_locations" not in entry.service


def test_a_name_that_holds_a_street_is_no_name_of_a_confidential_place_d4():
    record = a_place(description="The location of this home is confidential.")
    assert only(plan([record])).kind is Kind.CONFLICT


def test_confidential_counselling_is_not_a_confidential_place():
    entry = entry_of(taken_in([a_place(description="Confidential counselling.")]), "quail_street_clinic")
    assert not entry.is_confidential


@pytest.mark.parametrize("more", [{"description": STREET}, {"minimum_age": 9}, {"phones": []}])
def test_nothing_is_taken_for_a_place_that_is_confidential_here_d4(more):
    """Not even what would be harmless, and no value of it is shown."""
    record = a_place(id="other", name=SHELTER, **more)
    record = record if "description" in more else record | {"service_at_locations": [], "description": None}
    found = plan([record])
    assert only(found).kind is Kind.CONFLICT
    assert only(found).changes and all((part.before, part.after) == (None, None) for part in only(found).changes)
    assert not found.documents


@pytest.mark.parametrize("confidential", [True, "unknown"])
def test_a_confidential_place_cannot_even_be_written_d4(confidential):
    documents = shipped_documents()
    entry = entry_of(documents, "nphy_drop_in")
    entry.service["porchlight"]["address_confidential"] = confidential
    with pytest.raises(ConfidentialPlace, match="nphy_drop_in"):
        write_service(entry, numbers={}, whole=True)


def test_what_is_internal_does_not_go_out_even_if_somebody_kept_it_d2():
    documents = taken_in([a_place()])
    kept = entry_of(documents, "quail_street_clinic").additions["hsds"]
    kept["porchlight"] = {"vetting": {"approved_by": ["reviewer-7"]}}
    found = export_directory(documents, leave_out=True, unpublished=True)
    assert "Quail Street Clinic" in repr(found) and "reviewer-7" not in repr(found)


def test_nothing_is_kept_beside_a_confidential_place_d4():
    """What came with a neighbour may hold every location of the organization."""
    owner = {"id": "o", "name": "Nevada Partnership for Homeless Youth", "locations": [{"id": "l", "name": STREET}]}
    entry = entry_of(taken_in([a_place(organization=owner)]), "quail_street_clinic")
    assert entry.document == "directory/nevada/nphy"
    assert "hsds" not in entry.additions
    documents = shipped_documents()
    documents["directory/nevada/nphy"]["services"][0]["porchlight"]["hsds"] = {"organization": owner}
    with pytest.raises(ContentError, match="beside a confidential place"):
        build_directory(documents, build_region(documents, "nevada"), "practice")


def test_an_organization_may_be_called_as_its_confidential_place_but_no_text_may_name_it_d4():
    documents = shipped_documents()
    document = documents["directory/nevada/nphy"]
    document["services"][1]["name"] = document["organization"]["name"] = "Mesa"
    document["services"][0]["description"] = "Mesas and chairs."
    assert "nphy_drop_in" in export_directory(documents, leave_out=True).keys
    document["services"][0]["description"] = "Next to Mesa."
    with pytest.raises(ConfidentialPlace, match="nphy_shelter"):
        export_directory(documents, leave_out=True)


def test_an_export_with_a_confidential_place_fails_and_names_it_by_its_key_g4():
    with pytest.raises(ConfidentialPlace, match="nphy_shelter"):
        export_directory(shipped_documents())


WAYS = st.sampled_from(["service_at_locations", "near", "description", "hsds", "url", "location_name", "sibling"])


@given(
    way=WAYS,
    leave_out=st.booleans(),
    unpublished=st.booleans(),
    whole=st.booleans(),
    flag=st.sampled_from([True, "unknown"]),
)
@settings(max_examples=25, deadline=None)
def test_no_way_to_export_gives_out_a_confidential_address_d4(way, leave_out, unpublished, whole, flag):
    """An address planted anywhere in a confidential record: the export fails, or does not hold it."""
    documents = shipped_documents()
    services = documents["directory/nevada/nphy"]["services"]
    shelter = services[1]
    shelter["porchlight"]["address_confidential"] = flag
    place = {"location": {"location_type": "physical", "addresses": [{"address_1": STREET}]}}
    if way == "sibling":
        services[0]["description"] = f"The {SHELTER} is at {STREET}."
    elif way in ("near", "hsds"):
        shelter["porchlight"][way] = STREET if way == "near" else {"id": "x", "description": STREET}
    else:
        shelter[way] = [place] if way == "service_at_locations" else STREET
    try:
        found = export_directory(documents, leave_out=leave_out, unpublished=unpublished, whole=whole)
    except (ConfidentialPlace, ContentError) as error:
        assert STREET not in str(error)
        return
    assert STREET not in repr(found)
    raise AssertionError("an address in a confidential record must stop the export")


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


def test_an_import_of_many_records_is_planned():
    records = [
        a_place(id=f"id-{n}", name=f"Place {n}", phones=[], organization={"id": f"o-{n}", "name": f"Owner {n}"})
        for n in range(60)
    ]
    found = plan(records)
    assert found.count(Kind.ADD) == 60
    assert only(plan(services_of("service_list"))).kind is Kind.ADD
    assert {entry.additions["source"] for entry in list_entries(found.documents)} == {f"import {date(2026, 11, 21)}"}
