"""Who is watching: one bounded queue per open page, found by conversation, so a busy phone costs it nothing."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Event = dict[str, Any]
Conversation = tuple[str, str]
"""Channel and address."""

QUEUE_LENGTH = 1000


class Events:
    """Events of the handsets, to whoever watches that conversation or all of them."""

    def __init__(self) -> None:
        self.closing = asyncio.Event()
        self._watchers: dict[Conversation | None, set[asyncio.Queue[Event]]] = {}

    def publish(self, event: Event) -> None:
        """Gives ``event`` to its watchers; one that does not keep up misses it and may ask for the messages again."""
        for key in ((event["channel"], event["address"]), None):
            for queue in self._watchers.get(key, ()):
                if not queue.full():
                    queue.put_nowait(event)

    async def wait(self, queue: asyncio.Queue[Event], seconds: float) -> Event | None:
        """The next event of a watcher's queue, None if none came in time or the phone is closing."""
        getting, closing = asyncio.ensure_future(queue.get()), asyncio.ensure_future(self.closing.wait())
        try:
            await asyncio.wait({getting, closing}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            return getting.result() if getting.done() else None
        finally:
            getting.cancel()
            closing.cancel()

    @contextmanager
    def watch(self, *conversations: Conversation) -> Iterator[asyncio.Queue[Event]]:
        """A queue of the events of these conversations, or of all if none is named."""
        queue: asyncio.Queue[Event] = asyncio.Queue(QUEUE_LENGTH)
        keys: tuple[Conversation | None, ...] = conversations or (None,)
        for key in keys:
            self._watchers.setdefault(key, set()).add(queue)
        try:
            yield queue
        finally:
            for key in keys:
                self._watchers[key].discard(queue)
                if not self._watchers[key]:
                    del self._watchers[key]
