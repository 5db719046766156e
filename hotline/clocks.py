"""Clocks that an advocate starts: a kind and a time due, nothing of any conversation (A4, A5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

type ClockKind = Literal["report", "rapid_response", "team", "debrief"]

DURATIONS: dict[ClockKind, timedelta] = {
    "report": timedelta(hours=24),
    "rapid_response": timedelta(hours=2),
    "team": timedelta(hours=72),
    "debrief": timedelta(hours=24),
}
"""How long each kind of duty has. A report has another limb, police at once, which no clock measures (A4)."""

FORGOTTEN_AFTER = timedelta(days=7)
"""After its time a clock that nobody ended is dropped."""

_SOON = 1 / 6


@dataclass(frozen=True, slots=True)
class RunningClock:
    """One duty: a random id, its kind and when it is due (aware UTC)."""

    id: str
    kind: ClockKind
    due: datetime


def parse_kind(text: str) -> ClockKind:
    """The kind of that name. Raises ValueError for any other word."""
    for kind in DURATIONS:
        if kind == text:
            return kind
    raise ValueError("no such kind of clock")


def start_clock(identifier: str, kind: ClockKind, now: datetime) -> RunningClock:
    """A clock that starts now."""
    return RunningClock(identifier, kind, now + DURATIONS[kind])


def is_pressing(clock: RunningClock, now: datetime) -> bool:
    """True in the last sixth of its time and after it: four hours of 24, twenty minutes of two hours."""
    return clock.due - now <= DURATIONS[clock.kind] * _SOON


def is_forgotten(clock: RunningClock, now: datetime) -> bool:
    """True once it is so long past that nobody will end it any more."""
    return now - clock.due > FORGOTTEN_AFTER
