"""Pushes leave as RFC 8030 and 8292 say, to public hosts alone, and what a service answers is understood (X5, A6)."""

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from connectors.errors import SendError
from connectors.web_push.client import PublicResolver, PushClient
from vault.errors import KeyFileError
from vault.web_push import VapidKey

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@pytest.fixture
async def serve() -> AsyncIterator[Callable[..., object]]:
    """A service that answers with what it is given; the paths that were asked for."""
    runners = []

    async def start(status: int, **headers: str) -> tuple[str, list[str]]:
        asked: list[str] = []

        async def answer(request: web.Request) -> web.Response:
            asked.append(request.path)
            return web.Response(status=status, headers=headers)

        app = web.Application()
        app.router.add_post("/{path:.*}", answer)
        app.router.add_get("/{path:.*}", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        runners.append(runner)
        port = runner.addresses[0][1]
        return f"http://127.0.0.1:{port}/push/robin", asked

    yield start
    for runner in runners:
        await runner.cleanup()


async def send(endpoint: str, *, practice: bool = True) -> None:
    client = PushClient(lambda _: "vapid t=a.b.c,k=d", practice=practice)
    try:
        await client.send(endpoint)
    finally:
        await client.aclose()


@pytest.mark.parametrize(
    ("status", "code", "retryable"),
    [(404, "gone", False), (410, "gone", False), (429, "429", True), (500, "500", True), (403, "403", False)],
)
async def test_what_a_push_service_refuses_is_understood(serve, status: int, code: str, retryable: bool) -> None:
    endpoint, _ = await serve(status, **{"Retry-After": "3"})
    with pytest.raises(SendError) as raised:
        await send(endpoint)
    assert (raised.value.code, raised.value.retryable) == (code, retryable)


async def test_a_redirect_is_not_followed(serve) -> None:
    endpoint, asked = await serve(307, Location="/elsewhere")
    with pytest.raises(SendError) as raised:
        await send(endpoint)
    assert raised.value.code == "307" and asked == ["/push/robin"]


async def test_a_stored_address_is_checked_again_before_it_is_used(serve) -> None:
    endpoint, asked = await serve(201)
    with pytest.raises(SendError) as raised:
        await send(endpoint, practice=False)
    assert raised.value.code == "endpoint" and asked == []


async def test_a_public_name_that_leads_into_our_network_is_not_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """No rebinding: the address that was checked is the one that is connected to."""
    asked: list[str] = []

    async def resolve(_loop: object, host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("10.0.0.8", "127.0.0.1")]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", resolve)
    with pytest.raises(OSError, match="no public address"):
        await PublicResolver(practice=False).resolve("push.example", 443)
    with pytest.raises(SendError) as raised:
        await send("https://push.example/x", practice=False)
    assert raised.value.code == "connection" and asked
    assert [one["host"] for one in await PublicResolver(practice=True).resolve("push.example", 443)] == ["127.0.0.1"]


async def test_nobody_at_home_is_worth_another_try() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(SendError) as raised:
        await send(f"http://127.0.0.1:{port}/push/x")
    assert (raised.value.code, raised.value.retryable) == ("connection", True)


def test_a_token_is_for_one_service_and_one_hour_and_says_who_may_be_asked() -> None:
    key = VapidKey.create()
    scheme, _, rest = key.sign("https://push.example/a/b?c=d", "https://console.example", NOW).partition(" ")
    parts = dict(part.split("=", 1) for part in rest.split(","))
    claims = json.loads(base64.urlsafe_b64decode(parts["t"].split(".")[1] + "=="))
    assert scheme == "vapid" and parts["k"] == key.public
    assert claims == {
        "aud": "https://push.example",
        "exp": int((NOW + timedelta(hours=1)).timestamp()),
        "sub": "https://console.example",
    }
    assert urlsplit(claims["aud"]).path == ""
    assert len(base64.urlsafe_b64decode(key.public + "=")) == 65
    assert key.private not in repr(key)


@pytest.mark.parametrize("private", ["", "x", "A" * 42, "A" * 43, "damaged", "_" * 43])
def test_a_damaged_key_is_named(private: str) -> None:
    with pytest.raises(KeyFileError, match="VAPID_PRIVATE_KEY"):
        _ = VapidKey(private).public
