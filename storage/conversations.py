"""Conversations in the store: found by keyed hash of the address, opened with their content key."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from hotline.conversations import Conversation
from hotline.messages import AddressHash, ConversationId
from hotline.pace import Pace
from storage.commit import WHOLE, Fact
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.epochs import Kept, asking
from storage.paces import parse_pace
from storage.records import parse_conversation
from storage.roster import ROSTER
from vault.content import ContentKey
from vault.errors import SealBroken

# One round trip for all that a turn needs to know. Older hashes come after the newest (rotation, P4): what stands under
# any of them holds, of blocks and practice clocks the furthest; `older` names those that are to be moved.
_LOAD = """
local now = table.remove(ARGV, 1)
local id, lane, wanted = false, false, KEYS[1]
local stopped, elsewhere, older, leads = 0, 0, {}, {}
local marks = {['blocked:'] = '0', ['offset:'] = '0'}
for i = 1, #ARGV do
  local found = redis.call('EXISTS', 'opted-out:' .. ARGV[i])
  if found == 1 then stopped = 1 end
  for name, value in pairs(marks) do
    local mark = redis.call('GET', name .. ARGV[i])
    if mark then found = 1 end
    if mark and tonumber(mark) > tonumber(value) then marks[name] = mark end
  end
  if found == 1 and i > 1 then older[#older + 1] = ARGV[i] end
  leads[i] = redis.call('GET', 'address:' .. ARGV[i]) or ''
  if not id and leads[i] ~= '' then
    id = leads[i]
    lane = ARGV[i]
  end
end
if wanted ~= '' then
  if id ~= wanted then elsewhere = 1 end
  id = wanted
end
local fields = {}
if id then fields = redis.call('HGETALL', 'conversation:' .. id) end
local pace = redis.call('HGETALL', 'pace:' .. ARGV[1])
local staff = redis.call('ZCOUNT', 'present', now, '+inf')
local readers = redis.call('HGETALL', 'readers')
local digest = redis.sha1hex(table.concat(readers, ','))
return {id, lane or ARGV[1], stopped, marks['offset:'], fields, marks['blocked:'], elsewhere, older, leads, pace, staff,
  readers, digest}
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the store knows of an address. ``unreadable`` is True if there is a conversation whose key is gone.

    ``blocked_until`` is a Unix time; ``elsewhere`` is True if the address leads to another conversation, or to none.
    ``older``: hashes from before a key rotation under which a STOP, a block or a practice clock still stands (P4).
    ``on_shift`` is True if an advocate is present (H4).
    """

    conversation: Conversation | None = field(repr=False)
    key: ContentKey | None
    opted_out: bool = False
    offset_seconds: float = 0.0
    unreadable: bool = False
    fields: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    found_under: AddressHash | None = None
    blocked_until: float = 0.0
    elsewhere: bool = False
    older: Sequence[AddressHash] = ()
    pace: Pace = field(default_factory=Pace)
    on_shift: bool = False
    readers: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """The roster: who may read, and the public key of each (P2)."""

    epoch: Kept = ()
    facts: tuple[Fact, ...] = field(default=(), repr=False)
    """What a turn relies on that begins from this: where its hashes lead, when its conversation was last written, and
    who may read."""

    def moved_from(self, lane: str) -> AddressHash | None:
        """The lane that the conversation has moved to since work for it came into this one (rotation), or None."""
        hashed = self.fields.get("address_hash", b"").decode()
        return AddressHash(hashed) if hashed and hashed != lane else None


class Conversations:
    """Reads conversations; writing is part of a turn's commit."""

    def __init__(self, store: Store, content_keys: ContentKeys) -> None:
        self._load = store.script(_LOAD)
        self._content_keys = content_keys

    async def load(
        self, lanes: Sequence[AddressHash], wanted: ConversationId | None = None, now: float = math.inf
    ) -> Loaded:
        """The conversation of an address, given by its hashes, the newest first. Raises StoreError.

        ``wanted`` loads that conversation of the address, even if the address leads to it no more (A4). ``now`` is the
        Unix time for ``on_shift``, which is False without it.
        """
        row = await self._load.run([wanted or ""], [now, *lanes])
        found, lane, stopped, offset, flat, blocked, elsewhere, older, leads, pace, staff, readers, digest = row
        fields = _pairs(flat)
        facts: list[Fact] = [(ROSTER, WHOLE, digest)]
        facts += [(f"address:{lane}", "", lead) for lane, lead in zip(lanes, leads, strict=True)]
        if found:
            facts.append((f"conversation:{found.decode()}", "last_at", fields.get("last_at", b"")))
        nothing = Loaded(
            None,
            None,
            bool(stopped),
            float(offset),
            blocked_until=float(blocked),
            older=tuple(AddressHash(one.decode()) for one in older),
            facts=tuple(facts),
            pace=parse_pace(pace),
            on_shift=bool(staff),
            readers=_pairs(readers),
        )
        if not flat:
            return nothing
        under = AddressHash(lane.decode())
        there = replace(nothing, fields=fields, found_under=under, elsewhere=bool(elsewhere))
        conversation = ConversationId(found.decode())
        key, epoch = await self._content_keys.find_with(conversation, asking(conversation))
        if key is None:
            return replace(there, unreadable=True)
        try:
            return replace(there, conversation=parse_conversation(fields, key), key=key, epoch=epoch)
        except SealBroken:
            return replace(there, unreadable=True)


def _pairs(flat: Sequence[bytes]) -> dict[str, bytes]:
    return {name.decode(): value for name, value in zip(flat[::2], flat[1::2], strict=True)}
