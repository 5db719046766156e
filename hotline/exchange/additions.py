"""Makes a new place of a record: unpublished and unverified, with as little as a confidential one may have (D3, D4)."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from hotline.digits import flatten
from hotline.exchange.desk import Desk
from hotline.exchange.entry import Entry
from hotline.exchange.reading import Reading
from hotline.text import fold

WAITING = "It came by an import, and nobody here has looked at it yet."
_DOCUMENT = re.compile(r"directory/([a-z_]+)/[a-z][a-z0-9_]{0,59}")
_KEY = re.compile(r"[a-z][a-z0-9_]{2,59}")
_SAID = ("alternate_name", "eligibility_description", "alert", "schedules")
"""What can hold a place in words; hours are kept without their notes."""


def build_addition(
    record: Mapping[str, Any], reading: Reading, desk: Desk, document: str, today: date, *, whole: bool
) -> Entry:
    """The new place for a file, with what has to be kept of the record."""
    read = _without_place(reading.service) if reading.secret else dict(reading.service)
    known = read.pop("porchlight")
    fresh = known | {
        "publish": False, "reason": WAITING, "verified_by": None, "expires_on": None, "evidence": "import",
        "source": f"import {today.isoformat()}", "vetting": {"factors": {}, "vetted_on": None, "approved_by": []},
    }  # fmt: skip
    additions = known if "source" in known else fresh  # what is internal was read from a whole export alone
    organization = desk.find_organization(document) or dict(reading.organization)
    service = {"key": _make_key(record, read["name"], desk), **read, "porchlight": additions}
    entry = Entry(document, organization, service)
    identified = desk.with_kept(entry, {"id": record["id"]}) if record.get("id") else entry
    return desk.with_kept(identified, desk.keep(identified, record, whole=whole))


def name_document(record: Mapping[str, Any], reading: Reading, desk: Desk) -> str:
    """The content file for a new place: the one that it names if that may be, its organization's, or a new one."""
    extension = record.get("porchlight")
    named = extension.get("document") if isinstance(extension, Mapping) else None
    found = _DOCUMENT.fullmatch(named) if isinstance(named, str) else None
    owner = fold(reading.organization["name"])
    if found and named and desk.has_region(found[1]):
        there = desk.find_organization(named)
        if there is None or fold(there["name"]) == owner:
            return str(named)
    return desk.find_document(owner) or desk.name_new_document(_slug(reading.organization["name"]))


def find_neighbour_problem(reading: Reading, desk: Desk) -> str:
    """Why a new place with an address could be a confidential one under another name; empty if nothing says so (D4)."""
    if reading.secret or not reading.service.get("service_at_locations"):
        return ""
    numbers = {flatten(phone["number"]) for phone in reading.service.get("phones", ())}
    for hidden in desk.list_hidden():
        if numbers & {flatten(phone["number"]) for phone in hidden.service.get("phones", ())}:
            return f"it has an address and the number of {hidden.key}, which is confidential; its address was not taken"
    return ""


def _without_place(service: Mapping[str, Any]) -> dict[str, Any]:
    bare = {key: value for key, value in service.items() if key not in _SAID}
    bare["description"] = service["name"]
    if "schedules" in service:
        bare["schedules"] = [_without(part, "notes") for part in service["schedules"]]
    if "phones" in service:
        bare["phones"] = [_without(part, "description") for part in service["phones"]]
    return bare


def _without(part: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name != key}


def _make_key(record: Mapping[str, Any], name: str, desk: Desk) -> str:
    extension = record.get("porchlight")
    named = extension.get("key") if isinstance(extension, Mapping) else None
    wanted = named if isinstance(named, str) and _KEY.fullmatch(named) else _slug(name)
    number, key = 2, wanted
    while desk.has_key(key):
        number, key = number + 1, f"{wanted[:54]}_{number}"
    return key


def _slug(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", fold(name).encode("ascii", "ignore").decode()).strip("_")[:48].strip("_")
    return words if len(words) >= 3 and words[0].isalpha() else f"place_{words}".strip("_")
