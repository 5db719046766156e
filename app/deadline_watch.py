"""Looks for what has fallen due in the owned partitions and feeds it into its conversation's lane."""

from collections.abc import Callable, Collection

from hotline.ports import Clock
from storage.connection import Store

_AT_ONCE = 200


class DeadlineWatch:
    """Feeds each deadline once; it stays in the store until its commit removes or moves it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._fed: set[tuple[str, bytes]] = set()

    def forget(self) -> None:
        """Whatever was fed is to be fed again: its lane is gone."""
        self._fed.clear()

    async def feed_due(self, owned: Collection[int], feed: Callable[[str, int, tuple[str, str]], None]) -> None:
        """Calls ``feed(lane, partition, (kind, conversation id))`` for all that is due now. Raises StoreError."""
        now = self._clock.now().timestamp()
        partitions = sorted(owned)
        rows = await self._store.call_all(
            [("ZRANGEBYSCORE", f"deadlines:{p}", "-inf", now, "WITHSCORES", "LIMIT", 0, _AT_ONCE) for p in partitions]
        )
        # A deadline that was worked off and set anew has another time, and is another deadline.
        due = {
            (member.decode(), at): partition
            for partition, row in zip(partitions, rows, strict=True)
            for member, at in zip(row[::2], row[1::2], strict=True)
        }
        for one in due.keys() - self._fed:
            kind, lane, conversation = one[0].split("|")
            feed(lane, due[one], (kind, conversation))
        self._fed = set(due)
