"""Asks Twilio what it still holds of ours: brings in texts that never reached us (X4), erases the rest (P5, C12).

A text whose webhook failed, since our host was down or unreachable, lies there alone; nothing of a texter's is erased
before it has come in. Telegram's Bot API cannot be asked: it repeats an update until we take it, and there the erase
list alone knows.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from app.world import World
from connectors.contract import Connector, Copy, Erasure
from connectors.errors import PayloadError, SendError
from hotline.messages import SMS, Address
from storage.connection import StoreError
from storage.erasures import Erasures
from storage.keyspace import DEDUPE_SECONDS, PARTITIONS, RECONCILE_SECONDS, SMS_COPY_SECONDS

QUIET = timedelta(minutes=20)
"""No younger copy is erased: the erase list has it, or a message that may be sent again is looked up by it (X5)."""
LATE = timedelta(minutes=2)
"""Twilio's own tries have ended by then. One that still comes after all is a repetition, by the same mark (X4)."""
LOST_WITHIN = timedelta(seconds=DEDUPE_SECONDS) - timedelta(hours=1)
"""Of an older text nobody can tell any more whether it came in: marks last 48 hours."""
_BROUGHT_IN, _NOTHING = "brought_in", "nothing"
_LOOK_EVERY = timedelta(minutes=5)
_SKEW = timedelta(minutes=1)
_MOST_LISTED = 1000
_PAUSE_SECONDS = 0.1
_AGAIN_SECONDS = 300


class Reconciler:
    """A text that was lost on its way comes in within minutes; what the erase list missed goes within the hour."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._list = Erasures(world.store, world.erase_keys)
        self._looks_at = datetime.min.replace(tzinfo=UTC)

    async def run_if_due(self) -> None:
        """Every five minutes what may be lost, once an hour all. Raises StoreError and nothing else."""
        # Kept in the store: a worker process is replaced more often than once an hour (P1).
        whole = await self._world.store.call("SET", "reconciled", "1", "NX", "EX", RECONCILE_SECONDS)
        if not whole and self._world.now() < self._looks_at:
            return
        self._looks_at = self._world.now() + _LOOK_EVERY
        try:
            await (self.run() if whole else self.run(LOST_WITHIN))
        except (StoreError, OSError, TimeoutError):
            raise
        except Exception as error:
            code = error.code if isinstance(error, SendError) else type(error).__name__
            self._world.watch.failed("erase_failed", code)
            if whole:
                await self._world.store.call("EXPIRE", "reconciled", _AGAIN_SECONDS)

    async def run(self, reach: timedelta = timedelta(seconds=SMS_COPY_SECONDS)) -> int | None:
        """Lists, brings in, erases; how many copies are left that should be gone, or None if nobody can tell.

        Raises SendError if Twilio cannot be asked, StoreError if ours cannot.
        """
        connector, now = self._world.connectors[SMS], self._world.now()
        # Read before the list: what is begun after this is younger than the horizon, and Twilio may be away.
        horizon, start = await self._find_horizon(now), await self._find_start(now)
        found = await connector.list_copies(now - reach, now - LATE, _MOST_LISTED)
        if found is None:
            return None
        unheard = [copy for copy in found if copy.from_texter and not await self._was_heard(copy)]
        fates = await self._bring_in(connector, unheard, max(start, now - LOST_WITHIN))
        done = [copy for copy in found if copy.created_at < horizon and fates.get(copy, _NOTHING) == _NOTHING]
        kept = sum(fate not in {_BROUGHT_IN, _NOTHING} for fate in fates.values())
        left = kept + await self._erase_all(connector, done)
        if reach > LOST_WITHIN:
            self._world.watch.copies(SMS, left)
        return left

    async def _was_heard(self, copy: Copy) -> bool:
        """True if it came in, by its mark, or by the erase list where Twilio has refused to let it go for days."""
        names = self._world.address_keys.hash_external_id_under_all(SMS, copy.external_id)
        return await self._world.inbox.has_seen(SMS, copy.external_id) or await self._list.has_sms(names)

    async def _bring_in(self, connector: Connector, unheard: Sequence[Copy], since: datetime) -> dict[Copy, str]:
        """Takes them in as their webhooks would have, the oldest first; what became of each."""
        fates = {copy: await self._bring_one_in(connector, copy, since) for copy in reversed(unheard)}
        for reason in sorted({*fates.values()} - {_BROUGHT_IN, _NOTHING}):
            self._world.watch.failed("text_left", reason)
        return fates

    async def _bring_one_in(self, connector: Connector, copy: Copy, since: datetime) -> str:
        """What became of it; else why it stays, for a person to read. One that fails holds up none behind it."""
        if copy.created_at < since:
            return "too_old"
        try:
            message = await connector.read_copy(copy.external_id)
        except PayloadError:
            return "unreadable"
        except SendError as error:
            return error.code
        if message is None:
            return _NOTHING
        if await self._world.inbox.put_message(message):
            self._world.watch.failed("text_late")
        return _BROUGHT_IN

    async def _find_start(self, now: datetime) -> datetime:
        """Since when this store takes texts in: what is older may have been answered by another one."""
        await self._world.store.call("SET", "taken-since", now.isoformat(), "NX")
        return datetime.fromisoformat((await self._world.store.call("GET", "taken-since")).decode())

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
