"""Whether a program can do its work, asked of the parts that it needs; the answer is one word (R9, X4).

The words are FAULTS of ``app/metric_table.py``; nothing of an error's text is told.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from storage.connection import Store, StoreError

type FindFault = Callable[[], Awaitable[str]]
"""Why a program cannot do its work: one of FAULTS, or nothing."""

ASK_SECONDS = 2.0
"""A store that is paused does not refuse, it only never answers."""
_KEPT_SECONDS = 0.5
_WRITE = ("XADD", "inbox:ready", "NOMKSTREAM", "*", "a", "")
"""A write that a full or read-only store refuses, and that leaves nothing: there is no such stream, nor is one made."""


class Readiness:
    """Asks the stores what the program itself asks of them, at most twice a second."""

    def __init__(
        self,
        store: Store,
        keys: Store,
        *,
        needs_inbox_key: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._keys = store, keys
        self._needs_inbox_key = needs_inbox_key
        self._clock = clock
        self._found, self._at = "", float("-inf")

    async def find_fault(self) -> str:
        """``store``, ``keys`` or ``inbox_key`` if that is what is missing; empty if nothing is."""
        if self._clock() - self._at > _KEPT_SECONDS:
            self._found = await self._ask()
            self._at = self._clock()
        return self._found

    async def _ask(self) -> str:
        if not await answers(self._store.call(*_WRITE)):
            return "store"
        try:
            async with asyncio.timeout(ASK_SECONDS):
                public = await self._keys.call("GET", "inbox-public")
        except (StoreError, OSError, TimeoutError):
            return "keys"
        return "inbox_key" if self._needs_inbox_key and public is None else ""


async def answers(asking: Awaitable[object]) -> bool:
    """True if a call on a store comes back in time."""
    try:
        async with asyncio.timeout(ASK_SECONDS):
            await asking
    except (StoreError, OSError, TimeoutError):
        return False
    return True
