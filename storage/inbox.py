"""The way into the machine: one sealed entry per message, told apart by the provider's id (X4)."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from hotline.messages import Address, AddressHash, ChannelName, ExternalId, InboundMessage, Kind, Status, StatusUpdate
from storage.commit import Writes
from storage.connection import Store
from storage.keyspace import DEDUPE_SECONDS, partition_of
from vault.addresses import AddressKeys
from vault.inbox import InboxPublicKey

# The marks and the entry are one step, so that a delivery is never marked and lost (X4). There is a mark under every
# address key that is kept, so that programs which know the older or the newer ones alone see a repetition too.
# A repetition writes its mark again, so that it too waits for copies on other servers, if there are any: it may be the
# provider's second try after a first one that was refused because its copy was missing.
_PUT = """
local inbox = KEYS[#KEYS]
if ARGV[1] ~= '' then
  for i = 1, #KEYS - 1 do
    if redis.call('EXISTS', KEYS[i]) == 1 then
      redis.call('SET', KEYS[i], '1', 'KEEPTTL')
      return 0
    end
  end
  for i = 1, #KEYS - 1 do redis.call('SET', KEYS[i], '1', 'EX', ARGV[1]) end
end
redis.call('XADD', inbox, '*', 'a', ARGV[2], 'k', ARGV[3], 'm', ARGV[4])
return 1
"""

MESSAGE, STATUS, COMMAND = "message", "status", "command"
UNSENT = "unsent"
"""The one command that no advocate gives: a message could not be sent."""


@dataclass(frozen=True, slots=True)
class DeskCommand:
    """What an advocate asks of the worker.

    ``confirmed`` are the codes of what the advocate was asked about and clicked once more; ``detail`` is the action's
    own code or name, never words. ``text`` is a reply as the browser sealed it to the inbox, in base64.
    """

    id: str
    action: str
    conversation: str
    advocate: str
    text: str = field(default="", repr=False)
    confirmed: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry that can be put in and not be read. ``seen``: marks of its provider's id, one for each address key."""

    lane: AddressHash
    kind: str
    sealed: bytes = field(repr=False)
    seen: tuple[str, ...] = ()


class PublicKeys(Protocol):
    """Knows what the inbox is sealed to."""

    async def get(self) -> InboxPublicKey:
        """The public half in force. Raises StoreError, or KeyError if there is none."""


class Inbox:
    """Takes messages in. A call that has returned is on disk (``appendfsync always``).

    Every ``put_`` raises StoreError, or KeyError while there is no inbox key pair: the provider asks again then.
    """

    def __init__(self, store: Store, public_keys: PublicKeys, address_keys: AddressKeys) -> None:
        self._store = store
        self._put_in = store.script(_PUT)
        self._public_keys = public_keys
        self._address_keys = address_keys

    async def put_message(self, message: InboundMessage) -> bool:
        """Keeps a message; False if its provider's id was seen before (X4). A message without an id is kept."""
        # Asked each time: what is sealed to a key pair that died with its instance could never be opened (P3).
        return await self.put(self.seal_message(message, await self._public_keys.get()))

    async def has_seen(self, channel: ChannelName, external_id: ExternalId) -> bool:
        """True if a message of this id came in within 48 hours (X4). Raises StoreError."""
        return bool(await self._store.call("EXISTS", *self._seen(channel, external_id)))

    async def put_status(self, update: StatusUpdate) -> bool:
        """Keeps a status, in a lane of its own that is named by the hash of the provider's id."""
        return await self.put(self.seal_status(update, await self._public_keys.get()))

    async def put_command(self, lane: AddressHash, command: DeskCommand) -> bool:
        """Keeps an advocate's command in its conversation's lane, behind what the texter wrote before."""
        public = await self._public_keys.get()
        return await self.put(SealedEntry(lane, COMMAND, public.seal(_command_json(command), lane)))

    async def pass_command_on(self, writes: Writes, lane: AddressHash, command: DeskCommand) -> None:
        """Adds a command to a commit, for the lane that its conversation has moved to (rotation of address keys)."""
        public = await self._public_keys.get()
        sealed = public.seal(_command_json(command), lane)
        writes.add("XADD", f"inbox:{partition_of(lane)}", "*", "a", lane, "k", COMMAND, "m", sealed)

    def _seen(self, channel: ChannelName, external_id: ExternalId | None) -> tuple[str, ...]:
        if external_id is None:
            return ()
        hashes = self._address_keys.hash_external_id_under_all(channel, external_id)
        return tuple(f"seen:{hashed}" for hashed in hashes)

    def seal_message(self, message: InboundMessage, public: InboxPublicKey) -> SealedEntry:
        """A message as it is kept."""
        lane = self._address_keys.hash_address(message.channel, message.address)
        seen = self._seen(message.channel, message.external_id)
        return SealedEntry(lane, MESSAGE, public.seal(_message_json(message), lane), seen)

    def seal_status(self, update: StatusUpdate, public: InboxPublicKey) -> SealedEntry:
        """A status as it is kept."""
        lane = AddressHash(self._address_keys.hash_external_id(update.channel, update.external_id))
        return SealedEntry(lane, STATUS, public.seal(_status_json(update), lane))

    async def put(self, entry: SealedEntry) -> bool:
        """Keeps what was sealed; False if its provider's id was seen before (X4). Raises StoreError."""
        keys = [*(entry.seen or ["seen:"]), f"inbox:{partition_of(entry.lane)}"]
        marked = DEDUPE_SECONDS if entry.seen else ""
        return bool(await self._put_in.run(keys, [marked, entry.lane, entry.kind, entry.sealed]))


def _message_json(message: InboundMessage) -> bytes:
    return json.dumps(
        [
            message.channel,
            message.address,
            message.external_id,
            message.kind,
            message.text,
            message.opt_out,
            message.sent_at and message.sent_at.isoformat(),
        ]
    ).encode()


def parse_message(plain: bytes) -> InboundMessage:
    """The message that ``put_message`` sealed."""
    # One that an older version sealed does not say when it was sent.
    channel, address, external_id, kind, text, opt_out, *when = json.loads(plain)
    return InboundMessage(
        ChannelName(channel),
        Address(address),
        ExternalId(external_id) if external_id else None,
        Kind(kind),
        text,
        opt_out,
        datetime.fromisoformat(when[0]) if when and when[0] else None,
    )


def _status_json(update: StatusUpdate) -> bytes:
    return json.dumps([update.channel, update.external_id, update.status, update.error_code, update.opted_out]).encode()


def parse_status(plain: bytes) -> StatusUpdate:
    """The status that ``put_status`` sealed."""
    channel, external_id, status, error_code, opted_out = json.loads(plain)
    return StatusUpdate(ChannelName(channel), ExternalId(external_id), Status(status), error_code, opted_out)


def _command_json(command: DeskCommand) -> bytes:
    return json.dumps([getattr(command, name) for name in DeskCommand.__slots__]).encode()


def parse_command(plain: bytes) -> DeskCommand:
    """The command that ``put_command`` sealed."""
    fields = dict(zip(DeskCommand.__slots__, json.loads(plain), strict=True))
    return DeskCommand(**fields | {"confirmed": tuple(fields["confirmed"])})
