"""Forms of the content by kind: what there is to edit, its fields, and the documents that come of them (G1)."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from console.content_fields import Field, put_values, show_value
from console.content_specs import (
    ADDRESS_FIELDS,
    CONFIDENTIAL,
    list_address_fields,
    list_line_fields,
    list_place_fields,
    list_reply_fields,
    list_vetting_fields,
)
from hotline.content_acts import list_places
from hotline.content_entries import find_entry, put_entry
from hotline.content_merge import MISSING, Entry, list_entries, name_entry
from hotline.content_review import Change, find_stale_confirmations
from hotline.line_records import OPEN

KINDS = ("replies", "lines", "places", "cards", "hours", "screening", "region", "words")
LANGUAGES = ("en", "es")
MOST_FIELDS = 90
"""Of an entry's form: a place has the most."""
MOST_CHOICES = 200
"""Fields of a form that settles conflicts, two for each."""
_BETWEEN = "~"
CONFIRMED = "confirmed_today"


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of one document, with its fields. ``heading`` is a word of the console, or a language."""

    path: str
    entry: Entry
    fields: tuple[Field, ...]
    heading: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a list: ``entry`` names it in addresses, ``label`` and ``detail`` are shown.

    ``status`` is that of a place, or of a line that has one: ``active`` or another. ``can_close``: one person may pull
    it, since it is open and not a line that is never hidden (D3, D7).
    """

    entry: str
    label: str
    detail: str = ""
    status: str = ""
    can_close: bool = True


def find_kind(path: str, entry: Entry) -> tuple[str, str]:
    """Kind and name of an entry of a document: where its form is."""
    if path.startswith("replies/") and len(entry) == 2 and entry[0] == "replies":
        return "replies", str(entry[1])
    if path == "numbers" and len(entry) == 2 and entry[0] == "lines":
        return "lines", str(entry[1])
    if path.startswith("directory/") and len(entry) == 2 and entry[0] == "services":
        return "places", str(entry[1])
    if path.startswith("cards/"):
        return "cards", path.split("/", 2)[2]
    return _find_plain_kind(path, entry), f"{path}{_BETWEEN}{name_entry(entry)}"


def _find_plain_kind(path: str, entry: Entry) -> str:
    if path.startswith("screening/"):
        return "screening"
    if path.startswith("regions/"):
        return "hours" if entry and entry[0] == "holidays" else "region"
    return "hours" if path == "directory/words" and entry and entry[0] == "hours" else "words"


def list_kind(kind: str, documents: Mapping[str, Any]) -> tuple[Listed, ...]:
    """Everything of a kind that has a form, in the order of the documents."""
    found: dict[str, Listed] = {}
    for path in sorted(documents):
        for entry, value in list_entries(documents[path]).items():
            its_kind, name = find_kind(path, entry)
            if its_kind == kind and not _is_beside(path, entry):
                record = value if isinstance(value, Mapping) else {}
                status = str(record.get("status", ""))
                can_close = status in ("", OPEN) and record.get("never_hidden") is not True
                found.setdefault(name, Listed(name, *_describe(kind, path, name, value), status, can_close))
    return tuple(found.values())


def _is_beside(path: str, entry: Entry) -> bool:
    """True for what is edited with something else: a review goes with its words, an organization with its places."""
    organization = path.startswith("directory/") and path != "directory/words" and entry[:1] != ("services",)
    return organization or entry[:1] == ("review",)


def _describe(kind: str, path: str, name: str, value: Any) -> tuple[str, str]:
    record = value if isinstance(value, Mapping) else {}
    match kind:
        case "replies":
            return name, str(record.get("text", ""))
        case "lines":
            return str((record.get("name") or {}).get("en", name)), name
        case "places":
            return str(record.get("name", name)), path.split("/")[1]
        case "cards":
            return name, ""
    return name.replace(_BETWEEN, ": ", 1), str(record.get("meaning", ""))


def build_parts(kind: str, name: str, documents: Mapping[str, Any]) -> tuple[Part, ...]:
    """The parts of an entry's form. Raises LookupError if there is no such entry."""
    match kind:
        case "replies":
            return tuple(_list_reply_parts(name, documents)) or _refuse(name)
        case "lines":
            entry = ("lines", name)
            if find_entry(documents.get("numbers"), entry) is MISSING:
                _refuse(name)
            return (Part("numbers", entry, list_line_fields(), "line"),)
        case "places":
            found = [path for path, place in list_places(documents) if place.get("key") == name]
            return tuple(part for path in found[:1] for part in _list_place_parts(path, name)) or _refuse(name)
        case "cards":
            paths = [(language, f"cards/{language}/{name}") for language in LANGUAGES]
            return tuple(_build_plain(path, (), speech) for speech, path in paths if path in documents) or _refuse(name)
    return _find_plain(kind, name, documents)


def _refuse(name: str) -> Any:
    raise LookupError(name)


def _list_reply_parts(name: str, documents: Mapping[str, Any]) -> Iterator[Part]:
    for language in LANGUAGES:
        for path in sorted(documents):
            entry = ("replies", name)
            if path.startswith(f"replies/{language}/") and find_entry(documents[path], entry) is not MISSING:
                yield Part(path, entry, list_reply_fields(language), language)


def _list_place_parts(path: str, name: str) -> Iterator[Part]:
    fields = {"place": list_place_fields(), "address": list_address_fields(), "vetting": list_vetting_fields()}
    yield from (Part(path, ("services", name), some, heading) for heading, some in fields.items())
    # The organization's own name and words stand once for all its places.
    yield Part(path, ("organization", "name"), (Field("organization", ()),), "organization")
    yield Part(path, ("organization", "description"), (Field("organization_about", (), "text"),), "organization_about")


def _find_plain(kind: str, name: str, documents: Mapping[str, Any]) -> tuple[Part, ...]:
    path, _, said = name.partition(_BETWEEN)
    for entry in (*list_entries(documents.get(path)), ()):
        if name_entry(entry) == said and find_kind(path, entry)[0] == kind and path in documents:
            return (_build_plain(path, entry, "entry"),)
    raise LookupError(name)


def _build_plain(path: str, entry: Entry, heading: str) -> Part:
    return Part(path, entry, (Field(f"yaml_{heading}", (), "yaml", label="yaml"),), heading)


def show_values(parts: tuple[Part, ...], documents: Mapping[str, Any]) -> dict[str, str]:
    """Every field's value by its name."""
    values: dict[str, str] = {}
    for part in parts:
        record = find_entry(documents.get(part.path), part.entry)
        values |= {field.name: show_value(record, field) for field in part.fields if field.name not in values}
    return values


def apply_form(
    kind: str, parts: tuple[Part, ...], documents: Mapping[str, Any], form: Mapping[str, str], *, by: str, day: date
) -> dict[str, Any]:
    """The documents that a posted form changes, by path. Raises FormFault."""
    changed: dict[str, Any] = {}
    for part in parts:
        document = changed.get(part.path, documents[part.path])
        before = find_entry(document, part.entry)
        after = put_values(before, part.fields, form)
        if kind == "places" and part.heading == "address":
            after = _lock_address(after, form)
        if kind in {"lines", "places"} and isinstance(after, Mapping):
            after = _answer_for(find_entry(documents[part.path], part.entry), after, form, part, by=by, day=day)
        if kind == "replies" and after != before:
            after["review"] = _begin_review(before, documents[part.path], day)
        if after != before:
            changed[part.path] = put_entry(document, part.entry, after)
    return changed


def _begin_review(before: Mapping[str, Any], document: Mapping[str, Any], day: date) -> dict[str, Any]:
    """New words have been reviewed by nobody; what was owed is still owed."""
    old = before.get("review") or document.get("review") or {}
    return {"state": "drafted", "on": day} | ({"pending": old["pending"]} if old.get("pending") else {})


def _lock_address(after: Any, form: Mapping[str, str]) -> Any:
    """An address that is not known to be open is not kept, whatever was typed (D4)."""
    ours = after.get("porchlight") or {}
    if ours.get(CONFIDENTIAL) is not False:
        after = {key: value for key, value in after.items() if key != "service_at_locations"}
        after["porchlight"] = {key: value for key, value in ours.items() if key != "near"}
        return after
    typed = any(form.get(name, "").strip() for name in ADDRESS_FIELDS[:-1])
    for place in after.get("service_at_locations") or () if typed else ():
        place["location"].setdefault("location_type", "physical")
        for address in place["location"].get("addresses") or ():
            address.setdefault("country", "US")
            address.setdefault("address_type", "physical")
    return after


def _answer_for(before: Any, after: Any, form: Mapping[str, str], part: Part, *, by: str, day: date) -> Any:
    """Who phoned today answers for it; a new number that nobody phoned is confirmed by nobody (D3)."""
    stale = find_stale_confirmations([Change(part.path, part.entry, before, after)])
    confirmed = form.get(CONFIRMED) == "yes"
    if not confirmed and not stale:
        return after
    after = deepcopy(after)
    after["assured_date"] = day if confirmed else None
    home = after.get("porchlight", after)
    home["verified_by"] = by if confirmed else None
    if home.get("expires_on") is not None:
        home["expires_on"] = None
    return after
