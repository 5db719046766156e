"""Asks Twilio every hour what it still holds of ours, and erases it: also what a lost list had known (P5, C12).

Telegram's Bot API cannot be asked; there the list alone knows.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.world import World
from connectors.contract import Connector, Copy, Erasure
from connectors.errors import SendError
from hotline.messages import SMS, Address
from storage.connection import StoreError
from storage.keyspace import PARTITIONS, RECONCILE_SECONDS, SMS_COPY_SECONDS

QUIET = timedelta(minutes=20)
"""No younger copy is touched: the erase list has it, or a message that may be sent again is looked up by it (X5)."""
_SKEW = timedelta(minutes=1)
_MOST_LISTED = 1000
_PAUSE_SECONDS = 0.1
_AGAIN_SECONDS = 300


class Reconciler:
    """Whatever the erase list has missed goes within the hour; what is left is counted."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def run_if_due(self) -> None:
        """A pass, if the last one by any worker is an hour ago. Raises StoreError and nothing else."""
        # Kept in the store: a worker process is replaced more often than once an hour (P1).
        if not await self._world.store.call("SET", "reconciled", "1", "NX", "EX", RECONCILE_SECONDS):
            return
        try:
            await self.run()
        except (StoreError, OSError, TimeoutError):
            raise
        except Exception as error:
            code = error.code if isinstance(error, SendError) else type(error).__name__
            self._world.watch.failed("erase_failed", code)
            await self._world.store.call("EXPIRE", "reconciled", _AGAIN_SECONDS)

    async def run(self) -> int | None:
        """Lists and erases; how many copies are left that should be gone, or None if nobody can tell.

        Raises SendError if Twilio cannot be asked, StoreError if ours cannot.
        """
        connector, now = self._world.connectors[SMS], self._world.now()
        before = await self._find_horizon(now)
        since = now - timedelta(seconds=SMS_COPY_SECONDS)
        found = await connector.list_copies(since, before, _MOST_LISTED)
        if found is None:
            return None
        left = await self._erase_all(connector, found)
        self._world.watch.copies(SMS, left)
        return left

    async def _erase_all(self, connector: Connector, found: Sequence[Copy]) -> int:
        left = 0
        for copy in found:
            try:
                await connector.erase(Erasure(SMS, Address(""), (copy.external_id,)))
            except SendError as error:
                left += 1
                if error.alert:
                    raise
                await asyncio.sleep(min(error.retry_after_seconds, 60.0) if error.code == "20429" else _PAUSE_SECONDS)
            else:
                age = (self._world.now() - copy.created_at).total_seconds()
                self._world.watch.erased(SMS, "reconciled", age)
                await asyncio.sleep(_PAUSE_SECONDS)
        return left

    async def _find_horizon(self, now: datetime) -> datetime:
        """Older than this, nothing of ours needs a record: what is being sent may be looked up by it (X5)."""
        begun = await self._world.store.call_all([("HVALS", f"sending:{n}") for n in range(PARTITIONS)])
        marks = [datetime.fromisoformat(at.decode()) - _SKEW for row in begun for at in row]
        return min([now - QUIET, *marks])
