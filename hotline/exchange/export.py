"""What of the directory may be given out, and that nothing confidential is in it (D4, G4)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hotline.confidentiality import check_confidential
from hotline.exchange.entry import ConfidentialPlace, Entry, list_entries
from hotline.exchange.writing import write_service
from hotline.numbers import build_lines
from hotline.records import Record
from hotline.text import fold


@dataclass(frozen=True, slots=True)
class Export:
    """The services, as plain JSON, their keys here, and the keys of what was left out: confidential, not published."""

    services: tuple[dict[str, Any], ...]
    keys: tuple[str, ...]
    confidential: tuple[str, ...]
    unpublished: tuple[str, ...]


def export_directory(
    documents: Mapping[str, Any],
    *,
    leave_out: bool = False,
    leave_out_naming: bool = False,
    unpublished: bool = False,
    whole: bool = False,
) -> Export:
    """Every place that may be given out. ``whole`` adds what only we know of it, ``unpublished`` what nobody is told.

    Raises ConfidentialPlace naming the places (by key, never by address) if one is confidential, unless they are to be
    left out; and, left out or not, if one of them holds an address or is named in another record, unless
    ``leave_out_naming`` leaves such a record out as well. Raises ContentError for content that cannot be read.
    """
    entries = list_entries(documents)
    hidden = [entry for entry in entries if entry.is_confidential]
    _check_hidden(hidden, entries)
    shown = [entry for entry in entries if not entry.is_confidential and (unpublished or whole or _is_published(entry))]
    wanted = [entry for entry in hidden if unpublished or whole or _is_published(entry)]
    if wanted and not leave_out:
        named = ", ".join(entry.key for entry in wanted)
        raise ConfidentialPlace(f"confidential places are never exported: {named}; leave them out to go on")
    numbers = list_numbers(documents)
    written = [(entry.key, write_service(entry, numbers=numbers, whole=whole)) for entry in shown]
    if leave_out_naming:
        written = [(key, service) for key, service in written if not find_named(service, hidden)]
    check_unnamed([service for _, service in written], hidden)
    untold = tuple(entry.key for entry in entries if not entry.is_confidential and entry not in shown)
    keys, services = tuple(key for key, _ in written), tuple(service for _, service in written)
    return Export(services, keys, tuple(entry.key for entry in hidden), untold)


def list_numbers(documents: Mapping[str, Any]) -> dict[str, str]:
    """What is called of every line, by its id."""
    lines = build_lines(documents)
    return {name: call.number for name in lines.known if (call := lines.get(name).call) is not None}


def check_unnamed(services: Iterable[Mapping[str, Any]], hidden: Iterable[Entry]) -> None:
    """Raise ConfidentialPlace if a record names a confidential place: what stands beside the name may place it."""
    hidden = list(hidden)
    for service in services:
        if key := find_named(service, hidden):
            raise ConfidentialPlace(f"another record names {key}, which is confidential; take it out")


def find_named(service: Mapping[str, Any], hidden: Iterable[Entry]) -> str:
    """The key of a confidential place that a record names; empty if it names none.

    A field that is the name and no more says nothing beside it: an organization may be called as its shelter is.
    """
    names = {fold(str(name)): entry.key for entry in hidden for name in _list_names(entry)}
    for text in _walk(service):
        plain = fold(text)
        for name, key in names.items():
            if name in plain and plain != name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", plain):
                return key
    return ""


def _check_hidden(hidden: Iterable[Entry], entries: Iterable[Entry]) -> None:
    beside = {entry.document for entry in entries if entry.additions.get("hsds")}
    for entry in hidden:
        check_confidential(Record(entry.service, f"{entry.document}/{entry.key}"))
        if entry.additions.get("address_confidential") is True:
            check_confidential(Record(entry.organization, f"{entry.document}/organization"))
        if entry.document in beside:
            raise ConfidentialPlace(
                f"a record is kept beside {entry.key}, which is confidential; it may hold its address"
            )


def _is_published(entry: Entry) -> bool:
    return bool(entry.additions.get("publish", True)) and entry.service.get("status") == "active"


def _list_names(entry: Entry) -> list[str]:
    return [name for key in ("name", "alternate_name") if (name := entry.service.get(key))]


def _walk(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _walk(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _walk(item)
