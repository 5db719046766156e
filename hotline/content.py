"""Every line that a texter can receive, read from reviewed documents and checked before the first message (V10)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from hotline.errors import ContentError, UnknownReply
from hotline.reply_records import REVIEW_STATES, ReplyLine, Review, parse_replies
from hotline.topics import DOCUMENT as TOPICS
from hotline.topics import Topic, build_topics

__all__ = [
    "ATTRIBUTES",
    "ENGINE_OPTIONS",
    "LANGUAGES",
    "LINE_ATTRIBUTES",
    "PARAMS",
    "PERSON",
    "PIPELINE_KEYS",
    "PLACE_ATTRIBUTES",
    "REVIEW_STATES",
    "TOPIC_GAPS",
    "Content",
    "Gap",
    "ReplyLine",
    "Review",
    "build_content",
    "fill_gaps",
    "find_gaps",
    "find_lost_options", "read_content",
]  # fmt: skip

LANGUAGES = ("en", "es")
"""The languages that must be complete (V9). A further language is a folder; once there it must be complete too."""

_PIPELINE_KEYS = """
welcome phone_ok late_answer
crisis_suicide crisis_danger crisis_someone_here crisis_overdose crisis_urgent_medical crisis_harm_other
crisis_general crisis_control crisis_online_exploitation crisis_friend_in_danger
high_suicide high_control high_sexual_abuse high_physical_abuse high_online_exploitation high_watched_phone
high_friend_in_danger high_recruiting high_general probe_closed buyer_closed
offer_person handoff_asked handoff_nobody handoff_wait_ran_out handoff_already_waiting handoff_still_looking
advocate_joined advocate_joined_next advocate_changed advocate_paired advocate_unpaired advocate_away back_with_bot
closed_kindly closed_with_line blocked_line
media_unreadable misunderstood misunderstood_twice dialogue_down unreadable_message
near_go_on cover_over cover_words cover_none
stopped started ended_on_request first_help menu number_given number_again number_none neutral_ack language_changed
ask_area ask_age place_found place_call_first place_none_open place_area_unknown place_more place_no_more
place_next_opening place_rationed goodbye cleared cleared_chat after_high choose also_asked deny unsure enough
more_nothing staff_pass_on staff_steps staff_how
practice_right practice_near practice_done practice_none
"""
PIPELINE_KEYS = tuple(_PIPELINE_KEYS.split())
"""Reply keys that the program uses by name; topics of the dialogue come on top."""

LINE_ATTRIBUTES = frozenset({"name", "digits", "how", "note"})
PLACE_ATTRIBUTES = frozenset({"name", "phone", "hours", "where", "notice"})

TOPIC_ATTRIBUTES = frozenset({"label"})
TOPIC_GAPS = ("first", "second", "topic")
ENGINE_OPTIONS = frozenset({"place_tonight", "another_place", "ask_number", "practice_number"})
"""Options that the dialogue engine carries on: a search, a number. Any other is a reply key or ``person``."""

PERSON = "person"

_LINE_KEYS = """
number_given number_again place_none_open place_area_unknown place_no_more
practice_number practice_near practice_done practice_right staff_pass_on
"""
PARAMS = {
    "line": frozenset(_LINE_KEYS.split()),
    "place": frozenset({"place_found", "place_call_first", "place_next_opening"}),
    "first": frozenset({"choose"}),
    "second": frozenset({"choose"}),
    "topic": frozenset({"also_asked"}),
    "said": frozenset({"assistant_says"}),
}
ATTRIBUTES = {"place": PLACE_ATTRIBUTES, "said": frozenset({"words"}), **dict.fromkeys(TOPIC_GAPS, TOPIC_ATTRIBUTES)}
_GAP = re.compile(r"\{([a-z][a-z0-9_]*)(?:\.([a-z][a-z0-9_]*))?\}")
_REPLIES = re.compile(r"replies/([a-z]{2})/[a-z0-9_/]+")


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """A place in a text that is filled when it is sent: ``{lifeline.how}``, ``{place.name}`` or ``{hotline}``."""

    name: str
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """All replies in all languages; every language has the same keys, messages and gaps."""

    lines: Mapping[str, Mapping[str, ReplyLine]]
    topics: Mapping[str, Topic]
    _sorted: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sorts once what every turn asks for."""
        object.__setattr__(self, "_sorted", tuple(sorted(self.lines.get(LANGUAGES[0], ()))))

    def reply(self, key: str, language: str) -> ReplyLine:
        """The line of a key. Raises UnknownReply for a key or language that has none."""
        line = self.lines.get(language, {}).get(key)
        if line is None:
            raise UnknownReply(f"no reply {key!r} in {language!r}")
        return line

    def names(self, option: str) -> tuple[str, ...]:
        """Plain words that an option is called, in every language: its ``called`` words and its label."""
        topic = self.topics.get(option)
        called = [word for replies in self.lines.values() if option in replies for word in replies[option].called]
        return (*called, *(topic.called if topic else ()), *(topic.label.values() if topic else ()))

    def lines_in(self, key: str) -> tuple[str, ...]:
        """Ids of the hotline numbers that a reply says by itself, in order."""
        gaps = (gap for text in self.reply(key, LANGUAGES[0]).texts for gap in find_gaps(text))
        return tuple(gap.name for gap in gaps if gap.name not in PARAMS and gap.attribute in LINE_ATTRIBUTES)

    def topic(self, name: str) -> Topic:
        """The topic of a name. Raises ContentError."""
        if name not in self.topics:
            raise ContentError(f"no topic {name!r}")
        return self.topics[name]

    @property
    def keys(self) -> tuple[str, ...]:
        """Every reply key, sorted."""
        return self._sorted


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
    content = read_content(documents)
    for fault in find_differences(content, required):
        raise ContentError(fault)
    return content


def read_content(documents: Mapping[str, Any]) -> Content:
    """As build_content, but languages may differ: for whoever lists all faults at once."""
    lines: dict[str, dict[str, ReplyLine]] = {language: {} for language in LANGUAGES}
    for name in sorted(documents):
        match = _REPLIES.fullmatch(name)
        if match is None:
            continue
        replies = lines.setdefault(match[1], {})
        for key, line in parse_replies(name, documents[name]):
            for text in line.texts:
                _check_gaps(f"{name}: {key}", key, text)
            if key in replies:
                raise ContentError(f"{name}: {key}: there is a reply of this name already")
            replies[key] = line
    topics = build_topics(documents, LANGUAGES) if TOPICS in documents else MappingProxyType({})
    return Content(MappingProxyType({name: MappingProxyType(replies) for name, replies in lines.items()}), topics)


def find_lost_options(content: Content) -> Iterator[tuple[str, str]]:
    """Reply keys and what they offer that nothing answers; every way on has to lead somewhere (V3)."""
    known = {PERSON, *ENGINE_OPTIONS, *content.keys}
    for key in content.keys:
        line = content.reply(key, LANGUAGES[0])
        yield from ((key, option) for option in (*line.offers, *([line.no] if line.no else [])) if option not in known)


def _check_gaps(where: str, key: str, text: str) -> None:
    for gap in find_gaps(text):
        if gap.name in PARAMS and key not in PARAMS[gap.name]:
            raise ContentError(f"{where}: no {gap.name} is given to this reply")
        known = ATTRIBUTES.get(gap.name, LINE_ATTRIBUTES)
        if gap.attribute not in known and gap != Gap("hotline"):
            raise ContentError(f"{where}: unknown gap {gap.name}.{gap.attribute}")
    if re.search(r"[{}]", _GAP.sub("", text)):
        raise ContentError(f"{where}: a brace that is not a gap")


def find_differences(content: Content, required: Iterable[str]) -> Iterator[str]:
    """What one language has and another lacks, or says in another shape (V9)."""
    every_key = frozenset(required).union(*content.lines.values())
    first = content.lines[LANGUAGES[0]]
    for language, replies in content.lines.items():
        missing = sorted(every_key - set(replies))
        if missing:
            yield f"replies/{language}: no reply for {', '.join(missing)}"
        for key in sorted(set(replies) & set(first)):
            if _shape(replies[key]) != _shape(first[key]):
                yield f"replies/{language}: {key}: messages, gaps or offers differ from {LANGUAGES[0]} (V9)"


def _shape(line: ReplyLine) -> tuple[Any, ...]:
    return line.offers, line.no, *(sorted(find_gaps(text)) for text in line.texts)
