"""What the engine keeps, refuses and survives: P1, and the traps of a stock Rasa."""

import asyncio
import json
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from hotline.errors import DialogueError
from tests.bot.conversation import Talk, post_turn
from tests.bot.engine_process import (
    ENGINE_PYTHON,
    ROOT,
    EngineStack,
    build_engine,
    build_environment,
    find_free_port,
)

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]


async def test_no_word_of_a_text_is_in_the_state(talk: Talk) -> None:
    """P1."""
    await talk.say("need a place in reno my name is Xylanthe Quorvane")
    await talk.say("i told you im Xylanthe")
    assert "xylanthe" not in json.dumps(talk.state).lower()


async def test_a_canary_is_in_no_log_and_no_file(talk: Talk, engine_stack: EngineStack) -> None:
    """P1, with --debug on, over answers, forms, fallbacks, refused bodies and commands."""
    canary = "zanzibarcanary7781"
    engine = engine_stack.engines[0]
    for words in ("im hungry", "need a shelter", "", "/restart", "give me a number"):
        await talk.say(f"{words} {canary}")
    await post_turn(engine, engine_stack.token, text=[canary])
    await post_turn(engine, engine_stack.token, text=canary, state={"slots": {"area": f"two words {canary}"}})
    await post_turn(engine, "wrong" * 10, text=canary)
    written = [path for path in engine_stack.folder.rglob("*") if path.is_file()]
    assert engine.log in written
    assert engine.log.stat().st_size > 1000
    assert [path.name for path in written if canary.encode() in path.read_bytes()] == []


async def test_the_engine_writes_nothing_into_the_home_folder(engine_stack: EngineStack) -> None:
    assert not (engine_stack.folder / ".config").exists()


async def test_the_token_is_needed(engine_stack: EngineStack) -> None:
    engine = engine_stack.engines[0]
    for token in ("", "wrong", engine_stack.token[:-1], engine_stack.token + "x"):
        assert (await post_turn(engine, token))[0] == 403


@pytest.mark.parametrize(
    "fields",
    [
        {"text": None},
        {"text": 7},
        {"text": "x" * 20_001},
        {"turn_id": ""},
        {"language": "fr"},
        {"channel": "rest"},
        {"now": "2026-11-21T04:00:00"},
        {"now": "soon"},
        {"state": []},
        {"state": {"slots": {"area": "a whole sentence of words"}}},
        {"state": {"slots": {"gone": "a whole sentence of words"}}},
        {"state": {"slots": "none"}},
        {"state": {"form": "x" * 9000}},
    ],
)
async def test_a_body_that_is_no_turn_is_refused(engine_stack: EngineStack, fields: dict[str, Any]) -> None:
    status, answer = await post_turn(engine_stack.engines[0], engine_stack.token, **fields)
    if fields.get("state") == []:  # nothing yet, in another shape
        assert status == 200
    else:
        assert (status, answer) == (400, {"error": "bad_request"})


async def test_a_body_too_long_is_refused_before_it_is_read(engine_stack: EngineStack) -> None:
    url, headers = f"{engine_stack.engines[0].url}/turn", {"Authorization": f"Bearer {engine_stack.token}"}
    async with aiohttp.ClientSession(headers=headers) as session, session.post(url, data=b"x" * 400_000) as response:
        assert response.status == 413


async def test_a_state_of_an_older_model_is_taken_over(engine_stack: EngineStack) -> None:
    state = {
        "slots": {"gone": "x", "area": "NV:::"},
        "form": "gone_form",
        "requested": "x",
        "intent": "gone",
        "action": "y",
    }
    status, answer = await post_turn(engine_stack.engines[0], engine_stack.token, text="im hungry", state=state)
    assert (status, answer["replies"]) == (200, [{"key": "food", "params": {}}])


async def test_a_process_killed_between_turns_loses_nothing(talk: Talk, engine_stack: EngineStack) -> None:
    """Any process serves any turn; another is asked at once."""
    assert await talk.keys("i need somewhere to sleep tonight") == ["ask_area"]
    engine_stack.engines[0].kill()
    try:
        for text in ("reno", "thanks"):
            assert await talk.keys(text)
    finally:
        engine_stack.engines[0].start()
        engine_stack.engines[0].wait_until_up("/readyz")
    assert talk.state["slots"]["area"] == "NV:Washoe_County:Reno:"


async def test_a_dead_action_server_is_an_error_and_not_an_empty_answer(talk: Talk, engine_stack: EngineStack) -> None:
    """Stock Rasa answers 200 with an empty list."""
    engine_stack.actions.kill()
    try:
        for text in ("give me a number", "need a shelter"):
            status, answer = await post_turn(engine_stack.engines[0], engine_stack.token, text=text)
            assert (status, answer) == (502, {"error": "nothing_said"})
        with pytest.raises(DialogueError):
            await talk.say("give me a number")
        assert await talk.keys("im so hungry") == ["food"]
    finally:
        engine_stack.actions.start()
        engine_stack.actions.wait_until_up("/readyz")


def test_a_missing_or_short_token_keeps_the_engine_from_starting(tmp_path: Path, engine_stack: EngineStack) -> None:
    environment = build_environment(tmp_path, find_free_port(), "${PORCHLIGHT_RASA_TOKEN}".ljust(40, "x"), "a" * 40)
    for name, value in (("PORCHLIGHT_RASA_TOKEN", "short"), ("PORCHLIGHT_ACTIONS_TOKEN", "")):
        engine = build_engine(tmp_path, "refused", environment | {"PORCHLIGHT_RASA_TOKEN": "r" * 40, name: value})
        engine.start()
        assert engine.process is not None
        assert engine.process.wait(60) == 2
        assert engine.log.read_text().splitlines()[-1] == f"engine: {name} must have at least 32 characters"


async def test_a_process_ends_by_itself_so_that_words_leave_its_memory(
    tmp_path: Path, engine_stack: EngineStack
) -> None:
    """P1: a stated bound, by number of turns here; after the last answer is out and with exit code 0."""
    environment = build_environment(tmp_path, find_free_port(), engine_stack.token, engine_stack.actions_token)
    engine = build_engine(tmp_path, "recycled", environment | {"PORCHLIGHT_RECYCLE_TURNS": "3"})
    engine.start()
    assert engine.process is not None
    try:
        engine.wait_until_up()
        statuses = [(await post_turn(engine, engine_stack.token, text="i cant sleep"))[0] for _ in range(2)]
        assert statuses == [200, 200]
        assert (await post_turn(engine, engine_stack.token, text="i cant sleep"))[0] in {200, 503}
        assert engine.process.wait(30) == 0
    finally:
        engine.kill()


async def test_a_hanging_action_is_a_timeout_and_not_an_empty_answer(tmp_path: Path, engine_stack: EngineStack) -> None:
    """Stock Rasa waits 60 s and answers 200 with an empty list."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        environment = build_environment(
            tmp_path, silent.getsockname()[1], engine_stack.token, engine_stack.actions_token
        )
        engine = build_engine(tmp_path, "hanging", environment)
        engine.start()
        try:
            engine.wait_until_up()
            began = time.monotonic()
            answer = await post_turn(engine, engine_stack.token, text="give me a number")
            assert answer == (504, {"error": "timeout"})
            assert time.monotonic() - began < 5
            assert (await post_turn(engine, engine_stack.token, text="i cant sleep"))[0] == 200
        finally:
            engine.kill()


async def test_an_engine_that_is_told_to_end_answers_the_turn_that_it_has_begun(tmp_path: Path) -> None:
    """X5: its action is asked once, over a connection that stays until the answer is out."""
    calls: list[str] = []

    async def act(request: web.Request) -> web.Response:
        calls.append((await request.json())["next_action"])
        await asyncio.sleep(1)
        return web.json_response({"events": [], "responses": [{"custom": {"key": "late"}}]})

    application = web.Application()
    application.router.add_post("/webhook", act)
    actions = TestServer(application)
    await actions.start_server()
    engine = build_engine(tmp_path, "ended", build_environment(tmp_path, actions.port or 0, "r" * 32, "a" * 32))
    engine.start()
    assert engine.process is not None
    try:
        await asyncio.to_thread(engine.wait_until_up, "/readyz")
        turn = asyncio.create_task(post_turn(engine, "r" * 32, text="give me a number"))
        async with asyncio.timeout(10):
            while not calls:
                await asyncio.sleep(0.02)
        engine.process.terminate()
        status, answer = await turn
        assert (status, [reply["key"] for reply in answer["replies"]]) == (200, ["late"] * len(calls))
        assert len(calls) == len(set(calls)), "none of them was asked twice"
        assert await asyncio.to_thread(engine.process.wait, 30) == 0
    finally:
        engine.kill()
        await actions.close()


async def test_a_changed_model_is_not_served(tmp_path: Path) -> None:
    """Stock Rasa serves the newest model that it finds, or an empty 200 with none."""
    source = f"from bot.engine.serve import serve; from pathlib import Path; serve(1, root=Path({str(tmp_path)!r}))"
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-c", source],
        cwd=ROOT, env=build_environment(tmp_path, 1, "r" * 32, "a" * 32), capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode != 0
    assert "ModelError: no trained model" in done.stderr
