"""Reading the machine queues: all entries of the owned partitions, oldest first, each once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from storage.connection import Store

_MOST_LOOKED_AT = 200

INBOX, OUTBOX, PAGES = "inbox", "outbox", "pages"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an inbox, an outbox or the pages. ``lane`` is the keyed hash whose order is kept."""

    queue: str
    partition: int
    id: str
    lane: str
    fields: dict[bytes, bytes] = field(repr=False)
    taken_over: bool = False
    """True if it lay there when this worker took the partition: it may be what killed the last one."""


class Streams:
    """Reads the owned partitions' streams. Whatever is still in a stream is not yet done."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last: dict[tuple[str, int], str] = {}
        self._fresh: set[tuple[str, int]] = set()

    def own(self, partitions: Iterable[int]) -> None:
        """From now on reads these partitions; a new one is read from its beginning."""
        wanted = {(queue, partition) for partition in partitions for queue in (INBOX, OUTBOX, PAGES)}
        self._last = {name: self._last.get(name, "0") for name in wanted}
        self._fresh = {name for name in wanted if self._last[name] == "0"}

    async def read(self, block_milliseconds: int) -> list[Entry]:
        """What came since the last call; waits for something at most so long. Raises StoreError."""
        if not self._last:
            return []
        asked, fresh = dict(self._last), self._fresh
        keys = [f"{queue}:{partition}" for queue, partition in asked]
        wait = 1 if fresh else block_milliseconds
        answer = await self._store.call("XREAD", "COUNT", 500, "BLOCK", wait, "STREAMS", *keys, *asked.values())
        entries: list[Entry] = []
        for key, found in answer or []:
            queue, partition = key.decode().split(":")
            name = (queue, int(partition))
            if self._last.get(name) != asked[name]:
                continue  # given up meanwhile, or begun anew: who takes it on reads it all
            for identifier, fields in found:
                self._last[name] = identifier.decode()
                lane = fields[b"a"].decode()
                entries.append(Entry(queue, int(partition), identifier.decode(), lane, fields, name in fresh))
        if fresh and len(entries) < 500:
            self._fresh = self._fresh - fresh
        return entries


async def is_in_outbox(store: Store, partition: int, conversation: str) -> bool:
    """True while a message of a conversation may wait to be sent: after an outage its end can overtake it. StoreError.

    Only so many are looked at; with more there it is taken to be among them.
    """
    entries = await store.call("XRANGE", f"{OUTBOX}:{partition}", "-", "+", "COUNT", _MOST_LOOKED_AT)
    return len(entries) == _MOST_LOOKED_AT or any(fields[b"c"].decode() == conversation for _, fields in entries)
