"""Hotline numbers that stay in the head, and the rule that picks one (N1-N4)."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from hotline.digits import flatten
from hotline.errors import ContentError
from hotline.line_records import Line, Phrases, build_line
from hotline.numbers_check import check_lines, refuse_number
from hotline.records import Record, get_document
from hotline.verification import Serving, decide_serving

__all__ = ["Line", "Lines", "UnknownLine", "build_lines", "pick_line"]

ANYTHING = "anything"
"""The need that a line of last resort serves: whatever nobody else does."""

_DIGIT_RUN = re.compile(r"\d[\d\s().-]*")


class UnknownLine(ContentError):
    """No line has that id."""


@dataclass(frozen=True, slots=True)
class Lines:
    """All lines by id, with the old numbers that lead to them and the misprints that lead nowhere (N4).

    ``put_last`` holds the ids of lines whose confirmation is over 90 days old (D3).
    """

    by_id: Mapping[str, Line]
    aliases: Mapping[str, str]
    refused: Collection[str]
    put_last: frozenset[str] = frozenset()
    known: Mapping[str, Line] = field(default_factory=dict)
    """Every line of the file, hidden ones too: a reply that names a line always finds it (D3)."""

    def __iter__(self) -> Iterator[Line]:
        return iter(self.by_id.values())

    def get(self, line_id: str) -> Line:
        """The line of an id, hidden or not. Raises UnknownLine."""
        line = self.by_id.get(line_id) or self.known.get(line_id)
        if line is None:
            raise UnknownLine(f"no line {line_id}" if re.fullmatch("[a-z0-9_]{1,40}", line_id) else "no such line")
        return line

    def find_by_digits(self, text: str) -> Line | None:
        """The line whose number or letters stand in a text, old numbers followed to the new line (N4).

        Spaces, hyphens, brackets and a leading 1 or +1 do not matter; a refused misprint finds nothing.
        """
        for candidate in (text, *_DIGIT_RUN.findall(text)):
            flat = flatten(candidate)
            if flat in self.aliases:
                return self.get(self.aliases[flat])
            for line in self:
                if flat in line.keys:
                    return line
        return None

    def served(self, *, mode: str, now: datetime) -> "Lines":
        """These lines without the ones hidden in this mode at ``now`` (aware), the old ones marked last (D3)."""
        states = {
            line.id: decide_serving(line.verification, mode=mode, now=now, never_hidden=line.never_hidden)
            for line in self
        }
        return replace(
            self,
            by_id={key: line for key, line in self.by_id.items() if states[key] is not Serving.HIDDEN},
            put_last=frozenset(key for key, state in states.items() if state is Serving.LAST),
            known=self.known or self.by_id,
        )


def pick_line(
    lines: Lines,
    need: str,
    *,
    channel: str,
    language: str,
    age: int | None = None,
    extents: Collection[str] = (),
) -> Line:
    """The one number to give for a need, a topic or a reason code (N1, N2).

    Of the lines for this need, this age and this area: first one that was confirmed lately, then one known to answer
    day and night, then one that can be texted in this language, then the easiest to remember. A need that no line
    serves gets a line for anything. ``extents`` are the areas that the texter stands in (``Region.extents``).
    """

    def fits(line: Line) -> bool:
        return line.takes(age) and (not line.extents or bool(line.extents & set(extents)))

    def order(line: Line) -> tuple[bool, bool, bool, int]:
        return (line.id in lines.put_last, not line.always, not line.is_texted(language, channel), line.ease)

    for wanted in (need, ANYTHING):
        fitting = [line for line in lines if wanted in line.needs and fits(line)]
        if fitting:
            return min(fitting, key=order)
    return min(lines, key=order)


def build_lines(documents: Mapping[str, Any]) -> Lines:
    """The lines of ``numbers.yml``.

    Raises ContentError for letters that disagree with the digits, a short code without five or six digits, a refused
    or doubled number, or no line that may never be hidden (D3, D8, N1).
    """
    document = get_document(documents, "numbers")
    document.allow(("review", "phrases", "lines", "aliases", "refused"))
    phrases = {language: _build_phrases(words) for language, words in document.entries("phrases")}
    by_id = {name: build_line(name, record, phrases) for name, record in document.entries("lines")}
    refused = frozenset(flatten(record.text("number")) for record in document.records("refused"))
    aliases = _build_aliases(document, by_id)
    check_lines(by_id.values(), refused=refused, aliases=aliases)
    return Lines(by_id=by_id, aliases=aliases, refused=refused, known=by_id)


def _build_phrases(record: Record) -> Phrases:
    names = Phrases.__dataclass_fields__
    record.allow(names)
    return Phrases(**{name: record.text(name) for name in names})


def _build_aliases(document: Record, by_id: Collection[str]) -> Mapping[str, str]:
    aliases: dict[str, str] = {}
    for record in document.records("aliases"):
        record.allow(("number", "line"))
        if record.text("line") not in by_id:
            raise record.refuse("line", "the id of a line")
        refuse_number(aliases, record.text("number"), record.where)
        aliases[flatten(record.text("number"))] = record.text("line")
    return aliases
