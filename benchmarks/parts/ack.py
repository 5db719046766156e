"""The webhook's acknowledgement at 500 texts a second of fresh texters: after the text is on disk (X4).

Three doors: one that does nothing (the load maker's own time), ours alone with its stores (the workers frozen, as if
on another machine), and ours with everything else at work on the same cores.
"""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.programs import ROOT
from benchmarks.burst import run_burst, write_posts
from benchmarks.loader import Loader, open_loader
from benchmarks.sides import CRISIS_PATH, Ours, Say, start_ours
from benchmarks.texters import Door
from benchmarks.wires import SMS, TELEGRAM

_TEXT = "hi"
_WARM = 200


@dataclass(frozen=True, slots=True)
class Lengths:
    """Texts a second, and for how many seconds at each door."""

    rate: float = 500
    seconds: float = 10


async def measure(bench: Path, say: Say, lengths: Lengths) -> dict[str, Any]:
    """One entry for each door and, where the door stands alone, each channel."""
    async with open_loader() as loader:
        async with start_ours(bench, loader.provider, say, programs=CRISIS_PATH) as ours:
            await asyncio.sleep(2)  # what the start leaves behind it
            ours.stack.pause("worker")
            sms, telegram = ours.build_door(SMS), ours.build_door(TELEGRAM)
            async with open_null_door() as url:
                nothing = await _burst(loader, sms, url, lengths)
            alone = {SMS: await _burst_at(ours, loader, sms, lengths)}
            alone[TELEGRAM] = await _burst_at(ours, loader, telegram, lengths)
        async with start_ours(bench, loader.provider, say) as ours:
            await asyncio.sleep(2)
            everything = await _burst_at(ours, loader, ours.build_door(SMS), lengths)
    found = {"rate": lengths.rate, "nothing": nothing, "alone": alone, "everything": everything}
    say(f"ack {found}")
    return found


async def _burst_at(ours: Ours, loader: Loader, door: Door, lengths: Lengths) -> dict[str, Any]:
    before = ours.read_cpu()
    found = await _burst(loader, door, door.url, lengths)
    used = {name: after - before[name] for name, after in ours.read_cpu().items()}
    each = {name: round(1000 * seconds / (found["posts"] + _WARM), 3) for name, seconds in used.items()}
    return {**found, "cpu_ms_each": each}


async def _burst(loader: Loader, door: Door, url: str, lengths: Lengths) -> dict[str, Any]:
    wire = door.build_wire()
    await run_burst(loader.http, url, write_posts(wire, _TEXT, _WARM), rate=200, seed=1)
    posts = write_posts(wire, _TEXT, int(lengths.rate * lengths.seconds))
    return (await run_burst(loader.http, url, posts, rate=lengths.rate, seed=2)).describe()


@asynccontextmanager
async def open_null_door() -> AsyncIterator[str]:
    """The door that does nothing, in a process of its own; its URL."""
    command = [sys.executable, "-m", "benchmarks.null_door"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            port = int(await asyncio.to_thread(process.stdout.readline))
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.kill()
