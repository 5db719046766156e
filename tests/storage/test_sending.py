"""What a worker does with what it is to send, when it is no longer the only one who is at it (X5)."""

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.lanes import Lane
from app.send_worker import SendWorker
from app.turn_items import Item
from app.turn_worker import MOST_ATTEMPTS, TurnWorker
from connectors.contract import Confirm, SendResult
from connectors.errors import SendError
from hotline.messages import SMS, ExternalId, InboundMessage, OutboundMessage
from hotline.screening.result import Level
from storage.commit import Committer, LeaseLost, Writes
from storage.keyspace import partition_of
from storage.streams import Entry
from tests.storage.night_shift import LANE, SOMEONE, NightShift

PARTITION = partition_of(LANE)


class Carrier:
    """Takes messages and knows them by their words alone, as Twilio does."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def send(self, message: OutboundMessage, confirm: Confirm | None = None) -> SendResult:
        if confirm is not None:
            await confirm()
        self.taken.append(message.text)
        return SendResult(ExternalId(f"SM{len(self.taken)}"))

    async def find_sent(self, message: OutboundMessage) -> SendResult | None:
        found = [number for number, text in enumerate(self.taken, 1) if text == message.text]
        return SendResult(ExternalId(f"SM{found[-1]}")) if found else None


@pytest.fixture
async def night(store, keys, content_keys, inbox) -> NightShift:
    night = await NightShift(store, keys, content_keys, inbox).opens("wren")
    await night.inbox.put_message(night_text("NUMBER", 1))
    await night.works()
    return night


def night_text(text: str, number: int) -> InboundMessage:
    return InboundMessage(SMS, SOMEONE, ExternalId(f"SM-in-{number}"), text=text)


async def lane_of(night: NightShift) -> Lane[Entry]:
    """What a worker has read of the outbox."""
    lane = Lane[Entry](LANE, PARTITION)
    for identifier, fields in await night.store.call("XRANGE", f"outbox:{PARTITION}", "-", "+"):
        lane.items.append(Entry("outbox", PARTITION, identifier.decode(), LANE, fields))
    return lane


def sender(night: NightShift, carrier: Carrier) -> SendWorker:
    night.world = replace(night.world, connectors={SMS: carrier})
    return SendWorker(night.world)


async def take_over(night: NightShift) -> None:
    """Another worker has the partition, and has sent all that lay there."""
    await night.store.call("SET", f"lease:{PARTITION}", "successor")
    for entry in (await lane_of(night)).items:
        await night.store.call("XDEL", f"outbox:{PARTITION}", entry.id)
        await night.store.call("HDEL", f"sending:{PARTITION}", entry.id)


async def test_a_worker_that_was_frozen_past_its_lease_sends_nothing_that_its_successor_has_sent(night) -> None:
    carrier, lane = Carrier(), await lane_of(night)
    assert len(lane.items) > 0
    await take_over(night)
    with pytest.raises(LeaseLost):
        await sender(night, carrier).work_off(lane)
    assert carrier.taken == []
    assert await night.store.call("HLEN", f"sending:{PARTITION}") == 0, "nor does it leave a mark"


async def test_a_worker_that_has_its_lease_back_sends_nothing_that_another_has_sent_meanwhile(night) -> None:
    """Frozen, while its successor came and died: the lease is free again, and its memory is old."""
    carrier, lane, worker = Carrier(), await lane_of(night), await night.store.call("GET", f"lease:{PARTITION}")
    await take_over(night)
    await night.store.call("SET", f"lease:{PARTITION}", worker)
    with pytest.raises(LeaseLost):
        await sender(night, carrier).work_off(lane)
    assert carrier.taken == []


async def test_a_worker_that_has_its_lease_back_answers_nothing_that_another_has_answered_meanwhile(night) -> None:
    await night.inbox.put_message(night_text("NUMBER", 5))
    ((identifier, fields),) = await night.store.call("XRANGE", f"inbox:{PARTITION}", "-", "+")
    lane = Lane[Item](LANE, PARTITION)
    lane.items.append(Item(entry=Entry("inbox", PARTITION, identifier.decode(), LANE, fields)))
    await night.works()
    answered = await night.store.call("XLEN", f"outbox:{PARTITION}")
    with pytest.raises(LeaseLost):
        await TurnWorker(night.world).work_off(lane)
    assert await night.store.call("XLEN", f"outbox:{PARTITION}") == answered


async def test_a_worker_that_loses_its_lease_between_two_tries_does_not_try_again(night) -> None:
    class Refusing(Carrier):
        refused = False

        async def send(self, message: OutboundMessage, confirm: Confirm | None = None) -> SendResult:
            if not self.refused:
                self.refused = True
                await night.store.call("SET", f"lease:{PARTITION}", "successor")
                raise SendError("20503", retryable=True)
            return await super().send(message, confirm)

    carrier, lane = Refusing(), await lane_of(night)
    with pytest.raises(LeaseLost):
        await sender(night, carrier).work_off(lane)
    assert carrier.refused and carrier.taken == []


async def test_the_same_words_said_a_moment_ago_do_not_count_as_this_message(night) -> None:
    """A message whose fate is unknown is looked up by its words: an earlier one of ours is not it."""

    class CutOff(Carrier):
        was_cut_off = False

        async def send(self, message: OutboundMessage, confirm: Confirm | None = None) -> SendResult:
            if message.text in self.taken and not self.was_cut_off:
                self.was_cut_off = True
                raise SendError("timeout", retryable=True)
            return await super().send(message, confirm)

    carrier = CutOff()
    work = sender(night, carrier)
    lane = await lane_of(night)
    while lane.items:
        await work.work_off(lane)
    await night.inbox.put_message(night_text("NUMBER", 2))
    await night.works()
    lane = await lane_of(night)
    while lane.items:
        await work.work_off(lane)
    assert carrier.was_cut_off
    assert carrier.taken.count("number_given") == 2


async def test_an_answer_that_died_with_the_keys_instance_is_brought_before_a_person_r9_p3(night, keys) -> None:
    """It was decided on and not sent yet: nobody can read it any more, and its texter is owed more than silence."""
    carrier, lane = Carrier(), await lane_of(night)
    await keys.remove(*await keys.scan("content-key:*"))
    work = sender(night, carrier)
    while lane.items:
        await work.work_off(lane)
    assert carrier.taken == []
    assert {event for event, _ in night.tally.failures} == {"send_failed"}
    night.tally.failures.clear()
    await night.works()
    (waiting,) = await night.waiting()
    assert "unreadable" in waiting.reasons and waiting.level == Level.HIGH


async def test_what_was_erased_before_it_could_be_sent_is_brought_before_nobody_p3(night, keys) -> None:
    lane = await lane_of(night)
    for name in await keys.scan("content-key:*"):
        identifier = name.partition(":")[2]
        await keys.call("DEL", name)
        await night.store.call("DEL", f"conversation:{identifier}", f"address:{LANE}")
    work = sender(night, Carrier())
    while lane.items:
        await work.work_off(lane)
    await night.works()
    assert not await night.waiting()


async def test_an_answer_that_an_outage_held_up_is_sent_although_its_session_is_over_by_then_x5(night) -> None:
    """Half an hour without a worker: the end of the session must not take the key from what is still to be sent."""
    carrier, lane = Carrier(), await lane_of(night)
    night.clock.at += timedelta(minutes=31)
    await night.works()
    assert not await night.store.scan("conversation:*"), "the session is over"
    work = sender(night, carrier)
    while lane.items:
        await work.work_off(lane)
    assert "number_given" in carrier.taken


async def test_what_was_sent_while_the_store_went_away_is_not_sent_again_by_whoever_sent_it_x5(night, store) -> None:
    """Telegram cannot be asked what it took: the worker remembers it until the store has heard of it."""

    class Forgetful(Carrier):
        async def find_sent(self, message: OutboundMessage) -> None:
            return None

    class Away(Committer):
        async def commit(self, partition: int, writes: Writes) -> None:
            raise ConnectionError

    carrier = Forgetful()
    committer, work = night.world.committer, sender(night, carrier)
    lane = await lane_of(night)
    work._world = replace(night.world, committer=Away(store, "w"))
    with pytest.raises(ConnectionError):
        await work.work_off(lane)
    assert len(carrier.taken) == 1
    work._world = replace(night.world, committer=committer)
    lane = await lane_of(night)
    while lane.items:
        await work.work_off(lane)
    assert len(carrier.taken) == len(set(carrier.taken)) > 0


async def test_a_text_that_was_begun_often_because_leases_were_lost_is_not_what_kills_workers_r9(night) -> None:
    """Only a worker that died may have died of it: one that is still there counts nothing, however often it began."""

    class Losing(Committer):
        async def commit(self, partition: int, writes: Writes) -> None:
            raise LeaseLost

    while (lane := await lane_of(night)).items:
        await sender(night, Carrier()).work_off(lane)
    await night.inbox.put_message(night_text("NUMBER", 3))
    ((identifier, fields),) = await night.store.call("XRANGE", f"inbox:{PARTITION}", "-", "+")
    entry = Entry("inbox", PARTITION, identifier.decode(), LANE, fields, taken_over=True)
    worker = TurnWorker(night.world)
    committer = night.world.committer
    for _ in range(MOST_ATTEMPTS + 2):
        worker._world = replace(night.world, committer=Losing(night.store, "w"))
        lane = Lane[Item](LANE, PARTITION)
        lane.items.append(Item(entry=entry))
        with pytest.raises(LeaseLost):
            await worker.work_off(lane)
    worker._world = replace(night.world, committer=committer)
    lane = Lane[Item](LANE, PARTITION)
    lane.items.append(Item(entry=entry))
    await worker.work_off(lane)
    assert "number_given" in await night.goes_out()
    assert await night.store.call("XLEN", "dead") == 0


async def test_what_was_decided_on_by_a_clock_that_was_ahead_is_looked_up_since_it_was_queued_x5(night) -> None:
    """Once the clock is right again, the provider's record is older than the message says it is."""

    class Looking(Carrier):
        since: datetime | None = None

        async def find_sent(self, message: OutboundMessage) -> SendResult | None:
            self.since = message.created_at
            return await super().find_sent(message)

    night.clock.at = datetime.now(UTC) + timedelta(hours=2)
    await night.inbox.put_message(night_text("MENU", 4))
    await night.works()
    carrier, lane = Looking(), await lane_of(night)
    lane.items = deque([lane.items[-1]])
    await night.store.call("HSET", f"sending:{PARTITION}", lane.items[0].id, "begun")
    await sender(night, carrier).work_off(lane)
    assert carrier.since is not None and carrier.since < datetime.now(UTC) + timedelta(seconds=5)


async def test_a_store_that_is_slow_every_time_keeps_no_message_back_r9(night, monkeypatch) -> None:
    monkeypatch.setattr("app.send_worker.FRESH_SECONDS", 0.0)
    assert "crisis_suicide" in await night.texts("!imminent")
