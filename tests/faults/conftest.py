"""A Porchlight without Rasa whose worker can be told where to die."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from app.programs import PROGRAMS
from app.stack import Stack
from tests.functional.people import set_on_shift


class Executioner:
    """Says where the worker dies next."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def kill_at(self, step: str) -> None:
        self.path.with_suffix(".new").write_text(step)
        self.path.with_suffix(".new").replace(self.path)

    def has_killed(self) -> bool:
        return not self.path.exists()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def fault_stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Stack, Executioner]]:
    folder = tmp_path_factory.mktemp("faults")
    where = folder / "kill-at"
    killing = replace(PROGRAMS["worker"], command=("{python}", "-m", "tests.faults.killing_worker"))
    async with Stack(
        folder,
        programs={"webhooks", "worker", "phone"},
        catalog={**PROGRAMS, "worker": killing},
        extra={"worker": {"KILL_AT_FILE": str(where)}},
        free_ports=True,
    ) as stack:
        yield stack, Executioner(where)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def fault_http(fault_stack: tuple[Stack, Executioner]) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        await set_on_shift(session, fault_stack[0], True)
        yield session
