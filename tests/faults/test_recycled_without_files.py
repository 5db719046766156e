"""A worker ends only if one can begin after it: a lost file must not silence the line half an hour later (P9, G3)."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from app import world_wiring
from app.restarting import find_start_fault
from app.stack import Stack
from hotline.errors import ContentError
from storage.connection import Store
from tests.functional.people import Texter

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]


class _Nobody:
    def failed(self, event: str, code: str = "") -> None:
        """Is told of a key file that is lost; ``find_start_fault`` says so besides."""


async def test_a_worker_with_a_lost_key_file_or_broken_content_goes_on_and_tells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extra = {"worker": {"PORCHLIGHT_RECYCLE_SECONDS": "1"}}
    programs = {"webhooks", "worker", "phone"}
    async with (
        Stack(tmp_path, programs=programs, extra=extra, free_ports=True) as stack,
        aiohttp.ClientSession() as http,
    ):
        environ, watch, store = stack.env("worker"), _Nobody(), Store(stack.store_url("worker"))
        assert not await find_start_fault(environ, watch, store)  # type: ignore[arg-type]
        with monkeypatch.context() as broken:
            broken.setattr(
                world_wiring, "build_words", lambda *_: (_ for _ in ()).throw(ContentError("a typing error"))
            )
            assert await find_start_fault(environ, watch, store) == "ContentError"  # type: ignore[arg-type]
        path, texter = stack.settings.key_file, Texter(http, stack)
        path.rename(path.with_suffix(".away"))
        assert await find_start_fault(environ, watch, store)  # type: ignore[arg-type]
        await store.aclose()
        assert await texter.texts("NUMBER")
        await _logged(stack, "restart_put_off")
        assert await texter.texts("i want to kill myself"), "it answers on"
        assert not stack.restarts("worker")


async def _logged(stack: Stack, event: str) -> None:
    async with asyncio.timeout(40):
        while event not in stack.log("worker").read_text():
            await asyncio.sleep(0.1)
