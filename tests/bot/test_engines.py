"""Several engines behind one client: slow, dead, hung, wrong and late ones, and never more than the turn's own time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.client import RasaDialogue
from bot.engines import ASK_ELSEWHERE_SECONDS, Engine, Engines
from hotline.errors import DialogueError
from tests.bot.fake_engine import NOW, FakeEngine


@pytest.fixture
async def three() -> AsyncIterator[list[FakeEngine]]:
    engines = [FakeEngine(name) for name in ("one", "two", "three")]
    for engine in engines:
        await engine.server.start_server()
    yield engines
    for engine in engines:
        await engine.server.close()


@pytest.fixture
async def build() -> AsyncIterator[Callable[..., RasaDialogue]]:
    opened: list[RasaDialogue] = []

    def build_one(*urls: str, **more: Any) -> RasaDialogue:
        opened.append(RasaDialogue(urls, "r" * 32, **more))
        return opened[-1]

    yield build_one
    for dialogue in opened:
        await dialogue.aclose()


async def ask(dialogue: RasaDialogue) -> str:
    answer = await dialogue.answer("hi", language="en", channel="sms", state={}, now=NOW)
    return str(answer.replies[0].key)


async def test_turns_go_round_all_engines(three: list[FakeEngine], build: Any) -> None:
    dialogue = build(*(engine.url for engine in three))
    assert {await ask(dialogue) for _ in range(3)} == {"one", "two", "three"}


async def test_a_hung_engine_costs_a_turn_less_than_a_second_and_is_left_out_after_three(
    three: list[FakeEngine], build: Any
) -> None:
    told: list[str] = []
    hung, good = three[0], three[1]
    hung.behaviour, hung.ready = hung.hangs, False
    dialogue = build(hung.url, good.url, tell=told.append)
    clock = asyncio.get_running_loop().time
    for _ in range(10):
        began = clock()
        assert await ask(dialogue) == "two"
        assert clock() - began < ASK_ELSEWHERE_SECONDS + 0.3
    assert (hung.turns, told) == (3, ["engine_left_out"])
    await asyncio.sleep(0.05)
    assert hung.dropped == 3, "what it would have said late goes with its connection"


async def test_a_hung_engine_that_answers_again_gets_turns_again(three: list[FakeEngine], build: Any) -> None:
    sick, good = three[0], three[1]
    sick.behaviour, sick.ready = sick.refuses, False
    dialogue = build(sick.url, good.url)
    assert {await ask(dialogue) for _ in range(6)} == {"two"}
    assert sick.turns == 1
    sick.behaviour, sick.ready = sick.answers, True
    await asyncio.sleep(0.8)
    assert sick.looks == 1
    assert {await ask(dialogue) for _ in range(2)} == {"one", "two"}


async def test_a_dead_engine_is_asked_no_more_until_it_is_back(three: list[FakeEngine], build: Any) -> None:
    port = unused_port()
    dialogue = build(f"http://127.0.0.1:{port}", three[1].url)
    for _ in range(4):
        assert await ask(dialogue) == "two"
    back = FakeEngine("back")
    back.server = TestServer(back.server.app, port=port)
    await back.server.start_server()
    await asyncio.sleep(0.8)
    assert {await ask(dialogue) for _ in range(2)} == {"back", "two"}
    await back.server.close()


async def test_two_dead_of_three_cost_no_turn_its_answer(three: list[FakeEngine], build: Any) -> None:
    dead = [f"http://127.0.0.1:{unused_port()}" for _ in range(2)]
    dialogue = build(*dead, three[2].url)
    assert [await ask(dialogue) for _ in range(4)] == ["three"] * 4


async def test_an_answer_that_belongs_to_another_turn_is_dropped_and_another_engine_asked(
    three: list[FakeEngine], build: Any
) -> None:
    wrong = three[0]
    wrong.behaviour = wrong.answers_another_turn
    dialogue = build(wrong.url, three[1].url)
    assert {await ask(dialogue) for _ in range(8)} == {"two"}
    assert wrong.turns == 3, "after three it is left out"


@pytest.mark.parametrize("kind", ["stumbles", "knows_another_token"])
async def test_a_process_that_fails_where_another_does_not_is_left_out_after_three(
    kind: str, three: list[FakeEngine], build: Any
) -> None:
    """Else every second texter of two processes would get the safety reply for as long as it runs."""
    sick = three[0]
    sick.behaviour, sick.ready = getattr(sick, kind), False
    dialogue = build(sick.url, three[1].url)
    assert [await ask(dialogue) for _ in range(8)] == ["two"] * 8
    assert sick.turns == 3


async def test_a_text_that_no_engine_can_answer_is_asked_of_two_and_no_more(
    three: list[FakeEngine], build: Any
) -> None:
    for engine in three:
        engine.behaviour = engine.answers_another_turn
    with pytest.raises(DialogueError, match="another turn"):
        await ask(build(*(engine.url for engine in three)))
    assert sum(engine.turns for engine in three) == 2


async def test_the_first_answer_counts_where_two_were_asked(three: list[FakeEngine], build: Any) -> None:
    slow, slower = three[0], three[1]

    async def answer_after(seconds: float, engine: FakeEngine, asked: dict[str, Any]) -> web.Response:
        await asyncio.sleep(seconds)
        return await engine.answers(asked)

    slow.behaviour = lambda asked: answer_after(1.0, slow, asked)
    slower.behaviour = lambda asked: answer_after(1.0, slower, asked)
    dialogue = build(slower.url, slow.url)  # the second of the list is the first to be asked
    assert await ask(dialogue) == "one"
    assert (slow.turns, slower.turns) == (1, 1)


@pytest.mark.parametrize("kinds", ["hangs hangs hangs", "drops answers_another_turn hangs"])
async def test_whatever_the_engines_do_a_turn_takes_no_more_than_three_seconds_r8(
    kinds: str, three: list[FakeEngine], build: Any
) -> None:
    for engine, kind in zip(three, kinds.split(), strict=True):
        engine.behaviour = getattr(engine, kind)
    dialogue = build(*(engine.url for engine in three))
    began = asyncio.get_running_loop().time()
    with pytest.raises(DialogueError):
        await ask(dialogue)
    assert asyncio.get_running_loop().time() - began < 3
    assert sum(engine.turns for engine in three) <= 4, "nobody is asked for ever"


async def test_a_slow_hour_does_not_double_itself() -> None:
    """Where every engine is slow, every tenth turn is asked twice, and no more."""

    async def is_ready(_url: str) -> bool:
        return True

    engines = Engines(["one", "two"], is_ready)
    twice = 0
    for _ in range(1000):
        first, second = engines.order()
        twice += engines.may_ask_twice(first, second)
    assert 100 <= twice <= 111


async def test_turns_that_wait_for_an_engine_that_was_left_out_may_all_be_asked_elsewhere() -> None:
    async def is_ready(_url: str) -> bool:
        return False

    engines = Engines(["one", "two"], is_ready)
    first, second = engines.order()
    engines.leave_out(first)
    assert all(engines.may_ask_twice(first, second) for _ in range(100))
    await engines.aclose()


async def test_one_engine_alone_is_not_asked_twice_at_a_time(three: list[FakeEngine], build: Any) -> None:
    three[0].behaviour = three[0].hangs
    with pytest.raises(DialogueError, match="too slow"):
        await ask(build(three[0].url, timeout_seconds=1.2))
    assert three[0].turns == 1


async def test_an_engine_that_says_it_is_ready_and_answers_nothing_is_looked_at_less_and_less() -> None:
    async def is_ready(_url: str) -> bool:
        return True

    engine = Engine("one")
    engines = Engines(["two"], is_ready)
    engine.look_seconds = 0.01
    engines.leave_out(engine)
    await asyncio.sleep(0.03)
    assert not engine.left_out
    engines.failed(engine)
    assert engine.left_out and engine.look_seconds == 0.02
    await engines.aclose()
