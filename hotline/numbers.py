"""Hotline numbers that stay in the head, and the rule that picks one (N1-N4)."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from hotline.digits import flatten
from hotline.errors import ContentError
from hotline.hours import Door
from hotline.line_records import Line, Phrases, build_line
from hotline.messages import CHANNELS
from hotline.number_practice import Nearness, compare_digits, count_slips
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
    instead: Mapping[str, str] = field(default_factory=dict)
    """For each line that somebody pulled, the id of the one that is said in its place (D7)."""
    meant: Mapping[str, str] = field(default_factory=dict)
    """Known misprints and dead codes, and the id of the line that was meant."""

    def __iter__(self) -> Iterator[Line]:
        return iter(self.by_id.values())

    def get(self, line_id: str) -> Line:
        """The line of an id, hidden or not; for one that was pulled another, never hidden. Raises UnknownLine."""
        line = self.by_id.get(line_id) or self.known.get(self.instead.get(line_id, line_id))
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

    def find_near(self, text: str) -> Line | None:
        """The one line that a text's number was meant for: its own, a known misprint's, or the nearest with a slip.

        None if nothing is near, or two lines are equally near.
        """
        exact = self.find_by_digits(text)
        if exact is not None:
            return exact
        for candidate in (text, *_DIGIT_RUN.findall(text)):
            if flatten(candidate) in self.meant:
                return self.get(self.meant[flatten(candidate)])
        slips = {line.id: count for line in self if (count := count_slips(text, line)) is not None}
        best = [line_id for line_id, count in slips.items() if count == min(slips.values())]
        return self.get(best[0]) if len(best) == 1 else None

    def compare(self, typed: str, line_id: str) -> Nearness:
        """How near a typed number comes to a line's (N3); its old number and its misprints are near.

        Another line's own number is ``other``, however near it looks (211 beside 911). Raises UnknownLine.
        """
        line = self.get(line_id)
        near = compare_digits(typed, line)
        if near is Nearness.RIGHT:
            return near
        exact = self.find_by_digits(typed)
        if exact is not None:
            return Nearness.NEAR if exact.id == line_id else Nearness.OTHER
        meant = self.find_near(typed)
        return Nearness.NEAR if meant is not None and meant.id == line_id else near

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
    now: datetime | None = None,
) -> Line:
    """The one number to give for a need, a topic or a reason code (N1, N2).

    Of the lines for this need, this age and this area that are not known to be closed at ``now`` (aware): first one
    that was confirmed lately, then one known to answer, then one that can be texted in this language, then the easiest
    to remember. A need that no line serves gets a line for anything. ``extents`` are the areas that the texter stands
    in (``Region.extents``). Without ``now`` only a line for day and night is known to answer.
    """

    def fits(line: Line) -> bool:
        if now is not None and line.door(now) is Door.CLOSED:
            return False
        only_texted = line.call is None and line.web is None
        if only_texted and channel not in CHANNELS:
            return False
        return line.takes(age) and (not line.extents or bool(line.extents & set(extents)))

    def answers(line: Line) -> bool:
        return line.always or (now is not None and line.door(now) is Door.OPEN)

    def order(line: Line) -> tuple[bool, bool, bool, int]:
        return (line.id in lines.put_last, not answers(line), not line.is_texted(language, channel), line.ease)

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
    known = {name: build_line(name, record, phrases) for name, record in document.entries("lines")}
    refused = frozenset(flatten(record.text("number")) for record in document.records("refused"))
    meant = _build_meant(document, known)
    aliases = _build_aliases(document, known)
    check_lines(known.values(), refused=refused, aliases=aliases)
    by_id = {name: line for name, line in known.items() if not line.closed}
    return Lines(by_id, aliases, refused, known=known, meant=meant, instead=_find_instead(known.values()))


def _find_instead(lines: Collection[Line]) -> Mapping[str, str]:
    """Of the lines that are never hidden and can be called, the one that shares most needs, else one for anything."""
    lasting = [line for line in lines if line.never_hidden and line.call is not None]

    def order(line: Line, pulled: Line) -> tuple[int, bool, int]:
        return (-len(line.needs & pulled.needs), ANYTHING not in line.needs, line.ease)

    return {pulled.id: min(lasting, key=lambda one: order(one, pulled)).id for pulled in lines if pulled.closed}


def _build_phrases(record: Record) -> Phrases:
    names = Phrases.__dataclass_fields__
    record.allow(names)
    return Phrases(**{name: record.text(name) for name in names})


def _build_meant(document: Record, by_id: Collection[str]) -> Mapping[str, str]:
    meant: dict[str, str] = {}
    for record in document.records("refused"):
        record.allow(("number", "reason", "means"))
        record.text("reason")
        if record.has("means"):
            if record.text("means") not in by_id:
                raise record.refuse("means", "the id of a line")
            meant[flatten(record.text("number"))] = record.text("means")
    return meant


def _build_aliases(document: Record, by_id: Collection[str]) -> Mapping[str, str]:
    aliases: dict[str, str] = {}
    for record in document.records("aliases"):
        record.allow(("number", "line"))
        if record.text("line") not in by_id:
            raise record.refuse("line", "the id of a line")
        refuse_number(aliases, record.text("number"), record.where)
        aliases[flatten(record.text("number"))] = record.text("line")
    return aliases
