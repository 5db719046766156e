"""What a conversation adds to the counts: codes noted turn by turn in its sealed session, counted once at its end (O4).

A conversation, not a text, is what is counted: nobody fills a cell alone by asking often.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from hotline.areas import Area
from hotline.categories import Categories
from hotline.conversations import Conversation, Owner
from hotline.regions import Region
from hotline.screening.result import Level
from hotline.tally_tables import (
    ALL,
    ANSWER_SECONDS,
    BY_ITSELF,
    CAME,
    ELSEWHERE,
    FOUND,
    HOURS,
    LEFT_WAITING,
    LEVELS,
    NOBODY,
    NONE_FOUND,
    NOT_SAID,
    OTHER_STATE,
    PERSON,
    TOPIC_GROUPS,
    WAIT_SECONDS,
    Cell,
    find_bucket,
)
from hotline.topics import Topic
from hotline.turns import Outcome

COUNTED = "counted"
"""Noted alone: this conversation stands in the counts already."""

_NOBODY_CAME = frozenset({"handoff_nobody", "handoff_wait_ran_out", "handoff_still_looking"})
_PLACES = frozenset({"place_found", "place_call_first"})
_SINGLE = frozenset({"area"})
"""Of these the last one noted counts."""


@dataclass(frozen=True, slots=True)
class CountingFacts:
    """The content, as far as counting needs it."""

    region: Region
    categories: Categories
    topics: Mapping[str, Topic]


@dataclass(frozen=True, slots=True)
class TurnFacts:
    """What the worker alone knows of a turn: when, how long the answer took, and the area that was said."""

    at: datetime
    heard: bool
    answer_seconds: float
    area: Area | None


def note_turn(before: Conversation, outcome: Outcome, turn: TurnFacts, facts: CountingFacts) -> tuple[str, ...]:
    """The codes of a conversation after a turn, a click or a deadline; no word of a text, no place closer than a metro.

    What was noted before is kept even where the session was emptied, for its end is near.
    """
    noted = before.session.noted
    if noted == (COUNTED,):
        return noted
    keys = [ref.key for ref in outcome.replies]
    marks = [f"level:{max(before.level, outcome.conversation.level).label}"]
    if turn.heard and (keys or outcome.conversation.owner is Owner.WAITING):
        marks += [] if any(mark.startswith("hours:") for mark in noted) else [f"hours:{_hours(turn.at, facts)}"]
        marks.append(f"area:{find_area_cell(turn.area, facts.region)}")
        if keys:
            marks.append(f"answer:{find_bucket(turn.answer_seconds, ANSWER_SECONDS)}")
    marks += _note_subjects(keys, outcome, facts)
    marks += _note_waiting(before, outcome, turn.at, keys)
    return _join(noted, marks)


def list_cells(noted: Iterable[str], conversation: Conversation, at: datetime, facts: CountingFacts) -> list[Cell]:
    """Every cell that a conversation adds one to at its end; none if nothing was ever said in it."""
    marks = set(noted)
    said = {name: [value for mark in marks for n, _, value in [mark.partition(":")] if n == name] for name in _NAMES}
    if not said["hours"]:
        return []
    level = max(said["level"], key=LEVELS.index, default=Level.NONE.label)
    hours, area = said["hours"][0], next(iter(said["area"]), NOT_SAID)
    came, waits = said["wait"], list(WAIT_SECONDS)
    waited = bool(came) or "waited:yes" in marks
    outcome = next(iter(said["outcome"]), LEFT_WAITING if waited and not came else BY_ITSELF)
    cells: list[Cell] = [
        ("conversations", (ALL,)),
        ("day", (f"{at.astimezone(ZoneInfo(facts.region.time_zone)).day:02}",)),
        ("hours", (hours,)),
        ("channel", (conversation.channel,)),
        ("language", (conversation.language,)),
        ("level", (level,)),
        ("area", (area,)),
        ("outcome", (outcome,)),
        ("level_hours", (level, hours)),
    ]
    cells += [("answer", (_worst(said["answer"], ANSWER_SECONDS),))] if said["answer"] else []
    cells += [("wait", (level, max(came, key=waits.index)))] if came else []
    cells += [("handoff", (level, CAME if came else NOBODY))] if waited else []
    cells += [cell for group in said["topic"] for cell in (("topic", (group,)), ("topic_area", (group, area)))]
    cells += [("need", (kind, FOUND)) for kind in said["found"]] + [
        ("need", (kind, NONE_FOUND)) for kind in said["none"]
    ]
    unmet = [*said["none"], *([PERSON] if waited and not came else [])]
    cells += [cell for kind in unmet for cell in (("unmet_area", (kind, area)), ("unmet_hours", (kind, hours)))]
    return cells


_NAMES = ("level", "hours", "area", "answer", "topic", "found", "none", "wait", "outcome")


def find_area_cell(area: Area | None, region: Region) -> str:
    """The coarse area: a metro of the region, elsewhere in its state, another state, or not said."""
    if area is None or not area.state:
        return NOT_SAID
    if area.state != region.state:
        return OTHER_STATE
    if not (area.city or area.county or area.zip):
        return NOT_SAID
    here = region.extents(area)
    return next((metro for metro in region.metros if f"metro:{metro}" in here), ELSEWHERE)


def _note_subjects(keys: list[str], outcome: Outcome, facts: CountingFacts) -> list[str]:
    need = str((outcome.conversation.session.dialogue.get("slots") or {}).get("need") or "place_tonight")
    asked, category = [key for key in keys if key in facts.topics], facts.categories.find(need)
    marks = []
    if category and _PLACES & set(keys):
        marks.append(f"found:{category.kind}")
    if category and "place_none_open" in keys:
        marks.append(f"none:{category.kind}")
    if marks:
        asked.append(need)
    groups = [facts.topics[key].group for key in asked if key in facts.topics]
    return [*marks, *(f"topic:{group}" for group in groups if group in TOPIC_GROUPS)]


def _note_waiting(before: Conversation, outcome: Outcome, at: datetime, keys: list[str]) -> list[str]:
    after, marks = outcome.conversation, []
    if _NOBODY_CAME & set(keys) or (after.owner is Owner.WAITING and after.agreed):
        marks.append("waited:yes")
    if before.owner is Owner.WAITING and after.owner is Owner.WITH_ADVOCATE:
        waited = (at - before.waiting_since).total_seconds() if before.waiting_since else 0.0
        marks.append(f"wait:{find_bucket(waited, WAIT_SECONDS)}")
    if outcome.closed_as:
        marks.append(f"outcome:{outcome.closed_as}")
    return marks


def _join(noted: tuple[str, ...], marks: list[str]) -> tuple[str, ...]:
    replaced = {name for name in _SINGLE for mark in marks if mark.startswith(f"{name}:")}
    kept = [mark for mark in noted if mark.partition(":")[0] not in replaced]
    return tuple(dict.fromkeys((*kept, *marks)))


def _hours(at: datetime, facts: CountingFacts) -> str:
    return HOURS[at.astimezone(ZoneInfo(facts.region.time_zone)).hour // 6]


def _worst(found: list[str], buckets: Mapping[str, float]) -> str:
    return max(found, key=list(buckets).index)


def with_noted(conversation: Conversation, noted: tuple[str, ...]) -> Conversation:
    """The conversation with these codes in its session."""
    return replace(conversation, session=replace(conversation.session, noted=noted))
