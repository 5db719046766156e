"""Forms of all that is neither reply, number, place, card nor term: its values as they are, each in a field (G1).

What is said in two languages stands side by side; what belongs together is one form, though it is several entries.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from console.content_fields import Field, Kind
from console.content_lists import is_plain
from console.content_region import LISTERS
from console.content_rows import Columns
from console.content_terms import list_scope_fields, list_term_fields
from hotline.content_merge import Entry, name_entry

_LANGUAGES = ("en", "es")
_TOGETHER = frozenset({"ladder", "emergency_policy", "text_to_911", "defaults"})
"""Parts of a document of which each entry is one value: they are one form."""
_NAMED = frozenset({"text_to_911"})
"""Of those, where an entry is called as people call something, not by a word of ours."""
_SENTENCES = ("training/", "practice/cover~lines", "screening/", "keywords~plain_requests")
"""Lists of more than single words: an item a line."""
_LONG = 40
_OPTIONAL: Mapping[str, Mapping[Entry, Kind]] = {
    "topics.topics": {("label", "en"): "line", ("label", "es"): "line", ("called",): "words", ("rank",): "number"},
    "categories.categories": {("stand_ins",): "words"},
    "keywords.words": {("any",): "words", ("es",): "words"},
}
"""What an entry of this part may have and need not: there is a field for it all the same."""
_ROWS = {
    "numbers.aliases": Columns(("number", "line"), 2),
    "numbers.refused": Columns(("number", "means", "reason"), 2),
}


def group_entry(path: str, entry: Entry) -> str:
    """The name of the form in which an entry stands, the same for every entry that stands in it."""
    part, language = find_part(path, entry)
    return part if language or (len(entry) == 2 and part in _TOGETHER) else name_entry(entry)


def find_part(path: str, entry: Entry) -> tuple[str, str]:
    """The part of the document that an entry is of, and its language if it is of one."""
    first, last = entry[:1], entry[1:]
    if path.startswith("screening/") or not last:
        return name_entry(first), ""
    if first[0] in _LANGUAGES:
        return name_entry(last), str(first[0])
    return name_entry(first), str(last[0]) if last[0] in _LANGUAGES else ""


def find_word(path: str, entry: Entry) -> tuple[str, str]:
    """The key of what people call such an entry, and which one of them it is."""
    part, group = find_part(path, entry)[0], group_entry(path, entry)
    document = path.partition("/")[2] if not path.startswith("directory/") else ""
    return f"{_find_scope(path)}.{part}", ", ".join(filter(None, (document, group.partition("/")[2])))


def _find_scope(path: str) -> str:
    first = path.split("/", maxsplit=1)[0]
    return "region" if first == "regions" else first


def list_plain_fields(path: str, entry: Entry, value: Any, form: Mapping[str, str]) -> tuple[Field, ...]:
    """The fields of one entry; a field of YAML where its value has no form that fields have."""
    part, language = find_part(path, entry)
    if path.startswith("regions/") and (lister := LISTERS.get(name_entry(entry)) or LISTERS.get(part)):
        return lister(value, form)
    if not entry:
        return (Field("yaml_entry", (), "yaml", label="yaml"),)
    if path.startswith("screening/") and part == "scopes":
        return list_scope_fields()
    if path.startswith("screening/") and part == "defaults":
        return tuple(replace(one, path=(), inherited="") for one in list_term_fields({}) if one.path == entry[1:])
    scope = "region" if path.startswith("regions/") else path.split("/", maxsplit=1)[0]
    label = f"{scope}.{part}" + (f".{entry[1]}" if part in _TOGETHER - _NAMED and entry[1:] else "")
    at = str(entry[1]) if part in _NAMED and entry[1:] else ""
    if label in _ROWS:
        return (Field("rows", (), "rows", label, columns=_ROWS[label], when_empty=[]),)
    start = _Place((), label, language, at, f"{path}~{part}".startswith(_SENTENCES))
    slug = "_".join(re.sub(r"\W+", "_", str(step)) for step in entry)
    fields = {field.path: field for field in _derive(value, start)}
    for way, kind in _OPTIONAL.get(label, {}).items():
        fields[way] = _build_optional(way, kind, start)
    return tuple(replace(field, name=f"{slug}{field.name}") for field in fields.values())


def _build_optional(way: Entry, kind: Kind, place: "_Place") -> Field:
    for key in way:
        place = place.enter(str(key))
    return Field(_name(way), way, kind, place.label, language=place.language)


def _name(way: Entry) -> str:
    return "".join(f"__{re.sub(r'[^A-Za-z0-9]+', '_', str(step))}" for step in way)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value stands inside its entry, and what it is called there."""

    way: Entry
    label: str
    language: str
    at: str
    sentences: bool

    def enter(self, key: str) -> "_Place":
        """One step below: the last name that is no language says what the field is."""
        way = (*self.way, key)
        if key in _LANGUAGES:
            return replace(self, way=way, language=key)
        return replace(self, way=way, label=f"{'.'.join(self.label.split('.')[:2])}.{key}")


def _derive(value: Any, place: _Place) -> Iterator[Field]:
    if isinstance(value, Mapping) and value and all(isinstance(key, str) for key in value):
        for key, below in value.items():
            yield from _derive(below, place.enter(key))
        return
    if isinstance(value, list) and value and all(isinstance(one, list) for one in value):
        for number, below in enumerate(value):
            yield from _derive(below, replace(place, way=(*place.way, number), at=str(number + 1)))
        return
    kind, when_empty = _find_kind(value, place)
    said = {"language": place.language, "at": place.at, "when_empty": when_empty}
    yield Field(_name(place.way), place.way, kind, "yaml" if kind == "yaml" else place.label, **said)


def _find_kind(value: Any, place: _Place) -> tuple[Kind, Any]:
    """How a value is shown, and what it is once emptied: a key never goes, so that its field is there again."""
    if isinstance(value, bool):
        return "switch", value
    if isinstance(value, int):
        return "number", value
    if isinstance(value, date):
        return "date", value
    if value is None or isinstance(value, str):
        return ("text" if len(value or "") > _LONG or "\n" in (value or "") else "line"), "" if value else None
    if is_plain(value):
        return ("lines" if place.sentences else "words"), []
    return "yaml", []
