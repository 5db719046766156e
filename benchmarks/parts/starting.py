"""From ``porchlight run`` to the first answer to a crisis text, and from ``rasa run`` to stock Rasa's first answer.

Right before each start of ours a way that does nothing is started as well: what that takes is the machine's.
"""

import asyncio
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from app.ports import find_free_ports
from app.practice import practice_environ
from app.programs import ROOT
from benchmarks.loader import Loader, open_loader
from benchmarks.nothing import start_program
from benchmarks.questions import CRISIS, STOCK_RASA
from benchmarks.sides import Say, build_ours_environ, clear_folder, start_stock
from benchmarks.stock_environment import ensure_environment
from benchmarks.undisturbed import ONCE, Kept, Tries, Watch, measure_undisturbed
from benchmarks.wires import SmsWire, Wire

_COMMAND = (sys.executable, "-c", "from app.cli import main; main()", "run", "--folder")
_AGAIN_SECONDS = 0.02
_LONGEST_SECONDS = 60
_REST_SECONDS = 0.5
"""What does nothing ends its children with itself, a moment later; ours is not to start beside that."""
_ALL_READY = b"Ctrl-C"


@dataclass(frozen=True, slots=True)
class Lengths:
    """How often Porchlight is started, and how often each of these starts is tried."""

    starts: int = 5
    tries: Tries = ONCE


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds of one start to the first crisis answer and to everything, and of what does nothing to its answer."""

    first: float
    everything: float
    nothing: float


async def measure(bench: Path, say: Say, lengths: Lengths) -> dict[str, Any]:
    """Seconds of each start."""
    async with open_loader() as loader:
        kept = [
            await measure_undisturbed(partial(_start_once, bench, loader), lengths.tries) for _ in range(lengths.starts)
        ]
        stock_seconds = await _start_stock_once(bench, loader, say)
    found = {**describe_starts(kept), "stock_first_answer_seconds": stock_seconds}
    say(f"start: {found}")
    return found


def describe_starts(kept: Sequence[Kept[Start]]) -> dict[str, Any]:
    """Medians, the figure of each, and what the host took of each."""
    starts = [one.found for one in kept]
    return {
        "crisis_answer_seconds": round(statistics.median(start.first for start in starts), 2),
        "crisis_answer_each": [start.first for start in starts],
        "everything_seconds": round(statistics.median(start.everything for start in starts), 2),
        "nothing_seconds": round(statistics.median(start.nothing for start in starts), 2),
        "nothing_each": [start.nothing for start in starts],
        "taken": [one.taken for one in kept],
    }


async def _start_once(bench: Path, loader: Loader, watch: Watch) -> Start:
    folder = clear_folder(bench)
    practice = practice_environ(build_ours_environ(loader.provider), folder, free_ports=True)
    url = f"http://{practice['PORCHLIGHT_WEBHOOKS_BIND']}/webhooks/sms"
    signed = f"{practice['PORCHLIGHT_PUBLIC_URL']}/webhooks/sms"
    sid, token = practice["TWILIO_ACCOUNT_SID"], practice["TWILIO_AUTH_TOKEN"]
    loader.provider.know(sid, token)
    wire = SmsWire(signed, sid, practice["TWILIO_FROM"], token)
    with watch:
        nothing = await start_nothing(loader)
    await asyncio.sleep(_REST_SECONDS)
    async with AsyncExitStack() as stack:
        with watch:
            began = time.monotonic()
            process = await stack.enter_async_context(_run(folder, practice))
            ready = asyncio.create_task(_wait_all_ready(process, began))
            first = await _text_until_answered(loader, wire, url) - began
        return Start(round(first, 2), round(await ready, 2), round(nothing, 2))


async def start_nothing(loader: Loader) -> float:
    """Seconds until a way that does nothing has answered its first text."""
    port = find_free_ports(1)[0]
    url = f"http://127.0.0.1:{port}/"
    wire = SmsWire(url, "AC" + "0" * 32, "+17025550100", "")
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        async with start_program("benchmarks.null_start", f"{folder}/store", loader.provider.url, str(port)):
            return await _text_until_answered(loader, wire, url) - began


@asynccontextmanager
async def _run(folder: Path, practice: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *_COMMAND, str(folder), cwd=ROOT, env={**os.environ, **practice}, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        await process.communicate()


async def _wait_all_ready(process: asyncio.subprocess.Process, began: float) -> float:
    assert process.stdout is not None
    async for line in process.stdout:
        if line.startswith(_ALL_READY):
            return time.monotonic() - began
    raise RuntimeError("porchlight run ended before everything was ready")


async def _text_until_answered(loader: Loader, wire: Wire, url: str) -> float:
    """A crisis text, posted again until it is taken; when its answer's first message came."""
    address = wire.new_address()
    answers = loader.mailboxes.open(address)
    async with asyncio.timeout(_LONGEST_SECONDS):
        while not await _is_taken(loader, wire, url, address):
            await asyncio.sleep(_AGAIN_SECONDS)
        at, _ = await answers.get()
    loader.mailboxes.close(address)
    return at


async def _is_taken(loader: Loader, wire: Wire, url: str, address: str) -> bool:
    headers, body = wire.write(address, CRISIS)
    try:
        async with loader.http.post(url, data=body, headers=headers) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, OSError):
        return False


async def _start_stock_once(bench: Path, loader: Loader, say: Say) -> float:
    stock = ensure_environment(bench, say)
    began = time.monotonic()
    async with start_stock(bench, stock, loader.provider.url, say) as door:
        texters = loader.build_texters(door)
        while True:
            exchange = await texters.ask(texters.new_address(), STOCK_RASA[0][0], None, 0.01)
            if exchange.outcome == "answered":
                return round(exchange.receipts[0][0] - began, 2)
