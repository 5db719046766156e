"""What a page needs so that its browser can open and seal: wraps, the inbox's public half, who lacks a wrap (P2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hotline.messages import ConversationId
from storage.connection import Store
from storage.content_keys import InboxPublicKeys
from storage.roster import Roster
from vault.inbox import InboxPublicKey
from vault.readers import key_fingerprint

_WRAP_BYTES = 8 + 32 + 32 + 16

# Only into what is there: a wrap that comes after the close must not outlive it.
_PUT = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
for i = 1, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
return 1
"""


@dataclass(frozen=True, slots=True)
class Missing:
    """A reader of the roster who has no wrap of an epoch, and the public key to make one for."""

    epoch: str
    name: str
    public: bytes


@dataclass(frozen=True, slots=True)
class Wrap:
    """One epoch's private half, sealed to one reader."""

    epoch: str
    name: str
    sealed: bytes = field(repr=False)


class StoreSeals:
    """Reads and heals wraps; opens nothing."""

    def __init__(self, keys: Store, roster: Roster) -> None:
        self._keys = keys
        self._roster = roster
        self._inbox = InboxPublicKeys(keys)
        self._put = keys.script(_PUT)

    async def read_wraps(self, conversation: ConversationId, name: str) -> Mapping[str, bytes]:
        """This reader's wraps by epoch; none for one who is not on the roster (any more)."""
        readers = await self._roster.read()
        if name not in readers:
            return {}
        mine = key_fingerprint(readers[name])
        wraps = await self._read(conversation)
        return {epoch: wrap for (epoch, who), wrap in wraps.items() if who == name and wrap.startswith(mine)}

    async def missing_wraps(self, conversation: ConversationId) -> Sequence[Missing]:
        """Who of the roster lacks a wrap for the key that they have now, by epoch and name."""
        readers, wraps = await self._roster.read(), await self._read(conversation)
        epochs = sorted({epoch for epoch, _ in wraps})
        return [
            Missing(epoch, name, public)
            for epoch in epochs
            for name, public in sorted(readers.items())
            if not wraps.get((epoch, name), b"").startswith(key_fingerprint(public))
        ]

    async def put_wraps(self, conversation: ConversationId, wraps: Sequence[Wrap]) -> int:
        """Keeps those that are missing and made for the right key, and says how many; the others are left out."""
        wanted = {(m.epoch, m.name): key_fingerprint(m.public) for m in await self.missing_wraps(conversation)}
        good = [w for w in wraps if len(w.sealed) == _WRAP_BYTES and _is_wanted(w, wanted)]
        parts = [part for w in good for part in (f"{w.epoch}|{w.name}", w.sealed)]
        if not parts or not await self._put.run([f"wraps:{conversation}"], parts):
            return 0
        return len(good)

    async def inbox_key(self) -> InboxPublicKey:
        """What replies are sealed to. Raises KeyError before any worker has made one."""
        return await self._inbox.get()

    async def _read(self, conversation: ConversationId) -> Mapping[tuple[str, str], bytes]:
        row = await self._keys.call("HGETALL", f"wraps:{conversation}")
        found = {}
        for place, wrap in row.items():
            epoch, name = place.decode().split("|", 1)
            found[epoch, name] = wrap
        return found


def _is_wanted(wrap: Wrap, wanted: Mapping[tuple[str, str], bytes]) -> bool:
    fingerprint = wanted.get((wrap.epoch, wrap.name))
    return fingerprint is not None and wrap.sealed.startswith(fingerprint)
