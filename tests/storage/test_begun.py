"""In danger every message of an answer is begun with the commit that puts it into the outbox (H3, X5)."""

import asyncio
import sys
from types import SimpleNamespace

import pytest

from app.lanes import Lane, Lanes
from app.precedence import Precedence
from app.send_worker import SendWorker
from connectors.contract import Confirm, SendResult
from hotline.messages import ConversationId, OutboundMessage
from storage.commit import Committer, LeaseLost, Writes
from storage.content_keys import ContentKeys
from storage.streams import Entry
from tests.storage.night_shift import LANE, NightShift
from tests.storage.test_danger_first import takes_turn
from tests.storage.test_sending import PARTITION, Carrier, lane_of, sender, take_over
from vault.content import ContentKey

MARKS = f"sending:{PARTITION}"


class Counting(Carrier):
    """Counts how often it is asked for what may be out already, and knows of nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    async def find_sent(self, message: OutboundMessage) -> None:
        self.asked += 1


@pytest.fixture
async def night(store, keys, content_keys, inbox) -> NightShift:
    return await NightShift(store, keys, content_keys, inbox).opens("wren")


@pytest.fixture
def first() -> Precedence:
    return Precedence()


@pytest.fixture
def seconds(monkeypatch) -> list[float]:
    """The clock by which marks grow old."""
    now = [0.0]
    for module in ("app.begun", "app.send_worker"):
        monkeypatch.setattr(f"{module}.time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


@pytest.fixture
def marked(monkeypatch) -> list[str]:
    """Outbox entries that the store was asked to mark by themselves."""
    entries, mark = list[str](), Committer.mark_sending

    async def note(committer: Committer, partition: int, entry: str, at: str) -> bool:
        entries.append(entry)
        return await mark(committer, partition, entry, at)

    monkeypatch.setattr(Committer, "mark_sending", note)
    return entries


@pytest.fixture
def asked_for(monkeypatch) -> list[str]:
    """Conversations whose key the keys instance was asked for."""
    conversations, find = list[str](), ContentKeys.find

    async def note(keys: ContentKeys, conversation: ConversationId) -> ContentKey | None:
        conversations.append(conversation)
        return await find(keys, conversation)

    monkeypatch.setattr(ContentKeys, "find", note)
    return conversations


async def answers_danger(night: NightShift, first: Precedence) -> Lane[Entry]:
    """What lies in the outbox: two messages."""
    await takes_turn(night, "!danger", first)
    lane = await lane_of(night)
    assert len(lane.items) == 2
    return lane


def sending(night: NightShift, carrier: Carrier, first: Precedence) -> SendWorker:
    sender(night, carrier)
    return SendWorker(night.world, first)


async def marks(night: NightShift) -> list[str]:
    return sorted(one.decode() for one in await night.store.call("HKEYS", MARKS))


async def test_both_messages_are_begun_with_the_turn_and_ask_for_no_mark(night, first, marked) -> None:
    lane, carrier = await answers_danger(night, first), Counting()
    assert await marks(night) == [entry.id for entry in lane.items]
    await sending(night, carrier, first).work_off(lane)
    assert len(carrier.taken) == 2 and not carrier.asked and not marked
    assert not await marks(night) and not (await lane_of(night)).items and not lane.items


async def test_without_danger_an_answer_may_have_to_stand_in_line_and_is_not_begun(night, first, marked) -> None:
    await takes_turn(night, "NUMBER", first)
    lane = await lane_of(night)
    entries = [entry.id for entry in lane.items]
    assert entries and not await marks(night)
    await sending(night, Carrier(), first).work_off(lane)
    assert marked == entries[:1]


async def test_the_second_goes_out_while_the_end_of_the_first_is_written(night, first, monkeypatch) -> None:
    lane, out, commit = await answers_danger(night, first), asyncio.Event(), Committer.commit

    class Second(Carrier):
        async def send(self, message: OutboundMessage, confirm: Confirm | None = None) -> SendResult:
            if self.taken:
                out.set()
            return await super().send(message, confirm)

    async def waits(committer: Committer, partition: int, writes: Writes) -> None:
        async with asyncio.timeout(10):
            await out.wait()
        await commit(committer, partition, writes)

    monkeypatch.setattr(Committer, "commit", waits)
    await sending(night, Second(), first).work_off(lane)
    assert not await marks(night) and not (await lane_of(night)).items


async def test_one_who_takes_over_looks_for_each_before_it_is_sent(night, first) -> None:
    lane, carrier = await answers_danger(night, first), Counting()
    successor = sending(night, carrier, Precedence())
    while lane.items:
        await successor.work_off(lane)
    assert carrier.asked == 2 and len(carrier.taken) == 2


async def test_what_was_begun_longer_than_a_moment_ago_is_looked_for(night, first, seconds) -> None:
    lane, carrier = await answers_danger(night, first), Counting()
    seconds[0] += 5
    worker = sending(night, carrier, first)
    while lane.items:
        await worker.work_off(lane)
    assert carrier.asked == 2 and len(carrier.taken) == 2


async def test_whoever_was_frozen_meanwhile_sends_nothing_that_another_has_sent(night, first, seconds) -> None:
    lane, carrier = await answers_danger(night, first), Counting()
    await take_over(night)
    seconds[0] += 5
    with pytest.raises(LeaseLost):
        await sending(night, carrier, first).work_off(lane)
    assert not carrier.taken


async def test_a_second_try_looks_for_what_the_first_may_have_sent(night, first) -> None:
    """A worker that lost the store reads the outbox anew: what it began itself may be out."""
    lane, again, carrier = await answers_danger(night, first), await lane_of(night), Counting()
    worker = sending(night, carrier, first)
    for entry in lane.items:
        assert first.begun.take(entry.fields[b"n"].decode())
    while again.items:
        await worker.work_off(again)
    assert carrier.asked == 2


async def test_a_lease_that_is_lost_between_the_two_is_told_and_the_second_is_not_sent_twice(night, first) -> None:
    lane = await answers_danger(night, first)

    class Losing(Carrier):
        async def send(self, message: OutboundMessage, confirm: Confirm | None = None) -> SendResult:
            await night.store.call("SET", f"lease:{PARTITION}", "successor")
            return await super().send(message, confirm)

    carrier = Losing()
    with pytest.raises(LeaseLost):
        await sending(night, carrier, first).work_off(lane)
    assert len(carrier.taken) == 2 and len((await lane_of(night)).items) == 2
    await night.store.call("DEL", f"lease:{PARTITION}")


async def test_an_end_of_the_first_that_is_not_written_is_told(night, first, monkeypatch) -> None:
    """Whatever it fails of, the lane is begun anew from the store."""
    lane, carrier, commit, failed = await answers_danger(night, first), Carrier(), Committer.commit, list[int]()

    async def fails_once(committer: Committer, partition: int, writes: Writes) -> None:
        if not failed:
            failed.append(partition)
            raise LeaseLost
        await commit(committer, partition, writes)

    monkeypatch.setattr(Committer, "commit", fails_once)
    with pytest.raises(LeaseLost):
        await sending(night, carrier, first).work_off(lane)
    assert len(carrier.taken) == 2 and len((await lane_of(night)).items) == 2


async def test_a_lane_that_is_dropped_waits_for_nothing_that_is_being_written(night, first, monkeypatch) -> None:
    lane, out = await answers_danger(night, first), asyncio.Event()

    class Slow(Carrier):
        async def send(self, message: OutboundMessage, confirm: Confirm | None = None) -> SendResult:
            if self.taken:
                out.set()
                await asyncio.Event().wait()
            return await super().send(message, confirm)

    async def hangs(committer: Committer, partition: int, writes: Writes) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Committer, "commit", hangs)
    working = asyncio.create_task(sending(night, Slow(), first).work_off(lane))
    async with asyncio.timeout(10):
        await out.wait()
    working.cancel()
    await asyncio.wait([working], timeout=5)
    assert working.cancelled()


async def test_what_is_given_up_while_both_are_on_their_way_is_noted_as_sent(night, first) -> None:
    """A partition that is let go keeps what is being sent; of the rest of the lane nothing is begun."""
    lane = await answers_danger(night, first)

    class Leaving(Carrier):
        async def send(self, message: OutboundMessage, confirm: Confirm | None = None) -> SendResult:
            if self.taken:
                lanes.begin_nothing_new({PARTITION})
            return await super().send(message, confirm)

    worker, ended = sending(night, Leaving(), first), list[str]()

    async def works(lane: Lane[Entry]) -> None:
        await worker.work_off(lane)
        ended.append(lane.name)

    lanes = Lanes[Entry](works, precedence=first)
    for entry in lane.items:
        lanes.feed(LANE, PARTITION, entry)
    async with asyncio.timeout(10):
        while lanes.has_work:
            await asyncio.sleep(0.01)
    assert ended == [LANE] and not await marks(night) and not (await lane_of(night)).items


async def test_a_message_that_was_just_begun_asks_for_no_key_once_more(night, first, asked_for) -> None:
    lane = await answers_danger(night, first)
    asked_for.clear()
    await sending(night, carrier := Carrier(), first).work_off(lane)
    assert len(carrier.taken) == 2 and not asked_for


async def test_whoever_takes_over_asks_for_its_key(night, first, asked_for) -> None:
    lane = await answers_danger(night, first)
    asked_for.clear()
    await sending(night, carrier := Carrier(), Precedence()).work_off(lane)
    assert carrier.taken and asked_for


async def test_what_this_worker_does_not_send_is_forgotten_after_a_second_and_its_key_p3(first, monkeypatch) -> None:
    monkeypatch.setattr("app.begun.FRESH_SECONDS", 0.05)
    key = ContentKey.create("sparrow")
    without = sys.getrefcount(key)
    first.begun.note({"number": key})
    assert first.begun.is_fresh("number") and sys.getrefcount(key) > without
    await asyncio.sleep(0.2)
    assert sys.getrefcount(key) == without
