"""The program at the door begins anew in its place: words leave its memory, no text is refused meanwhile (P1, X4)."""

import asyncio
import contextlib
import os
import re
import signal
import socket
import sys
import urllib.request
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.connection import Store
from storage.content_keys import ContentKeys
from tests.abuse.door import as_bytes, text_of
from tests.connectors.payloads import AUTH_TOKEN, PUBLIC_URL, SECRET
from tests.real_store import RealStores
from tests.security.live_search import count_in_memory
from tests.storage.conftest import SERVER_KEY
from vault.key_files import create_key_file
from vault.keyring import Keyring

_ROOT = Path(__file__).resolve().parents[2]
_CALLERS, _SECONDS = 8, 1


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Door:
    """The real program on ports of its own; ``call`` is a provider's request."""

    def __init__(self, process: asyncio.subprocess.Process, port: int, metrics: int) -> None:
        self.process, self._port, self._metrics = process, port, metrics

    async def call(self, number: int, body: str = "i need help") -> bytes:
        """The status line of an answer to a text; b"" if the door hangs up. Raises OSError if nobody listens."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        line = b""
        with contextlib.suppress(ConnectionError):
            writer.write(as_bytes(text_of(number, body)))
            line = await asyncio.wait_for(reader.readline(), 30)
        writer.close()
        return line

    def count(self) -> float:
        """How many texts this life of the program has taken."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._metrics}/metrics", timeout=30) as answer:
            found = re.findall(r'porchlight_webhooks_total\{.*outcome="message"\} (\S+)', answer.read().decode())
        return sum(map(float, found))


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[RealStores]:
    with RealStores(tmp_path) as stores:
        yield stores


@pytest.fixture
async def door(stores: RealStores, tmp_path: Path) -> AsyncIterator[Door]:
    keys = Store(stores.url("keys", "worker"))
    await ContentKeys(keys, Keyring([SERVER_KEY])).ensure_inbox()
    await keys.aclose()
    key_file = tmp_path / "address.key"
    create_key_file(key_file, datetime.now(UTC))
    port, metrics = _free_port(), _free_port()
    environment = {
        "PATH": os.environ["PATH"], "PORCHLIGHT_MODE": "live", "PORCHLIGHT_RECYCLE_SECONDS": str(_SECONDS),
        "PORCHLIGHT_REDIS_URL": stores.url("store", "webhooks"), "PORCHLIGHT_KEYS_URL": stores.url("keys", "webhooks"),
        "PORCHLIGHT_ADDRESS_KEY_FILE": str(key_file), "PORCHLIGHT_PUBLIC_URL": PUBLIC_URL,
        "PORCHLIGHT_WEBHOOKS_BIND": f"127.0.0.1:{port}", "PORCHLIGHT_WEBHOOKS_METRICS_BIND": f"127.0.0.1:{metrics}",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": AUTH_TOKEN, "TWILIO_FROM": "+17025550100",
        "TELEGRAM_WEBHOOK_SECRET": SECRET, "PORCHLIGHT_SPOOL": str(tmp_path / "spool"),
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "app.webhooks", cwd=_ROOT, env=environment)
    door = Door(process, port, metrics)
    async with asyncio.timeout(30):
        while True:
            with contextlib.suppress(OSError):
                if await door.call(0):
                    break
            assert process.returncode is None
            await asyncio.sleep(0.1)
    yield door
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 15) in {0, -signal.SIGTERM}, "the latter while it begins anew"


async def test_the_door_forgets_words_within_twice_its_time_and_refuses_no_text_meanwhile_p1_x4(door: Door) -> None:
    assert b" 200 " in await door.call(1, "the word is sassafras")
    assert count_in_memory([door.process.pid], "sassafras") > 0, "a search that finds nothing would prove nothing"
    over, taken = asyncio.Event(), 0

    async def call_on(begin: int) -> None:
        nonlocal taken
        number = begin
        while not over.is_set():
            number += 1
            assert b" 200 " in await door.call(number), "refused"
            taken += 1
            await asyncio.sleep(0.02)

    callers = [asyncio.create_task(call_on(1_000_000 * (caller + 1))) for caller in range(_CALLERS)]
    async with asyncio.timeout(60):
        most = 0.0
        while (now := await asyncio.to_thread(door.count)) >= most:
            most = now
            await asyncio.sleep(0.05)
    before = taken
    async with asyncio.timeout(30):
        while taken < before + 2 * _CALLERS:
            await asyncio.sleep(0.02)
    over.set()
    await asyncio.gather(*callers)
    assert count_in_memory([door.process.pid], "sassafras") == 0
