"""Robin, who is on shift and on call, and takes whoever waits: claims, writes a line, gives back to the bot."""

import asyncio
import base64
import contextlib
import itertools
from datetime import UTC, datetime, timedelta

from app.reply_opening import reply_context
from app.stack import Stack
from app.wiring import build_inbox
from app.world import SystemClock
from hotline.conversations import Owner
from hotline.messages import Address
from hotline.shifts import ON_CALL, Shift
from storage.accounts import Account, StoreAccounts
from storage.connection import Store, StoreError
from storage.contacts import BROWSER, StoreContacts
from storage.content_keys import InboxPublicKeys
from storage.desk import Command, Listed, StoreDesk
from storage.shifts import StoreShifts
from vault.key_files import load_keyring

NAME = "robin"
SAYS = "We are here with you, "
LEFT = "The person has left this chat"
"""What its texter is told when a conversation is given back to the bot."""
COMINGS = ("A person has joined", "Another person has joined", "The person ")
"""How everything begins that its texter is told of people who come and go."""
_SHIFT_HOURS = 8
_LOOK_SECONDS = 0.5
_THINK_SECONDS = 0.3
_AWAY = (StoreError, OSError, TimeoutError, KeyError)


class Robin:
    """An advocate at the console's own door, without a browser."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._store, self._keys = Store(stack.store_url("console")), Store(stack.keys_url("console"))
        self._desk = StoreDesk(self._store, build_inbox(stack.settings, self._store, self._keys), SystemClock(), 90)
        self._contacts = StoreContacts(self._store, load_keyring(stack.settings.staff_key_file))
        self._words = itertools.product("abcdefghij", repeat=4)
        self.visits = 0
        self.gone = 0

    async def come(self) -> None:
        """On shift, on call, with a browser that is paged."""
        await StoreAccounts(self._store).put(Account(NAME, NAME, "hash"))
        now = datetime.now(UTC)
        endpoint = Address(f"{self._stack.url('phone')}/push/{NAME}")
        await self._contacts.add(NAME, BROWSER, endpoint, now, proved=True)
        shift = Shift("", NAME, ON_CALL, now - timedelta(hours=1), now + timedelta(hours=_SHIFT_HOURS))
        await StoreShifts(self._store).add([shift], now)
        await self._desk.set_present(NAME, _SHIFT_HOURS * 3600)

    async def work(self) -> None:
        """Takes whoever waits, again and again, until cancelled."""
        while True:
            await self.take_all()
            await asyncio.sleep(_LOOK_SECONDS)

    async def take_all(self) -> int:
        """One round; how many conversations are still listed."""
        try:
            listed = await self._desk.list_open()
        except _AWAY:
            return -1
        await asyncio.gather(*(self._visit(one) for one in listed))
        return len(listed)

    async def _visit(self, listed: Listed) -> None:
        with contextlib.suppress(*_AWAY):
            if listed.owner is Owner.WAITING:
                answer = await self._desk.submit(Command("claim", listed.id, NAME))
                self.gone += answer == "gone"
                if answer != "done":
                    return
                await asyncio.sleep(_THINK_SECONDS)
            words = f"{SAYS}{''.join(next(self._words))}."
            public = await InboxPublicKeys(self._keys).get()
            sealed = base64.b64encode(public.seal(words.encode(), reply_context(listed.id, NAME))).decode()
            # A text that came late by a clock that jumped leaves the line quiet: Robin clicks twice (R10, 0106).
            await self._desk.submit(Command("reply", listed.id, NAME, sealed, confirmed=("near",)))
            await self._desk.submit(Command("release", listed.id, NAME))
            self.visits += 1

    async def aclose(self) -> None:
        """Goes home."""
        await self._store.aclose()
        await self._keys.aclose()
