"""Forms of the content by kind: what there is to edit, its fields, and the documents that come of them (G1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from console.content_cards import SECTIONS, list_card_fields
from console.content_fields import Field, show_value
from console.content_plain import find_word, group_entry, list_plain_fields
from console.content_specs import (
    list_address_fields,
    list_line_fields,
    list_place_fields,
    list_reply_fields,
    list_vetting_fields,
)
from console.content_terms import list_term_fields
from hotline.content_acts import list_places
from hotline.content_entries import find_entry
from hotline.content_merge import MISSING, Entry, list_entries
from hotline.line_records import OPEN

KINDS = ("replies", "lines", "places", "cards", "hours", "screening", "region", "words")
LANGUAGES = ("en", "es")
MOST_FIELDS = 90
"""Of an entry's form: a place has the most."""
MOST_CHOICES = 200
"""Fields of a form that settles conflicts, two for each."""
_BETWEEN = "~"
TERM = "entries/"
"""Before the id of a screening term, in its name."""
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of one document, with its fields. ``heading`` is a word of the console, or a language.

    ``lists`` lead to lists of which a form shows each item: one whose fields are all emptied goes.
    """

    path: str
    entry: Entry
    fields: tuple[Field, ...]
    heading: str
    lists: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a list: ``entry`` names it in addresses; ``label``, ``detail`` and ``status`` are shown.

    ``can_close``: one person can take it away at once (D3, D7). ``word`` is the key of what such an entry is called
    by people, ``rest`` which one of them it is; both empty where the label says it.
    """

    entry: str
    label: str
    detail: str = ""
    status: str = ""
    can_close: bool = False
    word: str = ""
    rest: str = ""


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
    return _find_plain_kind(path, entry), f"{path}{_BETWEEN}{group_entry(path, entry)}"


def _find_plain_kind(path: str, entry: Entry) -> str:
    if path.startswith("screening/"):
        return "screening"
    if path.startswith("regions/"):
        return "hours" if entry and entry[0] == "holidays" else "region"
    return "hours" if path == "directory/words" and entry and entry[0] == "hours" else "words"


def list_kinds(documents: Mapping[str, Any]) -> Mapping[str, tuple[Listed, ...]]:
    """Everything that has a form, by kind, in the order of the documents."""
    found: dict[str, dict[str, Listed]] = {kind: {} for kind in KINDS}
    for path in sorted(documents):
        for entry, value in list_entries(documents[path]).items():
            kind, name = find_kind(path, entry)
            if name not in found[kind] and not _is_beside(path, entry):
                found[kind][name] = _describe(kind, path, name, entry, documents[path] if kind == "cards" else value)
    return {kind: tuple(rows.values()) for kind, rows in found.items()}


def _is_beside(path: str, entry: Entry) -> bool:
    """True for what is edited with something else: a review goes with its words, an organization with its places."""
    organization = path.startswith("directory/") and path != "directory/words" and entry[:1] != ("services",)
    return organization or entry[:1] == ("review",)


def _describe(kind: str, path: str, name: str, entry: Entry, value: Any) -> Listed:
    record = value if isinstance(value, Mapping) else {}
    status = str(record.get("status", ""))
    is_open = status in {"", OPEN}
    match kind:
        case "replies":
            return Listed(name, name, str(record.get("text", "")))
        case "lines":
            label = str((record.get("name") or {}).get("en", name))
            return Listed(name, label, name, status, can_close=is_open and not record.get("never_hidden"))
        case "places":
            return Listed(name, str(record.get("name", name)), path.split("/")[1], status, can_close=is_open)
        case "cards":
            return Listed(name, str(record.get("title", name)), name)
    word, rest = find_word(path, entry)
    label = name.replace(_BETWEEN, ": ", 1)
    return Listed(name, label, str(record.get("meaning", "")), word=word, rest=rest)


def name_form(kind: str, name: str, parts: tuple[Part, ...], documents: Mapping[str, Any]) -> Listed:
    """What stands above an entry's form: as people call it, where they do."""
    first = parts[0]
    return _describe(kind, first.path, name, first.entry, find_entry(documents.get(first.path), first.entry))


def build_parts(
    kind: str, name: str, documents: Mapping[str, Any], form: Mapping[str, str] = _NOTHING
) -> tuple[Part, ...]:
    """The parts of an entry's form; ``form`` is what somebody posted. Raises LookupError if there is no such entry."""
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
            return tuple(_list_card_parts(name, documents, form)) or _refuse(name)
        case "screening":
            return tuple(_list_term_parts(name, documents)) or _find_plain(kind, name, documents, form)
    return _find_plain(kind, name, documents, form)


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


def _list_card_parts(name: str, documents: Mapping[str, Any], form: Mapping[str, str]) -> Iterator[Part]:
    paths = {language: f"cards/{language}/{name}" for language in LANGUAGES}
    cards = [documents[path] for path in paths.values() if path in documents]
    for language, path in paths.items():
        if path in documents:
            yield Part(path, (), list_card_fields(language, cards, form), language, (SECTIONS,))


def _list_term_parts(name: str, documents: Mapping[str, Any]) -> Iterator[Part]:
    path, _, said = name.partition(_BETWEEN)
    document, entry = documents.get(path) or {}, ("entries", said.removeprefix(TERM))
    if said.startswith(TERM) and find_entry(document, entry) is not MISSING:
        yield Part(path, entry, list_term_fields(document.get("defaults") or {}), "term")


def _find_plain(kind: str, name: str, documents: Mapping[str, Any], form: Mapping[str, str]) -> tuple[Part, ...]:
    path = name.partition(_BETWEEN)[0]
    found = {
        entry: value
        for entry, value in (*list_entries(documents.get(path)).items(), ((), documents.get(path)))
        if find_kind(path, entry) == (kind, name)
    }
    if path not in documents or not found:
        raise LookupError(name)
    return tuple(part for entry, value in found.items() for part in _build_plain(path, entry, value, form))


def _build_plain(path: str, entry: Entry, value: Any, form: Mapping[str, str]) -> Iterator[Part]:
    """One part for each language in which something is said, and one for what is the same in all."""
    fields = list_plain_fields(path, entry, value, form)
    for language in (*LANGUAGES, ""):
        some = tuple(field for field in fields if field.language == language)
        if some:
            heading = language or ("entry" if len(some) == len(fields) else "both")
            yield Part(path, entry, some, heading, ((),) if isinstance(value, list) else ())


def show_values(parts: tuple[Part, ...], documents: Mapping[str, Any]) -> dict[str, str]:
    """Every field's value by its name."""
    values: dict[str, str] = {}
    for part in parts:
        record = find_entry(documents.get(part.path), part.entry)
        values |= {field.name: show_value(record, field) for field in part.fields if field.name not in values}
    return values
