"""Lists of a place as lines of text: one phone, one span of hours or one area a line, its columns between bars."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_BAR = " | "


@dataclass(frozen=True, slots=True)
class Columns:
    """What stands in a line, in this order. ``fixed`` is in every item and never shown; the ``least`` are wanted.

    ``lists`` are columns of several words by comma, ``numbers`` of whole ones.
    """

    names: tuple[str, ...]
    least: int
    fixed: Mapping[str, Any] = field(default_factory=dict)
    lists: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


PHONES = Columns(("number", "type", "description", "aid"), 1)
HOURS = Columns(("byday", "opens_at", "closes_at", "notes"), 3, {"freq": "WEEKLY"})
AREAS = Columns(("name", "extent"), 2, {"extent_type": "text"})
SPEECHES = Columns(("code", "name"), 2)


def format_rows(items: Any, columns: Columns) -> str | None:
    """The items as lines, or None if they hold something that lines cannot."""
    if not isinstance(items, list):
        return None
    rows = [_format_row(item, columns) for item in items]
    return None if None in rows else "\n".join(row for row in rows if row is not None)


def _format_row(item: Any, columns: Columns) -> str | None:
    if not isinstance(item, Mapping) or not set(item) <= {*columns.names, *columns.fixed}:
        return None
    said = [_format_cell(name, item.get(name, ""), columns) for name in columns.names]
    plain = all(isinstance(one, str) and "|" not in one and "\n" not in one for one in said)
    if not plain or any(item.get(name) != value for name, value in columns.fixed.items()):
        return None
    while said and not said[-1]:
        said.pop()
    return _BAR.join(said)


def _format_cell(name: str, value: Any, columns: Columns) -> Any:
    """The cell as text, or what it is, where it is none."""
    if name in columns.lists and isinstance(value, list) and value:
        plain = all(isinstance(one, str) and one == one.strip() and "," not in one for one in value)
        return ", ".join(value) if plain else value
    if name in columns.numbers and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    # A text where several words or a number belong would come back as another thing.
    return None if value != "" and name in {*columns.lists, *columns.numbers} else value


def _parse_cell(name: str, said: str, columns: Columns) -> Any:
    if name in columns.lists:
        return [word for one in said.split(",") if (word := one.strip())]
    return int(said) if name in columns.numbers else said


def parse_rows(typed: str, columns: Columns) -> list[dict[str, Any]] | None:
    """The items of the lines, or None if a line has too few columns or too many."""
    items = []
    for line in filter(None, map(str.strip, typed.splitlines())):
        said = [one.strip() for one in line.split("|")]
        if len(said) > len(columns.names) or len(list(filter(None, said[: columns.least]))) < columns.least:
            return None
        cells = {name: one for name, one in zip(columns.names, said, strict=False) if one}
        if not all(
            one.isascii() and one.isdecimal() and len(one) < 7 for name, one in cells.items() if name in columns.numbers
        ):
            return None
        items.append({**columns.fixed, **{name: _parse_cell(name, one, columns) for name, one in cells.items()}})
    return items
