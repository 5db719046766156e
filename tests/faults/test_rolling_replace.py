"""Every program is replaced, one after the other, while texts go on: none is lost, none is answered twice (X4, X5)."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from app.stack import Stack
from tests.functional.people import Texter, set_on_shift

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

_FAR_SECONDS = 0.3
_TEXTERS = 6
_MOST_TEXTS = 28
"""More in a minute are answered by a plain line."""


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
        "phone": {"PORCHLIGHT_PHONE_RETRY_SECONDS": "0.5,1,2,4"},
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
            await texter.settles(20)
            answered.append(await texter.reads())
            await asyncio.sleep(0.4)
    return answered


async def replace_one_after_the_other(stack: Stack) -> None:
    """What a service manager does: asks a process to end, and starts its successor; the store too."""
    for name in ("webhooks", "worker", "worker-2", "store"):
        pids = stack.pids(name)
        os.kill(pids[0], signal.SIGTERM)
        async with asyncio.timeout(15):
            while pids[0] in stack.pids(name) or len(stack.pids(name)) < len(pids):
                await asyncio.sleep(0.02)
        await stack.wait_ready(name)
        await asyncio.sleep(0.5)


async def test_every_program_is_replaced_under_load_and_no_text_is_lost_or_answered_twice_x4_x5(stack: Stack) -> None:
    texts, over = ["NUMBER", "MENU"], asyncio.Event()
    async with aiohttp.ClientSession() as http:
        await set_on_shift(http, stack, True)
        calm = Texter(http, stack)
        first, later = [[await calm.texts(text) for text in texts] for _ in range(2)]
        texters = [Texter(http, stack, channel) for channel in ("sms", "telegram") for _ in range(_TEXTERS)]
        talking = [asyncio.create_task(talk(texter, texts, over)) for texter in texters]
        await replace_one_after_the_other(stack)
        over.set()
        for texter, answered in zip(texters, await asyncio.gather(*talking), strict=True):
            rounds = len(answered) // len(texts)
            assert rounds > 3, "texts went on all the while"
            wanted = [first, *[later] * (rounds - 1)]
            got = [answered[start : start + len(texts)] for start in range(0, len(answered), len(texts))]
            assert [[len(one) for one in two] for two in got] == [[len(one) for one in two] for two in wanted]
            if texter.channel == "sms":
                assert got == wanted
