"""Rasa alone is kept at its limit: turns of our own form, at its own door, and never fewer than it can have at once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from benchmarks.engine_load import OUTSTANDING, EngineLoad, keep_asking, saturate_engine

TOKEN = "an-invented-token"


@dataclass
class Engine:
    """Answers once as many turns wait as are to wait at any moment; ``status`` is what it answers with."""

    url: str = ""
    status: int = 200
    waiting: int = 0
    done: int = 0
    tokens: set[str] = field(default_factory=set)
    full: asyncio.Event = field(default_factory=asyncio.Event)

    async def is_ready(self, _request: web.Request) -> web.Response:
        return web.Response()

    async def take(self, request: web.Request) -> web.Response:
        turn = (await request.json())["turn_id"]
        self.tokens.add(request.headers["Authorization"])
        self.waiting += 1
        if self.waiting >= OUTSTANDING:
            self.full.set()
        await self.full.wait()
        self.waiting, self.done = self.waiting - 1, self.done + 1
        said = {"turn_id": turn, "replies": [{"key": "hi", "params": {}}], "state": {}, "understood": True}
        return web.json_response(said, status=self.status)


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    engine, app = Engine(), web.Application()
    app.router.add_post("/turn", engine.take)
    app.router.add_get("/", engine.is_ready)
    async with TestServer(app) as server:
        engine.url = str(server.make_url(""))
        yield engine


async def wait_for(load: EngineLoad, answered: int, failed: int) -> None:
    async with asyncio.timeout(20):
        while load.answered < answered or load.failed < failed:
            await asyncio.sleep(0.01)


async def test_the_engine_always_has_as_many_turns_as_it_can_have_at_once_until_it_is_let_alone(engine: Engine):
    async with keep_asking([engine.url], TOKEN) as load:
        await wait_for(load, answered=3 * OUTSTANDING, failed=0)
    assert engine.tokens == {f"Bearer {TOKEN}"}
    asked = load.answered
    await asyncio.sleep(0.1)
    assert load.answered == asked


async def test_it_is_asked_from_a_process_of_its_own_which_says_what_came_of_it(engine: Engine):
    async with saturate_engine([engine.url], TOKEN) as load:
        async with asyncio.timeout(20):
            while engine.done < 3 * OUTSTANDING:
                await asyncio.sleep(0.01)
        assert not load.answered
    assert load.answered >= OUTSTANDING
    assert not load.failed
    assert engine.tokens == {f"Bearer {TOKEN}"}


async def test_an_engine_that_answers_nothing_saturates_nothing(engine: Engine):
    engine.status = 403
    with pytest.raises(RuntimeError, match="answered none"):
        async with saturate_engine([engine.url], TOKEN):
            async with asyncio.timeout(20):
                await engine.full.wait()


async def test_one_that_cannot_ask_ends_the_measurement_instead_of_leaving_rasa_idle():
    with pytest.raises(RuntimeError, match="did not start"):
        async with saturate_engine([], TOKEN):
            pass
