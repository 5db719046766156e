"""Fields of a form over one entry of a document: its values as text, and what was typed put back (G1).

What was not touched stays as it stands in the document, so that a form changes nothing by itself.
"""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import yaml

from console.content_lists import PUT, SHOWN, fits
from console.content_rows import Columns, format_rows, parse_rows
from hotline.content_merge import MISSING
from storage.content_texts import write_document

type Kind = Literal[
    "line", "text", "choice", "switch", "known", "number", "date", "words", "rows", "yaml",
    "lines", "member", "sure", "likely",
]  # fmt: skip
"""One line; several; one of ``options``; yes or no; yes, no or unknown; whole number; day; words by comma; items by
line, or YAML where lines cannot say it; YAML. Of a list of texts: those that are no ``options``, a line each; whether
the first option is in it; phrases without and with the mark of a likely one. Where lines cannot say it, YAML."""

_SAID = {True: "yes", False: "no"}
_HEARD: Mapping[str, Any] = {"yes": True, "no": False, "unknown": "unknown"}
LONGEST = 20_000


class FormFault(Exception):
    """A field that cannot be read as what it is; ``code`` is a word of the console."""

    def __init__(self, name: str, code: str) -> None:
        super().__init__(f"{name}: {code}")
        self.name, self.code = name, code


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``path`` leads to its value inside the entry, ``()`` is the entry itself.

    ``label`` is its word in the console. ``when_empty`` is written for an emptied field; MISSING takes the key away.
    ``inherited`` is what counts while the field is empty, ``empty`` the word for a choice of nothing, ``words`` where
    the words of its options stand, ``at`` what its label says besides: a number, or a name out of the document. One
    that ``begins`` is the first of several that belong together.
    """

    name: str
    path: tuple[str | int, ...]
    kind: Kind = "line"
    label: str = ""
    options: tuple[str, ...] = ()
    when_empty: Any = MISSING
    language: str = ""
    columns: Columns | None = None
    inherited: str = ""
    empty: str = ""
    words: str = "option"
    at: str = ""
    begins: bool = False

    @property
    def word(self) -> str:
        """The key of its label."""
        return self.label or self.name


def find_value(record: Any, path: tuple[str | int, ...]) -> Any:
    """What stands there, or MISSING."""
    for step in path:
        if isinstance(step, int):
            record = record[step] if isinstance(record, list) and step < len(record) else MISSING
        else:
            record = record.get(step, MISSING) if isinstance(record, Mapping) else MISSING
        if record is MISSING:
            return MISSING
    return record


def show_value(record: Any, field: Field) -> str:
    """The value as the form shows it."""
    value = find_value(record, field.path)
    if field.kind == "rows" and field.columns and (rows := format_rows(value, field.columns)) is not None:
        return rows
    if field.kind in SHOWN and (value is MISSING or fits(field.kind, value)):
        return SHOWN[field.kind]([] if value is MISSING else value, field.options)
    if field.kind in {"yaml", "rows", *SHOWN}:
        return "" if value is MISSING else write_document(value).strip().removesuffix("\n...")
    if value is MISSING or value is None:
        return "unknown" if field.kind == "known" else ""
    if isinstance(value, bool):
        return _SAID[value]
    if field.kind == "words":
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return str(value).strip()


def put_values(record: Any, fields: Iterable[Field], said: Mapping[str, str]) -> Any:
    """A copy of the record with every field that was changed. Raises FormFault."""
    changed = deepcopy(record)
    for field in fields:
        if field.name not in said:
            continue
        typed = said[field.name].replace("\r\n", "\n").strip()
        if typed == show_value(record, field).strip():
            continue
        if len(typed) > LONGEST:
            raise FormFault(field.name, "too_long")
        value = _read(field, typed, find_value(changed, field.path))
        if field.path == ():
            changed = value
        else:
            changed = {} if changed is MISSING else changed
            _put(changed, field.path, value)
    return changed


def _read(field: Field, typed: str, now: Any) -> Any:
    if field.kind in PUT:
        return _read_list(field, typed, now)
    reader = _READERS.get(field.kind)
    if not typed:
        return field.when_empty
    return reader(field, typed) if reader else typed


def _read_list(field: Field, typed: str, now: Any) -> Any:
    if field.kind == "member" and typed not in _SAID.values():
        raise FormFault(field.name, "no_choice")
    if now is not MISSING and not fits(field.kind, now):
        return _read_yaml(field, typed)
    return PUT[field.kind]([] if now is MISSING else now, typed, field.options) or field.when_empty


def _read_line(field: Field, typed: str) -> str:
    if "\n" in typed or not typed.isprintable():
        raise FormFault(field.name, "one_line")
    return typed


def _read_number(field: Field, typed: str) -> int:
    if not (typed.isascii() and typed.isdecimal()) or len(typed) > 6:
        raise FormFault(field.name, "no_number")
    return int(typed)


def _read_words(_field: Field, typed: str) -> list[str]:
    return [word for part in typed.replace("\n", ",").split(",") if (word := part.strip())]


def _read_rows(field: Field, typed: str) -> Any:
    if field.columns is None or typed.startswith("- "):
        return _read_yaml(field, typed)
    items = parse_rows(typed, field.columns)
    if items is None:
        raise FormFault(field.name, "no_rows")
    return items


def _choose(field: Field, typed: str) -> Any:
    if field.kind == "choice":
        if typed not in field.options:
            raise FormFault(field.name, "no_choice")
        return typed
    if typed not in _HEARD or (field.kind == "switch" and typed == "unknown"):
        raise FormFault(field.name, "no_choice")
    return _HEARD[typed]


def _read_date(field: Field, typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise FormFault(field.name, "no_date") from None


def _read_yaml(field: Field, typed: str) -> Any:
    try:
        # No aliases: a few lines of them grow into more than a machine holds.
        if any(isinstance(token, yaml.AliasToken | yaml.AnchorToken) for token in yaml.scan(typed)):
            raise FormFault(field.name, "no_yaml")
        value = yaml.safe_load(typed)
    except (yaml.YAMLError, ValueError, RecursionError):
        raise FormFault(field.name, "no_yaml") from None
    return field.when_empty if value is None else value


_READERS: Mapping[Kind, Callable[[Field, str], Any]] = {
    "line": _read_line,
    "choice": _choose,
    "switch": _choose,
    "known": _choose,
    "number": _read_number,
    "date": _read_date,
    "words": _read_words,
    "rows": _read_rows,
    "yaml": _read_yaml,
}


def _put(record: Any, path: tuple[str | int, ...], value: Any) -> None:
    """Writes along the path, making what is missing on the way; an emptied part of it goes too."""
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        while value is not MISSING and len(record) <= step:
            record.append({})
        if not rest and value is not MISSING:
            record[step] = value
        elif rest and step < len(record):
            _put(record[step], rest, value)
        return
    if not rest:
        if value is MISSING:
            record.pop(step, None)
        else:
            record[step] = value
        return
    below = record.get(step)
    if not isinstance(below, dict | list):
        if value is MISSING:
            return
        below = record[step] = [] if isinstance(rest[0], int) else {}
    _put(below, rest, value)
    if below in ({}, []):
        del record[step]
