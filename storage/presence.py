"""Who is on shift: an advocate whose console is open (H4)."""

from collections.abc import Sequence

from hotline.ports import Clock
from storage.connection import Store

_BREAK_SECONDS = 12 * 3600
"""A break that nobody ended ends by itself before the next night."""


class Presence:
    """Knows whether anyone could answer now."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def set_present(self, advocate: str, seconds: float) -> None:
        """The advocate is there for so long, unless said again; an open page does not end a break (A5)."""
        now = self._now()
        if seconds > 0 and await self.is_on_break(advocate):
            return
        await self._store.call("ZADD", "present", now + seconds, advocate)
        await self._store.call("ZREMRANGEBYSCORE", "present", "-inf", now)

    async def present_names(self) -> Sequence[str]:
        """Account names of all who are there, sorted."""
        names = await self._store.call("ZRANGEBYSCORE", "present", self._now(), "+inf")
        return sorted(name.decode() for name in names)

    async def set_break(self, advocate: str, resting: bool) -> None:
        """Begins a break, which ends presence at once, or ends one (A5)."""
        if resting:
            await self._store.call("ZADD", "resting", self._now() + _BREAK_SECONDS, advocate)
            await self._store.call("ZREM", "present", advocate)
        else:
            await self._store.call("ZREM", "resting", advocate)

    async def is_on_break(self, advocate: str) -> bool:
        """True between the beginning and the end of a break."""
        until = await self._store.call("ZSCORE", "resting", advocate)
        return until is not None and float(until) > self._now()

    async def list_resting(self) -> tuple[str, ...]:
        """Names of all who take a break."""
        found = await self._store.call("ZRANGEBYSCORE", "resting", self._now(), "+inf")
        return tuple(name.decode() for name in found)

    async def clear(self) -> None:
        """Nobody is there."""
        await self._store.call("DEL", "present")

    async def list_present(self) -> tuple[str, ...]:
        """Names of all who are there."""
        found = await self._store.call("ZRANGEBYSCORE", "present", self._now(), "+inf")
        return tuple(name.decode() for name in found)

    async def anyone(self) -> bool:
        """True if an advocate is present."""
        return int(await self._store.call("ZCOUNT", "present", self._now(), "+inf")) > 0

    def _now(self) -> float:
        return self._clock.now().timestamp()
