"""Calls share a connection: each gets its own answer, and whoever goes away takes nobody else's (X4)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from storage import wire as wire_module
from storage.connection import Store, StoreError
from storage.wire import Target, Wire, parse_target
from storage.wires import Wires
from tests.real_store import RealStores

SETTLED_SECONDS = 0.2


async def test_each_of_many_calls_at_a_time_gets_its_own_answer(store: Store) -> None:
    await asyncio.gather(*(store.call("SET", f"seen:{n}", str(n), "EX", 60) for n in range(200)))
    answers = await asyncio.gather(*(store.call("GET", f"seen:{n}") for n in range(200)))
    assert answers == [str(n).encode() for n in range(200)]


async def test_a_call_that_is_given_up_takes_no_other_calls_answer(store: Store) -> None:
    await store.call_all([("SET", f"seen:{n}", str(n), "EX", 60) for n in range(9)])
    calls = [asyncio.create_task(store.call("GET", f"seen:{n}")) for n in range(9)]
    await asyncio.sleep(0)
    for call in calls[::2]:
        call.cancel()
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert answers[1::2] == [b"1", b"3", b"5", b"7"]
    assert all(isinstance(answer, asyncio.CancelledError) for answer in answers[::2])


async def test_an_error_is_raised_to_its_own_caller_alone(store: Store) -> None:
    await store.call("SET", "seen:text", "x", "EX", 60)
    wrong, right = await asyncio.gather(
        store.call("HGET", "seen:text", "field"), store.call("GET", "seen:text"), return_exceptions=True
    )
    assert isinstance(wrong, StoreError)
    assert right == b"x"
    with pytest.raises(StoreError):
        await store.call_all([("GET", "seen:text"), ("HGET", "seen:text", "field")])
    assert await store.call("GET", "seen:text") == b"x"


async def test_who_waits_at_the_store_holds_up_nobody_and_can_be_given_up(store: Store) -> None:
    waiting = asyncio.create_task(store.call("XREAD", "BLOCK", 5000, "STREAMS", "events", "$"))
    await asyncio.sleep(SETTLED_SECONDS)
    async with asyncio.timeout(1):
        await store.call("PING")
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    async with asyncio.timeout(1):
        assert not await store.call("XREAD", "BLOCK", 1, "STREAMS", "events", "$")


async def test_a_store_that_went_away_fails_what_is_under_way_and_the_next_call_finds_it_again(tmp_path: Path) -> None:
    servers = RealStores(tmp_path)
    await asyncio.to_thread(servers.start, "store")
    store = Store(servers.url("store", "worker"))
    try:
        await store.call("PING")
        waiting = asyncio.create_task(store.call("XREAD", "BLOCK", 9000, "STREAMS", "events", "$"))
        await asyncio.sleep(SETTLED_SECONDS)
        servers.stop()
        with pytest.raises(StoreError):
            await waiting
        with pytest.raises(StoreError):
            await store.call("PING")
        await asyncio.to_thread(servers.start, "store")
        assert await store.call("PING")
    finally:
        await store.aclose()
        servers.stop()


@asynccontextmanager
async def listening(
    folder: Path, talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]
) -> AsyncIterator[Store]:
    """A store whose server does as ``talk`` says."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk(reader, writer)
        await reader.read()
        writer.close()

    path = folder / "s.sock"
    server = await asyncio.start_unix_server(serve, path)
    store = Store(f"unix://{path}")
    try:
        yield store
    finally:
        await store.aclose()
        server.close()


async def test_every_call_under_way_fails_when_the_store_is_silent_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire_module, "ANSWER_SECONDS", 0.1)
    monkeypatch.setattr(wire_module, "_LOOK_SECONDS", 0.05)
    async with listening(tmp_path, lambda _reader, _writer: None) as store, asyncio.timeout(3):
        answers = await asyncio.gather(store.call("PING"), store.call("GET", "a"), return_exceptions=True)
    assert all(isinstance(answer, StoreError) for answer in answers)


async def test_what_is_no_answer_ends_the_connection(tmp_path: Path) -> None:
    async with listening(tmp_path, lambda _reader, writer: writer.write(b"HTTP/1.1 200\r\n")) as store:
        async with asyncio.timeout(3):
            with pytest.raises(StoreError):
                await store.call("PING")


async def test_what_nobody_asked_is_nobodys_answer(tmp_path: Path) -> None:
    """Kept, it would be the next caller's, and each one after it would get that of the call before."""

    def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asyncio.get_running_loop().call_later(0.1, writer.write, b"+mine\r\n+stray\r\n")

    async with listening(tmp_path, talk) as store, asyncio.timeout(3):
        assert [await store.call("GET", "a") for _ in range(2)] == [b"mine", b"mine"]


async def test_who_asks_in_the_step_in_which_a_connection_opened_shares_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening another would close this one to those who waited for it."""
    opened: list[Wire] = []

    async def open_at_once(_target: Target) -> Wire:
        opened.append(Wire(asyncio.get_running_loop()))
        return opened[-1]

    wires = Wires(parse_target("unix:///nowhere"))

    async def ask_late() -> None:
        await asyncio.sleep(0)
        await wires.ask(b"", 1)

    monkeypatch.setattr("storage.wires.open_wire", open_at_once)
    await asyncio.gather(wires.ask(b"", 1), ask_late(), return_exceptions=True)
    assert len(opened) == 1 and not opened[0].closed


async def test_a_wrong_password_is_refused(servers: RealStores) -> None:
    store = Store(servers.url("store", "worker").replace("worker:", "worker:x"))
    with pytest.raises(StoreError):
        await store.call("PING")
    await store.aclose()


def test_a_url_says_where_how_and_as_whom() -> None:
    there = parse_target("redis://worker:p%40ss@store.example:7000/3")
    assert (there.host, there.port, there.tls) == ("store.example", 7000, None)
    assert there.greeting == (("AUTH", "worker", "p@ss"), ("SELECT", 3))
    assert parse_target("unix://worker:secret@/run/store.sock").path == "/run/store.sock"
    assert "secret" not in repr(parse_target("unix://worker:secret@/run/store.sock"))


def test_a_tls_url_checks_the_servers_name_and_certificate() -> None:
    tls = parse_target("rediss://worker:secret@store.example").tls
    assert tls is not None
    assert tls.check_hostname
    assert tls.verify_mode.name == "CERT_REQUIRED"
