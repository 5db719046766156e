"""Fixtures that any test may ask for: a running Porchlight with every program (one for a whole run)."""

from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest
import pytest_asyncio

from app.stack import Stack
from app.start import add_practice_login
from tests.browser import pytest_collection_modifyitems, pytest_sessionfinish, pytest_terminal_summary
from tests.functional.people import Texter, set_on_shift
from tests.security.end_of_stories import check_what_is_left

__all__ = ["pytest_collection_modifyitems", "pytest_sessionfinish", "pytest_terminal_summary"]


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    folder = tmp_path_factory.mktemp("stack")
    async with Stack(folder, free_ports=True, prepare=add_practice_login) as stack:
        yield stack
        await check_what_is_left(stack)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest_asyncio.fixture(loop_scope="session")
async def new_texter(stack: Stack, http: aiohttp.ClientSession) -> Callable[..., Texter]:
    await set_on_shift(http, stack, True)
    return lambda channel="sms": Texter(http, stack, channel)
