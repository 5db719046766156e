"""Starts what does nothing, each program a process of its own: what the machine gives it is a floor under ours."""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.programs import ROOT
from benchmarks.loader import Loader
from benchmarks.questions import Script
from benchmarks.texters import Door, Texters

RATE = 10.0
"""Texts a second on the way that does nothing: enough for a p99, and little beside what is measured."""

SEED = 5
"""Of its moments, which fall between those of the texts beside it."""

_SCRIPTS: tuple[Script, ...] = (("hi",),)


@asynccontextmanager
async def open_null_door() -> AsyncIterator[str]:
    """The door that does nothing; its URL."""
    async with start_program("benchmarks.null_door") as port:
        yield f"http://127.0.0.1:{port}/"


@asynccontextmanager
async def open_null_way(loader: Loader, messages: int) -> AsyncIterator[Texters]:
    """The way that does nothing, answering with so many messages, and texters who know its answer."""
    with tempfile.TemporaryDirectory() as folder:
        socket, module = f"{folder}/store", "benchmarks.null_way"
        async with (
            start_program(module, "store", socket),
            start_program(module, "worker", socket, loader.provider.url, str(messages)),
            start_program(module, "door", socket) as port,
        ):
            url = f"http://127.0.0.1:{port}/"
            texters = loader.build_texters(Door("nothing", url, url, _SCRIPTS, "AC" + "0" * 32, "+17025550100"))
            await texters.learn()
            yield texters


@asynccontextmanager
async def start_program(module: str, *arguments: str) -> AsyncIterator[str]:
    """One program until left; what it said when it was ready. Raises RuntimeError if it says nothing."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            said = (await asyncio.to_thread(process.stdout.readline)).decode().strip()
            if not said:
                raise RuntimeError(f"{' '.join(command[2:4])} did not start")
            yield said
        finally:
            process.kill()
