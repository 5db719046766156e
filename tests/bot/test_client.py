"""The client against a small engine of its own on loopback: what it takes for an answer, and what for a failure."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port
from hypothesis import given
from hypothesis import strategies as st

from bot.client import RasaDialogue, parse_answer
from hotline.errors import DialogueError
from hotline.ports import ReplyRef
from tests.bot.fake_engine import FOOD, NOW, FakeEngine

CANARY = "a secret sentence 9182"


@pytest.fixture
async def engines() -> AsyncIterator[list[FakeEngine]]:
    both = [FakeEngine(), FakeEngine()]
    for engine in both:
        await engine.server.start_server()
    yield both
    for engine in both:
        await engine.server.close()


@pytest.fixture
async def ask(engines: list[FakeEngine]) -> AsyncIterator[Callable[..., Awaitable[Any]]]:
    opened: list[RasaDialogue] = []

    async def ask_one(urls: list[str] | None = None, seconds: float = 2.5) -> Any:
        dialogue = RasaDialogue(urls or [engines[0].url], "r" * 32, seconds)
        opened.append(dialogue)
        return await dialogue.answer(CANARY, language="es", channel="sms", state={"slots": {"area": "NV"}}, now=NOW)

    yield ask_one
    for dialogue in opened:
        await dialogue.aclose()


async def test_a_turn_goes_out_and_its_answer_comes_back(engines: list[FakeEngine], ask: Any) -> None:
    answer = await ask()
    assert answer.replies == (ReplyRef("food"),)
    asked = engines[0].asked[0]
    assert len(asked.pop("turn_id")) == 24
    assert asked == {
        "text": CANARY, "language": "es", "channel": "sms", "now": NOW.isoformat(), "state": {"slots": {"area": "NV"}},
        "choice": None,
    }  # fmt: skip
    assert engines[0].tokens == ["Bearer " + "r" * 32]


async def test_every_turn_has_an_id_of_its_own(engines: list[FakeEngine], ask: Any) -> None:
    await ask()
    await ask()
    assert engines[0].asked[0]["turn_id"] != engines[0].asked[1]["turn_id"]


async def test_another_process_is_asked_when_one_is_down(engines: list[FakeEngine], ask: Any) -> None:
    dead = f"http://127.0.0.1:{unused_port()}"
    for urls in ([dead, engines[0].url], [engines[0].url, dead]):
        assert (await ask(urls)).replies == (ReplyRef("food"),)


async def test_another_process_is_asked_when_one_is_not_ready(engines: list[FakeEngine], ask: Any) -> None:
    engines[0].behaviour = engines[0].refuses
    for urls in ([engines[0].url, engines[1].url], [engines[1].url, engines[0].url]):
        assert (await ask(urls)).replies == (ReplyRef("food"),)
    engines[1].behaviour = engines[1].refuses
    with pytest.raises(DialogueError, match="no engine is ready"):
        await ask([engines[0].url, engines[1].url])


async def test_only_one_other_is_asked(engines: list[FakeEngine], ask: Any) -> None:
    dead = [f"http://127.0.0.1:{unused_port()}" for _ in range(2)]
    with pytest.raises(DialogueError):
        await ask(dead)


async def test_a_failed_turn_is_not_asked_again(engines: list[FakeEngine], ask: Any) -> None:
    async def fail(_asked: dict[str, Any]) -> web.Response:
        return web.json_response({"error": "nothing_said"}, status=502)

    engines[0].behaviour = engines[1].behaviour = fail
    with pytest.raises(DialogueError):
        await ask([engines[0].url, engines[1].url])
    assert engines[0].turns + engines[1].turns == 1


async def test_a_slow_engine_is_an_error_in_time(engines: list[FakeEngine], ask: Any) -> None:
    engines[0].behaviour = engines[0].hangs
    began = asyncio.get_running_loop().time()
    with pytest.raises(DialogueError, match="too slow"):
        await ask(seconds=0.3)
    assert asyncio.get_running_loop().time() - began < 2


async def test_an_answer_that_comes_in_pieces_is_read_to_its_end(engines: list[FakeEngine], ask: Any) -> None:
    """Between two machines it does: one read would give its beginning alone."""
    engines[0].behaviour = engines[0].answers_in_pieces
    assert (await ask()).replies == (ReplyRef("food"),)
    assert engines[0].turns == 1


async def test_the_answer_of_another_turn_is_dropped(engines: list[FakeEngine], ask: Any) -> None:
    engines[0].behaviour = engines[0].answers_another_turn
    with pytest.raises(DialogueError, match="another turn"):
        await ask()


@pytest.mark.parametrize("status", [200, 204, 302, 400, 403, 404, 500, 502, 504])
@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"null", CANARY.encode(), b"\xff", b"[" * 100_000])
async def test_whatever_else_comes_back_is_an_error_without_the_text(
    engines: list[FakeEngine], ask: Any, status: int, body: bytes
) -> None:
    """An empty 200 is how stock Rasa fails."""

    async def answer(_asked: dict[str, Any]) -> web.Response:
        return web.Response(status=status, body=body, headers={"Location": "/turn"} if status == 302 else None)

    engines[0].behaviour = answer
    with pytest.raises(DialogueError) as caught:
        await ask()
    assert CANARY not in str(caught.value) + repr(caught.value.__cause__)


@pytest.mark.parametrize(
    "change",
    [
        {"replies": []}, {"replies": None}, {"replies": [{"key": "food"}]}, {"replies": ["food"]}, {"state": None},
        {"understood": None}, {"understood": 1}, {"handoff": 7}, {"language": []},
    ],
)  # fmt: skip
def test_an_odd_answer_is_an_error(change: dict[str, Any]) -> None:
    with pytest.raises(DialogueError):
        parse_answer(json.dumps({"turn_id": "t", **FOOD, **change}).encode(), "t")


@pytest.mark.parametrize("change", [{"handoff": "asked"}, {"language": "es"}, {"understood": False}])
def test_a_sign_without_a_reply_is_an_answer(change: dict[str, Any]) -> None:
    assert parse_answer(json.dumps({"turn_id": "t", **FOOD, "replies": [], **change}).encode(), "t").replies == ()


@given(st.binary(max_size=300))
def test_any_body_is_an_answer_or_a_dialogue_error(body: bytes) -> None:
    with pytest.raises(DialogueError):
        parse_answer(body, "t")


def test_without_an_engine_it_does_not_start() -> None:
    with pytest.raises(ValueError, match="PORCHLIGHT_RASA_URLS"):
        RasaDialogue([], "r" * 32)
