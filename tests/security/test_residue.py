"""What was erased leaves the store's file within a bound, and cannot be opened until then (P3)."""

import asyncio
import contextlib
import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.sweeping import Sweeper
from hotline.messages import ConversationId
from storage.connection import Store
from storage.keyspace import REWRITE_SECONDS, SWEEP_SECONDS
from tests.real_store import RealStores
from tests.storage.conftest import list_keys
from tests.storage.night_shift import NightShift, open_night


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[RealStores]:
    with RealStores(tmp_path) as stores:
        yield stores


async def _open(disk: RealStores) -> NightShift:
    return await (await open_night(disk)).opens("ann")


def _holds(disk: RealStores, sealed: bytes) -> bool:
    return any(sealed in read for read in _read_files(disk, "*"))


def _size(disk: RealStores) -> int:
    return sum(map(len, _read_files(disk, "*.aof*")))


def _read_files(disk: RealStores, pattern: str) -> Iterator[bytes]:
    for path in disk.store.folder.rglob(pattern):
        if path.is_file():
            with contextlib.suppress(FileNotFoundError):  # a rewrite that was under way is done by now
                yield path.read_bytes()


async def _wait_until_gone(disk: RealStores, sealed: bytes, seconds: float = 10) -> float:
    began = time.monotonic()
    async with asyncio.timeout(seconds):
        while _holds(disk, sealed):
            await asyncio.sleep(0.02)
    return time.monotonic() - began


async def test_erased_bytes_leave_the_file_when_it_is_rewritten_and_open_for_nobody_before_p3(
    disk: RealStores,
) -> None:
    night = await _open(disk)
    sweeper = Sweeper(night.world, rewrite_seconds=1)
    await sweeper.do_due()
    await night.texts("!imminent")
    (listed,) = await night.waiting()
    line = (await night.store.call("LRANGE", f"window:{listed.id}", 0, 0))[0].split(b"|", 4)[4]
    session = await night.store.call("HGET", f"conversation:{listed.id}", "session")
    await night.clicks("claim", "ann", listed.id)
    await night.clicks("close", "ann", listed.id, "reported")
    assert await list_keys(night.store, "window:*") == []
    assert _holds(disk, line) and _holds(disk, session), "a search that finds nothing would prove nothing"
    assert [page async for page in night.world.epochs.find_older(0)] == []
    assert [page async for page in night.content_keys.find_older(0)] == []
    await sweeper.do_due()
    assert _holds(disk, line), "not before its time: the file is not rewritten with every turn"
    await asyncio.sleep(1.1)
    await sweeper.do_due()
    assert await _wait_until_gone(disk, line) < 5
    await _wait_until_gone(disk, session)
    kept = await night.content_keys.find(ConversationId(listed.id))
    assert kept is None or await _seconds_left(disk, listed.id) <= 300


async def _seconds_left(disk: RealStores, conversation: str) -> int:
    keys = Store(disk.url("keys", "worker"))
    left = int(await keys.call("TTL", f"content-key:{conversation}"))
    await keys.aclose()
    return left


async def test_the_file_goes_back_to_what_is_there_after_a_busy_time_p3(disk: RealStores) -> None:
    night = await _open(disk)
    for number in range(10):
        await night.texts(f"hi {number}")
        await night.texts("BYE")
    busy = _size(disk)
    await Sweeper(night.world, rewrite_seconds=1).do_due()
    async with asyncio.timeout(10):
        while _size(disk) > busy / 4:
            await asyncio.sleep(0.02)


async def test_a_worker_that_comes_and_goes_puts_no_rewriting_off_p3(disk: RealStores) -> None:
    """Workers end themselves to forget words; the time is kept in the store, not in them."""
    night = await _open(disk)
    await Sweeper(night.world).do_due()
    assert REWRITE_SECONDS - 10 < await night.store.call("TTL", "duty:rewrite") <= REWRITE_SECONDS
    await night.store.call("EXPIRE", "duty:rewrite", 100)
    await Sweeper(night.world).do_due()
    assert await night.store.call("TTL", "duty:rewrite") <= 100, "it was done of late, by a worker that is gone"
    assert REWRITE_SECONDS + SWEEP_SECONDS < 15 * 60


async def test_a_burst_of_texts_is_no_reason_to_rewrite_x4(disk: RealStores) -> None:
    """It keeps the door waiting for 10 to 20 ms each time; what is erased leaves the file by the duty's own time."""
    store = Store(disk.url("store", "worker"))
    for _ in range(6):
        await store.call("XADD", "inbox:0", "*", "a", os.urandom(2**19))
    await asyncio.sleep(0.3)  # the store itself looks ten times a second
    found = await store.read_persistence()
    await store.aclose()
    assert (int(found["aof_current_size"]) > 3 * 2**20, found["aof_rewrites"]) == (True, "0")


async def test_a_store_that_writes_no_file_is_not_made_to_write_one_p3(disk: RealStores) -> None:
    """As with a store that others run for us, which says that it keeps no such file."""
    night = await _open(disk)
    state = {"aof_enabled": "0", "aof_rewrite_in_progress": "0"}
    asked: list[object] = []
    real = night.store.call

    async def call(*parts: object) -> object:
        asked.append(parts[0])
        return state if parts[0] == "INFO" else await real(*parts)  # type: ignore[arg-type]

    night.store.call = call  # type: ignore[method-assign]
    await Sweeper(night.world).do_due()
    assert "BGREWRITEAOF" not in asked and "INFO" in asked


@pytest.mark.proof
@pytest.mark.timeout(600)
async def test_what_a_busy_hour_leaves_in_the_file_is_measured_p3(disk: RealStores) -> None:
    """Prints bytes of a turn, what heartbeats add, and how long a rewrite takes (``pytest -m proof -s``)."""
    night, sizes = await _open(disk), []
    for number in range(100):
        for text in (f"hi {number}", "where can i eat", "thanks"):
            await night.texts(text)
            await night.sends()
        await night.passes(minutes=31)
        sizes.append(_size(disk))
    assert await list_keys(night.store, "conversation:*") == []
    grown = [after - before for before, after in itertools.pairwise(sizes) if after > before]
    busy = sizes[-1]
    began = time.monotonic()
    await Sweeper(night.world).do_due()
    async with asyncio.timeout(30):
        while (await night.store.call("INFO", "persistence"))["aof_rewrite_in_progress"] or _size(disk) > busy:
            await asyncio.sleep(0.01)
    taken = time.monotonic() - began
    each = sum(grown) // len(grown)
    print(f"\nA conversation of three texts and its end leaves {each} bytes; the file was {max(sizes)} at most.")
    print(f"Rewritten in {taken:.2f} s from {busy} to {_size(disk)} bytes: hashes of 600 deliveries, the roster.")
    assert taken < 30
