"""A worker that ends, or shares with another, finishes what is on its way to a provider and begins nothing new (X5)."""

import asyncio

import pytest

from app.lanes import Lane, Lanes
from app.send_worker import NOTE_AGAIN_SECONDS, _patiently
from app.turn_items import Item
from app.work_loop import Worker
from storage.commit import LeaseLost
from storage.connection import Store, StoreError
from storage.keyspace import PARTITIONS
from storage.ownership import LEASE_MILLISECONDS, Ownership
from storage.streams import Entry
from tests.storage.night_shift import NightShift


class Slow:
    """Lanes whose every item takes a while."""

    def __init__(self, seconds: float) -> None:
        self.begun: list[str] = []
        self.done: list[str] = []
        self._seconds = seconds
        self.lanes = Lanes[str](self._work_off)

    async def _work_off(self, lane: Lane[str]) -> None:
        item = lane.items[0]
        self.begun.append(item)
        await asyncio.sleep(self._seconds)
        self.done.append(item)
        lane.items.popleft()


async def test_what_is_being_sent_is_finished_and_the_rest_is_left_to_the_successor() -> None:
    slow = Slow(0.1)
    for item in ("one", "two"):
        slow.lanes.feed("a", 3, item)
    slow.lanes.feed("b", 4, "three")
    await asyncio.sleep(0.02)
    assert slow.lanes.busy() == {3, 4}
    await slow.lanes.finish(2)
    assert slow.done == slow.begun == ["one", "three"]
    assert not slow.lanes.busy()


async def test_a_provider_that_answers_nothing_holds_up_the_end_for_a_stated_time_only() -> None:
    slow = Slow(30)
    slow.lanes.feed("a", 3, "one")
    await asyncio.sleep(0.02)
    began = asyncio.get_running_loop().time()
    await slow.lanes.finish(0.2)
    assert asyncio.get_running_loop().time() - began < 1
    await slow.lanes.drop(keep=set())
    assert not slow.done


async def test_what_is_out_is_noted_once_a_store_that_was_away_for_a_moment_is_back_x5() -> None:
    tries = 0

    async def note() -> str:
        nonlocal tries
        tries += 1
        if tries < 4:
            raise StoreError("away")
        return "noted"

    assert await _patiently(note) == "noted"


async def test_a_lost_lease_and_a_store_that_stays_away_are_not_waited_for_longer_than_stated() -> None:
    async def lose() -> None:
        raise LeaseLost

    async def fail() -> None:
        raise StoreError("away")

    clock = asyncio.get_running_loop().time
    began = clock()
    with pytest.raises(LeaseLost):
        await _patiently(lose)
    assert clock() - began < 0.05
    with pytest.raises(StoreError):
        await _patiently(fail)
    assert 1 < clock() - began < LEASE_MILLISECONDS / 1000, "within a lease"


async def test_a_partition_is_handed_over_once_nothing_of_it_is_on_its_way(store: Store) -> None:
    one, two = Ownership(store, "one"), Ownership(store, "two")
    await one.beat()
    await two.beat()
    half = set(range(PARTITIONS // 2))
    assert await one.beat() == half, "nothing new is begun of what is to go"
    assert one.owned == set(range(PARTITIONS)) and not await two.beat(), "but it is not given up yet"
    await one.beat(sending={12})
    assert await two.beat() == set(range(PARTITIONS)) - half - {12}
    await one.beat()
    assert 12 in await two.beat()


async def test_after_an_outage_each_worker_takes_back_what_it_had_x5(store: Store) -> None:
    one, two = Ownership(store, "one"), Ownership(store, "two")
    await one.beat()
    for _ in range(4):
        await one.beat(), await two.beat()
    before = set(one.owned), set(two.owned)
    assert all(before) and not before[0] & before[1]
    await store.call("DEL", "workers", *(f"lease:{partition}" for partition in range(16)))
    await two.beat()
    await one.beat()
    assert (one.owned, two.owned) == before


async def test_a_worker_whose_fellow_died_in_the_outage_has_everything_a_beat_later(store: Store) -> None:
    one, two = Ownership(store, "one"), Ownership(store, "two")
    for _ in range(4):
        await one.beat(), await two.beat()
    await store.call("DEL", "workers", *(f"lease:{partition}" for partition in range(16)))
    await one.beat()
    assert await one.beat() == set(range(16))


async def test_a_store_that_breaks_again_while_partitions_are_taken_back_mixes_them_no_more_x5(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = Ownership(store, "one"), Ownership(store, "two")
    for _ in range(4):
        await one.beat(), await two.beat()
    before = set(one.owned), set(two.owned)
    await store.call("DEL", "workers", *(f"lease:{partition}" for partition in range(16)))

    async def fail(_partition: int) -> bool:
        raise StoreError("away")

    with monkeypatch.context() as broken, pytest.raises(StoreError):
        broken.setattr(two, "_take", fail)
        await two.beat()
    await two.beat()
    await one.beat()
    assert (one.owned, two.owned) == before


async def test_a_message_that_its_provider_will_not_take_holds_up_a_partition_for_some_beats_only(store: Store) -> None:
    one, two = Ownership(store, "one"), Ownership(store, "two")
    await one.beat()
    await two.beat()
    for _ in range(6):
        await one.beat(sending={12})
    assert 12 in await two.beat()


async def test_what_is_kept_after_all_is_worked_on_again(store: Store) -> None:
    one, two = Ownership(store, "one"), Ownership(store, "two")
    await one.beat()
    await two.beat()
    assert len(await one.beat()) == PARTITIONS // 2
    await two.release_all()
    assert await one.beat() == set(range(PARTITIONS))


async def test_a_store_that_is_away_for_two_seconds_keeps_nothing_from_being_noted_as_sent_x5(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passed = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    async def note() -> str:
        if passed < 2:
            raise StoreError
        return "noted"

    monkeypatch.setattr("app.send_worker.asyncio.sleep", sleep)
    assert await _patiently(note) == "noted"
    assert sum(NOTE_AGAIN_SECONDS) * 1000 < LEASE_MILLISECONDS, "then somebody else may have it"


async def test_what_comes_in_while_a_partition_is_let_go_is_not_begun_before_what_came_first_x5(
    store: Store, keys: Store, content_keys, inbox
) -> None:
    """Our lease holds for a beat more: the second text would be answered by us, the first by whoever comes after."""
    night, begun = NightShift(store, keys, content_keys, inbox), list[str]()
    worker = Worker(night.world, "w", lambda *_: None)
    first, second = (Entry("inbox", 3, f"1-{n}", "lane", {b"k": b"message"}) for n in (1, 2))

    async def work_off(lane: Lane[Item]) -> None:
        entry = lane.items[0].entry
        begun.append(entry.id if entry else "")
        try:
            await asyncio.sleep(60)
        finally:
            worker._feed(second)

    worker._turns = Lanes[Item](work_off)
    await worker._own({3, 4})
    worker._feed(first)
    await asyncio.sleep(0)
    await worker._own({4})
    await asyncio.sleep(0.05)
    assert begun == [first.id] and not worker._turns.has_work
