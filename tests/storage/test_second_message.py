"""In danger the second message of an answer is begun with the commit that ends the first (H3, X5)."""

from types import SimpleNamespace

import pytest

from app.lanes import Lane
from app.precedence import Precedence
from app.send_worker import SendWorker
from hotline.messages import OutboundMessage
from storage.commit import Committer, LeaseLost
from storage.streams import Entry
from tests.storage.night_shift import LANE, NightShift
from tests.storage.test_sending import PARTITION, Carrier, lane_of, night_text, sender, take_over

MARKS = f"sending:{PARTITION}"


class Counting(Carrier):
    """Counts how often it is asked for what may be out already."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    async def find_sent(self, message: OutboundMessage) -> None:
        self.asked += 1


@pytest.fixture
async def night(store, keys, content_keys, inbox) -> NightShift:
    night = await NightShift(store, keys, content_keys, inbox).opens("wren")
    for number, text in enumerate(("NUMBER", "PLACE"), 1):
        await night.inbox.put_message(night_text(text, number))
        await night.works()
    return night


@pytest.fixture
def marked(monkeypatch) -> list[str]:
    """Outbox entries that the store was asked to mark by themselves."""
    entries, mark = list[str](), Committer.mark_sending

    async def note(committer: Committer, partition: int, entry: str, at: str) -> bool:
        entries.append(entry)
        return await mark(committer, partition, entry, at)

    monkeypatch.setattr(Committer, "mark_sending", note)
    return entries


def in_danger(night: NightShift, carrier: Carrier) -> SendWorker:
    sender(night, carrier)
    first = Precedence()
    first.give(LANE)
    return SendWorker(night.world, first)


async def test_the_next_message_is_begun_with_the_end_of_the_one_before_and_asks_for_no_mark(night, marked) -> None:
    carrier, lane = Counting(), await lane_of(night)
    sending, first, second = in_danger(night, carrier), *list(lane.items)[:2]
    await sending.work_off(lane)
    assert await night.store.call("HKEYS", MARKS) == [second.id.encode()]
    await sending.work_off(lane)
    assert marked == [first.id] and len(carrier.taken) == 2 and not carrier.asked
    assert second.id.encode() not in await night.store.call("HKEYS", MARKS)


async def test_without_danger_the_next_may_have_to_stand_in_line_and_is_not_begun(night, marked) -> None:
    lane = await lane_of(night)
    entries, sending = list(lane.items)[:2], sender(night, Carrier())
    await sending.work_off(lane)
    assert await night.store.call("EXISTS", MARKS) == 0
    await sending.work_off(lane)
    assert marked == [entry.id for entry in entries]


async def test_one_who_takes_over_after_that_commit_looks_before_it_sends(night) -> None:
    lane, carrier = await lane_of(night), Counting()
    await in_danger(night, carrier).work_off(lane)
    await in_danger(night, carrier).work_off(lane)
    assert carrier.asked == 1 and len(carrier.taken) == 2


async def test_a_mark_that_is_not_from_a_moment_ago_is_asked_for_again(night, monkeypatch) -> None:
    """Frozen between two messages, while a successor came, sent what lay there, and is at work."""
    carrier, lane, seconds = Counting(), await lane_of(night), [0.0]
    sending = in_danger(night, carrier)
    monkeypatch.setattr("app.send_worker.time", SimpleNamespace(monotonic=lambda: seconds[0]))
    await sending.work_off(lane)
    await take_over(night)
    seconds[0] += 5
    with pytest.raises(LeaseLost):
        await sending.work_off(lane)
    assert len(carrier.taken) == 1


async def test_behind_such_a_mark_another_may_have_sent_it_and_it_is_looked_up(night, monkeypatch) -> None:
    """That one died before it could note it: the entry lies there still, with our mark."""
    carrier, lane, seconds = Counting(), await lane_of(night), [0.0]
    sending = in_danger(night, carrier)
    monkeypatch.setattr("app.send_worker.time", SimpleNamespace(monotonic=lambda: seconds[0]))
    await sending.work_off(lane)
    seconds[0] += 5
    await sending.work_off(lane)
    assert carrier.asked == 1 and len(carrier.taken) == 2


async def test_a_mark_counts_for_its_own_message_alone(night, marked) -> None:
    carrier, lane, other = Counting(), await lane_of(night), Lane[Entry](LANE, PARTITION)
    sending, fields = in_danger(night, carrier), lane.items[1].fields
    await sending.work_off(lane)
    other.items.append(Entry("outbox", PARTITION, "1-1", LANE, fields))
    with pytest.raises(LeaseLost):
        await sending.work_off(other)
    assert marked[-1] == "1-1" and len(carrier.taken) == 1
