"""Keeps the dialogue engine at its limit: turns asked of it at its own door, as any number of workers would ask."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from benchmarks.questions import OURS
from bot.client import RasaDialogue
from hotline.errors import DialogueError

OUTSTANDING = 16
"""For each process of the engine: it is never without a turn, and the one who asks waits for it and works little."""

_PATIENCE_SECONDS = 20.0


@dataclass(slots=True)
class EngineLoad:
    """What came of it so far: turns that the engine answered, and that it did not."""

    answered: int = 0
    failed: int = 0


@asynccontextmanager
async def saturate_engine(urls: Sequence[str], token: str) -> AsyncIterator[EngineLoad]:
    """Asks turn after turn of the engine's processes until left. Raises RuntimeError then if none was answered."""
    engine, load = RasaDialogue(urls, token, _PATIENCE_SECONDS), EngineLoad()
    askers = [asyncio.create_task(_keep_asking(engine, load)) for _ in range(OUTSTANDING * len(urls))]
    try:
        yield load
    finally:
        for asker in askers:
            asker.cancel()
        await asyncio.gather(*askers, return_exceptions=True)
        await engine.aclose()
    if not load.answered:
        raise RuntimeError("Rasa answered none of the turns that were to saturate it")


async def _keep_asking(engine: RasaDialogue, load: EngineLoad) -> None:
    texts = itertools.cycle(script[0] for script in OURS)
    while True:
        try:
            await engine.answer(next(texts), language="en", channel="sms", state={}, now=datetime.now(UTC))
            load.answered += 1
        except DialogueError:
            load.failed += 1
            await asyncio.sleep(0.01)  # one that refuses at once must not make the load maker spin
