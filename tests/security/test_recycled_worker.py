"""A worker ends in time and begins anew, so that words leave its memory within the stated bound (P1)."""

import asyncio
import time
from pathlib import Path

import aiohttp
import pytest

from app.stack import Stack
from tests.functional.people import Texter
from tests.security.live_search import count_in_memory

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]
_SECONDS = 4


async def test_words_are_gone_from_the_worker_within_twice_its_time_and_service_goes_on(tmp_path: Path) -> None:
    extra = {"worker": {"PORCHLIGHT_RECYCLE_SECONDS": str(_SECONDS)}}
    programs = {"webhooks", "worker", "phone"}
    async with (
        Stack(tmp_path, programs=programs, extra=extra, free_ports=True) as stack,
        aiohttp.ClientSession() as http,
    ):
        texter = Texter(http, stack)
        began = time.monotonic()
        await texter.texts("the word is sassafras NUMBER")
        async with asyncio.timeout(60):
            while not stack.restarts("worker"):
                await asyncio.sleep(0.1)
        print(f"begun anew after {time.monotonic() - began:.1f} s at a bound of {2 * _SECONDS} s")
        await stack.wait_ready("worker")
        assert count_in_memory(stack.pids("worker"), "sassafras") == 0
        assert await texter.texts("NUMBER")
