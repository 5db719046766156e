"""Epochs: the key pair that a conversation's lines are sealed to, for as long as the same people may read (P2, P3)."""

import contextlib
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from hotline.messages import ConversationId
from storage.connection import Store
from storage.keyspace import BACKSTOP_SECONDS
from storage.sweep_pages import find_older
from storage.wire import Part
from vault.readers import LinePlace, ReaderPrivateKey, roster_digest, seal_line, wrap_epoch

# One step, wraps before the epoch that needs them. Who stands on the roster no more loses the older wraps too.
_KEEP = """
local names, first = {}, 6 + tonumber(ARGV[5])
if first > 6 then redis.call(unpack(ARGV, 6, first - 1)) end
for i = first, #ARGV, 2 do
  redis.call('HSET', KEYS[2], ARGV[1] .. '|' .. ARGV[i], ARGV[i + 1])
  names[ARGV[i]] = true
end
for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
  if not names[string.sub(field, 18)] then redis.call('HDEL', KEYS[2], field) end
end
redis.call('HSET', KEYS[1], 'id', ARGV[1], 'public', ARGV[2], 'roster', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[4])
"""


type Kept = Sequence[bytes | None]
"""An epoch's id, its public half and its roster's digest as they are stored; None each if it is gone."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """The public half, which is all that the worker keeps. ``id``: sixteen hex digits."""

    conversation: str
    id: str
    public: bytes

    def seal(self, who: str, at: str, number: str, text: str) -> bytes:
        """One line for whoever may read now, bound to its place."""
        return seal_line(self.public, LinePlace(self.conversation, self.id, who, at, number), text)


class Epochs:
    """Keeps epochs and their wraps in the memory-only instance. One that is gone is followed by a new one."""

    def __init__(self, keys: Store) -> None:
        self._keys = keys
        self._keep = keys.script(_KEEP)

    async def ensure(
        self, conversation: ConversationId, readers: Mapping[str, bytes], kept: Kept | None = None
    ) -> Epoch:
        """The epoch of a conversation for exactly these readers; a new one if they changed or it is gone.

        ``readers``: account name to public key. ``kept``: what ``asking`` found, if it was asked already. Raises
        StoreError.
        """
        identifier, public, roster = kept or await self._keys.call(*asking(conversation))
        if roster == roster_digest(readers).encode() and identifier and public:
            return Epoch(conversation, identifier.decode(), public)
        return await self.begin(conversation, readers)

    async def begin(
        self, conversation: ConversationId, readers: Mapping[str, bytes], before: Sequence[Part] = ()
    ) -> Epoch:
        """A new epoch for exactly these readers; its private half is wrapped for each of them and then forgotten.

        ``before``: a command to the same instance that is done in the same step. Raises StoreError.
        """
        epoch, private = os.urandom(8).hex(), ReaderPrivateKey.create()
        wraps: list[str | bytes] = []
        for reader, key in readers.items():
            # A key that nothing can be sealed to (a low-order point) must not stop the turn for all the others.
            with contextlib.suppress(ValueError):
                wraps += [reader, wrap_epoch(private, key, conversation, epoch, reader)]
        public = private.public()
        parts = [epoch, public, roster_digest(readers), BACKSTOP_SECONDS, len(before), *before, *wraps]
        await self._keep.run(_names(conversation), parts)
        return Epoch(conversation, epoch, public)

    async def extend(self, conversation: ConversationId) -> None:
        """Puts off the epoch's own expiry while a conversation goes on."""
        await self._keys.call_all(("EXPIRE", name, BACKSTOP_SECONDS) for name in _names(conversation))

    def find_older(self, seconds: int) -> AsyncIterator[list[str]]:
        """Conversations that have an epoch or wraps which were made or put off at least so long ago, page by page."""
        return find_older(self._keys, ("epoch", "wraps"), BACKSTOP_SECONDS, seconds)

    async def delete(self, conversation: ConversationId) -> None:
        """From here on nobody opens a line of this conversation, wherever a copy lies."""
        await self._keys.remove(*_names(conversation))


def asking(conversation: ConversationId) -> tuple[Part, ...]:
    """The command whose answer is what is kept of an epoch."""
    return ("HMGET", f"epoch:{conversation}", "id", "public", "roster")


def _names(conversation: ConversationId) -> tuple[str, str]:
    return f"epoch:{conversation}", f"wraps:{conversation}"
