"""A running practice phone and a web server that stands where the hotline's webhooks are."""

import asyncio
import json
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from phone.__main__ import build_server
from phone.settings import load_settings

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "practice-token"
BOT_TOKEN = "123456:practice"
SECRET = "practice_secret-1"
NUMBER = "+17025550199"
TEXTER = "+17025550111"
CHAT = "5550111"


def environment(phone_port: int, site_port: int, **changes: str) -> dict[str, str]:
    return {
        "PORCHLIGHT_MODE": "practice",
        "PORCHLIGHT_PHONE_BIND": f"127.0.0.1:{phone_port}",
        "PORCHLIGHT_PUBLIC_URL": "https://hotline.example",
        "PORCHLIGHT_PHONE_DELIVER_URL": f"http://127.0.0.1:{site_port}",
        "PORCHLIGHT_WORKER_URL": f"http://127.0.0.1:{site_port}",
        "PORCHLIGHT_PHONE_RETRY_SECONDS": "0.01",
        "PORCHLIGHT_PHONE_STATUS_SECONDS": "0.05",
        "PORCHLIGHT_HOTLINE_NAME": "Porchlight",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": NUMBER,
        "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
    } | changes


@dataclass
class Call:
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return parse_qsl(self.body.decode(), keep_blank_values=True)

    @property
    def form(self) -> dict[str, str]:
        return dict(self.pairs)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Site:
    """Where webhooks (and the worker's private port) are: notes calls, answers 200 or what a test put in line."""

    port: int = 0
    calls: list[Call] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    hold_seconds: float = 0.0

    async def answer(self, request: Request) -> Response:
        call = Call(request.url.path, dict(request.query_params), dict(request.headers), await request.body())
        self.calls.append(call)
        await asyncio.sleep(self.hold_seconds)
        return JSONResponse({"path": call.path}, self.answers.pop(0) if self.answers else 200)

    def to(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.path == path]


@dataclass
class Stage:
    site: Site
    client: httpx.AsyncClient
    port: int

    async def write(self, channel: str = "sms", text: str = "hello", **more: Any) -> dict[str, Any]:
        address = TEXTER if channel == "sms" else CHAT
        body = {"channel": channel, "address": address, "text": text} | more
        return (await self.client.post("/practice/texts", json=body)).raise_for_status().json()

    async def twilio(self, method: str, path: str, **more: Any) -> httpx.Response:
        url = f"/twilio/2010-04-01/Accounts/{ACCOUNT}{path}"
        return await self.client.request(method, url, auth=more.pop("auth", (ACCOUNT, TOKEN)), **more)

    async def send_sms(self, text: str = "hi", to: str = TEXTER, **more: str) -> httpx.Response:
        data = {"To": to, "From": NUMBER, "Body": text} | more
        return await self.twilio("POST", "/Messages.json", data=data)

    async def telegram(self, method: str, **fields: Any) -> httpx.Response:
        return await self.client.post(f"/telegram/bot{BOT_TOKEN}/{method}", json=fields)

    async def messages(self, channel: str = "sms", **query: Any) -> list[dict[str, Any]]:
        address = TEXTER if channel == "sms" else CHAT
        found = await self.client.get("/practice/messages", params={"channel": channel, "address": address} | query)
        return found.raise_for_status().json()["messages"]

    async def fault(self, channel: str, kind: str, **more: Any) -> None:
        body = {"channel": channel, "kind": kind} | more
        (await self.client.post("/practice/faults", json=body)).raise_for_status()

    async def settle(self, sid: str, status: str = "delivered") -> None:
        """Waits until a message's life has come to ``status``."""
        async with asyncio.timeout(5):
            while (await self.twilio("GET", f"/Messages/{sid}.json")).json()["status"] != status:
                await asyncio.sleep(0.01)

    async def call_at(self, path: str, count: int = 1) -> list[Call]:
        """The calls at ``path`` once there are ``count`` of them."""
        async with asyncio.timeout(5):
            while len(self.site.to(path)) < count:
                await asyncio.sleep(0.01)
        return self.site.to(path)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def serve(*servers: uvicorn.Server):
    """Servers that start and stop side by side."""
    tasks = [asyncio.create_task(server.serve()) for server in servers]
    async with asyncio.timeout(30):
        while not all(server.started for server in servers):
            await asyncio.sleep(0.005)
    try:
        yield
    finally:
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*tasks)


@asynccontextmanager
async def open_stage(**changes: str):
    site = Site(port=free_port())
    port = free_port()
    app = Starlette(routes=[Route("/{path:path}", site.answer, methods=["GET", "POST"])])
    config = uvicorn.Config(app, host="127.0.0.1", port=site.port, log_level="critical", timeout_graceful_shutdown=0)
    settings = load_settings(environment(port, site.port, **changes))
    async with (
        serve(uvicorn.Server(config), build_server(settings)),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client,
    ):
        yield Stage(site, client, port)
