"""What can be searched for: each category of service, its kind, and the topics that lead to it (D10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotline.facets import parse_facets
from hotline.records import Record, get_document

DOCUMENT = "categories"

KINDS = frozenset(
    {
        "trafficking_violence_assault", "child_advocacy", "immigrant_refugee", "health", "mental_health", "counselling",
        "housing", "legal", "immigration_legal", "embassy", "interpreting", "faith", "education_training", "navigator",
        "peer_group", "lgbtq", "disability", "transport", "basic_needs", "compensation_benefits",
    }
)  # fmt: skip
"""The seventeen kinds of service of the sources, with transport, basic needs, compensation and benefits (D10)."""


@dataclass(frozen=True, slots=True)
class Category:
    """One need that a place may meet. Open places of ``stand_ins`` may help a little when no other does."""

    id: str
    kind: str
    stand_ins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Categories:
    """Every category by id, the category of each topic, and whom a topic speaks of by itself."""

    by_id: Mapping[str, Category]
    topics: Mapping[str, str]
    facets: Mapping[str, frozenset[str]]
    unsearched: frozenset[str]
    """Topics that no place answers: talk, doubts, questions about us."""

    def find(self, need: str) -> Category | None:
        """The category of a category's id or of a topic; None for a topic that no place answers."""
        return self.by_id.get(need) or self.by_id.get(self.topics.get(need, ""))

    def find_facets(self, topic: str) -> frozenset[str]:
        """Whom a topic speaks of (``boys_men`` of a boy), for a search; empty for most."""
        return self.facets.get(topic, frozenset())

    def kinds_of(self, needs: frozenset[str]) -> frozenset[str]:
        """The kinds of service that some categories belong to."""
        return frozenset(self.by_id[need].kind for need in needs)


def build_categories(documents: Mapping[str, Any]) -> Categories:
    """The categories of ``categories.yml``.

    Raises ContentError for a kind that is none, a kind without a category, a topic twice, or a name that leads nowhere.
    """
    document = get_document(documents, DOCUMENT)
    document.allow(("review", "categories", "topics", "who", "unsearched"))
    by_id = {name: _build_category(name, record) for name, record in document.entries("categories")}
    _check_categories(by_id, document)
    topics = {name: document.record("topics").text(name) for name in document.record("topics").data}
    unsearched = frozenset(document.texts("unsearched"))
    if not set(topics.values()) <= set(by_id) or unsearched & set(topics):
        raise document.refuse("topics", "led to a category each, or be unsearched")
    facets = {name: parse_facets(document.record("who").texts(name)) for name in document.record("who").data}
    return Categories(by_id=by_id, topics=topics, facets=facets, unsearched=unsearched)


def _build_category(name: str, record: Record) -> Category:
    record.allow(("kind", "stand_ins"))
    if record.text("kind") not in KINDS:
        raise record.refuse("kind", "a kind of service")
    return Category(id=name, kind=record.text("kind"), stand_ins=record.texts("stand_ins"))


def _check_categories(by_id: Mapping[str, Category], document: Record) -> None:
    if {category.kind for category in by_id.values()} != KINDS:
        raise document.refuse("categories", "there for every kind of service")
    if not all(set(category.stand_ins) <= set(by_id) for category in by_id.values()):
        raise document.refuse("stand_ins", "categories")
