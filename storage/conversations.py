"""Conversations in the store: found by keyed hash of the address, opened with their content key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hotline.conversations import Conversation
from hotline.messages import AddressHash, ConversationId
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.records import parse_conversation
from vault.content import ContentKey
from vault.errors import SealBroken

# One round trip for all that a turn needs to know. Older hashes come after the newest (rotation, P4).
_LOAD = """
local id, lane = false, false
local stopped = 0
for i = 1, #ARGV do
  if redis.call('EXISTS', 'opted-out:' .. ARGV[i]) == 1 then stopped = 1 end
  if not id then
    id = redis.call('GET', 'address:' .. ARGV[i])
    lane = ARGV[i]
  end
end
local offset = redis.call('GET', 'offset:' .. ARGV[1]) or '0'
local fields = {}
if id then fields = redis.call('HGETALL', 'conversation:' .. id) end
return {id, lane, stopped, offset, fields}
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the store knows of an address. ``unreadable`` is True if there is a conversation whose key is gone."""

    conversation: Conversation | None = field(repr=False)
    key: ContentKey | None
    opted_out: bool = False
    offset_seconds: float = 0.0
    unreadable: bool = False
    fields: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    found_under: AddressHash | None = None


class Conversations:
    """Reads conversations; writing is part of a turn's commit."""

    def __init__(self, store: Store, content_keys: ContentKeys) -> None:
        self._load = store.script(_LOAD)
        self._content_keys = content_keys

    async def load(self, lanes: Sequence[AddressHash]) -> Loaded:
        """The conversation of an address, given by its hashes, the newest first. Raises StoreError."""
        found, lane, stopped, offset, flat = await self._load.run([], lanes)
        opted_out, offset_seconds = bool(stopped), float(offset)
        if not flat:
            return Loaded(None, None, opted_out, offset_seconds)
        fields = {name.decode(): value for name, value in zip(flat[::2], flat[1::2], strict=True)}
        under = AddressHash(lane.decode())
        key = await self._content_keys.find(ConversationId(found.decode()))
        if key is None:
            return Loaded(None, None, opted_out, offset_seconds, True, fields, under)
        try:
            conversation = parse_conversation(fields, key)
        except SealBroken:
            return Loaded(None, None, opted_out, offset_seconds, True, fields, under)
        return Loaded(conversation, key, opted_out, offset_seconds, False, fields, under)
