"""Clocks that advocates started: random id, kind, due, and nothing else (A4)."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from hotline.clocks import FORGOTTEN_AFTER, ClockKind, RunningClock, parse_kind, start_clock
from storage.connection import Store

_KEY = "clocks"


class StoreClocks:
    """One sorted set for the whole team: a member is ``id|kind``, its score when it is due."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def start(self, kind: ClockKind, now: datetime) -> RunningClock:
        """Starts a clock. ``now`` is aware."""
        clock = start_clock(secrets.token_hex(8), kind, now)
        await self._store.call("ZADD", _KEY, clock.due.timestamp(), f"{clock.id}|{clock.kind}")
        return clock

    async def read(self, now: datetime) -> Sequence[RunningClock]:
        """Every running clock, what is due first first; those that everybody forgot are dropped."""
        await self._store.call("ZREMRANGEBYSCORE", _KEY, "-inf", (now - FORGOTTEN_AFTER).timestamp())
        rows = await self._store.call("ZRANGE", _KEY, 0, -1, "WITHSCORES")
        return [_parse(rows[place], rows[place + 1]) for place in range(0, len(rows), 2)]

    async def end(self, clock_id: str, now: datetime) -> bool:
        """Ends a clock, done or not needed; False if there is none of that id."""
        for clock in await self.read(now):
            if clock.id == clock_id:
                return bool(await self._store.call("ZREM", _KEY, f"{clock.id}|{clock.kind}"))
        return False


def _parse(member: bytes, score: bytes) -> RunningClock:
    identifier, kind = member.decode().split("|")
    return RunningClock(identifier, parse_kind(kind), datetime.fromtimestamp(float(score), UTC))
