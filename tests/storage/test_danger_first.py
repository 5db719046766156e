"""The answer to somebody in danger goes out before what else a worker has in hand (H3, R9)."""

import asyncio
from dataclasses import replace
from typing import Any, cast

import pytest

from app import precedence
from app.lanes import Lane
from app.precedence import Precedence
from app.pressure import MOST_TURNS
from app.send_worker import SendWorker
from app.turn_items import Item
from app.turn_worker import TurnWorker
from app.work_loop import Worker
from connectors.contract import Confirm, SendResult
from hotline.messages import SMS, Address, ExternalId, InboundMessage, OutboundMessage
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.inbox import Inbox
from storage.keyspace import partition_of
from storage.ownership import Ownership
from storage.streams import Entry
from tests.storage.night_shift import LANE, SOMEONE, NightShift

DANGER = Address("+17025559990")
ORDINARY = tuple(Address(f"+1702555{1000 + number}") for number in range(40))


class Handsets:
    """A provider that remembers to whom it went."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def send(self, message: OutboundMessage, confirm: Confirm | None = None) -> SendResult:
        self.taken.append(message.address)
        return SendResult(ExternalId(f"SM{len(self.taken)}"))

    async def find_sent(self, message: OutboundMessage) -> SendResult | None:
        return None


@pytest.fixture
async def night(
    store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> NightShift:
    # On a busy machine the store takes its time; what others do meanwhile is no matter of this machine's pace.
    monkeypatch.setattr(precedence, "BETWEEN_SECONDS", 0.05)
    monkeypatch.setattr(precedence, "LONGEST_SECONDS", 30)
    return await NightShift(store, keys, content_keys, inbox).opens("ann")


async def comes_in(night: NightShift, address: Address, text: str) -> None:
    await night.inbox.put_message(InboundMessage(SMS, address, ExternalId(f"{address}{text}"), text=text))


async def until(holds: Any) -> None:
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.005)


async def test_danger_is_answered_before_forty_texts_that_came_with_it_and_all_are_answered_h3(
    night: NightShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    handsets, begun, work = Handsets(), list[str](), TurnWorker._work

    async def note(worker: TurnWorker, lane: Lane[Item], item: Item) -> None:
        begun.append(lane.name)
        await work(worker, lane, item)

    monkeypatch.setattr(TurnWorker, "_work", note)
    for address in ORDINARY:
        await comes_in(night, address, "food please")
    await comes_in(night, DANGER, "!danger")
    worker = Worker(replace(night.world, connectors=cast(Any, {SMS: handsets})), "w", lambda *_: None)
    working = asyncio.create_task(worker.run())
    try:
        await until(lambda: DANGER in handsets.taken)
        before = handsets.taken.index(DANGER)
        assert len(begun) >= MOST_TURNS and before <= 4, f"{before} answers went out first"
        await until(lambda: set(handsets.taken) == {DANGER, *ORDINARY})
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    stumbled = {"attempt_failed", "dead_letter", "lane_dropped", "send_failed", "crashed", "store_lost"}
    assert not stumbled & {event for event, _ in night.tally.failures}


async def lies_in(night: NightShift, queue: str) -> list[Entry]:
    """What there is of the one texter's."""
    partition = partition_of(LANE)
    found = await night.store.call("XRANGE", f"{queue}:{partition}", "-", "+")
    return [Entry(queue, partition, identifier.decode(), LANE, fields) for identifier, fields in found]


async def takes_turn(night: NightShift, text: str, first: Precedence) -> None:
    """A text comes in and is worked off."""
    await comes_in(night, SOMEONE, text)
    await Ownership(night.store, "w").beat()
    lane = Lane[Item](LANE, partition_of(LANE))
    lane.items.extend(Item(entry=entry) for entry in await lies_in(night, "inbox"))
    await TurnWorker(night.world, precedence=first).work_off(lane)


@pytest.mark.parametrize(
    ("text", "given"), [("!danger", True), ("!homeless", False), ("food please", False), ("PERSON", False)]
)
async def test_while_there_is_danger_each_text_is_looked_at_before_its_turn_begins_h3(
    night: NightShift, text: str, given: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, seen, work = Precedence(), list[bool](), TurnWorker._work

    async def look(worker: TurnWorker, lane: Lane[Item], item: Item) -> None:
        seen.append(first.has(lane.name))
        await work(worker, lane, item)

    monkeypatch.setattr(TurnWorker, "_work", look)
    first.give("another")
    await takes_turn(night, text, first)
    assert seen == [given] and not night.tally.failures


async def test_what_is_no_danger_to_life_keeps_nobody_back_though_a_person_should_see_it_h3(night: NightShift) -> None:
    """Somebody without a place tonight is high: an evening has many, and if all went first none would."""
    first = Precedence()
    await takes_turn(night, "!homeless", first)
    assert not first.is_given and await lies_in(night, "outbox")


async def test_danger_goes_first_until_its_last_message_is_out_h3(night: NightShift) -> None:
    first = Precedence()
    await takes_turn(night, "!danger", first)
    assert first.has(LANE), "it showed in its turn, and its answer is to go out"
    sending, lane = SendWorker(night.world, first), Lane[Entry](LANE, partition_of(LANE))
    lane.items.extend(await lies_in(night, "outbox"))
    assert lane.items
    while lane.items:
        assert first.has(LANE)
        await sending.work_off(lane)
    assert not first.is_given


async def test_danger_to_which_nothing_may_be_said_keeps_nobody_back_k2(night: NightShift) -> None:
    first = Precedence()
    await night.texts("STOP")
    first.give(LANE)
    await takes_turn(night, "hello", first)
    assert not await lies_in(night, "outbox") and not first.is_given
