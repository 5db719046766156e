"""A worker that dies between a commit and an erasure, or in the middle of one, loses no erasure (P5)."""

import asyncio
from typing import Any

import aiohttp
import pytest

from app.stack import Stack
from app.steps import ERASED, ERASING
from tests.faults.conftest import Executioner
from tests.functional.people import Texter

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("faults")]


async def _has_killed(executioner: Executioner) -> None:
    async with asyncio.timeout(60):
        while not executioner.has_killed():
            await asyncio.sleep(0.05)


def _whole_form(*steps: str) -> list[Any]:
    return [pytest.param(step, marks=pytest.mark.proof) for step in steps]


@pytest.mark.parametrize("step", [ERASING, *_whole_form(ERASED)])
async def test_a_worker_killed_while_it_erases_leaves_nothing_at_twilio(
    step: str, fault_stack: tuple[Stack, Executioner], fault_http: aiohttp.ClientSession
) -> None:
    _, executioner = fault_stack
    texter = Texter(fault_http, fault_stack[0])
    executioner.kill_at(step)
    await texter.posts("NUMBER")
    await _has_killed(executioner)
    await texter.settles(80)
    assert await texter.reads()
    await texter.waits_until_gone(80)


@pytest.mark.parametrize("step", [ERASED, *_whole_form("committed", ERASING)])
async def test_a_worker_killed_while_a_chat_is_cleared_still_empties_it_k6(
    step: str, fault_stack: tuple[Stack, Executioner], fault_http: aiohttp.ClientSession
) -> None:
    _, executioner = fault_stack
    texter = Texter(fault_http, fault_stack[0], "telegram")
    await texter.texts("NUMBER")
    executioner.kill_at(step)
    await texter.posts("CLEAR")
    await texter.settles(80)
    await _has_killed(executioner)
    await texter.waits_until_gone(80, left=1)


@pytest.mark.proof
async def test_a_store_that_died_is_followed_by_erasing_what_it_knew(
    fault_stack: tuple[Stack, Executioner], fault_http: aiohttp.ClientSession
) -> None:
    stack, _ = fault_stack
    texter = Texter(fault_http, stack)
    await texter.meets_fault("503", 2, on="erase")
    await texter.texts("NUMBER")
    await stack.kill("store")
    await stack.wait_ready("store")
    await texter.waits_until_gone(80)
