"""Who is on shift: an advocate whose console is open (H4)."""

import time

from storage.connection import Store


class Presence:
    """Knows whether anyone could answer now."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def set_present(self, advocate: str, seconds: float) -> None:
        """The advocate is there for so long, unless said again."""
        now = time.time()
        await self._store.call("ZADD", "present", now + seconds, advocate)
        await self._store.call("ZREMRANGEBYSCORE", "present", "-inf", now)

    async def clear(self) -> None:
        """Nobody is there."""
        await self._store.call("DEL", "present")

    async def anyone(self) -> bool:
        """True if an advocate is present."""
        return int(await self._store.call("ZCOUNT", "present", time.time(), "+inf")) > 0

    async def list_present(self) -> tuple[str, ...]:
        """Account names of those whose console is open."""
        names = await self._store.call("ZRANGEBYSCORE", "present", time.time(), "+inf")
        return tuple(name.decode() for name in names)
