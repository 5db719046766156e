"""A worker that is killed between the parts of an erasure leaves nothing that opens what is gone (P3)."""

import asyncio

import aiohttp
import pytest

from app.stack import Stack
from storage.connection import Store
from storage.keyspace import BACKSTOP_SECONDS
from tests.faults.conftest import Executioner
from tests.functional.people import Texter

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("faults")]
_KEYS = ("content-key:*", "epoch:*", "wraps:*")


async def test_an_erasure_that_was_killed_half_way_is_finished_by_the_next_worker_p3(
    fault_stack: tuple[Stack, Executioner], fault_http: aiohttp.ClientSession
) -> None:
    stack, executioner = fault_stack
    store, keys = Store(stack.store_url()), Store(stack.keys_url())
    texter = Texter(fault_http, stack)
    others = set(await store.scan("conversation:*"))
    await texter.texts("hello")
    (name,) = set(await store.scan("conversation:*")) - others
    identifier = name.partition(":")[2]
    executioner.kill_at("committed")
    await texter.posts("BYE")
    await texter.settles(40)
    assert executioner.has_killed()
    assert await store.call("EXISTS", name, f"window:{identifier}", f"status:{identifier}") == 0
    assert await keys.call("EXISTS", f"content-key:{identifier}") == 1, "the kill came between"
    # Two minutes pass: a younger key may belong to a turn that is not committed yet.
    for pattern in _KEYS:
        for key in await keys.scan(f"{pattern[:-1]}{identifier}"):
            await keys.call("EXPIRE", key, BACKSTOP_SECONDS - 121)
    await store.call("DEL", "duty:sweep")
    async with asyncio.timeout(40):
        while await keys.call("EXISTS", f"epoch:{identifier}", f"wraps:{identifier}"):
            await asyncio.sleep(0.2)
        while not 0 <= await keys.call("TTL", f"content-key:{identifier}") <= 300:
            await asyncio.sleep(0.2)
    await store.aclose()
    await keys.aclose()
