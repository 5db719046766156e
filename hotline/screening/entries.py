"""Entries: what reviewers wrote in ``safety_content/screening``, checked at start (R3)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from hotline.errors import ContentError
from hotline.screening.result import REASONS, Level

CLASSES = ("EXP", "CTL", "VIO", "EXIT", "XCH", "MOV", "REC", "LEG", "SYS", "STG", "SELF", "MED", "NEAR", "ASK")
"""Kinds of sign: two medium signs raise only when their classes differ."""

LIKELY = "? "
"""Before a phrase that harmless texts hold too."""

_FIELDS = {"id", "detector", "level", "class", "weight", "phrases", "meaning", "source", "reviewer", "expires"}
_LEVELS = {level.label: level for level in Level if level is not Level.NONE}


class Weight(StrEnum):
    """How much one match says by itself."""

    PLAIN = "plain"
    """A plain statement: raises to its level."""
    STRONG = "strong"
    """A term that stands alone: raises to its level."""
    MEDIUM = "medium"
    """Needs a second medium sign of another class."""
    WEAK = "weak"
    """An ordinary word that only adds to a medium sign of another class."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that texters say: which detector it speaks to, how strongly, in which phrases."""

    id: str
    detector: str
    level: Level
    sign: str
    weight: Weight
    phrases: tuple[str, ...]
    meaning: str
    expires: date
    """From this day on the content check asks for a new review; screening goes on with it (R3)."""

    likely: bool = False
    """Its phrases also stand in harmless texts: one match needs another sign, or the second stage's word for it."""

    @property
    def stands_alone(self) -> bool:
        """True if one match raises the level without another sign."""
        return self.weight in {Weight.PLAIN, Weight.STRONG} and not self.likely

    @property
    def is_medium(self) -> bool:
        """True if a match raises to high together with one of another class."""
        return self.weight is Weight.MEDIUM or self.likely


def parse_entries(name: str, document: Mapping[str, Any]) -> list[Entry]:
    """The entries of one document; its ``defaults`` fill what an entry leaves out. Raises ContentError.

    Phrases that are marked as only likely become an entry of their own.
    """
    defaults = document.get("defaults", {})
    read = [_parse_entry(name, {**defaults, **raw}) for raw in document.get("entries", [])]
    return [part for entry in read for part in _part_likely(entry)]


def _part_likely(entry: Entry) -> list[Entry]:
    sure = tuple(phrase for phrase in entry.phrases if not phrase.startswith(LIKELY))
    likely = tuple(phrase.removeprefix(LIKELY) for phrase in entry.phrases if phrase.startswith(LIKELY))
    parts = [replace(entry, phrases=sure)] if sure else []
    return [*parts, replace(entry, id=f"{entry.id}-likely", phrases=likely, likely=True)] if likely else parts


def _parse_entry(name: str, raw: Mapping[str, Any]) -> Entry:
    where = f"{name}: entry {raw.get('id', '?')}"
    missing, unknown = _FIELDS - raw.keys() - {"level"}, raw.keys() - _FIELDS
    if missing or unknown:
        raise ContentError(f"{where}: missing {sorted(missing)}, unknown {sorted(unknown)}")
    if raw["detector"] not in REASONS or raw["class"] not in CLASSES or raw["weight"] not in set(Weight):
        raise ContentError(f"{where}: detector, class or weight is not one that is known")
    weight = Weight(raw["weight"])
    alone = weight in {Weight.PLAIN, Weight.STRONG}
    if alone != (raw.get("level") in _LEVELS):
        raise ContentError(f"{where}: plain and strong entries have a level, medium and weak ones have none")
    phrases = raw["phrases"]
    if not phrases or not all(isinstance(phrase, str) for phrase in phrases):
        raise ContentError(f"{where}: phrases are quoted text")
    if type(raw["expires"]) is not date or not isinstance(raw["reviewer"], str | None):
        raise ContentError(f"{where}: expires is a day, reviewer a name or null")
    level = _LEVELS[raw["level"]] if alone else Level.HIGH
    return Entry(
        raw["id"], raw["detector"], level, raw["class"], weight, tuple(phrases), raw["meaning"], raw["expires"]
    )
