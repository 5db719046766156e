"""Keys of the erase list: one for each channel and day, in the memory-only instance (P4).

They open nothing but what is to be erased, and a disk with every long-term key opens nothing of that either. With the
instance they are gone, and what they sealed cannot be erased by us any more.
"""

from datetime import datetime

from hotline.messages import SMS, TELEGRAM, ChannelName
from storage.connection import Store
from storage.keyspace import SMS_COPY_SECONDS, TELEGRAM_COPY_SECONDS
from vault.content import ContentKey
from vault.errors import SealBroken
from vault.keyring import Keyring
from vault.purposes import Purpose

COPY_SECONDS = {SMS: SMS_COPY_SECONDS, TELEGRAM: TELEGRAM_COPY_SECONDS}
"""How long a copy of each channel stays on the list."""

_DAY_SECONDS = 24 * 3600


class EraseKeys:
    """Hands out the key of the day, from memory but for the first time, so that a turn waits for nothing."""

    def __init__(self, keys: Store, keyring: Keyring) -> None:
        self._keys = keys
        self._keyring = keyring
        self._known: dict[str, ContentKey] = {}

    async def get(self, channel: ChannelName, now: datetime) -> ContentKey:
        """The key of this channel and day, new if there is none; two workers at once agree on one.

        Raises StoreError.
        """
        name = f"{channel}:{int(now.timestamp()) // _DAY_SECONDS}"
        key = await self.find(name)
        if key is None:
            new = ContentKey.create(name)
            wrapped = self._keyring.seal(Purpose.ERASE_KEY, new.secret, name)
            # Its last entry is made at the end of the day and is to be opened to the end of its own time.
            seconds = COPY_SECONDS[channel] + _DAY_SECONDS
            await self._keys.call("SET", f"erase-key:{name}", wrapped, "NX", "EX", seconds)
            key = await self.find(name) or new
        return key

    async def find(self, name: str) -> ContentKey | None:
        """The key of that name, or None if it is gone. Raises StoreError."""
        if name not in self._known:
            wrapped = await self._keys.call("GET", f"erase-key:{name}")
            if wrapped is None:
                return None
            try:
                self._known[name] = ContentKey(name, self._keyring.open(Purpose.ERASE_KEY, wrapped, name))
            except SealBroken:
                return None
        return self._known[name]

    async def forget_lost(self) -> None:
        """Lets go of keys that the instance has no more, so that nothing is sealed that only this process opens."""
        names = list(self._known)
        found = await self._keys.call_all([("EXISTS", f"erase-key:{name}") for name in names]) if names else []
        for name, there in zip(names, found, strict=True):
            if not there:
                self._known.pop(name, None)
