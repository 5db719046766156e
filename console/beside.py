"""What an advocate has beside the chat, built once at start: lines, cards, places, clocks, counts (A2-A5, C8, H8)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from hotline.cards import Card
from hotline.clocks import ClockKind, RunningClock
from hotline.messages import ChannelName

MOST_OPEN = 4
"""Conversations that one advocate holds at a time; more is a supervisor's word (A5)."""

HOLD_MINUTES = 120
"""How long a conversation is kept for a report unless the worker's ceiling is lower (A4)."""


class Clocks(Protocol):
    """Clocks of the whole team: id, kind, due."""

    async def start(self, kind: ClockKind, now: datetime) -> RunningClock:
        """Starts a clock."""

    async def read(self, now: datetime) -> Sequence[RunningClock]:
        """Every running clock, what is due first first."""

    async def end(self, clock_id: str, now: datetime) -> bool:
        """Ends a clock; False if there is none of that id."""


class ResourceCounts(Protocol):
    """Counts of referrals and flags, by place and code alone."""

    async def record_referral(self, resource: str, agreed: bool, day: date) -> None:
        """One more referral of this place on that day."""

    async def flag(self, resource: str, reason: str) -> None:
        """One more flag with this reason."""

    async def read_flags(self) -> Mapping[tuple[str, str], int]:
        """How often each place was flagged for each reason."""

    async def clear_flags(self, resource: str) -> None:
        """Forgets a place's flags."""


@dataclass(frozen=True, slots=True)
class Option:
    """A place that may fit a need. ``facts`` are known yes, known no, or None for unknown (C8); never an address.

    ``confirmed`` is False if nobody has confirmed the entry lately. ``words`` is the reviewed reply for the texter.
    """

    id: str
    name: str
    phone: str
    hours: str
    ages: tuple[int | None, int | None]
    call_first: bool
    confirmed: bool
    related: bool
    facts: Mapping[str, bool | None]
    words: str


@dataclass(frozen=True, slots=True)
class Options:
    """At most three places, and the line that may know more."""

    places: Sequence[Option]
    line_id: str
    line_name: str
    line_words: str


@dataclass(frozen=True, slots=True)
class Search:
    """What an advocate looks for; ``language`` is the texter's. Nothing of it is kept."""

    need: str
    area: str = field(repr=False)
    age: int | None
    language: str
    channel: ChannelName


@dataclass(frozen=True, slots=True)
class RegionFacts:
    """What cards and pages show of the region pack."""

    report_contacts: Sequence[tuple[str, str, str, bool]] = ()
    """Name, number, hours, and whether anybody confirmed the number."""
    emergency_policy: str = ""
    emergency_policy_approved: bool = False
    text_to_911: Mapping[str, str] = field(default_factory=dict)
    wellbeing: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """The parts. ``composing`` is what /composing serves: known digits, banned words, patterns of addresses.

    ``resources`` are all places and lines that may be referred to or flagged, id to name.
    """

    clocks: Clocks
    counts: ResourceCounts
    find_options: Callable[[Search], Options]
    composing: Mapping[str, Any]
    quick_groups: Mapping[str, tuple[str, ...]]
    cards: Mapping[str, tuple[Card, ...]]
    needs: tuple[str, ...]
    resources: Mapping[str, str]
    region: RegionFacts = RegionFacts()
    most_open: int = MOST_OPEN
    hold_minutes: int = HOLD_MINUTES
