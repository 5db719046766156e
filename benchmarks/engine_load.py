"""Keeps the dialogue engine at its limit: turns asked of it at its own door, as any number of workers would ask.

``python -m benchmarks.engine_load URL...`` asks from a process of its own, so that those who text, and the provider
they hear from, share no loop with it. It reads the engine's token from its input, says that it asks, goes on until its
input ends, and says what came of it.
"""

import asyncio
import itertools
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import uvloop

from app.programs import ROOT
from benchmarks.null_door import stay
from benchmarks.questions import OURS
from bot.client import RasaDialogue
from bot.priority import give_way
from hotline.errors import DialogueError

OUTSTANDING = 16
"""For each process of the engine: it is never without a turn, and the one who asks waits for it and works little."""

_PATIENCE_SECONDS = 20.0


@dataclass(slots=True)
class EngineLoad:
    """What came of it: turns that the engine answered, and that it did not. All zero until it was let alone."""

    answered: int = 0
    failed: int = 0


@asynccontextmanager
async def saturate_engine(urls: Sequence[str], token: str) -> AsyncIterator[EngineLoad]:
    """Asks turn after turn of the engine's processes until left. Raises RuntimeError then if none was answered."""
    command, load = [sys.executable, "-m", "benchmarks.engine_load", *urls], EngineLoad()
    with subprocess.Popen(
        command, cwd=ROOT, text=True, start_new_session=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(f"{token}\n")
            process.stdin.flush()
            if not await asyncio.to_thread(process.stdout.readline):
                raise RuntimeError("what is to saturate Rasa did not start")
            yield load
            said, _ = await asyncio.to_thread(process.communicate)
            load.answered, load.failed = json.loads(said)
        finally:
            process.kill()
    if not load.answered:
        raise RuntimeError("Rasa answered none of the turns that were to saturate it")


@asynccontextmanager
async def keep_asking(urls: Sequence[str], token: str) -> AsyncIterator[EngineLoad]:
    """The same in this process, counted as it goes."""
    engine, load = RasaDialogue(urls, token, _PATIENCE_SECONDS), EngineLoad()
    askers = [asyncio.create_task(_keep_asking(engine, load)) for _ in range(OUTSTANDING * len(urls))]
    try:
        yield load
    finally:
        for asker in askers:
            asker.cancel()
        await asyncio.gather(*askers, return_exceptions=True)
        await engine.aclose()


async def _keep_asking(engine: RasaDialogue, load: EngineLoad) -> None:
    texts = itertools.cycle(script[0] for script in OURS)
    while True:
        try:
            await engine.answer(next(texts), language="en", channel="sms", state={}, now=datetime.now(UTC))
            load.answered += 1
        except DialogueError:
            load.failed += 1
            await asyncio.sleep(0.01)  # one that refuses at once must not make the load maker spin


async def _ask(urls: Sequence[str], token: str) -> None:
    async with keep_asking(urls, token) as load:
        await stay("asking")
    sys.stdout.write(json.dumps([load.answered, load.failed]))


if __name__ == "__main__":
    give_way()  # as the engine does: whoever asks it is no part of what is measured, and takes no core from it
    uvloop.run(_ask(sys.argv[1:], sys.stdin.readline().strip()))
