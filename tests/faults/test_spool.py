"""With the store away every text is taken, and answered in order and once when it is back, whoever is killed (X4)."""

import asyncio
import time

import aiohttp
import pytest

from app.stack import Stack
from tests.faults.conftest import Executioner
from tests.functional.people import Texter

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("faults")]

_TWILIO_SECONDS = 15
"""All tries together; after that Twilio drops a text."""


async def _answers(texter: Texter, count: int, seconds: float = 60) -> list[str]:
    replies: list[str] = []
    async with asyncio.timeout(seconds):
        while len(replies) < count:
            replies += await texter.reads()
            await asyncio.sleep(0.05)
    await texter.settles()
    return replies + await texter.reads()


async def test_with_the_store_away_and_the_door_killed_no_text_is_lost_doubled_or_out_of_order_x4(
    fault_stack: tuple[Stack, Executioner], fault_http: aiohttp.ClientSession
) -> None:
    """What each gets is what somebody gets who writes the same on a calm day."""
    stack, _ = fault_stack
    urgent, *others = (Texter(fault_http, stack, "telegram" if n % 3 == 1 else "sms") for n in range(7))
    calm = {}
    for channel in ("sms", "telegram"):
        texter = Texter(fault_http, stack, channel)
        calm[channel] = [reply for text in ("MENU", "NUMBER", "AGAIN") for reply in await texter.texts(text)]
    before = await asyncio.gather(*(texter.texts("MENU") for texter in others))
    await stack.stop("store")
    try:
        began = time.monotonic()
        posted = await asyncio.gather(urgent.posts("i want to kill myself"), *(o.posts("NUMBER") for o in others))
        assert [p["status"] for p in posted] == [200] * 7 and time.monotonic() - began < _TWILIO_SECONDS
        stack.pause("keys")
        await stack.kill("webhooks")
        again = await asyncio.gather(*(texter.posts("AGAIN", external_id=None) for texter in others))
        assert [p["status"] for p in again] == [200] * 6
        assert all([not await texter.reads() for texter in (urgent, *others)]), "nobody can be answered yet"
    finally:
        stack.resume("keys")
        await stack.start("store")
    replies = await _answers(urgent, 2)
    assert len(replies) == 2 and "988" in replies[0]
    assert (await urgent.state()) == {"owner": "waiting", "level": "imminent"}
    for texter, welcome in zip(others, before, strict=True):
        wanted = calm[texter.channel][len(welcome) :]
        assert await _answers(texter, len(wanted)) == wanted, "AGAIN comes after NUMBER, and each is answered once"
    await asyncio.sleep(1.5)
    assert not [reply for texter in (urgent, *others) for reply in await texter.reads()], "and nothing comes twice"
    log = stack.log("webhooks").read_text()
    assert "spooled" in log and "spool_handed_on" in log


async def test_a_text_that_its_provider_sent_before_and_after_the_outage_is_answered_once_x4(
    fault_stack: tuple[Stack, Executioner], fault_http: aiohttp.ClientSession
) -> None:
    stack, _ = fault_stack
    texter, calm = Texter(fault_http, stack), Texter(fault_http, stack)
    wanted, sid = await calm.texts("NUMBER"), "SM" + "e5" * 16
    await stack.stop("store")
    try:
        for _ in range(2):
            assert (await texter.posts("NUMBER", external_id=sid))["status"] == 200
    finally:
        await stack.start("store")
    assert await _answers(texter, len(wanted)) == wanted
    assert (await texter.posts("NUMBER", external_id=sid))["status"] == 200
    await texter.settles()
    assert await texter.reads() == []


async def test_with_every_worker_dead_texts_wait_and_are_answered_by_the_first_that_is_back_r9(
    fault_stack: tuple[Stack, Executioner], fault_http: aiohttp.ClientSession
) -> None:
    stack, _ = fault_stack
    texter, urgent = Texter(fault_http, stack), Texter(fault_http, stack, "telegram")
    await stack.stop("worker")
    try:
        assert (await texter.posts("NUMBER"))["status"] == (await urgent.posts("ya no quiero vivir"))["status"] == 200
    finally:
        await stack.start("worker")
    assert "988" in (await _answers(texter, 1))[0] and "988" in (await _answers(urgent, 1))[0]
    assert (await urgent.state())["level"] == "imminent"
