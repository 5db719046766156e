"""A worker in this process over real stores: texts and clicks go in as they do, words stay reply keys."""

import asyncio
import base64
import functools
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from app.deadline_watch import DeadlineWatch
from app.lanes import Lane
from app.paging import Paging
from app.reply_opening import reply_context
from app.send_worker import SendWorker
from app.turn_items import Item
from app.turn_worker import TurnWorker
from app.world import Words, World
from connectors.contract import Confirm, SendResult
from hotline.content import Content, build_content
from hotline.deadlines import Timings
from hotline.directory import Directory
from hotline.messages import SMS, Address, ChannelName, ConversationId, ExternalId, InboundMessage, OutboundMessage
from hotline.ports import Clock, ReplyRef
from hotline.regions import build_region
from hotline.resources import build_directory
from hotline.staff_page import StaffPage, build_staff_page
from storage.accounts import StoreAccounts
from storage.commit import Committer, LeaseLost
from storage.connection import Store
from storage.contacts import StoreContacts
from storage.content_files import load_documents
from storage.content_keys import ContentKeys, InboxPublicKeys
from storage.conversations import Conversations
from storage.desk import Action, Answer, Command, Listed, StoreDesk
from storage.epochs import Epochs
from storage.erase_keys import EraseKeys
from storage.inbox import Inbox
from storage.keyspace import PARTITIONS, partition_of
from storage.ownership import Ownership
from storage.page_queue import PageQueue
from storage.presence import Presence
from storage.roster import Roster
from storage.shifts import StoreShifts
from storage.streams import Entry
from tests.console.fakes import STAFF_KEYS
from tests.hotline.pipeline_world import Talk
from tests.real_store import RealStores
from tests.storage.conftest import ADDRESS_KEYS, SERVER_KEY
from vault.keyring import Keyring
from vault.purposes import Purpose
from vault.readers import ReaderPrivateKey

SOMEONE = Address("+17025550123")
LANE = ADDRESS_KEYS.hash_address(SMS, SOMEONE)


class MovedClock(Clock):
    """Time that only moves when told."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


class Keys:
    """Content in which every reply is its own key; topics and places are the real ones, which counting asks for."""

    def __init__(self) -> None:
        self.content, self.directory = _real_content()

    def render(self, ref: ReplyRef, *, language: str, channel: ChannelName, now: datetime) -> tuple[str, ...]:
        return (ref.key,)


class Tally:
    """Remembers failures and closes."""

    def __init__(self) -> None:
        self.failures: list[tuple[str, str]] = []
        self.outcomes: list[str] = []

    def step(self, step: str) -> None: ...

    def screened(self, level: str) -> None: ...

    def took(self, work: str, seconds: float, kind: str = "") -> None: ...

    def sent(self, channel: str, outcome: str, seconds: float) -> None: ...

    def closed(self, outcome: str) -> None:
        self.outcomes.append(outcome)

    def erased(self, channel: str, outcome: str, seconds: float) -> None: ...

    def copies(self, channel: str, count: int) -> None: ...

    def paged(self, kind: str, outcome: str, seconds: float) -> None: ...

    def failed(self, event: str, code: str = "") -> None:
        self.failures.append((event, code))


class Provider:
    """Takes every message."""

    async def send(self, message: OutboundMessage, confirm: Confirm | None = None) -> SendResult:
        return SendResult(ExternalId("SM-out"))


@functools.cache
def _real_content() -> tuple[Content, Directory]:
    documents = load_documents()
    return build_content(documents), build_directory(documents, build_region(documents, "nevada"), "practice")


@functools.cache
def _staff_page() -> StaffPage:
    return build_staff_page(load_documents())


def build_paging(store: Store, clock: Clock) -> Paging:
    """The pager's parts; nothing here pages anybody, and a texter's hello is looked up among staff's codes."""
    return Paging(
        contacts=StoreContacts(store, STAFF_KEYS),
        shifts=StoreShifts(store),
        accounts=StoreAccounts(store),
        presence=Presence(store, clock),
        queue=PageQueue(store),
        words=_staff_page(),
        push=None,
    )


class NightShift:
    """One texter and the advocates of a night; every step goes through the store."""

    def __init__(self, store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox) -> None:
        self.clock, self.tally, self.talk = MovedClock(), Tally(), Talk()
        self.store, self.content_keys, self.inbox = store, content_keys, inbox
        self.public_keys = InboxPublicKeys(keys)
        self.desk = StoreDesk(store, inbox, self.clock, 90)
        self.world = World(
            store=store,
            content_keys=content_keys,
            conversations=Conversations(store, content_keys),
            inbox=inbox,
            epochs=Epochs(keys),
            erase_keys=EraseKeys(keys, Keyring([SERVER_KEY])),
            committer=Committer(store, "w"),
            address_keys=ADDRESS_KEYS,
            services=self.talk.services,
            words=cast(Words, Keys()),
            connectors=cast(Any, {SMS: Provider()}),
            timings=Timings(),
            watch=self.tally,
            clock=self.clock,
            paging=build_paging(store, self.clock),
        )
        self.number = 0

    async def opens(self, *readers: str) -> "NightShift":
        """Advocates who may read are on the roster, and on shift."""
        for name in readers:
            await Roster(self.store).put(name, ReaderPrivateKey.create().public())
            await Presence(self.store, self.clock).set_present(name, 3600)
        return self

    async def texts(self, text: str, address: Address = SOMEONE) -> list[str]:
        """A text comes in and is answered; the reply keys that go out."""
        self.number += 1
        await self.inbox.put_message(InboundMessage(SMS, address, ExternalId(f"SM{self.number}"), text=text))
        await self.works()
        return await self.goes_out()

    async def clicks(self, action: Action, advocate: str, conversation: str, detail: str = "") -> Answer:
        """What an advocate's click comes to; a reply says "here"."""
        text = await self._seal_reply(conversation, advocate) if action == "reply" else ""
        command = Command(action, ConversationId(conversation), advocate, text, detail=detail)
        asking = asyncio.create_task(self.desk.submit(command))
        while not asking.done():
            await self.works()
            await asyncio.sleep(0.005)
        return asking.result()

    async def _seal_reply(self, conversation: str, advocate: str) -> str:
        public = await self.public_keys.get()
        return base64.b64encode(public.seal(b"here", reply_context(conversation, advocate))).decode()

    async def passes(self, **length: float) -> list[str]:
        """Time passes, what is due happens; the reply keys that go out."""
        self.clock.at += timedelta(**length)
        await self.works()
        return await self.goes_out()

    async def works(self) -> None:
        """A worker begins anew from the store, and works off what lies there and what is due."""
        await Ownership(self.store, "w").beat()
        worker, lanes = TurnWorker(self.world), dict[str, Lane[Item]]()

        def feed(lane: str, partition: int, item: Item) -> None:
            lanes.setdefault(lane, Lane(lane, partition)).items.append(item)

        for partition in range(PARTITIONS):
            for identifier, fields in await self.store.call("XRANGE", f"inbox:{partition}", "-", "+"):
                lane = fields[b"a"].decode()
                feed(lane, partition, Item(entry=Entry("inbox", partition, identifier.decode(), lane, fields)))
        watch = DeadlineWatch(self.store, self.clock)
        await watch.feed_due(range(PARTITIONS), lambda lane, partition, due: feed(lane, partition, Item(deadline=due)))
        for one in lanes.values():
            while one.items:
                try:
                    await worker.work_off(one)
                except LeaseLost:  # a machine so busy that the lease lapsed; nothing was written
                    await Ownership(self.store, "w").beat()
        assert not self.tally.failures, self.tally.failures

    async def goes_out(self) -> list[str]:
        """Takes the texts out of the outbox."""
        lane, found = self.world.address_keys.hash_address(SMS, SOMEONE), []
        name = f"outbox:{partition_of(lane)}"
        for identifier, fields in await self.store.call("XRANGE", name, "-", "+"):
            key = await self.content_keys.find(ConversationId(fields[b"c"].decode()))
            assert key, "a message whose key is gone can never be sent"
            found.append(json.loads(key.open(Purpose.OUTBOX, fields[b"m"]))[2])
            await self.store.call("XDEL", name, identifier)
        return found

    async def sends(self) -> None:
        """The outbox is handed to the provider."""
        name, lane = f"outbox:{partition_of(LANE)}", Lane[Entry](LANE, partition_of(LANE))
        for identifier, fields in await self.store.call("XRANGE", name, "-", "+"):
            lane.items.append(Entry("outbox", lane.partition, identifier.decode(), LANE, fields))
        while lane.items:
            await SendWorker(self.world).work_off(lane)

    async def waiting(self) -> Sequence[Listed]:
        """What the desk lists."""
        return await self.desk.list_open()

    async def pages(self) -> int:
        """How many pages the consoles were told of."""
        events: list[tuple[bytes, dict[bytes, Any]]] = await self.store.call("XRANGE", "events", "-", "+")
        return sum(fields[b"kind"] == b"page" for _, fields in events)


async def open_night(stores: RealStores) -> NightShift:
    """A night over servers of its own, with an inbox that can be put into."""
    store, keys = Store(stores.url("store", "worker")), Store(stores.url("keys", "worker"))
    content_keys = ContentKeys(keys, Keyring([SERVER_KEY]))
    await content_keys.ensure_inbox()
    return NightShift(store, keys, content_keys, Inbox(store, InboxPublicKeys(keys), ADDRESS_KEYS))
