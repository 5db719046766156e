"""Texts come in whatever the stores do: none that was answered 200 is lost, none is kept twice (X4, P3)."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.messages import SMS, TELEGRAM, Address, ChannelName, ExternalId, InboundMessage, Status, StatusUpdate
from storage import intake as module
from storage.connection import Store, StoreError
from storage.content_keys import ContentKeys, InboxPublicKeys
from storage.inbox import Inbox, SealedEntry, parse_message
from storage.intake import Intake, LastingKeys
from storage.keyspace import PARTITIONS
from storage.spool import RememberedKey, Spool
from storage.spool_file import SpoolFile
from tests.real_store import RealStores
from tests.storage.conftest import ADDRESS_KEYS, SERVER_KEY
from vault.errors import SealBroken
from vault.keyring import Keyring


def text(number: int, channel: ChannelName = SMS, who: int = 0) -> InboundMessage:
    address = Address(f"+1702555{who:04}" if channel == SMS else f"555{who:04}")
    return InboundMessage(channel, address, ExternalId(f"SM{number}"), text=f"text {number}")


class Place:
    """Stores of a test's own, and the front door's part of them with its own rights."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stores = RealStores(folder)
        self.told: Counter[str] = Counter()
        self.waiting = 0

    async def start(self, *names: str) -> None:
        for name in names:
            await asyncio.to_thread(self.stores.start, name)

    async def has_outage(self, texts: int) -> None:
        """The store was away, and is back; so many texters' texts lie in the spool still."""
        self.stores.kill("store")
        for number in range(texts):
            await self.intake.put_message(text(number, who=number))
        await self.start("store")

    def open(self) -> None:
        """As the program does at its start."""
        self._store, self._keys = (Store(self.stores.url(name, "webhooks")) for name in ("store", "keys"))
        keys = InboxPublicKeys(self._keys)
        self.spool = Spool(self.folder / "spool")
        lasting = LastingKeys(keys, RememberedKey(self.folder / "spool" / "inbox-public"))
        self.intake = Intake(Inbox(self._store, keys, ADDRESS_KEYS), lasting, self.spool, self)

    async def close(self) -> None:
        self.spool.close()
        await self._store.aclose()
        await self._keys.aclose()

    def note(self, event: str, count: int) -> None:
        self.told[event] += count

    def show(self, entries: int, oldest_seconds: float) -> None:
        self.waiting = entries

    async def make_pair(self) -> None:
        keys = Store(self.stores.url("keys", "worker"))
        await ContentKeys(keys, Keyring([SERVER_KEY])).ensure_inbox()
        await keys.aclose()

    async def read(self) -> list[str]:
        """Every text in the store as the worker opens it, oldest first; "?" for one that nothing opens."""
        store, keys = Store(self.stores.url("store", "worker")), Store(self.stores.url("keys", "worker"))
        content_keys, found = ContentKeys(keys, Keyring([SERVER_KEY])), []
        for partition in range(PARTITIONS):
            for identifier, fields in await store.call("XRANGE", f"inbox:{partition}", "-", "+"):
                if fields[b"k"] == b"message":
                    try:
                        plain = await content_keys.open_inbox(fields[b"m"], fields[b"a"].decode())
                        found.append((identifier, parse_message(plain).text))
                    except SealBroken:
                        found.append((identifier, "?"))
        await store.aclose()
        await keys.aclose()
        return [words for _, words in sorted(found)]


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    place = Place(tmp_path)
    await place.start("store", "keys")
    await place.make_pair()
    place.open()
    yield place
    await place.close()
    place.stores.stop()


async def test_texts_that_come_while_the_store_is_dead_are_kept_and_taken_in_once_it_is_back_x4(place: Place) -> None:
    assert await place.intake.put_message(text(0))
    place.stores.kill("store")
    began = time.monotonic()
    for number in (1, 2, 1):
        assert await place.intake.put_message(text(number, who=number))
    assert time.monotonic() - began < 2, "a provider waits 15 seconds for all its tries"
    await place.intake.look()
    assert (len(place.spool), place.waiting, place.told["spooled"]) == (3, 3, 3)
    await place.start("store")
    await place.intake.look()
    assert await place.read() == ["text 0", "text 1", "text 2"], "each once, in order"
    assert (len(place.spool), place.waiting, place.told["spool_handed_on"]) == (0, 0, 3)
    assert not await place.intake.put_message(text(2, who=2)), "and its provider's later try is known"
    assert await place.intake.put_message(text(3)) and place.told["spooled"] == 3


async def test_texts_survive_the_door_being_killed_with_the_store_and_the_keys_x4(place: Place) -> None:
    """Both instances are away and the program is new: what it seals to it knows from its file."""
    await place.intake.put_message(text(0))
    place.stores.kill("store")
    pid = place.stores._processes["keys"].pid
    os.kill(pid, signal.SIGSTOP)
    try:
        await place.intake.put_message(text(1))
        await place.close()
        place.open()
        assert len(place.spool) == 1
        await place.intake.put_message(text(2))
        await place.close()
        place.open()
    finally:
        os.kill(pid, signal.SIGCONT)
    await place.start("store")
    await place.intake.look()
    assert await place.read() == ["text 0", "text 1", "text 2"]


async def test_a_store_that_hangs_keeps_nobody_waiting_and_nothing_twice_x4(place: Place) -> None:
    pid = place.stores._processes["store"].pid
    os.kill(pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert all(await asyncio.gather(*(place.intake.put_message(text(n, who=n)) for n in range(80))))
        first = time.monotonic() - began
        await place.intake.put_message(text(80))
        assert first < 8 and time.monotonic() - began - first < 1, "the next one does not wait for the store"
    finally:
        os.kill(pid, signal.SIGCONT)
    await place.intake.look()
    assert sorted(await place.read()) == sorted(f"text {number}" for number in range(81))


async def test_a_text_waits_behind_what_its_texter_wrote_before_and_no_other_does(place: Place) -> None:
    """C13, X4: order within a conversation; whoever else writes is not held up by what lies on the disk."""
    place.stores.kill("store")
    await place.intake.put_message(text(1, who=1))
    await place.start("store")
    place.intake._away = False
    await place.intake.put_message(text(2, who=1))
    await place.intake.put_message(text(3, who=2))
    assert await place.read() == ["text 3"] and len(place.spool) == 2
    await place.intake.look()
    assert [words for words in await place.read() if words != "text 3"] == ["text 1", "text 2"]


async def test_a_store_that_refuses_to_write_is_away_too(place: Place) -> None:
    """Its memory or its disk is full, or it is a copy that was left to serve."""
    store = Store(place.stores.url("store", "worker"))

    class Refusing(Inbox):
        async def put(self, entry: object) -> bool:
            raise StoreError("MISCONF")

    place.intake._inbox = Refusing(store, InboxPublicKeys(place._keys), ADDRESS_KEYS)
    assert await place.intake.put_message(text(1))
    place.intake._inbox = Inbox(place._store, InboxPublicKeys(place._keys), ADDRESS_KEYS)
    await place.intake.look()
    assert await place.read() == ["text 1"]
    await store.aclose()


async def test_what_became_of_our_messages_is_kept_too_x5(place: Place) -> None:
    place.stores.kill("store")
    assert await place.intake.put_status(StatusUpdate(SMS, ExternalId("SM1"), Status.FAILED, "30003", False))
    await place.start("store")
    await place.intake.look()
    store = Store(place.stores.url("store", "worker"))
    rows = await store.call_all([("XRANGE", f"inbox:{p}", "-", "+") for p in range(PARTITIONS)])
    assert [fields[b"k"] for row in rows for _, fields in row] == [b"status"]
    await store.aclose()


async def test_with_the_spool_full_a_text_is_refused_so_that_its_provider_asks_again(place: Place) -> None:
    place.spool.close()
    place.spool = Spool(place.folder / "small", 1024)
    place.intake._spool = place.spool
    place.stores.kill("store")
    with pytest.raises(OSError):
        for number in range(50):
            await place.intake.put_message(text(number))
    assert place.told["spool_refused"] == 1 and place.told["spooled"] >= 1
    await place.start("store")
    await place.intake.look()
    assert len(await place.read()) == place.told["spooled"]


async def test_with_the_spool_full_a_text_is_put_straight_into_a_store_that_is_back_x4(place: Place) -> None:
    """What lies in the spool is not handed on yet; before it in the order is better than refused."""
    place.spool.close()
    place.spool = place.intake._spool = Spool(place.folder / "small", 1024)
    place.stores.kill("store")
    with pytest.raises(OSError):
        for number in range(50):
            await place.intake.put_message(text(number))
    await place.start("store")
    assert await place.intake.put_message(text(50))
    assert await place.read() == ["text 50"] and place.told["spool_refused"] == 1


async def test_a_disk_that_takes_no_writes_any_more_keeps_no_text_from_the_store_x4(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    await place.has_outage(3)

    def refuse(_file: SpoolFile, _data: bytes, _at: int) -> None:
        raise OSError(30, "")

    monkeypatch.setattr(SpoolFile, "_write", refuse)
    for _ in range(2):
        await place.intake.look()
    assert await place.intake.put_message(text(3))
    assert await place.read() == ["text 0", "text 1", "text 2", "text 3"]
    assert (place.told["spool_broken"], place.told["spool_refused"]) == (1, 0), "and somebody is told, once"


async def test_who_writes_while_a_backlog_is_handed_on_does_not_wait_behind_it_r9(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    await place.has_outage(4)
    put, waiting = place.intake._inbox.put, list[int]()

    async def put_and_look(entry: SealedEntry) -> bool:
        if len(place.spool) == 3 and not waiting:
            waiting.append(len(place.spool))
            await place.intake.put_message(text(9, who=9))
            waiting.append(len(place.spool))
        return await put(entry)

    monkeypatch.setattr(place.intake._inbox, "put", put_and_look)
    await place.intake.look()
    assert waiting == [3, 3]
    assert sorted(await place.read()) == ["text 0", "text 1", "text 2", "text 3", "text 9"]


async def test_with_the_keys_gone_for_good_a_text_comes_before_a_person_as_unreadable_and_not_into_nothing_p3(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No worker is there to make a new pair. Telegram keeps the text and asks again; Twilio would not."""
    monkeypatch.setattr(module, "NO_PAIR_SECONDS", 0.3)
    await place.intake.put_message(text(0))
    place.stores.kill("keys")
    await place.start("keys")
    assert await place.intake.put_message(text(1))
    with pytest.raises(KeyError):
        await place.intake.put_message(text(2, TELEGRAM))
    await place.make_pair()
    assert await place.intake.put_message(text(2, TELEGRAM))
    assert sorted(await place.read()) == ["?", "?", "text 2"]


async def test_before_any_worker_made_a_pair_a_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NO_PAIR_SECONDS", 0.3)
    place = Place(tmp_path)
    await place.start("store", "keys")
    place.open()
    with pytest.raises(KeyError):
        await place.intake.put_message(text(0))
    making = asyncio.create_task(place.make_pair())
    assert await place.intake.put_message(text(0)), "and one that comes a moment too early waits for it"
    await making
    assert await place.read() == ["text 0"]
    await place.close()
    place.stores.stop()


async def test_nothing_readable_lies_in_the_spool_p1(place: Place) -> None:
    place.stores.kill("store")
    canary = InboundMessage(SMS, Address("+17025550123"), ExternalId("SMcanary"), text="zebra marmalade lantern")
    await place.intake.put_message(canary)
    files = b"".join(path.read_bytes() for path in (place.folder / "spool").iterdir())
    assert b"message" in files
    for word in (b"marmalade", b"7025550123", b"SMcanary"):
        assert word not in files
