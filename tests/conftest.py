"""Fixtures that any test may ask for: a running Porchlight with every program and a browser, one for a whole run."""

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

import aiohttp
import pytest
import pytest_asyncio

from app.stack import Stack
from app.start import add_practice_logins
from tests.browser import (
    open_chromium,
    pytest_collection_modifyitems,
    pytest_sessionfinish,
    pytest_terminal_summary,
)
from tests.functional.people import Texter, set_on_shift
from tests.security.end_of_stories import check_what_is_left

if TYPE_CHECKING:
    from playwright.async_api import Browser

__all__ = ["pytest_collection_modifyitems", "pytest_sessionfinish", "pytest_terminal_summary"]


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    folder = tmp_path_factory.mktemp("stack")
    environ = {"PORCHLIGHT_MODE": "practice", "PORCHLIGHT_CONTENT_SECONDS": "0.5"}
    async with Stack(folder, environ=environ, free_ports=True, prepare=add_practice_logins) as stack:
        yield stack
        await check_what_is_left(stack)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator["Browser"]:
    async with open_chromium() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def new_texter(stack: Stack, http: aiohttp.ClientSession) -> Callable[..., Texter]:
    await set_on_shift(http, stack, True)
    return lambda channel="sms": Texter(http, stack, channel)
