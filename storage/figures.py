"""What operators are shown of the store: counts, ages and levels; no id leaves this module (P1, P6).

A few round trips, asked by one worker for all every few seconds, in no message's path.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

from hotline.conversations import Owner
from hotline.handoff import UNSENT
from hotline.messages import CHANNELS
from hotline.ports import Clock
from hotline.screening.result import Level
from storage.connection import Store
from storage.keyspace import PARTITIONS
from storage.records import parse_time
from storage.streams import INBOX, OUTBOX, PAGES
from storage.wire import Part

OVERDUE_SECONDS = 600
_AT_ONCE = 100
"""Conversations in one round trip: turns go on between two of them, and none waits for more than a few milliseconds."""
_QUEUES = (INBOX, OUTBOX, PAGES)
_FIELDS = ("owner", "level", "waiting_since", "reasons")
_KINDS = {Owner.WAITING.value.encode(): "waiting", Owner.WITH_ADVOCATE.value.encode(): "with_advocate"}

type Figures = dict[str, dict[tuple[str, ...], float]]
"""Name of a figure to its values, by the values of its labels."""


class StoreFigures:
    """Reads the figures of a moment. Ages of entries are by the store's own clock, waits by ours."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def read(self) -> Figures:
        """The figures. Raises StoreError."""
        now = self._clock.now()
        streams = [f"{queue}:{partition}" for queue in _QUEUES for partition in range(PARTITIONS)]
        lists = [(channel, f"erase-due:{channel}:{n}") for channel in CHANNELS for n in range(PARTITIONS)]
        asked: list[Sequence[Part]] = [("TIME",), ("XLEN", "dead"), ("ZCARD", "workers"), ("SMEMBERS", "open")]
        asked += [("XLEN", name) for name in streams]
        asked += [("XRANGE", name, "-", "+", "COUNT", 1) for name in streams]
        asked += [("ZCOUNT", name, "-inf", now.timestamp() - OVERDUE_SECONDS) for _, name in lists]
        (seconds, micro), dead, workers, open_now, *rest = await self._store.call_all(asked)
        lengths, oldest, due = rest[: len(streams)], rest[len(streams) : 2 * len(streams)], rest[2 * len(streams) :]
        overdue = Counter[tuple[str, ...]]({(channel,): 0 for channel in CHANNELS})
        for (channel, _), count in zip(lists, due, strict=True):
            overdue[channel,] += int(count)
        return {
            "porchlight_dead_letters": {(): float(dead)},
            "porchlight_workers": {(): float(workers)},
            "porchlight_overdue_erasures": dict(overdue),
            **_read_queues(lengths, oldest, int(seconds) + int(micro) / 1e6),
            **_read_waits(await self._read_open(open_now), now),
        }

    async def _read_open(self, members: Iterable[bytes]) -> list[Sequence[bytes | None]]:
        rows: list[Sequence[bytes | None]] = []
        for some in batched(members, _AT_ONCE):
            asked = [("HMGET", f"conversation:{member.decode()}", *_FIELDS) for member in some]
            rows += [row for row in await self._store.call_all(asked) if row[0]]
        return rows


def _read_queues(lengths: Sequence[Any], oldest: Sequence[Any], now: float) -> Figures:
    entries: dict[tuple[str, ...], float] = {}
    ages: dict[tuple[str, ...], float] = {}
    for at, queue in enumerate(_QUEUES):
        part = slice(at * PARTITIONS, (at + 1) * PARTITIONS)
        begun = [int(rows[0][0].split(b"-")[0]) / 1000 for rows in oldest[part] if rows]
        entries[queue,] = float(sum(int(length) for length in lengths[part]))
        ages[queue,] = max(0.0, now - min(begun)) if begun else 0.0
    return {"porchlight_queue_entries": entries, "porchlight_queue_oldest_seconds": ages}


def _read_waits(rows: Iterable[Sequence[bytes | None]], now: datetime) -> Figures:
    """A level at which nobody waits stands there as 0, so that a figure that is missing means that nobody looked."""
    kinds: dict[tuple[str, ...], float] = {("waiting",): 0.0, ("with_advocate",): 0.0, ("held",): 0.0}
    counts: dict[tuple[str, ...], float] = {(level.label,): 0.0 for level in Level}
    waits, unsent = dict(counts), 0
    for owner, level, since, reasons in rows:
        kind = _KINDS.get(owner or b"", "held")
        kinds[kind,] += 1
        if kind == "waiting":
            label = (Level(int(level or 0)).label,)
            counts[label] += 1
            waits[label] = max(waits[label], _find_wait(since, now))
            unsent += UNSENT in (reasons or b"").decode().split(",")
    return {
        "porchlight_open": kinds,
        "porchlight_waiting": counts,
        "porchlight_longest_wait_seconds": waits,
        "porchlight_unsent": {(): float(unsent)},
    }


def _find_wait(since: bytes | None, now: datetime) -> float:
    at = parse_time((since or b"").decode())
    return max(0.0, (now - at).total_seconds()) if at else 0.0
