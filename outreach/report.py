"""A report of counts in words: sections of labelled lines, ready for a page, a chart or a file (O4).

It is built from what ``hotline.disclosure`` lets out, and is given nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hotline.disclosure import ShownTable
from hotline.errors import ContentError
from hotline.verification import Freshness

LANGUAGES = ("en", "es")
_WORDS = Path(__file__).parent / "report_words"

type Value = int | None
"""About how many; None for fewer than 11."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its label, and a value for each column."""

    code: str
    label: str
    values: tuple[Value, ...]

    @property
    def hidden(self) -> bool:
        """True if no value of it is shown."""
        return all(value is None for value in self.values)


@dataclass(frozen=True, slots=True)
class Section:
    """One table with its labels. ``columns`` are codes and labels; a table of one dimension has one column."""

    name: str
    title: str
    hint: str
    head: str
    columns: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]

    @property
    def shown(self) -> tuple[Line, ...]:
        """Lines of which something is shown."""
        return tuple(line for line in self.lines if not line.hidden)

    @property
    def hidden(self) -> tuple[str, ...]:
        """Labels of the lines of which nothing is."""
        return tuple(line.label for line in self.lines if line.hidden)

    @property
    def most(self) -> int:
        """The greatest value, 1 at least: what bars are measured by."""
        return max([value for line in self.lines for value in line.values if value], default=1)


@dataclass(frozen=True, slots=True)
class Report:
    """One period's report in one language."""

    period: str
    title: str
    intro: tuple[str, ...]
    sections: tuple[Section, ...]
    words: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a report is made of: what the disclosure rule lets out, and how many places and lines are how fresh."""

    tables: Sequence[ShownTable]
    freshness: Mapping[Freshness, tuple[int, int]]


@cache
def load_report_words(language: str) -> Mapping[str, Any]:
    """The words of a language. Raises ContentError for a language that we do not have."""
    if language not in LANGUAGES:
        raise ContentError(f"reports are in {' and '.join(LANGUAGES)}")
    words: Mapping[str, Any] = yaml.safe_load((_WORDS / f"{language}.yml").read_text("utf-8"))
    return words


def build_report(shown: Shown, period: str, *, language: str, hotline_name: str, places: Mapping[str, str]) -> Report:
    """The report of a period that ``check_period`` let through. ``places`` are names of metros by their codes.

    Raises ContentError for a code without a word.
    """
    words = load_report_words(language)
    try:
        sections = [_build_section(one, words, places) for one in shown.tables]
    except KeyError as error:
        raise ContentError(f"report words {language}: {error.args[0]} is missing") from None
    title = " – ".join(part for part in (hotline_name, words["title"], name_period(period, language)) if part)
    freshness = _build_freshness(shown.freshness, words)
    return Report(period, title, tuple(words["intro"]), (*sections, freshness), words)


def name_period(period: str, language: str) -> str:
    """A month or a year in words."""
    year, _, month = period.partition("-")
    return f"{load_report_words(language)['months'][int(month) - 1]} {year}" if month else year


def _build_section(shown: ShownTable, words: Mapping[str, Any], places: Mapping[str, str]) -> Section:
    table, said = shown.table, words["tables"][shown.table.name]
    (row, codes), *rest = table.dimensions
    columns = _label_all(*rest[0], words, places) if rest else (("", words["counts"]),)
    lines = [
        Line(code, label, tuple(shown.cells[(code, column) if rest else (code,)] for column, _ in columns))
        for code, label in _label_all(row, codes, words, places)
    ]
    head = words["dimensions"][row]["title"]
    return Section(table.name, said["title"], said["hint"], head, columns, tuple(lines))


def _label_all(
    dimension: str, codes: Sequence[str], words: Mapping[str, Any], places: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    values = words["dimensions"][dimension]["values"]
    own = {code: str(int(code)) for code in codes} if dimension == "day" else places if dimension == "area" else {}
    return tuple((code, own[code] if code in own else values[code]) for code in codes)


def _build_freshness(counts: Mapping[Freshness, tuple[int, int]], words: Mapping[str, Any]) -> Section:
    """Counts of our own lists, of nobody who wrote: shown as they are."""
    said = words["freshness"]
    lines = [Line(state.value, said["states"][state.value], counts.get(state, (0, 0))) for state in Freshness]
    columns = tuple(zip(("places", "lines"), said["columns"], strict=True))
    return Section("freshness", said["title"], said["hint"], said["head"], columns, tuple(lines))
