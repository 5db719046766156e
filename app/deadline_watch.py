"""Looks for what has fallen due in the owned partitions and feeds it into its conversation's lane."""

from collections.abc import Callable, Collection

from hotline.ports import Clock
from storage.connection import Store

_AT_ONCE = 200


class DeadlineWatch:
    """Feeds each deadline once; it stays in the store until its commit removes it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._fed: set[str] = set()

    async def feed_due(self, owned: Collection[int], feed: Callable[[str, int, tuple[str, str]], None]) -> None:
        """Calls ``feed(lane, partition, (kind, conversation id))`` for all that is due now. Raises StoreError."""
        now = self._clock.now().timestamp()
        partitions = sorted(owned)
        rows = await self._store.call_all(
            [("ZRANGEBYSCORE", f"deadlines:{p}", "-inf", now, "LIMIT", 0, _AT_ONCE) for p in partitions]
        )
        due = {member.decode(): p for p, members in zip(partitions, rows, strict=True) for member in members}
        for member in due.keys() - self._fed:
            kind, lane, conversation = member.split("|")
            feed(lane, due[member], (kind, conversation))
        self._fed = set(due)
