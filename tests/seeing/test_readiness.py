"""Readiness tells the truth: with a part taken away it is 503 and says which in one word (R9, X4)."""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from app.embedded_store import find_server
from app.metrics import Metrics, build_private_app
from app.readiness import Readiness
from app.webhooks import build_webhooks
from app.work_loop import STALL_SECONDS, Worker
from bot.actions.server import build_application
from bot.recycling import Recycling
from storage.connection import Store
from storage.content_keys import ContentKeys, InboxPublicKeys
from storage.inbox import Inbox
from storage.keyspace import PARTITIONS
from tests.bot.engine_process import ENGINE_PYTHON
from tests.real_store import RealStores
from tests.storage.conftest import ADDRESS_KEYS, SERVER_KEY
from tests.storage.night_shift import NightShift
from vault.keyring import Keyring


@pytest.fixture
def parts(tmp_path: Path):
    """Stores of a test's own, which it may kill."""
    stores = RealStores(tmp_path)
    stores.start("store")
    stores.start("keys")
    yield stores
    stores.stop()


async def ask(application, path="/readyz"):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://private") as client:
        answer = await client.get(path)
    return answer.status_code, answer.text.strip()


@contextlib.asynccontextmanager
async def opened(parts, program, **more) -> AsyncIterator[Readiness]:
    store, keys = Store(parts.url("store", program)), Store(parts.url("keys", program))
    yield Readiness(store, keys, clock=lambda: time.monotonic() * 1e6, **more)
    await store.aclose()
    await keys.aclose()


async def make_inbox_key(parts):
    keys = Store(parts.url("keys", "worker"))
    await ContentKeys(keys, Keyring([SERVER_KEY])).ensure_inbox()
    await keys.aclose()


async def test_webhooks_are_ready_while_a_message_could_be_kept(parts: RealStores) -> None:
    """X4: with its own rights it writes, and sees the key that messages are sealed to."""
    async with opened(parts, "webhooks", needs_inbox_key=True) as ready:
        doors = [build_webhooks(SimpleNamespace(receive_sms=None, receive_telegram=None), ready.find_fault)]  # type: ignore[arg-type]
        doors.append(build_private_app(Metrics("webhooks"), ready.find_fault))
        for door in doors:
            assert await ask(door) == (503, "inbox_key")
        await make_inbox_key(parts)
        for door in doors:
            assert await ask(door) == (200, "ready")
        parts.kill("keys")
        for door in doors:
            assert await ask(door) == (503, "keys")
            assert await ask(door, "/healthz") == (200, "alive")
        parts.kill("store")
        for door in doors:
            assert await ask(door) == (503, "store")


async def test_a_store_that_reads_and_cannot_write_is_no_store(tmp_path: Path) -> None:
    """Memory is full, or a replica was left to serve: reading goes on, and no message can be kept."""
    socket = tmp_path / "s"
    command = [find_server(), "--port", "0", "--unixsocket", str(socket), "--maxmemory", "1", "--save", ""]
    full = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path)
    store = Store(f"unix://{socket}")
    try:
        for _ in range(100):
            if socket.exists():
                break
            await asyncio.sleep(0.05)
        assert await store.call("EXISTS", "inbox-public") == 0
        assert await Readiness(store, store).find_fault() == "store"
        await store.call("CONFIG", "SET", "maxmemory", "0")
        assert await Readiness(store, store).find_fault() == ""
    finally:
        await store.aclose()
        full.kill()
        full.wait()


@pytest.mark.parametrize("program", ["webhooks", "console"])
async def test_to_ask_leaves_nothing_in_the_store(parts: RealStores, program: str) -> None:
    """P3: a mark of ours among keys of texters would stand in the way of a wipe."""
    async with opened(parts, program) as ready:
        assert not await ready.find_fault()
    store = Store(parts.url("store", "worker"))
    assert not await store.scan("*")
    await store.aclose()


async def test_a_store_that_hangs_is_away(parts: RealStores) -> None:
    """It is asked for two seconds, not for ten."""
    async with opened(parts, "console") as ready:
        pid = parts._processes["store"].pid
        os.kill(pid, signal.SIGSTOP)
        try:
            began = time.monotonic()
            assert await ready.find_fault() == "store"
            assert time.monotonic() - began < 4
        finally:
            os.kill(pid, signal.SIGCONT)


async def test_the_console_is_ready_while_store_and_keys_answer(parts: RealStores) -> None:
    async with opened(parts, "console") as ready:
        door = build_private_app(Metrics("console"), ready.find_fault)
        assert await ask(door) == (200, "ready")
        parts.kill("keys")
        assert await ask(door) == (503, "keys")
        parts.kill("store")
        assert await ask(door) == (503, "store")
        assert 'porchlight_fault{kind="store"} 1.0' in (await ask(door, "/metrics"))[1]


async def test_what_was_found_is_kept_for_half_a_second() -> None:
    """Whoever asks a thousand times a second writes twice a second."""
    asked: list[object] = []

    async def call(*command: object) -> object:
        asked.append(command[0])
        return b"epoch:key"

    now = [0.0]
    counted = SimpleNamespace(call=call)
    ready = Readiness(counted, counted, clock=lambda: now[0])  # type: ignore[arg-type]
    for now[0] in (1.0, 1.1, 1.4, 1.6):
        assert not await ready.find_fault()
    assert asked == ["XADD", "GET"] * 2


@contextlib.asynccontextmanager
async def working(parts) -> AsyncIterator[Worker]:
    store, keys = Store(parts.url("store", "worker")), Store(parts.url("keys", "worker"))
    content_keys = ContentKeys(keys, Keyring([SERVER_KEY]))
    shift = NightShift(store, keys, content_keys, Inbox(store, InboxPublicKeys(keys), ADDRESS_KEYS))
    shift.world.connectors.clear()  # type: ignore[attr-defined]
    worker = Worker(shift.world, "w", lambda owned, figures: None)
    running = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await store.aclose()
        await keys.aclose()


async def found(worker: Worker, fault: str) -> bool:
    """True once the worker says so, within seconds."""
    for _ in range(200):
        if await worker.find_fault() == fault:
            return True
        await asyncio.sleep(0.05)
    return False


async def test_a_worker_is_ready_while_it_owns_partitions_and_its_loops_come_round(
    parts: RealStores, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R9."""
    async with working(parts) as worker:
        assert await worker.find_fault() == "starting"
        assert await found(worker, "")
        door = build_private_app(Metrics("worker"), worker.find_fault)
        assert await ask(door) == (200, "ready")

        own, worker._owned = worker._owned, set()
        assert await ask(door) == (503, "partitions")
        worker._owned = own

        still = time.monotonic() + STALL_SECONDS + 1
        with monkeypatch.context() as later:
            later.setattr(time, "monotonic", lambda: still)
            assert await worker.find_fault() == "stalled"

        parts.kill("keys")
        assert await found(worker, "keys")
        await asyncio.to_thread(parts.start, "keys")
        assert await found(worker, "")
        parts.kill("store")
        assert await ask(door) == (503, "store")
        assert await ask(door, "/healthz") == (200, "alive")


async def test_a_second_worker_that_came_too_late_for_any_partition_is_not_ready(parts: RealStores) -> None:
    store = Store(parts.url("store", "worker"))
    await store.call_all([("SET", f"lease:{n}", "other", "PX", 20_000) for n in range(PARTITIONS)])
    async with working(parts) as worker:
        assert await found(worker, "partitions")
    await store.aclose()


async def test_actions_without_a_single_action_are_not_ready() -> None:
    recycling = Recycling(10, 10.0)
    assert await ask(build_application({"a": None}, "t" * 32, recycling)) == (200, "ready")  # type: ignore[dict-item]
    empty = build_application({}, "t" * 32, recycling)
    assert await ask(empty) == (503, "actions")
    assert await ask(empty, "/healthz") == (200, "alive")


_ENGINE = """
from bot.engine import absent
absent.install()
from types import SimpleNamespace as Named
from bot.engine.channel import find_fault
from bot.engine.turns import TurnTrackerStore
store = object.__new__(TurnTrackerStore)
def app(agent): return Named(ctx=Named(agent=agent))
calm, due = Named(due=False), Named(due=True)
loaded = Named(processor=object(), tracker_store=store)
print([find_fault(app(None), calm), find_fault(app(Named(processor=None)), calm),
       find_fault(app(Named(processor=object(), tracker_store=object())), calm),
       find_fault(app(loaded), calm), find_fault(app(loaded), due)])
"""


def test_an_engine_without_a_model_is_not_ready() -> None:
    """Rasa carries on without one, answering 200 with nothing."""
    done = subprocess.run([str(ENGINE_PYTHON), "-c", _ENGINE], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "['model', 'model', 'model', '', 'recycling']", done.stderr[-500:]
