"""A door that begins anew answers whom it let in, and keeps waiting whoever comes meanwhile (X4)."""

import asyncio
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from socket import socket
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import restarting
from app.doors import open_doors
from app.metrics import Metrics
from app.network import Bind
from app.serving import build_server, serve_until_due
from app.watch import tell_failure
from app.webhooks import _wait_until_due
from tests.connectors.payloads import AUTH_TOKEN, PUBLIC_URL, SECRET
from vault.key_files import create_key_file

_ENVIRON = {
    "PORCHLIGHT_MODE": "live", "PORCHLIGHT_REDIS_URL": "unix:///store", "PORCHLIGHT_KEYS_URL": "unix:///keys",
    "PORCHLIGHT_PUBLIC_URL": PUBLIC_URL, "TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
    "TWILIO_FROM": "+17025550100", "TELEGRAM_WEBHOOK_SECRET": SECRET,
}  # fmt: skip
_REQUEST = b"GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n"


async def _answer(request: Request) -> Response:
    await asyncio.sleep(0.2)
    return Response("here")


APPLICATION = Starlette(routes=[Route("/", _answer)])


@pytest.fixture
def doors() -> Iterator[list[socket]]:
    doors = open_doors([Bind("127.0.0.1", 0)])
    yield doors
    for door in doors:
        door.close()


class Life:
    """One life of a program behind a door."""

    def __init__(self, doors: list[socket]) -> None:
        self.due = asyncio.Event()
        self._port = doors[0].getsockname()[1]
        served = [(APPLICATION, Bind("127.0.0.1", self._port))]
        self.serving = asyncio.create_task(serve_until_due(served, doors, self._wait))

    async def _wait(self) -> None:
        await self.due.wait()

    async def knock(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self._port)


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    writer.write(_REQUEST)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer


async def test_who_was_let_in_is_answered_and_who_comes_meanwhile_waits_for_the_next_life(doors: list[socket]) -> None:
    life = Life(doors)
    assert b" 200 " in await _ask(*await life.knock())
    asking = asyncio.create_task(_ask(*await life.knock()))
    silent = await life.knock()
    await asyncio.sleep(0.1)
    life.due.set()
    await asyncio.sleep(0.3)
    late = await life.knock()
    assert b" 200 " in await asking, "its answer was being made"
    assert b" 200 " in await _ask(*silent), "it was in, and had said nothing yet"
    assert await asyncio.wait_for(life.serving, 10) is True
    waiting = asyncio.create_task(_ask(*late))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    life = Life(doors)
    assert b" 200 " in await waiting
    life.due.set()
    await life.serving


async def test_doors_that_were_handed_on_are_taken_and_not_opened_again(
    doors: list[socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORCHLIGHT_DOORS", str(os.dup(doors[0].fileno())))
    (taken,) = open_doors([Bind("127.0.0.1", 1)])
    assert taken.getsockname() == doors[0].getsockname() and not taken.get_inheritable()
    assert "PORCHLIGHT_DOORS" not in os.environ, "no other program is told"
    taken.close()


async def test_a_door_that_could_not_open_again_does_not_close_and_says_so_p9(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lost key file must not silence the line when words are due to leave memory."""
    key_file, due, told = tmp_path / "address.key", SimpleNamespace(ready_to_end=True), list[str]()
    create_key_file(key_file, datetime.now(UTC))
    monkeypatch.setattr(restarting, "PUT_OFF_SECONDS", 0.01)
    files = {"PORCHLIGHT_ADDRESS_KEY_FILE": str(key_file), "PORCHLIGHT_SPOOL": str(tmp_path)}
    for name, value in (_ENVIRON | files).items():
        monkeypatch.setenv(name, value)
    log: Any = SimpleNamespace(note=lambda event, **_: told.append(event))
    metrics = Metrics("webhooks")
    tell = partial(tell_failure, log, metrics)
    await _wait_until_due(due, tell)  # type: ignore[arg-type]
    assert not told
    key_file.rename(tmp_path / "away")
    waiting = asyncio.create_task(_wait_until_due(due, tell))  # type: ignore[arg-type]
    async with asyncio.timeout(10):
        while not told:
            await asyncio.sleep(0.01)
    assert not waiting.done() and set(told) == {"restart_put_off"}
    assert b'porchlight_failures_total{kind="restart_put_off"} 0.0' not in metrics.page(), "else no alarm sounds"
    (tmp_path / "away").rename(key_file)
    async with asyncio.timeout(10):
        await waiting


@pytest.mark.parametrize(
    ("proxies", "peer", "seen"),
    [
        (("10.213.7.2/32",), "10.213.7.2", "192.0.2.9"),
        (("10.213.7.2/32",), "10.213.7.3", "10.213.7.3"),
        (("10.213.7.2/32",), "127.0.0.1", "127.0.0.1"),
        ((), "127.0.0.1", "127.0.0.1"),
    ],
)
async def test_only_a_proxy_that_is_named_may_say_for_whom_it_asks(
    proxies: tuple[str, ...], peer: str, seen: str
) -> None:
    """Else whoever guesses passwords, or reads too much, could name themselves anew with every request (A5, G4)."""
    told: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        told.append(scope["client"][0])

    config = build_server(application, Bind("127.0.0.1", 0), proxies).config
    config.load()
    scope = {"type": "http", "client": (peer, 1), "headers": [(b"x-forwarded-for", b"192.0.2.9")], "path": "/"}
    await config.loaded_app(scope, None, None)  # type: ignore[arg-type]
    assert told == [seen]
