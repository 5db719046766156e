"""An erasure survives a kill between its parts, and is not undone by an older copy of the disk (P3)."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.sweeping import Sweeper
from hotline.messages import SMS, Address, ConversationId, ExternalId, InboundMessage
from hotline.shifts import Shift
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.inbox import Inbox
from storage.keyspace import BACKSTOP_SECONDS, partition_of
from storage.presence import Presence
from storage.shifts import StoreShifts
from storage.sweep import Sweep, Swept
from tests.real_store import RealStores
from tests.storage.conftest import ADDRESS_KEYS, list_keys
from tests.storage.night_shift import LANE, SOMEONE, NightShift, open_night

OF_A_CONVERSATION = ("conversation:*", "window:*", "status:*", "address:*")


class Killed(BaseException):
    """kill -9: nothing after it runs."""


@pytest.fixture
async def night(store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox) -> NightShift:
    for pattern in ("content-key:*", "epoch:*", "wraps:*"):
        for key in await list_keys(keys, pattern):
            await keys.call("DEL", key)
    return await NightShift(store, keys, content_keys, inbox).opens("ann", "bob")


def _sweep(night: NightShift) -> Sweep:
    return Sweep(night.store, night.content_keys, night.world.epochs, night.clock)


async def _age(keys: Store, seconds: int = 600) -> None:
    """As if every key had been made so long ago."""
    for pattern in ("content-key:*", "epoch:*", "wraps:*"):
        for key in await list_keys(keys, pattern):
            await keys.call("EXPIRE", key, BACKSTOP_SECONDS - seconds)


async def _left(night: NightShift) -> list[bytes]:
    return [key for pattern in OF_A_CONVERSATION for key in await list_keys(night.store, pattern)]


async def test_keys_whose_erasure_was_killed_half_way_are_gone_after_the_next_sweep_p3(
    night: NightShift, keys: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await night.texts("!imminent")
    (listed,) = await night.waiting()
    await night.clicks("claim", "ann", listed.id)
    await _age(keys)

    async def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("app.turn_worker.keep_keys", die)
        with pytest.raises(Killed):
            await night.clicks("close", "ann", listed.id, "reported")
    assert await _left(night) == []
    assert len(await list_keys(keys, "*:" + listed.id)) == 3, "what opens what was erased is there still"
    assert await _sweep(night).run() == Swept(keys=2)
    assert await list_keys(keys, "*:" + listed.id) == [f"content-key:{listed.id}".encode()]
    assert await keys.call("TTL", f"content-key:{listed.id}") <= 300, "and this one for the last message alone"
    assert await _sweep(night).run() == Swept(), "what is being let go is left alone"


async def test_a_sweep_takes_nothing_of_what_goes_on_or_begins_p3(night: NightShift, keys: Store) -> None:
    await night.texts("!imminent")
    (listed,) = await night.waiting()
    begun = await night.content_keys.create(ConversationId("just-begun"))
    await night.world.epochs.ensure(ConversationId("just-begun"), {})
    before = await _left(night)
    assert await _sweep(night).run() == Swept()
    assert await _left(night) == before and await night.waiting()
    assert await night.content_keys.find(ConversationId("just-begun")) == begun, "its turn has not been committed yet"
    await _age(keys)
    assert await _sweep(night).run() == Swept(keys=1 + 1)
    assert await night.clicks("claim", "ann", listed.id) == "done"


async def test_rows_without_a_conversation_go_and_so_do_notes_without_an_entry_p3(night: NightShift) -> None:
    await night.store.call("RPUSH", "window:x", "sealed")
    await night.store.call("HSET", "status:x", "n", "sent")
    await night.store.call("SET", "address:" + "0" * 32, "x")
    await night.store.call("SADD", "open", "x")
    await night.store.call("HSET", "attempts:3", "1-0", "2")
    await night.store.call("HSET", "sending:3", "1-0", "then")
    assert await _sweep(night).run() == Swept(rows=4)
    assert await _left(night) == [] and await night.store.call("EXISTS", "open", "attempts:3", "sending:3") == 0


async def test_what_waits_unreadable_is_kept_four_hours_and_erased_then_p3(night: NightShift, keys: Store) -> None:
    await night.texts("!imminent")
    (listed,) = await night.waiting()
    await night.content_keys.delete(listed.id)
    night.clock.at += timedelta(hours=3, minutes=59)
    assert await _sweep(night).run() == Swept()
    assert await night.waiting(), "an outage of hours hides nobody"
    night.clock.at += timedelta(minutes=2)
    assert await _sweep(night).run() == Swept(conversations=1)
    assert await _left(night) == [] and await night.waiting() == []
    assert await list_keys(keys, "*:" + listed.id) == []
    assert await night.store.call("ZCARD", f"deadlines:{partition_of(LANE)}") == 0


async def test_a_turn_that_comes_between_loses_nothing_to_the_sweep_p3(
    night: NightShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    await night.texts("!imminent")
    (listed,) = await night.waiting()
    await night.content_keys.delete(listed.id)
    night.clock.at += timedelta(hours=5)
    sweep, find = _sweep(night), night.content_keys.find

    async def find_and_meet_a_text(conversation: ConversationId) -> object:
        found = await find(conversation)
        monkeypatch.setattr(night.content_keys, "find", find)
        await night.texts("are you there")
        return found

    monkeypatch.setattr(night.content_keys, "find", find_and_meet_a_text)
    assert (await sweep.run()).conversations == 0
    assert [one.id for one in await night.waiting()] == [listed.id]


async def test_presence_breaks_clocks_and_shifts_that_are_over_go_though_nobody_looks_p3(night: NightShift) -> None:
    await Presence(night.store, night.clock).set_break("bob", True)
    began = night.clock.at - timedelta(days=9)
    shift = Shift("", "ann", "on_call", began, began + timedelta(hours=8))
    await StoreShifts(night.store).add([shift], began)
    await night.store.call("ZADD", "clocks", (night.clock.at - timedelta(days=8)).timestamp(), "a|report")
    await night.store.call("ZADD", "clocks", (night.clock.at - timedelta(days=6)).timestamp(), "b|report")
    night.clock.at += timedelta(hours=13)
    await _sweep(night).run()
    assert await night.store.call("EXISTS", "present", "resting") == 0
    assert await night.store.call("ZRANGE", "clocks", 0, -1) == [b"b|report"]
    assert await StoreShifts(night.store).list_all() == []


async def test_a_sweep_that_fails_stops_no_worker_and_is_tried_again_p3(
    night: NightShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: Sweep) -> Swept:
        raise ValueError

    sweeper = Sweeper(night.world)
    with monkeypatch.context() as patched:
        patched.setattr(Sweep, "run", fail)
        await sweeper.do_due()
    assert night.tally.failures == [("erase_failed", "ValueError")]
    assert not await night.store.call("EXISTS", "duty:sweep")
    await sweeper.do_due()
    assert 0 < await night.store.call("TTL", "duty:sweep") <= 60
    night.tally.failures.clear()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[RealStores]:
    with RealStores(tmp_path) as stores:
        yield stores


async def _put_back(disk: RealStores, copy: Path) -> None:
    """As after a crash of the machine: the folder from the copy, the memory-only instance empty."""
    disk.kill("store")
    disk.kill("keys")
    shutil.rmtree(disk.store.folder)
    shutil.copytree(copy, disk.store.folder)
    for name in ("store", "keys"):
        await asyncio.to_thread(disk.start, name)


@pytest.fixture
async def put_back(disk: RealStores, tmp_path: Path) -> AsyncIterator[NightShift]:
    """A store put back as it was when one waited and one had said STOP; both were erased since."""
    night = await open_night(disk)
    await night.opens("ann")
    await night.texts("!imminent")
    (listed,) = await night.waiting()
    await night.texts("STOP", Address("+17025550199"))
    await night.inbox.put_message(InboundMessage(SMS, SOMEONE, ExternalId("in-flight"), text="are you there"))
    shutil.copytree(disk.store.folder, tmp_path / "copy")
    await night.works()
    await night.clicks("claim", "ann", listed.id)
    await night.clicks("close", "ann", listed.id, "reported")
    assert await _left(night) == []
    await _put_back(disk, tmp_path / "copy")
    night = await open_night(disk)
    assert await _left(night) != [], "the copy has what was erased"
    yield night
    night.tally.failures.clear()


async def test_a_copy_of_yesterday_brings_no_conversation_back_and_pages_nobody_p3(put_back: NightShift) -> None:
    night = put_back
    # The copy's entries are named by the store's own clock, which is the machine's.
    night.clock.at = max(night.clock.at, datetime.now(UTC)) + timedelta(hours=20)
    night.tally.failures = _Counted()
    before = await night.pages()
    await night.works()
    assert await night.pages() == before and await night.waiting() == []
    await _sweep(night).run()
    assert await _left(night) == []
    for partition in range(16):
        assert await night.store.call("XLEN", f"inbox:{partition}") == 0
    assert night.tally.failures.told == [("unreadable", "")], "what cannot be read is counted, not paged"


async def test_a_copy_forgets_no_stop_and_answers_no_delivery_twice_p3_x4(put_back: NightShift) -> None:
    night = put_back
    other = ADDRESS_KEYS.hash_address(SMS, Address("+17025550199"))
    await _sweep(night).run()
    assert await night.store.call("EXISTS", f"opted-out:{other}") == 1
    again = InboundMessage(SMS, SOMEONE, ExternalId("SM1"), text="!imminent")
    assert await night.inbox.put_message(again) is False


async def test_after_an_outage_of_an_hour_what_waited_is_brought_before_a_person_p3(put_back: NightShift) -> None:
    """Nobody can tell an older copy from a crash: within four hours the doubt is decided for the texter."""
    night = put_back
    night.clock.at += timedelta(hours=1)
    night.tally.failures = _Counted()
    await night.works()
    (listed,) = await night.waiting()
    assert "unreadable" in listed.reasons and await night.pages() > 1


class _Counted(list[tuple[str, str]]):
    """Failures that are expected: kept aside, so that the night goes on."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def append(self, failure: tuple[str, str]) -> None:
        self.told.append(failure)
