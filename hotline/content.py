"""Every line that a texter can receive, read from reviewed documents and checked before the first message (V10)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from hotline.errors import ContentError, UnknownReply

LANGUAGES = ("en", "es")
"""The languages that must be complete (V9). A further language is a folder; once there it must be complete too."""

_PIPELINE_KEYS = """
welcome phone_ok
crisis_suicide crisis_danger crisis_someone_here crisis_overdose crisis_urgent_medical crisis_harm_other
crisis_general crisis_control crisis_online_exploitation crisis_friend_in_danger
high_suicide high_control high_sexual_abuse high_physical_abuse high_online_exploitation high_watched_phone
high_friend_in_danger high_recruiting high_general probe_closed buyer_closed
offer_person handoff_asked handoff_nobody handoff_wait_ran_out handoff_already_waiting advocate_joined back_with_bot
media_unreadable misunderstood misunderstood_twice dialogue_down unreadable_message
stopped started ended_on_request first_help menu number_given number_again number_none neutral_ack language_changed
ask_area ask_age place_found place_call_first place_none_open place_area_unknown place_more place_no_more
"""
PIPELINE_KEYS = tuple(_PIPELINE_KEYS.split())
"""Reply keys that the program uses by name; topics of the dialogue come on top."""

LINE_ATTRIBUTES = frozenset({"name", "digits", "how", "note"})
PLACE_ATTRIBUTES = frozenset({"name", "phone", "hours", "where", "notice"})
REVIEW_STATES = ("drafted", "approved by an advocate", "approved by the survivor panel")

_PARAMS = {
    "line": frozenset({"number_given", "number_again", "place_none_open", "place_area_unknown", "place_no_more"}),
    "place": frozenset({"place_found", "place_call_first"}),
}
_GAP = re.compile(r"\{([a-z][a-z0-9_]*)(?:\.([a-z][a-z0-9_]*))?\}")
_REPLIES = re.compile(r"replies/([a-z]{2})/[a-z0-9_/]+")


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """A place in a text that is filled when it is sent: ``{lifeline.how}``, ``{place.name}`` or ``{hotline}``."""

    name: str
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """Who has seen a line: one of REVIEW_STATES, since when, and kinds of review that are still owed (``medical``)."""

    state: str
    on: date
    pending: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """The words of one reply in one language: one or two messages, and what a bare "yes" after it would mean."""

    texts: tuple[str, ...]
    offers: str | None
    review: Review


@dataclass(frozen=True, slots=True)
class Content:
    """All replies in all languages; every language has the same keys, messages and gaps."""

    lines: Mapping[str, Mapping[str, ReplyLine]]

    def reply(self, key: str, language: str) -> ReplyLine:
        """The line of a key. Raises UnknownReply for a key or language that has none."""
        line = self.lines.get(language, {}).get(key)
        if line is None:
            raise UnknownReply(f"no reply {key!r} in {language!r}")
        return line

    @property
    def keys(self) -> tuple[str, ...]:
        """Every reply key, sorted."""
        return tuple(sorted(self.lines[LANGUAGES[0]]))


def find_gaps(text: str) -> Iterator[Gap]:
    """The gaps of a text in order. A brace that belongs to no gap is found by build_content, not here."""
    return (Gap(name, attribute or "") for name, attribute in _GAP.findall(text))


def fill_gaps(text: str, values: Mapping[Gap, str]) -> str:
    """The text with its gaps filled; values are never read as gaps again. Raises ContentError for a gap without one."""

    def fill(match: re.Match[str]) -> str:
        gap = Gap(match[1], match[2] or "")
        if gap not in values:
            raise ContentError(f"nothing fills the gap {match[0]}")
        return values[gap]

    return _GAP.sub(fill, text)


def build_content(documents: Mapping[str, Any], *, required: Iterable[str] = PIPELINE_KEYS) -> Content:
    """Replies from the documents ``replies/<language>/...``, checked against each other (V9, V10).

    ``required`` are the keys that every language must have. Raises ContentError naming the file and key at fault.
    """
    lines: dict[str, dict[str, ReplyLine]] = {language: {} for language in LANGUAGES}
    for name in sorted(documents):
        match = _REPLIES.fullmatch(name)
        if match is None:
            continue
        replies = lines.setdefault(match[1], {})
        for key, line in _parse_file(name, documents[name]):
            if key in replies:
                raise ContentError(f"{name}: {key}: there is a reply of this name already")
            replies[key] = line
    _check_languages(lines, frozenset(required))
    return Content(MappingProxyType({language: MappingProxyType(replies) for language, replies in lines.items()}))


def _parse_file(name: str, document: Any) -> Iterator[tuple[str, ReplyLine]]:
    if not isinstance(document, dict) or set(document) != {"review", "replies"}:
        raise ContentError(f"{name}: needs review and replies, and nothing else")
    review = _parse_review(name, document["review"])
    if not isinstance(document["replies"], dict) or not document["replies"]:
        raise ContentError(f"{name}: replies must be a table of keys")
    for key, entry in document["replies"].items():
        where = f"{name}: {key}"
        if not isinstance(key, str) or not re.fullmatch("[a-z][a-z0-9_]*", key):
            raise ContentError(f"{where}: not a reply key")
        yield key, _parse_line(where, key, entry, review)


def _parse_line(where: str, key: str, entry: Any, review: Review) -> ReplyLine:
    if not isinstance(entry, dict) or not {"text"} <= set(entry) <= {"text", "offers", "review"}:
        raise ContentError(f"{where}: needs text, may have offers and review, and nothing else")
    texts = entry["text"] if isinstance(entry["text"], list) else [entry["text"]]
    if not 1 <= len(texts) <= 2 or not all(isinstance(text, str) and text.strip() for text in texts):
        raise ContentError(f"{where}: text must be one message or two (V1)")
    if entry.get("offers") not in (None, "person"):
        raise ContentError(f"{where}: offers can only be person")
    for text in texts:
        _check_gaps(where, key, text)
    own = _parse_review(where, entry["review"]) if "review" in entry else review
    return ReplyLine(tuple(text.strip() for text in texts), entry.get("offers"), own)


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


def _check_gaps(where: str, key: str, text: str) -> None:
    for gap in find_gaps(text):
        if gap.name in _PARAMS and key not in _PARAMS[gap.name]:
            raise ContentError(f"{where}: no {gap.name} is given to this reply")
        known = PLACE_ATTRIBUTES if gap.name == "place" else LINE_ATTRIBUTES
        if gap.attribute not in known and gap != Gap("hotline"):
            raise ContentError(f"{where}: unknown gap {gap.name}.{gap.attribute}")
    if re.search(r"[{}]", _GAP.sub("", text)):
        raise ContentError(f"{where}: a brace that is not a gap")


def _check_languages(lines: Mapping[str, Mapping[str, ReplyLine]], required: frozenset[str]) -> None:
    every_key = required.union(*lines.values())
    for language, replies in lines.items():
        missing = sorted(every_key - set(replies))
        if missing:
            raise ContentError(f"replies/{language}: no reply for {', '.join(missing)}")
    for language, replies in lines.items():
        for key in sorted(every_key):
            if _shape(replies[key]) != _shape(lines[LANGUAGES[0]][key]):
                raise ContentError(
                    f"replies/{language}: {key}: messages, gaps or offers differ from {LANGUAGES[0]} (V9)"
                )


def _shape(line: ReplyLine) -> tuple[Any, ...]:
    return line.offers, *(sorted(find_gaps(text)) for text in line.texts)
