"""One turn's effects as one step: all of it is written, or none (X4, X5)."""

from collections.abc import Iterable

from storage.connection import Store
from storage.wire import Part
from vault.content import ContentKey

# Fenced: a worker that was paused while another took its partition over cannot write any more. Nor is anything written
# over what another lane has changed meanwhile: around a rotation of address keys one texter has two lanes. A worker
# that was frozen may have its lease back after another had it: what that one has answered is not answered again.
_COMMIT = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local at = 4
for _ = 1, tonumber(ARGV[2]) do
  local now
  if ARGV[at + 1] == '' then now = redis.call('GET', ARGV[at])
  elseif ARGV[at + 1] == '*' then now = redis.sha1hex(table.concat(redis.call('HGETALL', ARGV[at]), ','))
  else now = redis.call('HGET', ARGV[at], ARGV[at + 1]) end
  if (now or '') ~= ARGV[at + 2] then return 2 end
  at = at + 3
end
for _ = 1, tonumber(ARGV[3]) do
  if #redis.call('XRANGE', ARGV[at], ARGV[at + 1], ARGV[at + 1]) == 0 then return 0 end
  at = at + 2
end
local written = 1
while at <= #ARGV do
  local size, first = tonumber(ARGV[at]), ARGV[at + 1]
  if first == 'IF-THERE' then
    if redis.call('EXISTS', ARGV[at + 2]) == 1 then redis.call(unpack(ARGV, at + 3, at + size)) end
  elseif first == 'MARK' then
    if redis.call('HSETNX', ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]) == 0 then written = 3 end
  elseif first == 'MARKED' then
    redis.call('HSET', ARGV[at + 2], redis.call(unpack(ARGV, at + 4, at + size)), ARGV[at + 3])
  else
    redis.call(unpack(ARGV, at + 1, at + size))
  end
  at = at + size + 1
end
return written
"""


_OVERTAKEN = 2
_BEGUN_BEFORE = 3


class LeaseLost(Exception):
    """Another worker owns the partition, or has owned it and done this; nothing was written."""


class Overtaken(Exception):
    """What this turn was decided upon has changed meanwhile; nothing was written, and the turn is to begin anew."""


WHOLE = "*"

type Fact = tuple[str, str, bytes]
"""A key, a field of it (empty for a string), and its value (empty if there is none).

With ``WHOLE`` for the field, the SHA-1 of all of a hash: fields and values as HGETALL gives them, a comma between.
"""


class Writes:
    """Collects the writes of one turn, in order.

    ``facts`` must still hold when they are written, and ``entries`` (stream, id) lie there still. ``begun`` are the
    messages whose sending begins with them: number to the key that seals it.
    """

    def __init__(self) -> None:
        self.operations: list[tuple[Part, ...]] = []
        self.facts: tuple[Fact, ...] = ()
        self.entries: list[tuple[str, str]] = []
        self.begun: dict[str, ContentKey] = {}

    def add(self, *operation: Part) -> None:
        """One Redis command and its arguments."""
        self.operations.append(operation)

    def add_if_there(self, key: str, *operation: Part) -> None:
        """The same, which is left out if ``key`` does not exist when it would be written."""
        self.operations.append(("IF-THERE", key, *operation))

    def add_begun(self, partition: int, number: str, key: ContentKey, at: str, *operation: Part) -> None:
        """The same, for an outbox entry with that number whose sending begins at once (X5)."""
        self.operations.append(("MARKED", f"sending:{partition}", at, *operation))
        self.begun[number] = key


class Committer:
    """Writes a turn's effects if this worker still owns the partition."""

    def __init__(self, store: Store, worker: str) -> None:
        self._script = store.script(_COMMIT)
        self._worker = worker

    async def commit(self, partition: int, writes: Writes) -> None:
        """Writes all or nothing. Raises LeaseLost, Overtaken, or StoreError with the outcome unknown."""
        await self._write(partition, writes)

    async def _write(self, partition: int, writes: Writes) -> int:
        facts = [part for fact in writes.facts for part in fact]
        entries = [part for entry in writes.entries for part in entry]
        counts = len(writes.facts), len(writes.entries)
        parts = [self._worker, *counts, *facts, *entries, *_flat(writes.operations)]
        written = await self._script.run([f"lease:{partition}"], parts)
        if not written:
            raise LeaseLost
        if written == _OVERTAKEN:
            raise Overtaken
        return int(written)

    async def mark_sending(self, partition: int, entry: str, at: str) -> bool:
        """Notes that sending an outbox entry begins; False if it had begun before. Raises LeaseLost and StoreError.

        It must lie there still: a worker that was frozen past its lease holds in memory what its successor has sent
        long ago, and would find no mark, since the successor has taken it away, and the entry with it.
        """
        writes = Writes()
        writes.entries.append((f"outbox:{partition}", entry))
        writes.operations.append(("MARK", f"sending:{partition}", entry, at))
        return await self._write(partition, writes) != _BEGUN_BEFORE


def _flat(operations: Iterable[tuple[Part, ...]]) -> Iterable[Part]:
    for operation in operations:
        yield len(operation)
        yield from operation
