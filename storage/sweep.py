"""The sweep: erases what an interrupted erasure, or an older copy of the disk, has left behind (P3).

A commit erases a conversation and its keys follow at once. Between the two a worker may be killed, and a store may be
put back from a copy that still has what was erased. The sweep finds both; it never touches what a person waits in,
unless nobody can open it and nothing has happened in it for longer than any outage that anyone should wait out.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched

from hotline.clocks import FORGOTTEN_AFTER
from hotline.conversations import Owner
from hotline.deadlines import KINDS
from hotline.messages import AddressHash, ConversationId
from hotline.ports import Clock
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.epochs import Epochs
from storage.keyspace import DEAD_SECONDS, EVENT_SECONDS, PARTITIONS, SESSION_SECONDS, partition_of
from storage.records import parse_time, time_text
from storage.shifts import StoreShifts
from storage.sweep_pages import drop_strays, keep_without_row

STALE = timedelta(hours=4)
"""What waits unreadable is kept so long after its last change: as long as the longest hold (A4)."""
_ORPHAN_SECONDS = 120
"""A key that is older than this and has no conversation will never have one: a turn takes seconds."""
_AT_ONCE = 500
_OPEN = {Owner.WAITING.encode(), Owner.WITH_ADVOCATE.encode()}

# Each is one step, so that a turn in between loses nothing: what it wrote is seen, or written after.
_DROP_OPEN = """
if redis.call('EXISTS', 'conversation:' .. ARGV[1]) == 1 then return 0 end
return redis.call('SREM', 'open', ARGV[1])
"""
_FORGET = """
local name = 'conversation:' .. ARGV[1]
if (redis.call('HGET', name, 'last_at') or '') ~= ARGV[2] then return 0 end
local lane = redis.call('HGET', name, 'address_hash') or ''
redis.call('DEL', name, 'window:' .. ARGV[1], 'status:' .. ARGV[1])
if redis.call('GET', 'address:' .. lane) == ARGV[1] then redis.call('DEL', 'address:' .. lane) end
redis.call('SREM', 'open', ARGV[1])
for i = 4, #ARGV do redis.call('ZREM', ARGV[3], ARGV[i] .. '|' .. lane .. '|' .. ARGV[1]) end
return 1
"""


@dataclass(frozen=True, slots=True)
class Swept:
    """How much was left behind: keys without a conversation, rows without one, conversations without a key."""

    keys: int = 0
    rows: int = 0
    conversations: int = 0


def is_stale(fields: Mapping[str, bytes], now: datetime) -> bool:
    """True for a row that nobody can open and that is to be erased, not brought before a person.

    ``fields`` is the conversation's row in the open; ``now`` its own time. One that waits is kept for ``STALE``.
    """
    last_at = parse_time(fields.get("last_at", b"").decode())
    if last_at is None:
        return True
    kept = STALE if fields.get("owner") in _OPEN else timedelta(seconds=SESSION_SECONDS)
    return now - last_at > kept


def is_too_old(entry: str, now: datetime) -> bool:
    """True for an inbox entry, given by its id, that has lain there for longer than ``STALE``."""
    return int(entry.partition("-")[0]) / 1000 < (now - STALE).timestamp()


class Sweep:
    """Looks through both instances. Any number may run at once; each step is right by itself."""

    def __init__(self, store: Store, content_keys: ContentKeys, epochs: Epochs, clock: Clock) -> None:
        self._store = store
        self._content_keys = content_keys
        self._epochs = epochs
        self._clock = clock
        self._drop_open = store.script(_DROP_OPEN)
        self._forget = store.script(_FORGET)

    async def run(self) -> Swept:
        """Erases what should not be there, words' keys first. Raises StoreError; what is left goes the next time."""
        keys = await self._drop_orphan_keys()
        rows, conversations = await self._drop_rows()
        await self._drop_old_entries()
        return Swept(keys, rows, conversations)

    async def _drop_orphan_keys(self) -> int:
        """Keys whose conversation is gone. A content key stays for the last message, as after any erasure."""
        epochs = await self._without_conversation(self._epochs.find_older(_ORPHAN_SECONDS))
        for conversation in epochs:
            await self._epochs.delete(conversation)
        content = await self._without_conversation(self._content_keys.find_older(_ORPHAN_SECONDS))
        for conversation in content:
            await self._content_keys.let_go(conversation)
        return len(epochs) + len(content)

    async def _without_conversation(self, pages: AsyncIterator[list[str]]) -> list[ConversationId]:
        missing = [one async for ids in pages for one in await keep_without_row(self._store, ids)]
        return [ConversationId(one) for one in dict.fromkeys(missing)]

    async def _drop_rows(self) -> tuple[int, int]:
        """Windows, statuses, addresses and list places without a conversation; conversations that are nobody's."""
        rows, conversations = 0, 0
        idle_before = time_text(self._clock.now() - timedelta(seconds=SESSION_SECONDS))
        async for dropped, old in drop_strays(self._store, idle_before):
            rows += dropped
            for one in old:
                conversations += await self._drop_unreadable(ConversationId(one))
        for some in batched(await self._store.call("SMEMBERS", "open"), _AT_ONCE):
            for member in await keep_without_row(self._store, [one.decode() for one in some]):
                rows += await self._drop_open.run([], [member])
        return rows, conversations

    async def _drop_unreadable(self, conversation: ConversationId) -> int:
        """1 if its content key is gone, and ``is_stale`` says that it is nobody's any more."""
        name = f"conversation:{conversation}"
        owner, last_at, lane = await self._store.call("HMGET", name, "owner", "last_at", "address_hash")
        row = {"owner": owner or b"", "last_at": last_at or b""}
        if not is_stale(row, self._clock.now()) or await self._content_keys.find(conversation):
            return 0
        await self._epochs.delete(conversation)
        deadlines = f"deadlines:{partition_of(AddressHash(lane.decode()))}" if lane else "deadlines:0"
        return int(await self._forget.run([], [conversation, last_at or "", deadlines, *KINDS]))

    async def _drop_old_entries(self) -> None:
        """What has a time of its own, and that nobody has looked at since."""
        now = self._clock.now()
        forgotten = (now - FORGOTTEN_AFTER).timestamp()
        dead, events = now - timedelta(seconds=DEAD_SECONDS), now - timedelta(seconds=EVENT_SECONDS)
        await self._store.call_all(
            [
                ("XTRIM", "dead", "MINID", int(dead.timestamp() * 1000)),
                ("XTRIM", "events", "MINID", int(events.timestamp() * 1000)),
                ("ZREMRANGEBYSCORE", "present", "-inf", now.timestamp()),
                ("ZREMRANGEBYSCORE", "resting", "-inf", now.timestamp()),
                ("ZREMRANGEBYSCORE", "clocks", "-inf", forgotten),
            ]
        )
        await StoreShifts(self._store).drop_old(now)
        for partition in range(PARTITIONS):
            await self._drop_notes(f"attempts:{partition}", f"inbox:{partition}")
            await self._drop_notes(f"sending:{partition}", f"outbox:{partition}")

    async def _drop_notes(self, notes: str, stream: str) -> None:
        """Notes about entries that are in their stream no more."""
        for identifier in await self._store.call("HKEYS", notes):
            if not await self._store.call("XRANGE", stream, identifier, identifier):
                await self._store.call("HDEL", notes, identifier)
