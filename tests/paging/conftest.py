"""A pager over a real store and the providers' emulators; nothing stands in for what it does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from app.lanes import Lane
from app.pager import Pager
from app.paging import Paging
from connectors.registry import warm_senders
from connectors.sms.connector import SmsConfig, SmsConnector
from connectors.telegram.connector import TelegramConfig, TelegramConnector
from connectors.web_push.client import PushClient
from hotline.messages import SMS, TELEGRAM, Address, AddressHash, ConversationId
from hotline.shifts import Shift
from hotline.staff_page import build_staff_page
from storage import turn_writes
from storage.accounts import Account, StoreAccounts
from storage.commit import Committer, Writes
from storage.connection import Store
from storage.contacts import BROWSER, CHAT, PHONE, StoreContacts, Way
from storage.content_files import load_documents
from storage.keyspace import partition_of
from storage.page_queue import PageQueue
from storage.presence import Presence
from storage.shifts import StoreShifts
from storage.streams import PAGES, Entry, Streams
from tests.console.fakes import STAFF_KEYS
from tests.phone import stage as phone
from tests.storage.conftest import ADDRESS_KEYS, servers, store
from vault.web_push import VapidKey

__all__ = ["servers", "store"]

KEY = VapidKey.create()
LANE = AddressHash("0" * 32)
PARTITION = partition_of(LANE)
TEXTER = "+17025550123"
SENTENCE = {"en": "Someone is waiting.", "es": "Alguien espera."}


class Noted:
    """A watch that remembers."""

    def __init__(self) -> None:
        self.failures: list[tuple[str, str]] = []
        self.pages: list[tuple[str, str, float]] = []

    def failed(self, event: str, code: str = "") -> None:
        self.failures.append((event, code))

    def paged(self, kind: str, outcome: str, seconds: float) -> None:
        self.pages.append((kind, outcome, seconds))


class Clock:
    """The machine's clock, moved."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Night:
    """People with ways to be paged, a conversation that waits, and what the providers saw."""

    store: Store
    phone: phone.Stage
    world: Any
    watch: Noted
    clock: Clock
    numbers: dict[str, str] = field(default_factory=dict)

    async def hire(self, name: str, *kinds: str, roles: tuple[str, ...] = ("advocate",), language: str = "en") -> None:
        await self.world.paging.accounts.put(Account(name, name.title(), "hash", roles, language))
        for kind in kinds:
            await self.world.paging.contacts.add(name, kind, self.address(name, kind), self.clock.now(), proved=True)

    def address(self, name: str, kind: str) -> Address:
        digits = f"{sum(name.encode()) % 10_000:04d}"
        urls = {
            BROWSER: f"http://127.0.0.1:{self.phone.port}/push/{name}",
            PHONE: f"+1702556{digits}",
            CHAT: f"88{digits}",
        }
        return Address(urls[kind])

    async def plan(self, name: str, duty: str, begin_hours: float = -1, hours: float = 2) -> None:
        begin = self.clock.now() + timedelta(hours=begin_hours)
        shift = Shift("", name, duty, begin, begin + timedelta(hours=hours))
        await self.world.paging.shifts.add([shift], self.clock.now())

    async def wait(self, *rungs: str, owner: str = "waiting") -> Entry:
        """A conversation waits and its commit asks for a page."""
        writes = Writes()
        writes.add("HSET", "conversation:c1", "id", "c1", "owner", owner, "level", "3", "reasons", "suicide")
        turn_writes.put_page(writes, LANE, ConversationId("c1"), rungs)
        await self.world.committer.commit(PARTITION, writes)
        return (await self.entries())[-1]

    async def entries(self) -> list[Entry]:
        streams = Streams(self.store)
        streams.own(range(16))
        return [entry for entry in await streams.read(1) if entry.queue == PAGES]

    async def work(self) -> None:
        """The pager works off all that is queued, as the worker's lanes would."""
        for entry in await self.entries():
            await self.store.call("SET", f"lease:{entry.partition}", "w")
            lane: Lane[Entry] = Lane(entry.lane, entry.partition)
            lane.items.append(entry)
            await Pager(self.world).work_off(lane)

    async def page(self, *rungs: str) -> None:
        await self.wait(*rungs)
        await self.work()

    async def pushes(self, name: str | None = None) -> list[dict[str, Any]]:
        found = (await self.phone.client.get("/practice/pushes")).json()["pushes"]
        return [one for one in found if name in {None, one["subscription"]}]

    async def received(self, channel: str) -> list[tuple[str, str]]:
        """Address and text of every message that a provider took."""
        report = (await self.phone.client.get("/practice/received", params={"channel": channel})).json()
        taken = [one for one in report["receipts"] if one["call"] == "send" and one["outcome"] == "accepted"]
        return [(one["address"], one["text"]) for one in taken]

    async def ways(self, name: str) -> list[Way]:
        return list(await self.world.paging.contacts.list_ways(name))


@asynccontextmanager
async def open_night(store: Store) -> AsyncIterator[Night]:
    warm_senders()  # as the worker does at its start
    async with phone.open_stage(VAPID_PUBLIC_KEY=KEY.public) as stage:
        base, watch, clock = f"http://127.0.0.1:{stage.port}", Noted(), Clock()
        sms = SmsConnector(
            SmsConfig("https://hotline.example", phone.TOKEN, "", phone.ACCOUNT, phone.NUMBER, "", f"{base}/twilio")
        )
        telegram = TelegramConnector(
            TelegramConfig(phone.SECRET, phone.BOT_TOKEN, "https://hotline.example", f"{base}/telegram")
        )
        push = PushClient(lambda url: KEY.sign(url, "mailto:practice@localhost", datetime.now(UTC)), practice=True)
        paging = Paging(
            contacts=StoreContacts(store, STAFF_KEYS),
            shifts=StoreShifts(store),
            accounts=StoreAccounts(store),
            presence=Presence(store, clock),
            queue=PageQueue(store),
            words=build_staff_page(load_documents()),
            push=push,
        )
        world = SimpleNamespace(
            store=store,
            committer=Committer(store, "w"),
            address_keys=ADDRESS_KEYS,
            connectors={SMS: sms, TELEGRAM: telegram},
            paging=paging,
            clock=clock,
            watch=watch,
            now=clock.now,
        )
        await store.call("SET", f"lease:{PARTITION}", "w")
        await asyncio.gather(sms.aclose(), telegram.aclose())
        yield Night(store, stage, world, watch, clock)
        await asyncio.gather(sms.aclose(), telegram.aclose(), push.aclose())


@pytest.fixture
async def night(store: Store) -> AsyncIterator[Night]:
    async with open_night(store) as opened:
        yield opened
