"""A tiny front door: checks the signature with the official validator and answers through the provider's REST API."""

import asyncio
from typing import Self

import aiohttp
from aiohttp import web
from twilio.request_validator import RequestValidator

from benchmarks.provider import Provider
from benchmarks.texters import Door

TOKEN, ACCOUNT = "an-invented-token", "AC" + "1" * 32
SCRIPTS = (("hi", "and you", "bye"),)


class FrontDoor:
    """Answers every text with ``answers`` of it, ``delay_seconds`` apart; keeps what it was asked and told."""

    def __init__(self, provider: Provider, answers: dict[str, list[str]], delay_seconds: float = 0.0) -> None:
        self.answers = answers
        self.delay_seconds = delay_seconds
        self.asked: list[str] = []
        self.statuses: list[str] = []
        self._provider = provider
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/sms", self._receive)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/sms"
        self._http = aiohttp.ClientSession()
        self._provider.know(ACCOUNT, TOKEN)
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.close()
        await self._runner.cleanup()

    def door(self, name: str = "ours", token: str = TOKEN) -> Door:
        return Door(name, self.url, self.url, SCRIPTS, ACCOUNT, "+17025550100", token)

    async def _receive(self, request: web.Request) -> web.Response:
        fields = {name: str(value) for name, value in (await request.post()).items()}
        if not RequestValidator(TOKEN).validate(self.url, fields, request.headers.get("X-Twilio-Signature", "")):
            return web.Response(status=403)
        if "MessageStatus" in fields:
            self.statuses.append(fields["MessageStatus"])
            return web.Response()
        self.asked.append(fields["Body"])
        task = asyncio.create_task(self._answer(fields["From"], self.answers[fields["Body"]]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return web.Response()

    async def _answer(self, address: str, texts: list[str]) -> None:
        for text in texts:
            await asyncio.sleep(self.delay_seconds)
            data = {"To": address, "From": "+17025550100", "Body": text, "StatusCallback": self.url}
            url = f"{self._provider.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
            async with self._http.post(url, data=data) as answer:
                assert answer.status == 201
                assert (await answer.json())["sid"].startswith("SM")
