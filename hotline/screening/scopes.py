"""Scopes: words that change what a phrase means: past, fiction, joke, denial, ordinary idiom (R4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hotline.errors import ContentError
from hotline.screening.result import REASONS, Level


class Reach(StrEnum):
    """How near a scope's phrase must be to what it changes."""

    OVER = "over"
    """They share words: "this homework is killing me"."""
    BEFORE = "before"
    """It ends where the other begins: "not saying | I want to die"."""
    CLAUSE = "clause"
    """The same clause: no full stop, comma or "but" between."""
    MESSAGE = "message"
    """Anywhere in the message."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A set of phrases that lower a match within their reach to ``lowers_to``, for the detectors in ``touches``.

    One that only ``doubts`` (a game, a laugh, school work somewhere in the message) may stand beside real danger: the
    match regains its level where the second stage finds the text at all likely.
    """

    name: str
    reach: Reach
    lowers_to: Level
    touches: frozenset[str]
    phrases: tuple[str, ...]
    doubts: bool = False


@dataclass(frozen=True, slots=True)
class Negation:
    """Words that deny, words that may stand between a denial and what it denies, subjects that begin anew."""

    deniers: frozenset[str]
    carriers: frozenset[str]
    subjects: frozenset[str]
    turns: frozenset[str]
    """Words that begin a new clause, like ``but``."""


def parse_scope(name: str, raw: Mapping[str, Any]) -> Scope:
    """One scope. Raises ContentError when it is not well formed."""
    try:
        only, but = frozenset(raw.get("only", REASONS)), frozenset(raw.get("except", ()))
        level, doubts = Level[raw["lowers_to"].upper()], raw.get("doubts", False)
        scope = Scope(name, Reach(raw["reach"]), level, only - but, tuple(raw.get("phrases", ())), doubts)
    except (KeyError, ValueError, TypeError, AttributeError):
        raise ContentError(f"screening scope {name}: needs reach, lowers_to and phrases") from None
    if not isinstance(doubts, bool):
        raise ContentError(f"screening scope {name}: doubts is true or false")
    if not (only | but) <= set(REASONS):
        raise ContentError(f"screening scope {name}: only and except name detectors")
    return scope


def parse_negation(raw: Mapping[str, Any]) -> Negation:
    """The words of negation. Raises ContentError when a list is missing."""
    try:
        lists = [raw[key] for key in ("deniers", "carriers", "subjects", "turns")]
    except KeyError:
        raise ContentError("screening negation: needs deniers, carriers, subjects and turns") from None
    for words in lists:
        if not all(isinstance(word, str) for word in words):
            raise ContentError("screening negation: words that YAML reads as yes or no must stand in quotes")
    return Negation(*map(frozenset, lists))
