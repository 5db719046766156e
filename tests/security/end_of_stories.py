"""At the end of a run: time passes for everybody, and what then lies in the stores is what the data map allows (P3)."""

import asyncio
import time
from collections.abc import Sequence

from app.stack import Stack
from storage.connection import Store
from storage.keyspace import PARTITIONS
from tests.security.data_walk import walk

_ENDING = ("session", "hold")
_SECONDS = 60


async def check_what_is_left(stack: Stack) -> None:
    """Moves every session and hold past its end, waits for the worker, and walks. Raises AssertionError."""
    store, keys = Store(stack.store_url()), Store(stack.keys_url())
    try:
        await _let_time_pass(store)
        async with asyncio.timeout(_SECONDS):
            while await _is_busy(store):
                await asyncio.sleep(0.1)
        left = await _find_unexpected(store)
        assert left == [], "only what a person has or is waited for outlives its session"
        faults = await walk(store, keys, time.time())
        assert faults == [], "\n".join(faults)
    finally:
        await store.aclose()
        await keys.aclose()


async def _let_time_pass(store: Store) -> None:
    for partition in range(PARTITIONS):
        for member in await store.call("ZRANGE", f"deadlines:{partition}", 0, -1):
            if member.decode().startswith(_ENDING):
                await store.call("ZADD", f"deadlines:{partition}", "XX", time.time() - 1, member)


async def _is_busy(store: Store) -> bool:
    for partition in range(PARTITIONS):
        if await store.call("XLEN", f"inbox:{partition}") or await store.call("XLEN", f"outbox:{partition}"):
            return True
        if await store.call("ZCOUNT", f"deadlines:{partition}", "-inf", time.time()):
            return True
    return False


async def _find_unexpected(store: Store) -> Sequence[str]:
    names = await store.scan("conversation:*")
    owners = await store.call_all([("HGET", name, "owner") for name in names]) if names else []
    return [f"{name} {owner}" for name, owner in zip(names, owners, strict=True) if owner in {b"with_bot", b"left"}]
