"""Imports land as drafts, lose nothing that is better known here, and take no confidential address (G4, D3, D4)."""

import copy
from datetime import date
from itertools import product

import pytest

from hotline.errors import ContentError
from hotline.exchange.entry import ConfidentialPlace, list_entries
from hotline.exchange.export import export_directory
from hotline.exchange.plan import Kind
from hotline.exchange.writing import write_service
from hotline.regions import build_region
from hotline.resources import build_directory
from tests.exchange.world import a_place, entry_of, only, plan, services_of, taken_in
from tests.hotline.verified import shipped_documents, verified_documents

STREET = "4711 Quiet Heron Ave"
SHELTER = "NPHY Emergency Shelter"


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


WAYS = (
    "service_at_locations", "near", "description", "hsds", "url", "location_name", "sibling", "kept beside",
    "organization",
)  # fmt: skip


def planted(way, flag):
    """The shipped content with an address in one place of a confidential record, or beside it."""
    documents = shipped_documents()
    services = documents["directory/nevada/nphy"]["services"]
    shelter = services[1]
    shelter["porchlight"]["address_confidential"] = flag
    if way == "kept beside":
        services[0]["porchlight"]["hsds"] = a_place(organization={"locations": [{"name": STREET}]})
    elif way == "organization":
        documents["directory/nevada/nphy"]["organization"]["description"] = STREET
        shelter["porchlight"]["address_confidential"] = True
    elif way == "sibling":
        services[0]["description"] = f"The {SHELTER} is at {STREET}."
    elif way in ("near", "hsds"):
        shelter["porchlight"][way] = STREET if way == "near" else {"id": "x", "description": STREET}
    else:
        place = {"location": {"location_type": "physical", "addresses": [{"address_1": STREET}]}}
        shelter[way] = [place] if way == "service_at_locations" else STREET
    return documents


@pytest.mark.parametrize("way", WAYS)
def test_no_way_to_export_gives_out_a_confidential_address_d4(way):
    """Every way with every switch: the export stops, and what it says does not hold the address."""
    for flag, *switches in product([True, "unknown"], *[[True, False]] * 3):
        named = dict(zip(("leave_out", "unpublished", "whole"), switches, strict=True))
        with pytest.raises((ConfidentialPlace, ContentError)) as stopped:
            export_directory(planted(way, flag), **named)
        assert STREET not in str(stopped.value)


def test_an_import_of_many_records_is_planned():
    records = [
        a_place(id=f"id-{n}", name=f"Place {n}", phones=[], organization={"id": f"o-{n}", "name": f"Owner {n}"})
        for n in range(60)
    ]
    found = plan(records)
    assert found.count(Kind.ADD) == 60
    assert only(plan(services_of("service_list"))).kind is Kind.ADD
    assert {entry.additions["source"] for entry in list_entries(found.documents)} == {f"import {date(2026, 11, 21)}"}


def test_a_place_that_came_without_its_address_is_known_again_under_another_name_d4():
    """Nothing of its record is kept, but what its id comes to: the next list may forget to say that it hides."""
    documents = taken_in([a_place(name="Mesa Home", description="The location of this home is confidential.")])
    entry = entry_of(documents, "mesa_home")
    assert "hsds" not in entry.additions and a_place()["id"] not in repr(entry)
    found = plan([a_place(name="Mesa House", phones=[{"id": "p", "number": "702-555-0188"}])], documents)
    assert (only(found).key, only(found).kind) == ("mesa_home", Kind.CONFLICT)
    assert not found.documents


def test_what_an_id_came_to_has_one_form_and_holds_no_street():
    documents = taken_in([a_place(name="Mesa Home", description="The location of this home is confidential.")])
    entry_of(documents, "mesa_home").service["porchlight"]["came_as"] = STREET
    with pytest.raises(ContentError, match="came_as"):
        build_directory(documents, build_region(documents, "nevada"), "practice")
