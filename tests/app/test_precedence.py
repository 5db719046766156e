"""While a text of somebody in danger is in hand, other work of the loop takes few steps, and never none (H3)."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from app import precedence
from app.lanes import Lanes
from app.precedence import Precedence
from app.pressure import Gate

DANGER = "danger"


async def take(steps: int, log: list[str], name: str) -> str:
    """Work of so many steps, each of which waits for something that is there at once."""
    for _ in range(steps):
        await asyncio.sleep(0)
        log.append(name)
    return name


def start(first: Precedence, lane: str, work: Any) -> asyncio.Task[Any]:
    async def run() -> Any:
        return await first.step_through(lane, work)

    return asyncio.create_task(run())


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.005)


@pytest.fixture
def nobody_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a whole test: no step between those of danger, and no end of it but its own."""
    monkeypatch.setattr(precedence, "BETWEEN_SECONDS", 60)
    monkeypatch.setattr(precedence, "LONGEST_SECONDS", 60)


@pytest.mark.usefixtures("nobody_passes")
async def test_the_steps_of_danger_go_before_those_of_thirty_others_that_are_in_hand_h3() -> None:
    first, log = Precedence(), list[str]()
    others = [start(first, f"lane-{number}", take(20, log, "other")) for number in range(30)]
    await asyncio.sleep(0)
    first.give(DANGER)
    assert await start(first, DANGER, take(20, log, DANGER)) == DANGER
    assert log.count("other") == 0 and log.count(DANGER) == 20
    first.end(DANGER)
    assert await asyncio.gather(*others) == ["other"] * 30, "they go on as soon as it is done"


@pytest.mark.usefixtures("nobody_passes")
async def test_work_that_shows_to_be_danger_on_its_way_goes_first_from_then_on_h3() -> None:
    first, log = Precedence(), list[str]()

    async def turn() -> None:
        await take(2, log, "plain")
        first.give("lane-9")
        await take(20, log, DANGER)

    others = [start(first, f"lane-{number}", take(20, log, "other")) for number in range(8)]
    await start(first, "lane-9", turn())
    assert log.count("other") <= 3 * 8 and log.count(DANGER) == 20
    first.end("lane-9")
    await asyncio.gather(*others)


async def test_others_go_on_a_step_at_a_time_while_danger_follows_on_danger_without_end_h3() -> None:
    first, log = Precedence(), list[str]()

    async def more_and_more() -> None:
        while True:
            first.give(DANGER)
            await asyncio.sleep(0)

    danger = start(first, DANGER, more_and_more())
    others = [start(first, f"lane-{number}", take(5, log, f"lane-{number}")) for number in range(4)]
    async with asyncio.timeout(5):
        await asyncio.gather(*others)
    assert log == [f"lane-{number}" for _ in range(5) for number in range(4)], "each in its turn"
    danger.cancel()


async def test_danger_that_hangs_keeps_others_back_for_its_second_and_no_longer_r9(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(precedence, "LONGEST_SECONDS", 0.1)
    monkeypatch.setattr(precedence, "BETWEEN_SECONDS", 0.02)
    first, log = Precedence(), list[str]()
    first.give(DANGER)
    assert first.is_given and first.has(DANGER)
    async with asyncio.timeout(2):
        await asyncio.gather(*(start(first, f"lane-{number}", take(100, log, "other")) for number in range(4)))
    assert len(log) == 400 and not first.is_given and not first.has(DANGER)


async def test_no_step_waits_longer_than_its_time_however_many_stand_in_line_x5(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(precedence, "LONGEST_SECONDS", 60)
    monkeypatch.setattr(precedence, "BETWEEN_SECONDS", 0.02)
    monkeypatch.setattr(precedence, "IN_LINE_SECONDS", 0.1)
    first, log = Precedence(), list[str]()
    first.give(DANGER)
    async with asyncio.timeout(4):
        await asyncio.gather(*(start(first, f"lane-{number}", take(3, log, "other")) for number in range(150)))
    assert len(log) == 450 and first.is_given


@pytest.mark.usefixtures("nobody_passes")
async def test_who_is_stopped_in_line_ends_in_its_own_way_and_keeps_no_one_else_there_x5() -> None:
    first, log = Precedence(), list[str]()

    async def stopped() -> None:
        try:
            await take(5, log, "stopped")
        except asyncio.CancelledError:
            log.append("told")
            raise
        finally:
            await asyncio.sleep(0)
            log.append("tidied")

    first.give(DANGER)
    leaving, staying = start(first, "one", stopped()), start(first, "two", take(2, log, "two"))
    await asyncio.sleep(0.01)
    leaving.cancel()
    await asyncio.sleep(0.01)
    first.end(DANGER)
    await asyncio.gather(leaving, staying, return_exceptions=True)
    assert leaving.cancelled() and "stopped" not in log
    assert [one for one in log if one != "two"] == ["told", "tidied"] and log.count("two") == 2


async def test_what_work_raises_and_a_limit_of_its_own_time_pass_through() -> None:
    first = Precedence()

    async def fails() -> None:
        await asyncio.sleep(0)
        raise KeyError("gone")

    async def gives_up() -> str:
        try:
            async with asyncio.timeout(0.01):
                await asyncio.sleep(60)
        except TimeoutError:
            return "in time"
        return "never"

    with pytest.raises(KeyError):
        await start(first, "one", fails())
    first.give(DANGER)
    assert await start(first, "two", gives_up()) == "in time"


async def test_a_message_to_somebody_in_danger_stands_in_no_line_h3() -> None:
    first, gone, going = Precedence(), list[str](), asyncio.Event()

    async def send(lane: Any) -> None:
        if lane.name != DANGER:
            await going.wait()
        gone.append(lane.items.popleft())

    lanes = Lanes[str](send, Gate(1), first)
    for name in ("one", "two"):
        lanes.feed(name, 1, name)
    first.give(DANGER)
    lanes.feed(DANGER, 1, DANGER)
    await until(lambda: gone == [DANGER])
    going.set()
    await lanes.finish(5)
    assert gone == [DANGER, "one"], "what stood in line was not begun"
