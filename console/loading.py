"""How much waits and who is there to take it: numbers and codes for a supervisor, no text and no league table (A5).

Of one person it says only what is so now (open conversations, on a break); never how many or how fast.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from console.ports import AuditEntry, Listed, LoadFacts
from hotline.conversations import Owner
from hotline.screening.result import Level


@dataclass(frozen=True, slots=True)
class LevelRow:
    """How many wait at one level; ``since`` is when the longest of them began to, ISO 8601."""

    level: str
    count: int
    since: str
    waited_minutes: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is on: alias, conversations open now, how many they may have (0: no cap known)."""

    alias: str
    open: int
    cap: int
    on_break: bool
    present: bool


@dataclass(frozen=True, slots=True)
class Due:
    """One clock of a report or a response."""

    kind: str
    at: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class LoadView:
    """All that the page shows."""

    levels: Sequence[LevelRow]
    people: Sequence[Person]
    claimed: int
    closed: Sequence[tuple[str, int]]
    pages: Sequence[int] | None
    """Minutes that each unacknowledged page is out."""
    clocks: Sequence[Due] | None

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(row.count for row in self.levels)


async def count_today(entries: AsyncIterator[AuditEntry], since: datetime) -> Mapping[str, int]:
    """How often each action stands in the audit since a moment; ``entries`` come newest first. Nobody is named."""
    counts: Counter[str] = Counter()
    async for entry in entries:
        if entry.at < since:
            break
        counts[entry.action] += 1
    return counts


def build_load(
    listed: Sequence[Listed], facts: LoadFacts, aliases: Mapping[str, str], counts: Mapping[str, int], now: datetime
) -> LoadView:
    """The supervisor's view of this moment."""
    held = Counter(one.advocate for one in listed if one.owner is Owner.WITH_ADVOCATE and one.advocate)
    names = sorted({*facts.present, *facts.on_break, *held}, key=lambda name: aliases.get(name, name))
    people = [
        Person(
            aliases.get(name, "?"), held[name], facts.caps.get(name, 0), name in facts.on_break, name in facts.present
        )
        for name in names
    ]
    closed = [(action.partition(":")[2], count) for action, count in sorted(counts.items()) if _is(action, "closed")]
    return LoadView(
        levels=_count_levels(listed, now),
        people=people,
        claimed=sum(count for action, count in counts.items() if _is(action, "claimed")),
        closed=closed,
        pages=None if facts.pages is None else [_minutes(now, since) for since in sorted(facts.pages)],
        clocks=None
        if facts.clocks is None
        else [Due(kind, at, _minutes(at, now)) for kind, at in sorted(facts.clocks, key=lambda clock: clock[1])],
    )


def _count_levels(listed: Sequence[Listed], now: datetime) -> list[LevelRow]:
    rows = []
    for level in sorted(Level, reverse=True):
        since = [one.waiting_since for one in listed if one.owner is Owner.WAITING and one.level == level]
        times = [at for at in since if at]
        oldest = min(times) if times else None
        waited = _minutes(now, oldest) if oldest else 0
        rows.append(LevelRow(level.label, len(since), oldest.isoformat() if oldest else "", waited))
    return rows


def _minutes(later: datetime, earlier: datetime) -> int:
    return int((later - earlier).total_seconds() // 60)


def _is(action: str, code: str) -> bool:
    return action.partition(":")[0] == code
