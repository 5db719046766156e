"""Which partitions this worker owns: leases in the store, shared out evenly between the workers that are alive."""

from collections.abc import Collection

from storage.connection import Store
from storage.keyspace import PARTITIONS

LEASE_MILLISECONDS = 3000
_MOST_BEATS = 5
"""A message that its provider will not take holds up nobody for ever."""

# The server's own clock decides who is alive, so that a worker's wrong clock takes nothing from anyone.
_BEAT = """
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[2]))
return redis.call('ZCARD', KEYS[1])
"""
_RENEW = """
local kept = {}
for i, key in ipairs(KEYS) do
  if redis.call('GET', key) == ARGV[1] then
    redis.call('PEXPIRE', key, ARGV[2])
    kept[#kept + 1] = i
  end
end
return kept
"""
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class Ownership:
    """A worker's claim on partitions. ``beat`` must run about once a second; a claim lapses after three.

    What is to be given up to another worker is ``leaving`` for a beat or more: nothing new of it is begun, and what is
    being sent is sent. A provider that cannot be asked what it took would be sent the same once more (X5).
    """

    def __init__(self, store: Store, worker: str) -> None:
        self._store = store
        self._worker = worker
        self._beat = store.script(_BEAT)
        self._renew = store.script(_RENEW)
        self._release = store.script(_RELEASE)
        self.owned: set[int] = set()
        self.leaving: dict[int, int] = {}
        self.lapsed: set[int] = set()
        """What was another's for a moment, or nobody's, when it was last renewed; it may have been taken back since."""
        self._had: set[int] = set()

    async def beat(self, sending: Collection[int] = ()) -> set[int]:
        """Renews, gives up what is more than a fair share, takes what is free; returns what is to be worked on now.

        ``sending`` are partitions of which something is on its way to a provider.
        """
        alive = await self._beat.run(["workers"], [self._worker, LEASE_MILLISECONDS])
        share = -(-PARTITIONS // max(1, int(alive)))
        await self.renew()
        await self._let_go(sorted(self.owned)[share:], sending)
        # After an outage each worker takes back what it had: it alone knows what went out just before (X5).
        for partition in sorted(self._had) if self._had and not self.owned else range(PARTITIONS):
            if len(self.owned) >= share:
                break
            if partition not in self.owned and await self._take(partition):
                self.owned.add(partition)
        self._had = set(self.owned)
        return self.owned - set(self.leaving)

    async def _let_go(self, surplus: Collection[int], sending: Collection[int]) -> None:
        self.leaving = {partition: self.leaving.get(partition, 0) + 1 for partition in surplus}
        for partition, beats in list(self.leaving.items()):
            if beats > _MOST_BEATS or (beats > 1 and partition not in sending):
                await self.release(partition)

    async def release(self, partition: int) -> None:
        """Gives a partition up at once."""
        self.owned.discard(partition)
        self.leaving.pop(partition, None)
        await self._release.run([f"lease:{partition}"], [self._worker])

    async def release_all(self) -> None:
        """Gives everything up, so that another worker need not wait for the leases to lapse."""
        for partition in list(self.owned):
            await self.release(partition)
        await self._store.call("ZREM", "workers", self._worker)

    async def renew(self) -> None:
        """Holds what is owned for three seconds more."""
        mine = sorted(self.owned)
        if mine:
            kept = await self._renew.run([f"lease:{p}" for p in mine], [self._worker, LEASE_MILLISECONDS])
            self.owned = {mine[int(index) - 1] for index in kept}
        self.lapsed = set(mine) - self.owned

    async def _take(self, partition: int) -> bool:
        return bool(await self._store.call("SET", f"lease:{partition}", self._worker, "NX", "PX", LEASE_MILLISECONDS))
