"""New content on a running stack: live in every worker within a minute, and one step back (G2).

How it is written and approved before is shown by tests/functional/test_content_stories.py, with one worker.
"""

import asyncio
import time

import aiohttp
import pytest

from app.content_wiring import build_content_desk
from app.settings import load_settings
from app.stack import Stack
from storage.connection import Store
from tests.functional.people import Texter

KEYWORDS = "replies/en/keywords"
WORKERS = 2


async def _hear_menus(http, stack, count):
    """What fresh texters on different partitions are answered to MENU, so that both workers answer some."""
    texters = [Texter(http, stack) for _ in range(count)]
    answers = await asyncio.gather(*(texter.texts("MENU") for texter in texters))
    return [" ".join(answer) for answer in answers]


async def _wait_until_all_say(http, stack, words):
    began = time.monotonic()
    while not all(words in answer for answer in await _hear_menus(http, stack, 4)):
        assert time.monotonic() - began < 60, "every worker serves the same within a minute"
        await asyncio.sleep(0.5)
    return time.monotonic() - began


@pytest.mark.slow
async def test_a_new_version_is_live_in_every_worker_within_a_minute_and_one_step_takes_it_back(tmp_path):
    environ = {"PORCHLIGHT_MODE": "practice", "PORCHLIGHT_WORKERS": str(WORKERS), "PORCHLIGHT_CONTENT_SECONDS": "0.5"}
    programs = {"webhooks", "worker", "phone"}
    async with (
        Stack(tmp_path, environ=environ, programs=programs, free_ports=True) as stack,
        aiohttp.ClientSession() as http,
    ):
        store = Store(stack.store_url("operator"))
        desk = build_content_desk(load_settings(stack.env("operator"), "operator"), store)
        live, before = await desk.load_live(), stack.pids("worker")
        text = live.texts[KEYWORDS].replace("You can ask for a place to stay,", "Ask for a bed,")
        texts = {**live.texts, KEYWORDS: text}
        happened = desk.tell(live, "edit", ("ann",), "m", texts)
        assert await desk.sets.publish(texts, happened, expected=live.version)
        seconds = await _wait_until_all_say(http, stack, "Ask for a bed,")
        print(f"live in {WORKERS} workers after {seconds:.1f} s")
        assert await desk.roll_back("ann", 1, "back to the old words") == 3
        await _wait_until_all_say(http, stack, "You can ask for a place to stay,")
        assert stack.pids("worker") == before, "nobody was restarted"
        await store.aclose()
