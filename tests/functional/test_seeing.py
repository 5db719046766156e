"""What operators see of the whole line: every program ready, every figure there, and nobody in them (P6, R9)."""

import asyncio
from collections.abc import Callable

import aiohttp
import pytest

from app.metric_table import METRICS
from app.stack import Stack
from tests.functional.people import Texter
from tests.seeing.test_nothing_identifies import check_closed

pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("stack")]

_DOORS = (("webhooks", 0), ("webhooks", 1), ("worker", 0), ("console", 1), ("actions", 0), ("rasa", 0))
"""Programs, and which of their doors tells of their health."""


async def look(http: aiohttp.ClientSession, stack: Stack, program: str, door: int, path: str) -> tuple[int, str]:
    bind = stack.plan.find_instance(program).binds[door][1]
    async with http.get(f"{bind.url}{path}") as answer:
        return answer.status, await answer.text()


async def test_every_program_says_that_it_is_alive_and_ready(stack: Stack, http: aiohttp.ClientSession) -> None:
    for program, door in _DOORS:
        assert await look(http, stack, program, door, "/healthz") == (200, "alive\n"), program
        assert await look(http, stack, program, door, "/readyz") == (200, "ready\n"), program


async def test_after_a_text_every_figure_is_there_and_none_says_who(
    stack: Stack, http: aiohttp.ClientSession, new_texter: Callable[..., Texter]
) -> None:
    texter = new_texter("sms")
    await texter.texts("i need food")
    settled = ("porchlight_workers 1.0", 'porchlight_queue_entries{queue="inbox"} 0.0')
    for _ in range(150):  # a look every five seconds may have met the message's own statuses
        _, page = await look(http, stack, "worker", 0, "/metrics")
        if all(one in page for one in settled) and 'porchlight_store_seconds_count{kind="keys"} 0.0' not in page:
            break
        await asyncio.sleep(0.1)
    others = [await look(http, stack, program, 1, "/metrics") for program in ("webhooks", "console")]
    pages = [page, *(text for _, text in others)]
    for metric in METRICS:
        # Shown after the first look at a provider, and where there is TLS.
        if metric.name not in {"porchlight_provider_copies", "porchlight_certificate_seconds"}:
            assert any(f"\n{metric.name}" in one for one in pages), metric.name
    for one in pages:
        check_closed(one)
        assert texter.address.removeprefix("+1") not in one
        assert "porchlight_fault{" in one
        assert not [line for line in one.splitlines() if line.startswith("porchlight_fault") and line.endswith(" 1.0")]
    assert "porchlight_partitions 16.0" in page
    assert 'porchlight_queue_entries{queue="inbox"} 0.0' in page
    assert "porchlight_webhook_seconds_count" in pages[1]
    assert 'content=""' not in page
