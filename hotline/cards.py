"""Cards that an advocate reads beside a conversation: facts and cues, never read aloud, never filled in (A3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotline.content import LANGUAGES, REVIEW_STATES
from hotline.errors import ContentError
from hotline.records import Record, get_document

CARDS = (
    "danger_cues", "emergency_policy", "who_comes", "reporting", "safety_assessment", "rapid_indicators", "stages",
    "returning", "missing", "rights", "immigration",
)  # fmt: skip
"""Every card, in the order of the side column: what may be needed in a minute comes first."""

REGION_FACTS = frozenset({"report_contacts", "emergency_policy", "text_to_911"})
"""What a card may show of the region pack."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a card: lines to tick in the page, and lines to read."""

    heading: str
    ticks: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One card in one language. ``sources`` name lines of the source documents, ``pending`` the reviews still owed."""

    id: str
    title: str
    intro: str
    sections: tuple[Section, ...]
    sources: tuple[str, ...]
    shows: tuple[str, ...]
    state: str
    pending: tuple[str, ...]


def build_cards(documents: Mapping[str, Any]) -> Mapping[str, tuple[Card, ...]]:
    """Every card by language, from ``cards/<language>/<id>``, in the order of CARDS.

    Raises ContentError for a card that is missing, unknown or malformed, and for one that says more in one language
    than in another (V9).
    """
    cards = {language: tuple(_build_card(documents, language, card) for card in CARDS) for language in LANGUAGES}
    known = {f"cards/{language}/{card}" for language in LANGUAGES for card in CARDS}
    unknown = sorted(name for name in documents if name.startswith("cards/") and name not in known)
    if unknown:
        raise ContentError(f"{unknown[0]}: no card of this name is shown")
    for language, translated in cards.items():
        for card, first in zip(translated, cards[LANGUAGES[0]], strict=True):
            if _shape(card) != _shape(first):
                raise ContentError(f"cards/{language}/{card.id}: sections or sources differ from {LANGUAGES[0]} (V9)")
    return cards


def _build_card(documents: Mapping[str, Any], language: str, card_id: str) -> Card:
    record = get_document(documents, f"cards/{language}/{card_id}")
    record.allow(("review", "title", "intro", "sources", "shows", "sections"))
    # YAML 1.1 reads the bare word "on" as true.
    review = Record({str(key): value for key, value in record.record("review").data.items()}, f"{record.where}/review")
    review.allow(("state", "on", "True", "pending"))
    if review.text("state") not in REVIEW_STATES:
        raise record.refuse("review", "one of the known states")
    sections = tuple(_build_section(section) for section in record.records("sections"))
    if not sections or not record.texts("sources"):
        raise record.refuse("sections and sources", "there")
    if not set(record.texts("shows")) <= REGION_FACTS:
        raise record.refuse("shows", f"of {', '.join(sorted(REGION_FACTS))}")
    return Card(
        id=card_id,
        title=record.text("title"),
        intro=record.text("intro"),
        sections=sections,
        sources=record.texts("sources"),
        shows=record.texts("shows"),
        state=review.text("state"),
        pending=review.texts("pending"),
    )


def _build_section(record: Record) -> Section:
    record.allow(("heading", "ticks", "notes"))
    section = Section(record.text("heading"), record.texts("ticks"), record.texts("notes"))
    if not (section.ticks or section.notes):
        raise record.refuse("ticks or notes", "there")
    return section


def _shape(card: Card) -> tuple[Any, ...]:
    sections = tuple((len(section.ticks), len(section.notes)) for section in card.sections)
    return (sections, card.sources, card.shows, card.state, card.pending)
