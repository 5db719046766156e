"""Looks for what has fallen due in the owned partitions and feeds it into its conversation's lane."""

from collections.abc import Callable, Collection, Sequence

from hotline.deadlines import SESSION
from hotline.ports import Clock
from storage.connection import Store

_AT_ONCE = 1000
"""Of each partition, the longest due first: whoever waits must be among them."""

_MOST_FED, _MOST_SESSIONS = 12, 4
"""Of each partition at a time, the longest due first. After an outage thousands of sessions end at once; begun together
they took every connection to the stores, and no text, not one in danger, was answered. Who waits goes before them."""


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
            one: partition
            for partition, row in zip(partitions, rows, strict=True)
            for one in self._choose([(member.decode(), at) for member, at in zip(row[::2], row[1::2], strict=True)])
        }
        for one in due.keys() - self._fed:
            kind, lane, conversation = one[0].split("|")
            feed(lane, due[one], (kind, conversation))
        self._fed = set(due)

    def _choose(self, due: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
        """What is being done of a partition, and as much more as there is room for."""
        chosen = [one for one in due if one in self._fed]
        for is_end, most in ((False, _MOST_FED), (True, _MOST_SESSIONS)):
            room = most - sum(_is_end(one) is is_end for one in chosen)
            waiting = [one for one in due if _is_end(one) is is_end and one not in self._fed]
            chosen += waiting[: max(0, room)]
        return chosen


def _is_end(deadline: tuple[str, bytes]) -> bool:
    return deadline[0].startswith(f"{SESSION}|")
