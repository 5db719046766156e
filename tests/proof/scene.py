"""Where the proof plays: a whole Porchlight that logs all it can, breaks where it is told to, and is watched."""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest.mock import patch

import aiohttp
from playwright.async_api import BrowserContext

from app import embedded_store, supervised
from app.programs import PROGRAMS, Program
from app.stack import Stack
from app.start import add_practice_login
from app.store_acl import KEYS_RIGHTS, STORE_RIGHTS, Right
from tests.functional.people import Texter
from tests.proof.canaries import Aviary, Canary

EVERYTHING = {
    "LOG_LEVEL": "DEBUG", "LOGLEVEL": "DEBUG", "DEBUG": "1", "STARLETTE_DEBUG": "1", "PYTHONASYNCIODEBUG": "1",
    "PYTHONDEVMODE": "1", "PYTHONWARNINGS": "always", "PYTHONFAULTHANDLER": "1", "UVICORN_LOG_LEVEL": "trace",
    "UVICORN_ACCESS_LOG": "1", "HTTPX_LOG_LEVEL": "trace", "AIOHTTP_DEBUG": "1", "TWILIO_LOG_LEVEL": "debug",
    "LOG_LEVEL_LIBRARIES": "DEBUG", "LOG_LEVEL_RASA": "DEBUG", "SANIC_ACCESS_LOG": "true", "SANIC_DEBUG": "true",
    "RASA_TELEMETRY_DEBUG": "1", "GRPC_VERBOSITY": "debug", "REDIS_DEBUG": "1", "STRUCTLOG_LEVEL": "debug",
}  # fmt: skip
"""Whatever an operator may set who wants to see more."""

BROKEN = ("webhooks", "worker", "console", "actions", "rasa")
"""Programs that can be told where to break."""


@dataclass
class Scene:
    """A running stack, and all that the search must know of it."""

    stack: Stack
    http: aiohttp.ClientSession
    aviary: Aviary
    control: Path
    """Of the tests themselves: what to break, which ways turns went. Not searched."""
    began: float
    said: list[str] = field(default_factory=list)
    """What the supervisor said."""
    profile: Path | None = None
    """The advocate's browser profile, once the browser is closed."""
    wire: list[bytes] = field(default_factory=list)
    """Every request of the browser: URL, headers, body; page titles."""
    changed: list[Path] | None = None
    """The machine's files that were written since the start, once they were looked for."""
    context: BrowserContext | None = None
    closing: AsyncExitStack = field(default_factory=AsyncExitStack)
    """Closes the browser."""

    def texter(self, canary: Canary, channel: str) -> Texter:
        """A young person with the path's own address."""
        texter = Texter(self.http, self.stack, channel)
        texter.address = f"+1{canary.number}" if channel == "sms" else canary.chat
        return texter

    def break_at(self, hook: str, how: str, words: str, times: int = 1) -> None:
        """The next ``times`` calls of a hook raise, kill, or crash."""
        new = self.control / "break.new"
        new.write_text(json.dumps({"at": hook, "how": how, "words": words, "times": times}))
        new.replace(self.control / "break")

    def has_broken(self) -> bool:
        """True once nothing is left to break."""
        return not (self.control / "break").exists()

    def mend(self) -> None:
        """Nothing is to break any more."""
        (self.control / "break").unlink(missing_ok=True)

    def routes(self) -> list[str]:
        """The ways that turns went so far."""
        path = self.control / "routes"
        return path.read_text().split() if path.exists() else []

    async def all_ready(self) -> None:
        """Waits until every program answers again."""
        for program in (*(one.name for one in self.stack.plan.instances()), "store", "keys"):
            await self.stack.wait_ready(program)


def _catalog() -> dict[str, Program]:
    python = ("{python}", "-m", "tests.proof.breaking")
    broken = {name: replace(PROGRAMS[name], command=(*python, name)) for name in BROKEN if name != "rasa"}
    engine = ("{engine}", "-m", "tests.proof.breaking", "rasa", "--port", "{port}", "--debug")
    return {**PROGRAMS, **broken, "rasa": replace(PROGRAMS["rasa"], command=engine)}


@asynccontextmanager
async def playing(folder: Path, aviary: Aviary) -> AsyncIterator[Scene]:
    """A scene in ``folder``: the stack's own folder is ``stack`` in it, the tests' is ``control``."""
    began = time.time()
    for name in ("stack", "control", "temporary"):
        (folder / name).mkdir()
    extra = {name: {"TMPDIR": str(folder / "temporary"), "TMP": str(folder / "temporary")} for name in PROGRAMS}
    for name in BROKEN:
        extra[name] |= {**EVERYTHING, "PROOF_CONTROL": str(folder / "control")}
    said: list[str] = []
    everything = (Right("allchannels +@all", "*"),)
    with (
        patch.object(embedded_store, "STORE_RIGHTS", {**STORE_RIGHTS, "proof": everything}),
        patch.object(embedded_store, "KEYS_RIGHTS", {**KEYS_RIGHTS, "proof": everything}),
        patch.object(supervised, "_LONGEST_DELAY_SECONDS", 0.2),
    ):
        stack = Stack(
            folder / "stack", catalog=_catalog(), extra=extra, free_ports=True, prepare=add_practice_login,
            say=said.append,
        )  # fmt: skip
        async with stack, aiohttp.ClientSession() as http:
            scene = Scene(stack, http, aviary, folder / "control", began, said)
            async with scene.closing:
                yield scene


def family(stack: Stack) -> dict[int, str]:
    """Every process of a stack, children included, to the program's name; the practice phone is the provider's."""
    found: dict[int, str] = {}
    programs = [one.name for one in stack.plan.programs if one.name != "phone"]
    for program in (*programs, "store", "keys"):
        waiting = stack.pids(program)
        while waiting:
            pid = waiting.pop()
            found[pid] = program
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                waiting += [int(child) for child in task.read_text().split()]
    return found


async def wait_until(condition: object, seconds: float = 60) -> None:
    """Waits for a condition (a function without arguments). Raises TimeoutError."""
    assert callable(condition)
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.05)


def is_root() -> bool:
    """Only root may look into a process that keeps its memory to itself."""
    return os.geteuid() == 0
