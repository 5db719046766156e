"""Every program is replaced, one after the other, while texts go on: none is lost, none is answered twice (X4, X5)."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from app.send_worker import NOTE_AGAIN_SECONDS
from app.stack import Stack
from tests.functional.people import Texter, set_on_shift

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

_FAR_SECONDS = 0.3
_TEXTERS = 6
_MOST_TEXTS = 28
"""More in a minute are answered by a plain line."""
_SURE_SECONDS = sum(NOTE_AGAIN_SECONDS) - 1
"""A store that is back by then, less a heartbeat, keeps no worker from noting what was on its way."""


class FarTelegram:
    """The Bot API at some distance: it takes a message at once, and its answer is on the way for a while."""

    def __init__(self) -> None:
        self.phone = ""
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._pass_on)
        self.server = TestServer(application)

    async def _pass_on(self, request: web.Request) -> web.Response:
        body = await request.read()

        async def ask() -> web.Response:
            kind = {"Content-Type": request.headers.get("Content-Type", "")}
            async with (
                aiohttp.ClientSession() as session,
                session.request(request.method, f"{self.phone}{request.path_qs}", data=body, headers=kind) as answer,
            ):
                return web.Response(status=answer.status, body=await answer.read(), content_type=answer.content_type)

        # Whoever hangs up meanwhile has been heard all the same.
        answer = await asyncio.shield(asyncio.create_task(ask()))
        if request.path.endswith("/sendMessage"):
            await asyncio.sleep(_FAR_SECONDS)
        return answer


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    telegram = FarTelegram()
    await telegram.server.start_server()
    environ = {"PORCHLIGHT_MODE": "practice", "PORCHLIGHT_WORKERS": "2"}
    extra = {
        "worker": {"TELEGRAM_API_URL": str(telegram.server.make_url("/telegram"))},
        "phone": {"PORCHLIGHT_PHONE_RETRY_SECONDS": "0.5,1,2,4,8,8"},
    }
    programs = {"webhooks", "worker", "phone"}
    async with Stack(tmp_path, environ=environ, programs=programs, free_ports=True, extra=extra) as stack:
        telegram.phone = stack.url("phone")
        yield stack
    await telegram.server.close()


async def talk(texter: Texter, texts: list[str], over: asyncio.Event) -> list[list[str]]:
    """Writes the texts again and again until it is over; what came back on every one."""
    answered = []
    while not over.is_set() and len(answered) < _MOST_TEXTS:
        for text in texts:
            posted = await texter.posts(text)
            assert posted["status"] == 200, posted
            answered.append(await texter.hears())
            await asyncio.sleep(0.4)
    return answered


async def replace_one_after_the_other(stack: Stack, texter: Texter) -> tuple[list[list[str]], float]:
    """What a service manager does: asks a process to end, and starts its successor; the store last.

    In each stage a text is posted once the old process was asked to end, however slow the machine: what was answered,
    and for how many seconds the store was away at most.
    """
    answers, taken = [], 0.0
    for name in ("webhooks", "worker", "worker-2", "store"):
        pids, began = stack.pids(name), time.monotonic()
        os.kill(pids[0], signal.SIGTERM)
        await texter.posts("MENU")
        answering = asyncio.create_task(texter.hears())
        async with asyncio.timeout(30):
            while pids[0] in stack.pids(name) or len(stack.pids(name)) < len(pids):
                await asyncio.sleep(0.02)
        await stack.wait_ready(name)
        taken = time.monotonic() - began
        answers.append(await answering)
        await asyncio.sleep(0.5)
    return answers, taken


def count_repeated(answered: list[list[str]], wanted: list[list[str]]) -> int:
    """How many messages came more than once. Raises AssertionError if one is missing, or is no answer."""
    assert [len(set(one)) for one in answered] == [len(one) for one in wanted], answered
    return sum(map(len, answered)) - sum(map(len, wanted))


async def test_every_program_is_replaced_under_load_and_no_text_is_lost_or_answered_twice_x4_x5(stack: Stack) -> None:
    texts, over = ["NUMBER", "MENU"], asyncio.Event()
    async with aiohttp.ClientSession() as http:
        await set_on_shift(http, stack, True)
        calm = Texter(http, stack)
        first, later = [[await calm.texts(text) for text in texts] for _ in range(2)]
        texters = [Texter(http, stack, channel) for channel in ("sms", "telegram") for _ in range(_TEXTERS)]
        talking = [asyncio.create_task(talk(texter, texts, over)) for texter in texters]
        answers, away = await replace_one_after_the_other(stack, calm)
        assert answers == [later[1]] * 4
        over.set()
        for texter, answered in zip(texters, await asyncio.gather(*talking), strict=True):
            wanted = [*first, *later * (len(answered) // len(texts) - 1)]
            if texter.channel == "sms":
                assert answered == wanted
            # Telegram cannot be asked what it took: what was on its way when the store went away is sent once more.
            assert count_repeated(answered, wanted) <= (away > _SURE_SECONDS)
