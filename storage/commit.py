"""One turn's effects as one step: all of it is written, or none (X4, X5)."""

from collections.abc import Iterable

from storage.connection import Part, Store

# Fenced: a worker that was paused while another took its partition over cannot write any more.
_COMMIT = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local at = 2
while at <= #ARGV do
  local size = tonumber(ARGV[at])
  redis.call(unpack(ARGV, at + 1, at + size))
  at = at + size + 1
end
return 1
"""


class LeaseLost(Exception):
    """Another worker owns the partition now; nothing was written."""


class Writes:
    """Collects the writes of one turn, in order."""

    def __init__(self) -> None:
        self.operations: list[tuple[Part, ...]] = []

    def add(self, *operation: Part) -> None:
        """One Redis command and its arguments."""
        self.operations.append(operation)


class Committer:
    """Writes a turn's effects if this worker still owns the partition."""

    def __init__(self, store: Store, worker: str) -> None:
        self._script = store.script(_COMMIT)
        self._worker = worker

    async def commit(self, partition: int, writes: Writes) -> None:
        """Writes all or nothing. Raises LeaseLost, or StoreError with the outcome unknown."""
        if not await self._script.run([f"lease:{partition}"], [self._worker, *_flat(writes.operations)]):
            raise LeaseLost


def _flat(operations: Iterable[tuple[Part, ...]]) -> Iterable[Part]:
    for operation in operations:
        yield len(operation)
        yield from operation
