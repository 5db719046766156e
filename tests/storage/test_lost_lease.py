"""A lease that is gone costs its partition alone, and a store that is away costs no lease (X5)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any, cast

import pytest

from app.turn_worker import TurnWorker
from app.work_loop import Worker
from connectors.contract import Confirm, SendResult
from hotline.messages import SMS, Address, ExternalId, InboundMessage, OutboundMessage
from storage.connection import Store, StoreError
from storage.content_keys import ContentKeys
from storage.inbox import Inbox
from storage.keyspace import PARTITIONS, partition_of
from tests.storage.conftest import ADDRESS_KEYS
from tests.storage.night_shift import NightShift

ALL = set(range(PARTITIONS))


class Handsets:
    """A provider that takes its time for one of its texters."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.taken: list[str] = []
        self.said: list[tuple[str, str]] = []
        self.slow: dict[str, float] = {}

    async def send(self, message: OutboundMessage, confirm: Confirm | None = None) -> SendResult:
        self.begun.append(message.address)
        await asyncio.sleep(self.slow.get(message.address, 0))
        self.taken.append(message.address)
        self.said.append((message.address, message.text))
        return SendResult(ExternalId(f"SM{len(self.taken)}"))

    async def find_sent(self, message: OutboundMessage) -> SendResult | None:
        return None


@pytest.fixture
async def night(store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox) -> NightShift:
    return await NightShift(store, keys, content_keys, inbox).opens("ann")


@asynccontextmanager
async def working(night: NightShift, handsets: Handsets) -> AsyncIterator[Worker]:
    worker = Worker(replace(night.world, connectors=cast(Any, {SMS: handsets})), "w", lambda *_: None)
    task = asyncio.create_task(worker.run())
    try:
        await until(lambda: worker._owned == ALL)
        yield worker
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(holds: Callable[[], bool], seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.02)


def find_addresses() -> dict[int, str]:
    """An address for each partition."""
    found: dict[int, str] = {}
    for number in range(1000):
        address = f"+1702555{1000 + number}"
        found.setdefault(partition_of(ADDRESS_KEYS.hash_address(SMS, Address(address))), address)
    return found


async def texts(night: NightShift, address: str, number: int = 1) -> None:
    await night.inbox.put_message(InboundMessage(SMS, Address(address), ExternalId(f"{address}{number}"), text="!high"))


async def test_a_worker_that_loses_one_lease_goes_on_with_all_others_and_reads_that_one_anew_x5(
    night: NightShift,
) -> None:
    one, other, slow, *_ = find_addresses().items()
    handsets = Handsets()
    handsets.slow[slow[1]] = 4
    async with working(night, handsets) as worker:
        await texts(night, slow[1])
        await until(lambda: slow[1] in handsets.begun)
        await night.store.call("SET", f"lease:{one[0]}", "another", "PX", 2500)
        await texts(night, one[1])
        await until(lambda: worker._owned == ALL - {one[0]})
        await texts(night, other[1])
        await until(lambda: other[1] in handsets.taken, 2)
        assert one[1] not in handsets.begun
        await until(lambda: handsets.taken.count(one[1]) == handsets.taken.count(slow[1]) == 2)
        await until(lambda: worker._owned == ALL)
    assert sorted(handsets.begun) == sorted(handsets.taken), "nothing is broken off, and so sent anew"
    assert len(handsets.said) == len(set(handsets.said))


async def test_a_lease_that_lapsed_and_was_taken_back_within_a_beat_is_begun_anew_too_x5(
    night: NightShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, *_ = find_addresses().items()
    handsets, begun, work_off = Handsets(), list[str](), TurnWorker.work_off

    async def hang_once(worker: TurnWorker, lane: Any) -> None:
        begun.append(lane.name)
        if len(begun) == 1:
            await asyncio.sleep(60)  # frozen with what it read while the lease was another's
        await work_off(worker, lane)

    monkeypatch.setattr(TurnWorker, "work_off", hang_once)
    async with working(night, handsets):
        await texts(night, one[1])
        await until(lambda: len(begun) == 1)
        await night.store.call("DEL", f"lease:{one[0]}")
        await until(lambda: handsets.taken.count(one[1]) == 2)
    assert len(begun) == 2


async def test_while_what_is_on_its_way_ends_after_a_fault_of_the_store_no_lease_lapses_x5(
    night: NightShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, slow, *_ = find_addresses().items()
    handsets, failed = Handsets(), list[str]()
    handsets.slow[slow[1]] = 2.7
    work_off = TurnWorker.work_off

    async def fail_once(worker: TurnWorker, lane: Any) -> None:
        if lane.partition == one[0] and not failed:
            failed.append(lane.name)
            raise StoreError("away")
        await work_off(worker, lane)

    monkeypatch.setattr(TurnWorker, "work_off", fail_once)
    async with working(night, handsets) as worker:
        await texts(night, slow[1])
        await until(lambda: slow[1] in handsets.begun)
        await texts(night, one[1])
        shortest = 3000
        while slow[1] not in handsets.taken or worker._owned != ALL:
            left = await night.store.call_all([("PTTL", f"lease:{partition}") for partition in ALL])
            shortest = min(shortest, *left)
            await asyncio.sleep(0.02)
        await until(lambda: one[1] in handsets.taken)
    assert failed and shortest > 1000, "as in calm: renewed each second, of three"
