"""What one person may do to live content alone: pull an entry, and confirm one that they have phoned (D3, D7)."""

from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from hotline.content_merge import merge
from hotline.errors import ContentError
from hotline.exchange.hiding import drop_beside_hidden, drop_elsewhere
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


def keep_closed(
    documents: Mapping[str, Any], live: Mapping[str, Any], *, new: Collection[str] = ()
) -> Mapping[str, Any]:
    """The documents with every place closed that is not open in the live ones, and every line that was pulled there.

    Whatever is served instead of a live set must not bring back what somebody pulled (D7), nor an address that is
    confidential by now: such a place stays as it is in the live set (D4). ``new`` are places that may open although
    the live set has never had them.
    """
    served = {service.get("key") for _, service in list_places(live) if not _is_closed(service)}
    return _close(_keep_hidden(documents, live), live, served | set(new))


def close_hidden(documents: Mapping[str, Any], live: Mapping[str, Any]) -> Mapping[str, Any]:
    """As ``keep_closed``, and closes a place whose address is confidential by now: nothing of the live set comes in.

    For when what is live cannot be built at all: these documents can be whenever they could be before.
    """
    places = [service for _, service in list_places(live) if not _is_closed(service)]
    served = {service.get("key") for service in places if _has_open_address(service)}
    hidden = {service.get("key") for _, service in list_places(documents) if not _has_open_address(service)}
    return _close(documents, live, served | (hidden & {service.get("key") for service in places}))


def _close(documents: Mapping[str, Any], live: Mapping[str, Any], served: Collection[Any]) -> Mapping[str, Any]:
    changed = dict(documents)
    for path, service in list_places(documents):
        if service.get("key") not in served and not _is_closed(service):
            changed[path] = _change_place(changed[path], str(service["key"]), {"status": CLOSED})
    lines = (changed.get(NUMBERS) or {}).get("lines") or {}
    # One that may never be hidden here would keep the documents from being served at all.
    closable = {name for name, line in lines.items() if not line.get("never_hidden")}
    if reopened := list_pulled(live) & closable - list_pulled(changed):
        changed[NUMBERS] = deepcopy(changed[NUMBERS])
        for line in sorted(reopened):
            changed[NUMBERS]["lines"][line]["status"] = CLOSED
    return changed


def list_pulled(documents: Mapping[str, Any]) -> frozenset[str]:
    """Ids of the lines that somebody closed."""
    lines = (documents.get(NUMBERS) or {}).get("lines") or {}
    return frozenset(name for name, line in lines.items() if line.get("status") == CLOSED)


def _keep_hidden(documents: Mapping[str, Any], live: Mapping[str, Any]) -> Mapping[str, Any]:
    hidden = {
        service.get("key"): (path, service) for path, service in list_places(live) if not _has_open_address(service)
    }
    changed = dict(documents)
    for path, service in list_places(documents):
        if service.get("key") in hidden and _has_open_address(service):
            there, kept = hidden[service["key"]]
            changed[path] = _change_place(changed[path], str(service["key"]), kept, whole=True)
            # Its organization is described for all its places at once, and the older words may say where they are.
            if "organization" in live[there]:
                changed[path]["organization"] = deepcopy(live[there]["organization"])
            # What was kept of records from elsewhere knew the address too.
            changed |= drop_elsewhere(changed, path, (service, kept))
            changed[path] = drop_beside_hidden(changed[path])
    return changed


def complete(live: Mapping[str, Any], files: Mapping[str, Any], *, numbers: bool) -> Mapping[str, Any]:
    """The live documents with entries that only the files have: a new release asks for lines not approved yet.

    No place is added so, and no number unless ``numbers`` says so: one that the live set does not have may have been
    taken out of it (D7).
    """
    kept = (_PLACES,) if numbers else (_PLACES, NUMBERS)
    added = {path: _add_entries(live.get(path), one) for path, one in files.items() if not path.startswith(kept)}
    return {**live, **added}


def _add_entries(ours: Any, theirs: Any) -> Any:
    return theirs if ours is None else merge({}, ours, theirs).document


def _has_open_address(service: Mapping[str, Any]) -> bool:
    return (service.get("porchlight") or {}).get("address_confidential") is False


def _is_closed(service: Mapping[str, Any]) -> bool:
    return service.get("status") != "active" or (service.get("porchlight") or {}).get("publish") is False


def _change_place(document: Any, entry: str, fields: Mapping[str, Any], *, whole: bool = False) -> Any:
    """A copy in which the place has these fields, or these alone."""
    changed = deepcopy(document)
    for service in changed["services"]:
        if service.get("key") == entry:
            if whole:
                service.clear()
            service.update(deepcopy(dict(fields)))
    return changed


def _find_line(documents: Mapping[str, Any], entry: str) -> Mapping[str, Any]:
    lines = (documents.get(NUMBERS) or {}).get("lines") or {}
    if entry not in lines:
        raise ContentError("no place or line of that id")
    found: Mapping[str, Any] = lines[entry]
    return found
