"""Any Rasa's REST channel as its documentation has it, on loopback: a list of messages for each text."""

import asyncio
import json
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


class RestAssistant:
    """``async with RestAssistant() as other``: ``other.url``; ``other.says`` is what it answers to everything."""

    def __init__(self) -> None:
        self.says: Any = [{"recipient_id": "x", "text": "Do you need food or a shower?"}]
        self.status = 200
        self.in_pieces = False
        self.asked: list[dict[str, Any]] = []
        self.headers: list[str] = []
        application = web.Application()
        application.router.add_post("/webhooks/rest/webhook", self._answer)
        self._server = TestServer(application)

    @property
    def url(self) -> str:
        return str(self._server.make_url("/")).rstrip("/")

    async def __aenter__(self) -> "RestAssistant":
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(await request.json())
        self.headers.append(str(request.headers))
        if isinstance(self.says, bytes):
            return web.Response(body=self.says, status=self.status)
        if not self.in_pieces:
            return web.json_response(self.says, status=self.status)
        body, answer = json.dumps(self.says).encode(), web.StreamResponse(status=self.status)
        await answer.prepare(request)
        for piece in (body[:20], body[20:]):
            await answer.write(piece)
            await asyncio.sleep(0.05)
        return answer
