"""Any process may die by kill -9 at any point: nothing is lost, and little is said twice (X4, X5)."""

import asyncio
from collections.abc import Callable

import aiohttp
import pytest

from app.stack import Stack
from app.steps import SEND_STEPS, TURN_STEPS
from app.turn_worker import MOST_ATTEMPTS
from storage.connection import Store
from storage.content_keys import InboxPublicKeys
from storage.keyspace import partition_of
from tests.faults.conftest import Executioner
from tests.functional.people import Texter

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("faults")]


@pytest.mark.parametrize("step", (*TURN_STEPS, *SEND_STEPS))
async def test_a_worker_killed_at_any_step_answers_every_text_once_by_sms(
    step: str, fault_stack: tuple[Stack, Executioner], fault_http: aiohttp.ClientSession
) -> None:
    stack, executioner = fault_stack
    texter = Texter(fault_http, stack)
    executioner.kill_at(step)
    await texter.posts("i want to kill myself")
    await texter.settles(40)
    assert executioner.has_killed()
    replies = await texter.reads()
    assert len(replies) == 2 and "988" in replies[0]
    assert (await texter.state()) == {"owner": "waiting", "level": "imminent"}


async def test_on_telegram_only_a_kill_between_sending_and_noting_it_may_repeat_that_one_message(
    fault_stack: tuple[Stack, Executioner], fault_http: aiohttp.ClientSession
) -> None:
    """The Bot API cannot be asked what was sent: that window is the provider's (X5)."""
    stack, executioner = fault_stack
    texter = Texter(fault_http, stack, "telegram")
    executioner.kill_at("sent")
    await texter.posts("i want to kill myself")
    await texter.settles(40)
    replies = await texter.reads()
    assert len(replies) == 3 and replies[0] == replies[1] and "988" in replies[0]


async def test_the_store_killed_with_texts_coming_in_loses_none(
    fault_stack: tuple[Stack, Executioner], fault_http: aiohttp.ClientSession
) -> None:
    stack, _ = fault_stack
    texters = [Texter(fault_http, stack) for _ in range(12)]

    async def write(texter: Texter) -> None:
        await texter.posts("HELP")

    writing = [asyncio.create_task(write(texter)) for texter in texters]
    await asyncio.sleep(0.05)
    await stack.kill("store")
    await asyncio.gather(*writing)
    await stack.wait_ready("store")
    for texter in texters:
        assert await texter.hears()


async def test_the_keys_instance_killed_loses_no_later_text_and_hides_no_open_conversation_p3(
    fault_stack: tuple[Stack, Executioner], fault_http: aiohttp.ClientSession
) -> None:
    stack, _ = fault_stack
    texter = Texter(fault_http, stack)
    await texter.texts("i want to kill myself")
    await stack.kill("keys")
    await stack.wait_ready("keys")
    await asyncio.sleep(1.5)
    replies = await texter.texts("are you there")
    assert replies
    assert (await texter.state())["owner"] == "waiting"


async def test_unanswered_texts_whose_keys_died_go_to_waiting_as_unreadable_p3(
    fault_stack: tuple[Stack, Executioner], fault_http: aiohttp.ClientSession
) -> None:
    stack, _ = fault_stack
    texter = Texter(fault_http, stack)
    await texter.texts("NUMBER")
    await stack.stop("worker")
    await texter.posts("please help me")
    await stack.kill("keys")
    await stack.wait_ready("keys")
    await stack.start("worker")
    await texter.settles(40)
    state = await texter.state()
    assert state == {"owner": "waiting", "level": "high"}
    assert await texter.texts("are you there"), "whoever writes again is answered"


async def test_what_waits_when_its_keys_die_is_paged_again_and_not_forgotten_p3_h2(
    fault_stack: tuple[Stack, Executioner], fault_http: aiohttp.ClientSession
) -> None:
    stack, _ = fault_stack
    texter = Texter(fault_http, stack)
    await texter.texts("i want to kill myself")
    await stack.kill("keys")
    await stack.wait_ready("keys")
    await asyncio.sleep(1.5)
    await texter.skips(200)
    assert (await texter.state())["owner"] == "waiting"
    assert await texter.texts("are you there")


@pytest.mark.parametrize("fault", ["429", "500", "503", "timeout", "drop"])
async def test_a_provider_that_fails_gets_the_message_again_and_the_texter_once(
    fault: str, fault_stack: tuple[Stack, Executioner], fault_http: aiohttp.ClientSession
) -> None:
    stack, _ = fault_stack
    texter = Texter(fault_http, stack)
    await texter.meets_fault(fault, 1, seconds=1)
    await texter.posts("NUMBER")
    await texter.settles(60)
    replies = await texter.reads()
    assert len(replies) == len(set(replies)) and any("988" in reply for reply in replies)


async def test_a_number_that_stopped_at_the_carrier_is_a_stop_k2(
    fault_stack: tuple[Stack, Executioner], fault_http: aiohttp.ClientSession
) -> None:
    stack, _ = fault_stack
    texter = Texter(fault_http, stack)
    await texter.meets_fault("21610", 1)
    await texter.posts("NUMBER")
    await texter.settles(30)
    await texter.reads()
    assert await texter.texts("MENU") == []


async def test_a_message_that_cannot_be_sent_is_brought_before_an_advocate_x5(
    fault_stack: tuple[Stack, Executioner], fault_http: aiohttp.ClientSession
) -> None:
    stack, _ = fault_stack
    texter = Texter(fault_http, stack)
    await texter.meets_fault("30003", 1)
    await texter.posts("NUMBER")
    await texter.settles(30)
    async with asyncio.timeout(10):
        while (await texter.state())["owner"] != "waiting":
            await asyncio.sleep(0.05)


async def test_a_message_that_kills_every_worker_is_put_aside_and_its_texter_gets_a_person(
    fault_stack: tuple[Stack, Executioner], fault_http: aiohttp.ClientSession
) -> None:
    stack, executioner = fault_stack
    texter = Texter(fault_http, stack)
    store = Store(stack.store_url())
    before = int(await store.call("XLEN", "dead"))
    executioner.kill_at("loaded")
    await texter.posts("NUMBER")
    for _ in range(MOST_ATTEMPTS + 1):
        await _wait_until(executioner.has_killed)
        if int(await store.call("XLEN", "dead")) > before:
            break
        executioner.kill_at("loaded")
        await _wait_until(lambda: executioner.has_killed() or not stack.pids("worker"), 12)
    executioner.path.unlink(missing_ok=True)
    await texter.settles(60)
    assert int(await store.call("XLEN", "dead")) == before + 1
    assert await texter.reads()
    assert (await texter.state())["owner"] == "waiting"
    await store.aclose()


async def test_an_entry_that_nobody_can_make_sense_of_is_put_aside_and_holds_up_nobody(
    fault_stack: tuple[Stack, Executioner], fault_http: aiohttp.ClientSession
) -> None:
    stack, _ = fault_stack
    texter = Texter(fault_http, stack)
    store, keys = Store(stack.store_url()), Store(stack.keys_url())
    before = int(await store.call("XLEN", "dead"))
    lane = "0" * 32
    public = await InboxPublicKeys(keys).get()
    sealed = public.seal(b"[1, 2", lane)
    name = f"inbox:{partition_of(lane)}"
    await store.call("XADD", name, "*", "a", lane, "k", "message", "m", sealed)
    assert await texter.texts("NUMBER")
    async with asyncio.timeout(20):
        while int(await store.call("XLEN", "dead")) == before:
            await asyncio.sleep(0.1)
    assert int(await store.call("XLEN", name)) == 0
    await store.aclose()
    await keys.aclose()


async def test_the_same_provider_id_after_everything_was_killed_is_still_answered_once_x4(
    fault_stack: tuple[Stack, Executioner], fault_http: aiohttp.ClientSession
) -> None:
    stack, _ = fault_stack
    texter = Texter(fault_http, stack)
    sid = "SM" + "c3" * 16
    await texter.texts("NUMBER", external_id=sid)
    for program in ("webhooks", "worker", "store"):
        await stack.kill(program)
    for program in ("store", "webhooks", "worker"):
        await stack.wait_ready(program)
    await asyncio.sleep(1)
    posted = await texter.posts("NUMBER", external_id=sid)
    assert posted["status"] == 200
    await texter.settles()
    assert await texter.reads() == []


async def _wait_until(condition: Callable[[], bool], seconds: float = 75) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.05)
