"""Measures what ``capacity_figures.json`` still lacks: ``python -m benchmarks.capacity_measure [CONVERSATIONS]``.

Starts everything in practice, opens so many conversations of two texts (500; not below 100 for figures to keep), and
writes memory and Rasa's share of the processor's time. For a machine on which nothing else is going on.
"""

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import aiohttp

from app.stack import Stack
from benchmarks.machine import read_groups_cpu
from storage.connection import Store
from tests.functional.people import Texter, set_on_shift

_FIGURES = Path(__file__).resolve().parent / "capacity_figures.json"
_TEXTS = ("i need a place to sleep tonight", "i feel sad")
_AT_A_TIME = 8
_PROGRAMS = ("webhooks", "worker", "console", "actions", "rasa")


async def measure(conversations: int) -> dict[str, Any]:
    """The missing figures, in the names of the file."""
    with tempfile.TemporaryDirectory() as folder:
        async with Stack(Path(folder), free_ports=True) as stack, aiohttp.ClientSession() as http:
            await set_on_shift(http, stack, True)
            await _open_conversations(stack, http, _AT_A_TIME)  # what is made once for all is not counted
            memory, cpu = await _read_memory(stack), _read_cpu(stack)
            await _open_conversations(stack, http, conversations)
            grown = {name: after - memory[name] for name, after in (await _read_memory(stack)).items()}
            used = {name: after - cpu[name] for name, after in _read_cpu(stack).items()}
            mib = {name: round(max(_read_mib(pid) for pid in stack.pids(name)), 1) for name in _PROGRAMS}
    kib = {f"{name}_kib_per_open_conversation": round(b / 1024 / conversations, 2) for name, b in grown.items()}
    return {**kib, "memory_mib": mib, "rasa_share_of_cpu": round(used["rasa"] / sum(used.values()), 3)}


async def _open_conversations(stack: Stack, http: aiohttp.ClientSession, count: int) -> None:
    room = asyncio.Semaphore(_AT_A_TIME)

    async def talk() -> None:
        async with room:
            texter = Texter(http, stack)
            for text in _TEXTS:
                await texter.texts(text)

    await asyncio.gather(*(talk() for _ in range(count)))


async def _read_memory(stack: Stack) -> dict[str, int]:
    """Bytes of data in the store, and of the whole keys instance, which tells nobody what it holds."""
    store = Store(stack.store_url())
    try:
        held = int((await store.call("INFO", "memory"))["used_memory_dataset"])
    finally:
        await store.aclose()
    return {"store": held, "keys": int(_read_mib(stack.pids("keys")[0]) * 1024 * 1024)}


def _read_cpu(stack: Stack) -> dict[str, float]:
    names = (*_PROGRAMS, "store", "keys")
    return {name: read_groups_cpu(set(stack.pids(name))) for name in names}


def _read_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def main(arguments: list[str]) -> None:
    """Measures, writes the file, and says that the page is to be made anew."""
    conversations = int(arguments[0]) if arguments else 500
    found = asyncio.run(measure(conversations))
    print(json.dumps(found, indent=2))
    if conversations >= 100:
        figures = json.loads(_FIGURES.read_text("utf-8"))
        figures["measured"].update(found)
        _FIGURES.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
        print("written; now: python -m benchmarks.capacity")


if __name__ == "__main__":
    main(sys.argv[1:])
