"""After an outage thousands of deadlines are due at once: a few are begun at a time, and who waits goes first (R9)."""

import pytest

from app.deadline_watch import DeadlineWatch
from storage.connection import Store
from tests.storage.night_shift import MovedClock

PARTITION = 3


class Flood:
    def __init__(self, store: Store) -> None:
        self.store, self.clock, self.fed = store, MovedClock(), list[tuple[str, str]]()
        self.watch = DeadlineWatch(store, self.clock)

    async def put(self, kind: str, count: int, seconds_ago: int) -> None:
        due = self.clock.now().timestamp() - seconds_ago
        for n in range(count):
            await self.store.call("ZADD", f"deadlines:{PARTITION}", due + n / 100, f"{kind}|lane{n}|{kind}{n}")

    async def feed(self) -> list[str]:
        self.fed.clear()
        await self.watch.feed_due({PARTITION}, lambda _lane, _partition, deadline: self.fed.append(deadline))
        return sorted(conversation for _, conversation in self.fed)

    async def work_off(self) -> None:
        for kind, conversation in self.fed:
            number = conversation.removeprefix(kind)
            await self.store.call("ZREM", f"deadlines:{PARTITION}", f"{kind}|lane{number}|{conversation}")


@pytest.fixture
def flood(store: Store) -> Flood:
    return Flood(store)


async def test_a_few_ends_of_sessions_are_begun_at_a_time_and_the_next_when_they_are_done_r9(flood: Flood) -> None:
    await flood.put("session", 30, 600)
    assert await flood.feed() == ["session0", "session1", "session2", "session3"]
    done = list(flood.fed)
    assert await flood.feed() == [], "what is being done is not begun twice, nor the next before it is done"
    flood.fed = done
    await flood.work_off()
    assert await flood.feed() == ["session4", "session5", "session6", "session7"]


async def test_every_end_comes_in_its_turn_r9(flood: Flood) -> None:
    await flood.put("session", 30, 600)
    seen = list[str]()
    for _ in range(8):
        seen += await flood.feed()
        await flood.work_off()
    assert sorted(seen) == sorted(f"session{n}" for n in range(30))


async def test_who_waits_goes_before_hundreds_of_ends_that_were_due_earlier_r9(flood: Flood) -> None:
    await flood.put("session", 900, 600)
    await flood.put("page", 2, 10)
    await flood.put("wait", 2, 10)
    assert {"page0", "page1", "wait0", "wait1"} < set(await flood.feed())


async def test_pages_are_bounded_too_the_longest_due_first_r9(flood: Flood) -> None:
    await flood.put("page", 40, 600)
    assert await flood.feed() == sorted(f"page{n}" for n in range(12))


async def test_what_is_being_done_is_not_begun_again_when_more_comes_before_it_r9(flood: Flood) -> None:
    await flood.put("page", 12, 600)
    assert len(await flood.feed()) == 12
    await flood.put("wait", 5, 900)
    assert await flood.feed() == []
