"""One provider of each channel on loopback, the erase list on real stores, and a clock that only moves when told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from app.copies import CopyNotes
from app.eraser import Eraser
from app.world import World
from connectors.contract import Connector, SendResult
from connectors.registry import build_connectors
from hotline.conversations import Conversation, Session
from hotline.messages import (
    SMS,
    TELEGRAM,
    Address,
    ChannelName,
    ConversationId,
    ExternalId,
    InboundMessage,
    OutboundMessage,
)
from hotline.turns import Outcome
from storage.commit import Committer, Writes
from storage.connection import Store
from storage.content_keys import ContentKeys, InboxPublicKeys
from storage.erase_keys import EraseKeys
from storage.inbox import Inbox, parse_message
from storage.keyspace import PARTITIONS, partition_of
from storage.ownership import Ownership
from tests.connectors.conftest import sms_config, telegram_config
from tests.connectors.payloads import ACCOUNT, HOTLINE
from tests.connectors.provider import FakeProvider
from vault.addresses import AddressKeys
from vault.keyring import Keyring, ServerKey

ADDRESSES = {SMS: Address("+17025550123"), TELEGRAM: Address("555000123")}
OURS = {"from": HOTLINE, "to": ADDRESSES[SMS], "direction": "outbound-api", "status": "delivered"}
"""What makes of a text of the texter's one of ours."""
ALL = set(range(PARTITIONS))
HASHES, SERVER_KEY = AddressKeys((b"a" * 32,)), ServerKey(b"test", bytes(range(32)))


async def find_keys(store: Store, pattern: str) -> list[bytes]:
    """Every key that matches."""
    return [name.encode() for name in await store.scan(pattern)]


@dataclass
class Tally:
    """What the watch was told."""

    erased_as: list[tuple[str, str]] = field(default_factory=list)
    ages: list[float] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def step(self, step: str) -> None: ...

    def erased(self, channel: str, outcome: str, seconds: float) -> None:
        self.erased_as.append((channel, outcome))
        self.ages.append(seconds)

    def copies(self, channel: str, count: int) -> None:
        self.left[channel] = count

    def failed(self, event: str, code: str = "") -> None:
        self.failures.append(code)


class CopyShift:
    """Messages are heard and sent as the worker notes them, and erasers pass when told."""

    def __init__(self, store: Store, keys: Store, provider: FakeProvider) -> None:
        self.store, self.keys, self.provider, self.tally = store, keys, provider, Tally()
        self.at = datetime.now(UTC)
        self.connectors: Mapping[ChannelName, Connector] = build_connectors(
            {SMS: sms_config(provider), TELEGRAM: telegram_config(provider)}
        )
        self.committer = Committer(store, "w")
        self.begins_anew()

    def begins_anew(self) -> None:
        """Another worker process, which knows nothing but what is in the stores."""
        self.erase_keys = EraseKeys(self.keys, Keyring([SERVER_KEY]))
        self.address_keys, self.watch = HASHES, self.tally
        self.content_keys = ContentKeys(self.keys, Keyring([SERVER_KEY]))
        self.inbox = Inbox(self.store, InboxPublicKeys(self.keys), HASHES)
        self.world = cast(World, self)
        self.notes = CopyNotes(self.world)
        self.erasers = {channel: Eraser(self.world, channel) for channel in self.connectors}

    def now(self, offset_seconds: float = 0.0) -> datetime:
        return self.at + timedelta(seconds=offset_seconds)

    async def hears(self, channel: ChannelName, external_id: str) -> None:
        """A message of the texter's whose turn is committed."""
        message = InboundMessage(channel, ADDRESSES[channel], ExternalId(external_id), text="hi")
        await self._commit(channel, lambda writes, lane: self.notes.note_heard(writes, message, lane))

    async def sends(self, channel: ChannelName, decided_at: datetime | None = None) -> ExternalId:
        """A message of ours that the provider has taken."""
        message = OutboundMessage(channel, ADDRESSES[channel], "hello", decided_at or self.at)
        result: SendResult = await self.connectors[channel].send(message)
        await self._commit(channel, lambda writes, lane: self.notes.note_sent(writes, message, result, lane))
        return result.external_id

    async def clears(self, channel: ChannelName = TELEGRAM) -> None:
        """The texter sends CLEAR."""
        conversation = Conversation(ConversationId("c"), channel, Session(ADDRESSES[channel]))

        async def note(writes: Writes, _lane: Any) -> None:
            self.notes.note_cleared(writes, Outcome(conversation, erase_chat=True))

        await self._commit(channel, note)

    async def passes(self, **length: float) -> None:
        """Time passes, then each eraser makes one pass."""
        self.at += timedelta(**length)
        for eraser in self.erasers.values():
            await eraser.run(ALL)

    async def opens(self) -> None:
        """A worker has made the inbox's key, and texts have been taken in here for a month."""
        await self.content_keys.ensure_inbox()
        await self.store.call("SET", "taken-since", (self.at - timedelta(days=30)).isoformat())

    async def list_inbox(self) -> list[InboundMessage]:
        """What has come in, in its order, as a worker opens it."""
        lane = HASHES.hash_address(SMS, ADDRESSES[SMS])
        entries = await self.store.call("XRANGE", f"inbox:{partition_of(lane)}", "-", "+")
        return [parse_message(await self.content_keys.open_inbox(row[b"m"], lane)) for _, row in entries]

    async def list_keys(self) -> set[str]:
        """What is left of the erase list in the store."""
        return set(await self.store.scan("eras*"))

    async def aclose(self) -> None:
        for connector in self.connectors.values():
            await connector.aclose()

    async def _commit(self, channel: ChannelName, note: Any) -> None:
        lane, writes = HASHES.hash_address(channel, ADDRESSES[channel]), Writes()
        await note(writes, lane)
        await Ownership(self.store, "w").beat()
        await self.committer.commit(partition_of(lane), writes)


def keep_at_twilio(shift: CopyShift, sid: str, age: timedelta = timedelta(0), **more: str) -> None:
    """Twilio holds a text of the texter's, of that age."""
    made_at = (shift.at - age).strftime("%a, %d %b %Y %H:%M:%S +0000")
    shift.provider.sms[sid] = {
        "sid": sid, "account_sid": ACCOUNT, "from": ADDRESSES[SMS], "to": HOTLINE, "body": "hi", "status": "received",
        "direction": "inbound", "date_created": made_at, "num_media": "0",
    } | more  # fmt: skip
