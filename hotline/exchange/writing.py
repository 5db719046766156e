"""Writes a place of ours as a service of HSDS 3.0; what once came with it goes out again as it came (G4).

A record from elsewhere is kept whole under ``porchlight: hsds``. Only what was changed here since is written over it:
read and written again, it is the same record; changed here and read again, it says what was changed.
"""

import copy
import datetime
from collections.abc import Mapping
from typing import Any

from hotline.exchange.compare import ADDITION_PREFIX, ORGANIZATION_PREFIX, find_differences, list_facts
from hotline.exchange.entry import FIELDS, INTERNAL, ORGANIZATION, SHARED, ConfidentialPlace, Entry, tell_vetting
from hotline.exchange.identities import TAXONOMY_ID, make_id, need_id, organization_id, service_id
from hotline.exchange.reading import read_service

TAXONOMY: Mapping[str, Any] = {
    "id": TAXONOMY_ID,
    "name": "Porchlight needs",
    "description": "What a place helps with, in the words of this hotline.",
}

_PASSES = 3
"""A field may stand in for another (a name for a missing description), so writing one can show a second."""


def write_service(entry: Entry, *, numbers: Mapping[str, str], whole: bool = False) -> dict[str, Any]:
    """The place with everything nested, as plain JSON. ``numbers``: what is called, by line id.

    ``whole`` adds verification and vetting. Raises ConfidentialPlace for a confidential one, always (D4).
    """
    if entry.is_confidential:
        raise ConfidentialPlace(f"{entry.key} is confidential, or nobody said that it is not; it is never exported")
    kept = entry.additions.get("hsds")
    record = _overwrite(entry, dict(kept)) if kept else _write_new(entry, numbers)
    if whole or not kept:
        record["porchlight"] = _write_additions(entry, whole=whole)
    return record


def is_written_alike(entry: Entry, record: Mapping[str, Any], *, numbers: Mapping[str, str], whole: bool) -> bool:
    """True if the place alone makes the whole record again, so that nothing needs to be kept with it."""
    bare = {key: value for key, value in entry.additions.items() if key != "hsds"}
    plain = Entry(entry.document, entry.organization, {**entry.service, "porchlight": bare})
    return not entry.is_confidential and write_service(plain, numbers=numbers, whole=whole) == record


def _overwrite(entry: Entry, kept: dict[str, Any]) -> dict[str, Any]:
    record = copy.deepcopy(kept)
    if isinstance(record.get("porchlight"), dict):
        record["porchlight"] = {key: value for key, value in record["porchlight"].items() if key not in INTERNAL}
    if not isinstance(record.get("id"), str):
        record["id"] = service_id(entry.service)
    ours = list_facts(entry.organization, entry.service)
    for _ in range(_PASSES):
        reading = read_service(record)
        changed = find_differences(list_facts(reading.organization, reading.service), ours)
        for path in changed:
            _put(record, path, entry)
    if entry.service.get("assured_date"):
        # Confirmed here: the other's confirmer no longer answers for it.
        record["assured_date"] = _plain(entry.service["assured_date"])
        record.pop("assurer_email", None)
    return record


def _put(record: dict[str, Any], path: str, entry: Entry) -> None:
    if path.startswith(ADDITION_PREFIX):
        record["porchlight"] = _write_additions(entry, whole=False)
    elif path.startswith(ORGANIZATION_PREFIX):
        given = record.get("organization")
        record["organization"] = {"id": organization_id(entry.document)} | (given if isinstance(given, dict) else {})
        _set(record["organization"], path.removeprefix(ORGANIZATION_PREFIX), entry.organization)
    elif path == "service_at_locations":
        _set(record, path, {path: _write_places(entry)})
    else:
        _set(record, path, {path: _write_field(entry, path)})


def _set(record: dict[str, Any], key: str, source: Mapping[str, Any]) -> None:
    if source.get(key) in (None, []):
        record.pop(key, None)
    else:
        record[key] = source[key]


def _write_new(entry: Entry, numbers: Mapping[str, str]) -> dict[str, Any]:
    record: dict[str, Any] = {"id": service_id(entry.service)}
    for field in FIELDS:
        written = _write_places(entry) if field == "service_at_locations" else _write_field(entry, field)
        _set(record, field, {field: written})
    line = str(entry.additions.get("line"))
    if line in numbers:
        # Whoever takes the record needs a number; on the way in the name of the line is read instead.
        record["phones"] = [{"id": make_id(f"service/{entry.key}/line"), "number": numbers[line], "type": "voice"}]
    named = {key: entry.organization[key] for key in ORGANIZATION if entry.organization.get(key)}
    record["organization"] = {"id": organization_id(entry.document)} | named
    if entry.additions.get("needs"):
        record["attributes"] = [_write_need(entry, need) for need in entry.additions["needs"]]
    return record


def _write_need(entry: Entry, need: str) -> dict[str, Any]:
    return {
        "id": make_id(f"service/{entry.key}/needs/{need}"),
        "link_entity": "service",
        "taxonomy_term": write_term(need),
    }


def write_term(need: str) -> dict[str, Any]:
    """One of our categories as a taxonomy term."""
    words = need.replace("_", " ")
    named = {"code": need, "name": words, "description": words, "taxonomy": TAXONOMY["name"]}
    return {"id": need_id(need), **named, "taxonomy_detail": dict(TAXONOMY)}


def _write_field(entry: Entry, field: str) -> Any:
    value = _plain(entry.service.get(field))
    if not isinstance(value, list):
        return value
    return [{"id": make_id(f"service/{entry.key}/{field}/{place}"), **part} for place, part in enumerate(value)]


def _write_places(entry: Entry) -> list[dict[str, Any]]:
    found = []
    for place, link in enumerate(entry.service.get("service_at_locations", ())):
        path = f"service/{entry.key}/service_at_locations/{place}"
        location = {"id": make_id(f"{path}/location"), **link["location"]}
        if location.get("addresses"):
            location["addresses"] = [
                {"id": make_id(f"{path}/location/addresses/{number}"), **address}
                for number, address in enumerate(location["addresses"])
            ]
        found.append({"id": make_id(path), "location": location})
    return found


def _write_additions(entry: Entry, *, whole: bool) -> dict[str, Any]:
    names = (*SHARED, *(INTERNAL if whole else ()))
    shared = {name: _plain(entry.additions[name]) for name in names if name in entry.additions}
    shared |= {"vetting": tell_vetting(shared["vetting"])} if "vetting" in shared else {}
    return {"key": entry.key, "document": entry.document} | copy.deepcopy(shared)


def _plain(value: Any) -> Any:
    """As JSON has it: dates as text."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
