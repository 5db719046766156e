"""How one reply lies on disk: its words, what its question offers, who has reviewed it (V3, V10)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hotline.errors import ContentError

REVIEW_STATES = ("drafted", "approved by an advocate", "approved by the survivor panel")
MOST_OPTIONS = 4
_FIELDS = frozenset({"text", "offers", "no", "called", "review"})
_KEY = re.compile("[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Review:
    """Who has seen a line: one of REVIEW_STATES, since when, and kinds of review that are still owed (``medical``)."""

    state: str
    on: date
    pending: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """The words of one reply in one language: one or two messages, and what their question leads to.

    ``offers`` are the options in the order in which the text names them: ``person``, a reply key, or a topic that the
    dialogue engine carries on. A bare "yes" takes the first. ``no`` is the reply key after a bare "no", if not the
    usual one. ``called`` are the plain words by which a texter picks this reply where another one offers it.
    """

    texts: tuple[str, ...]
    offers: tuple[str, ...]
    review: Review
    no: str | None = None
    called: tuple[str, ...] = ()


def parse_replies(name: str, document: Any) -> Iterator[tuple[str, ReplyLine]]:
    """Keys and lines of one file. Raises ContentError naming file and key at fault."""
    if not isinstance(document, dict) or set(document) != {"review", "replies"}:
        raise ContentError(f"{name}: needs review and replies, and nothing else")
    review = _parse_review(name, document["review"])
    if not isinstance(document["replies"], dict) or not document["replies"]:
        raise ContentError(f"{name}: replies must be a table of keys")
    for key, entry in document["replies"].items():
        where = f"{name}: {key}"
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise ContentError(f"{where}: not a reply key")
        yield key, _parse_line(where, entry, review)


def _parse_line(where: str, entry: Any, review: Review) -> ReplyLine:
    if isinstance(entry, dict):
        # YAML 1.1 reads the bare word "no" as false, as it reads "on" as true.
        entry = {"no" if name is False else name: value for name, value in entry.items()}
    if not isinstance(entry, dict) or not {"text"} <= set(entry) <= _FIELDS:
        raise ContentError(f"{where}: needs text, may have {', '.join(sorted(_FIELDS - {'text'}))}, and nothing else")
    texts = entry["text"] if isinstance(entry["text"], list) else [entry["text"]]
    if not 1 <= len(texts) <= 2 or not all(isinstance(text, str) and text.strip() for text in texts):
        raise ContentError(f"{where}: text must be one message or two (V1)")
    offers, no = _parse_offers(where, entry), entry.get("no")
    if no is not None and not (isinstance(no, str) and _KEY.fullmatch(no)):
        raise ContentError(f"{where}: no must be a reply key")
    own = _parse_review(where, entry["review"]) if "review" in entry else review
    called = _parse_words(where, "called", entry.get("called", []))
    return ReplyLine(tuple(text.strip() for text in texts), offers, own, no, called)


def _parse_offers(where: str, entry: Mapping[str, Any]) -> tuple[str, ...]:
    given = entry.get("offers", [])
    offers = _parse_words(where, "offers", [given] if isinstance(given, str) else given)
    if len(offers) > MOST_OPTIONS or len(set(offers)) != len(offers) or not all(map(_KEY.fullmatch, offers)):
        raise ContentError(f"{where}: offers must be at most {MOST_OPTIONS} different options")
    return offers


def _parse_words(where: str, name: str, given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(word, str) and word.strip() for word in given):
        raise ContentError(f"{where}: {name} must be a list of words")
    return tuple(given)


def _parse_review(where: str, entry: Any) -> Review:
    if isinstance(entry, dict):
        # YAML 1.1 reads the bare word "on" as true.
        entry = {"on" if name is True else name: value for name, value in entry.items()}
    if not isinstance(entry, dict) or not {"state", "on"} <= set(entry) <= {"state", "on", "pending"}:
        raise ContentError(f"{where}: review needs state and on, and may have pending")
    if entry["state"] not in REVIEW_STATES:
        raise ContentError(f"{where}: review state must be one of {', '.join(REVIEW_STATES)}")
    if type(entry["on"]) is not date:
        raise ContentError(f"{where}: review on must be a date (YYYY-MM-DD)")
    pending = entry.get("pending", [])
    if not isinstance(pending, list) or not all(isinstance(kind, str) for kind in pending):
        raise ContentError(f"{where}: review pending must be a list of words")
    return Review(entry["state"], entry["on"], tuple(pending))
