"""Taking messages in whatever the stores do: into the inbox, or into the spool while the store is away (X4).

A provider asks again for seconds (Twilio: 15 in all) or some hours (Telegram); after that a text is lost, and nobody
knows. So a text is refused only if it can be kept nowhere.
"""

import asyncio
import contextlib
import time
from typing import Protocol

from hotline.messages import SMS, InboundMessage, StatusUpdate
from storage.connection import StoreError
from storage.content_keys import InboxPublicKeys, parse_public, public_value
from storage.inbox import Inbox, SealedEntry
from storage.spool import RememberedKey, Spool
from vault.inbox import InboxPublicKey

PUT_SECONDS = 3.0
"""A store that has not taken a text after so long is away; there are Twilio's 15 seconds for all of it."""

KEY_SECONDS = 2.0
NO_PAIR_SECONDS = 5.0
"""How long a text waits for a worker to make a key pair. The keys instance has lost the last one then."""

_PAIR_LOOK_SECONDS = 0.03
"""After each start the first text waits for a pair as well: somebody may be waiting for its answer."""

_LOOK_SECONDS = 0.5
_AWAY = (StoreError, OSError, TimeoutError)


class Watch(Protocol):
    """Is told what becomes of the spool; nothing that identifies."""

    def note(self, event: str, count: int) -> None:
        """``spooled``, ``spool_handed_on``, ``spool_refused`` or ``spool_broken``, so many times."""

    def show(self, entries: int, oldest_seconds: float) -> None:
        """What lies in the spool now."""


class LastingKeys:
    """The inbox's public half, and the last one known while the keys instance is away."""

    def __init__(self, keys: InboxPublicKeys, remembered: RememberedKey) -> None:
        self._keys, self._remembered = keys, remembered
        self._last = parse_public(remembered.read() or b"")
        self._away_until = float("-inf")

    @property
    def last(self) -> InboxPublicKey | None:
        """The last one known, whether or not anything opens it still."""
        return self._last

    async def get(self) -> InboxPublicKey:
        """The one in force, or the last one known if that cannot be asked. Raises KeyError or what asking raised.

        Should its private half be gone meanwhile, the text comes before a person as unreadable (P3): no silence.
        """
        if time.monotonic() < self._away_until:
            if self._last is None:
                raise TimeoutError
            return self._last
        try:
            async with asyncio.timeout(KEY_SECONDS):
                found = await self._keys.get()
        except _AWAY:
            # Only who has asked puts the next look off; with every text putting it off nobody would ever look again.
            self._away_until = time.monotonic() + _LOOK_SECONDS
            if self._last is None:
                raise
            return self._last
        if found != self._last:
            self._last = found
            with contextlib.suppress(OSError):
                self._remembered.write(public_value(found))
        return found


class Intake:
    """The inbox, and the spool before it. A ``put_`` that has returned is on disk; it raises as Inbox's does."""

    def __init__(self, inbox: Inbox, keys: LastingKeys, spool: Spool, watch: Watch) -> None:
        self._inbox, self._keys, self._spool, self._watch = inbox, keys, spool, watch
        self._away, self._sound = False, True
        self._look_ahead: asyncio.Task[InboxPublicKey] | None = None
        if spool.broken:
            watch.note("spool_broken", spool.broken)

    async def put_message(self, message: InboundMessage) -> bool:
        """Keeps a message; False if its provider's id was seen before."""
        public = await self._find_key(lasting=message.channel == SMS)
        return await self._keep(self._inbox.seal_message(message, public))

    async def put_status(self, update: StatusUpdate) -> bool:
        """Keeps a status."""
        return await self._keep(self._inbox.seal_status(update, await self._keys.get()))

    async def run(self) -> None:
        """Hands on what lies in the spool as soon as the store takes it; never returns."""
        while True:
            try:
                await self.look()
            except Exception:
                # Whatever it is: what came in waits on, and is tried again.
                self._watch.note("spool_broken", 1)
            await asyncio.sleep(_LOOK_SECONDS)

    async def look(self) -> None:
        """Tries once to hand everything on; what cannot go now stays."""
        gone = 0
        try:
            if len(self._spool):
                gone = await self._spool.hand_on(self._put)
            self._away = False
        except _AWAY:
            self._away = True
        if gone:
            self._watch.note("spool_handed_on", gone)
        if self._sound and not self._spool.sound:
            self._watch.note("spool_broken", 1)
        self._sound = self._spool.sound
        self._watch.show(len(self._spool), self._spool.oldest_seconds())

    async def _find_key(self, *, lasting: bool) -> InboxPublicKey:
        """A keys instance that came back empty is given a pair within a second by any worker.

        If there is none, a text of a provider that soon gives up is sealed to a pair that is gone, and comes before
        a person as unreadable; the other provider keeps it readable and asks again.
        """
        until, look = time.monotonic() + NO_PAIR_SECONDS, self._keys.get
        while True:
            try:
                return await look()
            except KeyError:
                if time.monotonic() > until:
                    if lasting and self._keys.last:
                        return self._keys.last
                    raise
            look = self._look_with_others

    async def _look_with_others(self) -> InboxPublicKey:
        """The next look for a pair, one for all texts that wait: a flood of them is not to flood the keys instance."""
        if self._look_ahead is None or self._look_ahead.done():
            self._look_ahead = asyncio.create_task(self._look_later())
        return await asyncio.shield(self._look_ahead)

    async def _look_later(self) -> InboxPublicKey:
        await asyncio.sleep(_PAIR_LOOK_SECONDS)
        return await self._keys.get()

    async def _keep(self, entry: SealedEntry) -> bool:
        # What comes later in a lane waits behind what is in the spool, or the order would be lost.
        behind = self._away or self._spool.holds(entry.lane)
        if not behind:
            try:
                return await self._put(entry)
            except _AWAY:
                self._away = True
        try:
            await self._spool.keep(entry)
        except OSError:
            if behind:
                # Out of its order is better than refused.
                with contextlib.suppress(*_AWAY):
                    return await self._put(entry)
            self._watch.note("spool_refused", 1)
            raise
        self._watch.note("spooled", 1)
        return True

    async def _put(self, entry: SealedEntry) -> bool:
        async with asyncio.timeout(PUT_SECONDS):
            is_new = await self._inbox.put(entry)
        # Who writes for the first time after an outage waits for nobody's backlog.
        self._away = False
        return is_new
