"""An engine process for tests of the client: it answers as it is told, and remembers what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
FOOD = {"replies": [{"key": "food", "params": {}}], "handoff": None, "language": None, "understood": True, "state": {}}
Behaviour = Callable[[dict[str, Any]], Awaitable[web.Response]]


class FakeEngine:
    """Answers turns with its own name as the reply, and says how it is when it is looked at."""

    def __init__(self, name: str = "food") -> None:
        self.name = name
        self.asked: list[dict[str, Any]] = []
        self.tokens: list[str] = []
        self.looks = self.dropped = 0
        self.ready = True
        self.behaviour: Behaviour = self.answers
        application = web.Application()
        application.router.add_post("/turn", self._turn)
        application.router.add_get("/", self._look)
        self.server = TestServer(application)

    @property
    def url(self) -> str:
        return str(self.server.make_url("/")).rstrip("/")

    @property
    def turns(self) -> int:
        return len(self.asked)

    async def answers(self, asked: dict[str, Any]) -> web.Response:
        replies = [{"key": self.name, "params": {}}]
        return web.json_response({**FOOD, "turn_id": asked["turn_id"], "replies": replies})

    async def answers_in_pieces(self, asked: dict[str, Any]) -> web.Response:
        whole = (await self.answers(asked)).body
        assert isinstance(whole, bytes)

        async def send() -> AsyncIterator[bytes]:
            for at in range(0, len(whole), 50):
                yield whole[at : at + 50]
                await asyncio.sleep(0.01)

        return web.Response(body=send(), content_type="application/json")

    async def hangs(self, asked: dict[str, Any]) -> web.Response:
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            self.dropped += 1
            raise
        return await self.answers(asked)

    async def answers_another_turn(self, asked: dict[str, Any]) -> web.Response:
        return await self.answers({**asked, "turn_id": "earlier"})

    async def refuses(self, _asked: dict[str, Any]) -> web.Response:
        return web.json_response({"error": "not_ready"}, status=503)

    async def stumbles(self, _asked: dict[str, Any]) -> web.Response:
        return web.json_response({"error": "failed"}, status=500)

    async def knows_another_token(self, _asked: dict[str, Any]) -> web.Response:
        return web.json_response({"error": "forbidden"}, status=403)

    async def drops(self, _asked: dict[str, Any]) -> web.Response:
        raise ConnectionResetError

    async def _turn(self, request: web.Request) -> web.Response:
        self.tokens.append(request.headers["Authorization"])
        self.asked.append(await request.json())
        return await self.behaviour(self.asked[-1])

    async def _look(self, _request: web.Request) -> web.Response:
        self.looks += 1
        return web.json_response({"ready": self.ready}, status=200 if self.ready else 503)
