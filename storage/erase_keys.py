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


# Only that very one: another worker may have made a new one meanwhile.
_DROP = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class EraseKeys:
    """Hands out the key of the day, from memory but for the first time, so that a turn waits for nothing."""

    def __init__(self, keys: Store, keyring: Keyring) -> None:
        self._keys = keys
        self._keyring = keyring
        self._drop = keys.script(_DROP)
        self._known: dict[str, tuple[bytes, ContentKey]] = {}
        """As it lies in the instance, and opened."""

    async def get(self, channel: ChannelName, now: datetime) -> ContentKey:
        """The key of this channel and day, new if there is none that opens; two workers at once agree on one.

        Raises StoreError.
        """
        name = f"{channel}:{int(now.timestamp()) // _DAY_SECONDS}"
        if name in self._known:
            return self._known[name][1]
        wrapped, key = await self._read(name)
        if key is None:
            if wrapped:
                await self._drop.run([f"erase-key:{name}"], [wrapped])
            new = ContentKey.create(name)
            sealed = self._keyring.seal(Purpose.ERASE_KEY, new.secret, name)
            # Its last entry is made at the end of the day and is to be opened to the end of its own time.
            seconds = COPY_SECONDS[channel] + _DAY_SECONDS
            await self._keys.call("SET", f"erase-key:{name}", sealed, "NX", "EX", seconds)
            key = await self.find(name) or new
        return key

    async def find(self, name: str) -> ContentKey | None:
        """The key of that name, or None if it is gone or does not open. Raises StoreError."""
        if name in self._known:
            return self._known[name][1]
        return (await self._read(name))[1]

    async def forget_lost(self) -> None:
        """Lets go of keys that the instance has no more, so that nothing is sealed that only this process opens."""
        names = list(self._known)
        found = await self._keys.call_all([("GET", f"erase-key:{name}") for name in names]) if names else []
        for name, wrapped in zip(names, found, strict=True):
            if name in self._known and self._known[name][0] != wrapped:
                del self._known[name]

    async def _read(self, name: str) -> tuple[bytes | None, ContentKey | None]:
        wrapped = await self._keys.call("GET", f"erase-key:{name}")
        if wrapped is None:
            return None, None
        try:
            key = ContentKey(name, self._keyring.open(Purpose.ERASE_KEY, wrapped, name))
        except SealBroken:
            return wrapped, None
        self._known[name] = (wrapped, key)
        return wrapped, key
