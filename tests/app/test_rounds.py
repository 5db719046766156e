"""What can wait goes in rounds: together, in order, a bounded number at a time, and later while danger is on."""

import asyncio

import pytest

from app import rounds
from app.lanes import Lane, Lanes
from app.rounds import Rounds


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "ROUND_SECONDS", 0.05)
    monkeypatch.setattr(rounds, "_MOST_HELD_SECONDS", 0.15)


class Goers:
    """Who went in, in order."""

    def __init__(self, going: Rounds) -> None:
        self.rounds, self.came, self.went = going, 0, list[int]()

    def come(self, count: int) -> list[asyncio.Task[None]]:
        first, self.came = self.came, self.came + count
        return [asyncio.create_task(self._go(number)) for number in range(first, self.came)]

    async def _go(self, number: int) -> None:
        async with self.rounds.enter():
            self.went.append(number)


async def test_who_came_by_then_goes_in_together_and_nobody_before() -> None:
    goers = Goers(Rounds())
    tasks = goers.come(3)
    await asyncio.sleep(0.02)
    assert goers.went == []
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    assert goers.went == [0, 1, 2]


async def test_a_round_begins_a_while_after_the_first_who_came_and_not_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    goers = Goers(Rounds())
    tasks = goers.come(1)
    await asyncio.sleep(0)
    monkeypatch.setattr(rounds, "ROUND_SECONDS", 60)
    tasks += goers.come(1)
    await asyncio.wait_for(asyncio.gather(*tasks), 5)


async def test_no_more_go_in_at_once_than_a_loop_can_bear_and_all_do_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rounds, "MOST_IN_A_ROUND", 2)
    goers = Goers(Rounds())
    tasks = goers.come(5)
    await asyncio.sleep(0)
    monkeypatch.setattr(rounds, "ROUND_SECONDS", 60)
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    assert goers.went == [0, 1]
    await asyncio.wait_for(asyncio.gather(*tasks), 5)
    assert goers.went == [0, 1, 2, 3, 4], "the rest goes soon after"


async def test_who_left_takes_no_place_from_who_stayed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "MOST_IN_A_ROUND", 1)
    monkeypatch.setattr(rounds, "NEXT_SECONDS", 60)
    goers = Goers(Rounds())
    left, stayed = goers.come(2)
    await asyncio.sleep(0)
    left.cancel()
    await asyncio.wait([stayed], timeout=5)
    assert goers.went == [1]


async def test_a_round_is_held_while_danger_goes_first_but_not_for_ever() -> None:
    danger = [True]
    goers = Goers(Rounds(lambda: bool(danger)))
    (task,) = goers.come(1)
    await asyncio.wait([task], timeout=0.12)
    assert goers.went == []
    await asyncio.wait_for(task, 5)
    (second,) = goers.come(1)
    await asyncio.wait([second], timeout=0.12)
    assert not second.done(), "held anew"
    danger.clear()
    await asyncio.wait_for(second, 5)


async def test_lanes_begin_with_the_round() -> None:
    begun = list[str]()

    async def work_off(lane: Lane[str]) -> None:
        begun.append(lane.items.popleft())

    lanes = Lanes[str](work_off, Rounds())
    for name in ("one", "two"):
        lanes.feed(name, 1, name)
    await asyncio.sleep(0.02)
    assert begun == []
    await lanes.drop(keep=set())
    lanes.feed("three", 1, "three")
    async with asyncio.timeout(5):
        while not begun:
            await asyncio.sleep(0.01)
    assert begun == ["three"]
