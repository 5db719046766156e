"""One conversation growing to 500 turns: what a reply costs in each stretch of it.

Several texters talk side by side. Only the count of texts an hour is set back, which would hold the engine back from
an address that texts so much (0104); everything else is as in life.
"""

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import count_outcomes, find_cost_ms, find_reply_ms
from benchmarks.loader import open_loader
from benchmarks.questions import LONG
from benchmarks.sides import Ours, Say, start_ours
from benchmarks.texters import Exchange, Texters, wait_quiet
from storage.connection import Store

_RESET_EVERY = 25
"""Turns; below the count from which an address is held back."""
_TIMES = 3
"""How often every question is asked until its answer is that of all later times."""
_SETTLE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Lengths:
    """Texters side by side, turns of each in a stretch, and stretches."""

    texters: int = 6
    turns: int = 50
    stretches: int = 10
    learn_seconds: float = 1.0


async def measure(bench: Path, say: Say, lengths: Lengths) -> dict[str, Any]:
    """One entry for each stretch; an answer in other words counts as ``otherwise``."""
    async with open_loader() as loader, start_ours(bench, loader.provider, say) as ours:
        texters = loader.build_texters(ours.build_door(scripts=(LONG * _TIMES,)))
        await texters.learn(lengths.learn_seconds)
        people = [_Person(texters) for _ in range(lengths.texters)]
        store = Store(ours.stack.store_url())
        try:
            stretches = [
                await _measure_stretch(ours, store, people, lengths.turns, number * lengths.turns, say)
                for number in range(lengths.stretches)
            ]
        finally:
            await store.aclose()
        await wait_quiet(loader.provider)
    return {"texters": lengths.texters, "stretches": stretches}


class _Person:
    """Asks the same questions over and over; from the third time on they are answered in the same words."""

    def __init__(self, texters: Texters) -> None:
        self._texters = texters
        self._address = texters.new_address()
        self._turns = itertools.count()

    async def ask(self, count: int) -> list[Exchange]:
        return [await self._ask_next() for _ in range(count)]

    async def _ask_next(self) -> Exchange:
        turn = next(self._turns)
        place = min(turn // len(LONG), _TIMES - 1) * len(LONG) + turn % len(LONG)
        exchange = await self._texters.ask(self._address, LONG[turn % len(LONG)], self._texters.answers[0, place])
        if exchange.outcome != "answered":
            # What else belongs to that answer must not be taken for the next one's.
            await asyncio.sleep(_SETTLE_SECONDS)
            self._texters.mailboxes.close(self._address)
        return exchange


async def _measure_stretch(
    ours: Ours, store: Store, people: Sequence[_Person], turns: int, before: int, say: Say
) -> dict[str, Any]:
    cpu, began, exchanges = ours.read_cpu(), time.monotonic(), list[Exchange]()
    for _ in range(turns // _RESET_EVERY):
        for some in await asyncio.gather(*(person.ask(_RESET_EVERY) for person in people)):
            exchanges += some
        await _set_counts_back(store)
    seconds = time.monotonic() - began
    await asyncio.sleep(0.4)  # the reports of the last messages
    used = sum(ours.read_cpu().values()) - sum(cpu.values())
    outcomes = count_outcomes(exchanges)
    said = outcomes["answered"] + outcomes["otherwise"]
    stretch = {
        "turns": [before + 1, before + turns],
        "cpu_ms_per_reply": find_cost_ms(used, said),
        "replies_per_second": round(said / seconds, 1),
        "reply_ms": find_reply_ms(exchanges),
        **outcomes,
    }
    say(f"conversation {stretch}")
    return stretch


async def _set_counts_back(store: Store) -> None:
    for name in await store.scan("pace:*"):
        await store.call("DEL", name)
