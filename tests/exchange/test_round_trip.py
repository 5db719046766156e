"""HSDS in and out without loss, on the standard's own examples and on ours (G4, D1)."""

import copy
import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.exchange.compare import find_differences, list_facts
from hotline.exchange.entry import Entry, ExchangeError, list_entries
from hotline.exchange.export import export_directory
from hotline.exchange.forms import list_organizations, list_service_at_locations, list_services
from hotline.exchange.plan import Kind
from hotline.exchange.reading import read_service
from hotline.exchange.tabular import OWN, count_unused, flatten, from_tables, nest, to_tables
from hotline.exchange.writing import write_service
from storage.content_texts import write_document
from storage.exchange_files import read_services, write_json, write_package
from tests.exchange.world import OF_SERVICES, a_place, example, plan, services_of, taken_in
from tests.hotline.verified import is_place, shipped_documents

WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("name", OF_SERVICES)
def test_a_service_of_the_standard_goes_out_as_it_came_in_g4(name):
    came = services_of(name)
    documents = taken_in(came)
    went = export_directory(documents, leave_out=True, unpublished=True).services
    assert [service for service in went if "porchlight" not in service] == came


def test_a_service_at_a_location_is_the_same_again():
    came = example("service_at_location_full")
    assert list_service_at_locations(list_services(came)[0]) == [came]


def test_an_organization_with_services_is_the_same_again():
    came = services_of("service_full")
    whole = list_organizations(came)
    assert list_services(whole) == came
    assert [part["name"] for part in whole[0]["services"]] == ["Community Counselling"]


@pytest.mark.parametrize("name", OF_SERVICES)
def test_tables_hold_every_example_of_a_service_by_themselves_g4(name):
    came = services_of(name)
    rows = to_tables(came)
    assert rows[OWN] == []
    assert from_tables(rows) == came
    assert count_unused(rows) == {}


@pytest.mark.parametrize(("name", "table"), [("location", "location"), ("taxonomy_term_list", "taxonomy_term")])
def test_tables_hold_the_examples_without_a_service_g4(name, table):
    came = example(name).get("contents", [example(name)])
    assert nest(table, flatten(table, came)) == came


def test_our_own_directory_out_and_in_is_equal_g4():
    """Whole: with verification and vetting. As tables and as JSON, into a directory without a place."""
    shipped = shipped_documents()
    went = export_directory(shipped, leave_out=True, whole=True).services
    empty = {name: document for name, document in shipped.items() if not is_place(name)}
    for came in (json.loads(json.dumps(went)), from_tables(to_tables(went))):
        documents = plan(came, empty, whole=True).documents
        ours = {entry.key: entry for entry in list_entries(shipped) if not entry.is_confidential}
        theirs = {entry.key: entry for entry in list_entries(documents)}
        assert theirs == ours
        assert len(ours) >= 16


@pytest.mark.parametrize("whole", [True, False])
def test_our_own_export_changes_nothing_here(whole):
    came = list(export_directory(shipped_documents(), leave_out=True, whole=whole).services)
    found = plan(came, whole=whole)
    assert {item.kind for item in found.items} == {Kind.SAME}
    assert not found.documents


@given(st.dictionaries(WORDS, JSON, max_size=5), st.sampled_from(OF_SERVICES))
@settings(max_examples=10, deadline=None)
def test_what_nobody_knows_comes_through_json_tables_and_yaml(more, name):
    """GetPut: read and written again is the same record, whatever else stands in it."""
    record = services_of(name)[0]
    record |= {key: value for key, value in more.items() if key not in record and key != "porchlight"}
    reading = read_service(record)
    additions = {**reading.service["porchlight"], "hsds": record}
    entry = Entry(
        "directory/nevada/x", reading.organization, {"key": "xyz", **reading.service, "porchlight": additions}
    )
    document = {"services": [dict(entry.service)]}
    assert yaml.safe_load(write_document(document)) == document
    assert write_service(entry, numbers={}) == record
    assert from_tables(to_tables([record])) == [record]


@given(
    name=st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=9),
    text=st.none() | st.just("Told."),
    areas=st.lists(st.sampled_from(["state:NV", "metro:reno"]), unique=True, max_size=2),
    walk_in=st.sampled_from([True, False, "unknown"]),
)
@settings(max_examples=15, deadline=None)
def test_what_is_changed_here_is_what_goes_out(name, text, areas, walk_in):
    """PutGet: a record that was kept says after a change what we say."""
    reading = read_service(services_of("service_full")[0])
    service = copy.deepcopy(dict(reading.service)) | {"key": "xyz", "name": name, "alert": text}
    service["service_areas"] = [{"name": area, "extent": area, "extent_type": "text"} for area in areas]
    service["porchlight"] |= {"walk_in": walk_in, "hsds": services_of("service_full")[0]}
    entry = Entry("directory/nevada/x", {"name": "Other", "description": "Other"}, service)
    again = read_service(write_service(entry, numbers={}))
    said = [list_facts(part.organization, part.service) for part in (entry, again)]
    assert not find_differences(_without_ids(said[0]), _without_ids(said[1]))


def _without_ids(facts):
    return json.loads(json.dumps(facts), object_hook=lambda part: {k: v for k, v in part.items() if k != "id"})


def test_whoever_edits_the_tables_is_believed():
    record = a_place(porchlight={"needs": ["doctor"]}, nobody_knows=[1, 2])
    rows = to_tables([record])
    assert from_tables(rows) == [record]
    rows["service"][0]["name"] = "Renamed"
    edited = from_tables(rows)[0]
    assert (edited["name"], edited["porchlight"], "nobody_knows" in edited) == ("Renamed", {"needs": ["doctor"]}, False)


def test_rows_that_no_service_uses_are_counted():
    rows = to_tables(services_of("service_full"))
    rows["organization"].append({"id": "lonely", "name": "Nobody's"})
    assert count_unused(rows) == {"organization": 1}


def test_files_are_read_as_they_were_written(tmp_path):
    services = [a_place(description='Says "hello",\r\nthen goes.'), *services_of("service_full")]
    write_json(tmp_path / "all.json", services)
    write_package(tmp_path / "tables", services)
    assert read_services(tmp_path / "all.json") == (services, {})
    assert read_services(tmp_path / "tables") == (services, {})
    with pytest.raises(ExchangeError, match="not empty"):
        write_package(tmp_path / "tables", services)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1]",
        "[[[]]]",
        '{"name": 1}',
        "[NaN]",
        "[1e999]",
        '[{"name":"\\ud800","status":"active"}]',
        "[" * 99_999,
    ],
)
def test_what_is_no_hsds_is_refused_with_a_reason(tmp_path, text):
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(ExchangeError):
        read_services(tmp_path / "bad.json")
