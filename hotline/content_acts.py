"""What one person may do to live content alone: pull an entry, and confirm one that they have phoned (D3, D7)."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from hotline.errors import ContentError
from hotline.line_records import CLOSED

NUMBERS = "numbers"
_PLACES = "directory/"


def pull(documents: Mapping[str, Any], entry: str) -> tuple[str, Any]:
    """Path and new state of the document in which a place or line of that id is closed.

    A reply that names such a line says another in its place until a draft changes it. Raises ContentError for an id
    that is neither, and for a line that is never hidden: that takes a draft that names a substitute, and two
    approvals (D3).
    """
    for path, service in list_places(documents):
        if service.get("key") == entry:
            return path, _change_place(documents[path], entry, {"status": CLOSED})
    line = _find_line(documents, entry)
    if line.get("never_hidden"):
        raise ContentError(f"{entry} is never hidden; a draft names its substitute, and two people approve it")
    changed = deepcopy(documents[NUMBERS])
    changed["lines"][entry]["status"] = CLOSED
    return NUMBERS, changed


def confirm(documents: Mapping[str, Any], entry: str, by: str, day: date) -> tuple[str, Any]:
    """Path and new state of the document in which ``by`` answers for a place or line since ``day``.

    Nothing but the confirmation changes. Raises ContentError for an id that is neither.
    """
    for path, service in list_places(documents):
        if service.get("key") == entry:
            changed = _change_place(documents[path], entry, {"assured_date": day})
            changed_ours = next(one for one in changed["services"] if one.get("key") == entry)["porchlight"]
            changed_ours["verified_by"] = by
            changed_ours["expires_on"] = None
            return path, changed
    _find_line(documents, entry)
    changed = deepcopy(documents[NUMBERS])
    changed["lines"][entry] |= {"assured_date": day, "verified_by": by}
    changed["lines"][entry].pop("expires_on", None)
    return NUMBERS, changed


def list_places(documents: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Path and record of every place."""
    for path, document in sorted(documents.items()):
        if path.startswith(_PLACES) and isinstance(document, Mapping):
            yield from ((path, one) for one in document.get("services") or () if isinstance(one, Mapping))


def keep_closed(documents: Mapping[str, Any], live: Mapping[str, Any]) -> Mapping[str, Any]:
    """The documents with every place closed that is not open in the live ones, and every line that was pulled there.

    Whatever is served instead of a live set must not bring back what somebody pulled (D7), nor an address that is
    confidential by now: such a place stays as it is in the live set (D4).
    """
    documents = _keep_hidden(documents, live)
    changed = dict(documents)
    served = {service.get("key") for _, service in list_places(live) if not _is_closed(service)}
    for path, service in list_places(documents):
        if service.get("key") not in served and not _is_closed(service):
            changed[path] = _change_place(changed[path], str(service["key"]), {"status": CLOSED})
    lines = (changed.get(NUMBERS) or {}).get("lines") or {}
    if reopened := list_pulled(live) & lines.keys() - list_pulled(changed):
        changed[NUMBERS] = deepcopy(changed[NUMBERS])
        for line in sorted(reopened):
            changed[NUMBERS]["lines"][line]["status"] = CLOSED
    return changed


def list_pulled(documents: Mapping[str, Any]) -> frozenset[str]:
    """Ids of the lines that somebody closed."""
    lines = (documents.get(NUMBERS) or {}).get("lines") or {}
    return frozenset(name for name, line in lines.items() if line.get("status") == CLOSED)


def _keep_hidden(documents: Mapping[str, Any], live: Mapping[str, Any]) -> Mapping[str, Any]:
    hidden = {service.get("key"): service for _, service in list_places(live) if not _has_open_address(service)}
    changed = dict(documents)
    for path, service in list_places(documents):
        if service.get("key") in hidden and _has_open_address(service):
            changed[path] = deepcopy(changed[path])
            changed[path]["services"] = [
                deepcopy(hidden[one["key"]]) if one.get("key") == service["key"] else one
                for one in changed[path]["services"]
            ]
    return changed


def _has_open_address(service: Mapping[str, Any]) -> bool:
    return (service.get("porchlight") or {}).get("address_confidential") is False


def _is_closed(service: Mapping[str, Any]) -> bool:
    return service.get("status") != "active" or (service.get("porchlight") or {}).get("publish") is False


def _change_place(document: Any, entry: str, fields: Mapping[str, Any]) -> Any:
    changed = deepcopy(document)
    for service in changed["services"]:
        if service.get("key") == entry:
            service.update(fields)
    return changed


def _find_line(documents: Mapping[str, Any], entry: str) -> Mapping[str, Any]:
    lines = (documents.get(NUMBERS) or {}).get("lines") or {}
    if entry not in lines:
        raise ContentError("no place or line of that id")
    found: Mapping[str, Any] = lines[entry]
    return found
