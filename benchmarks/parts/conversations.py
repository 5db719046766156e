"""The day's conversations growing to 100,000, all of them still open: what a reply costs, and what each one holds."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import count_outcomes, describe_load, find_cost_ms
from benchmarks.load import run_closed, run_open
from benchmarks.loader import Loader, open_loader
from benchmarks.machine import read_groups_pss
from benchmarks.seeding import Played, copy_conversations, find_played, rewrite_file
from benchmarks.sides import Ours, Say, start_ours
from benchmarks.texters import Texters, wait_quiet
from storage.connection import Store

_OUTSTANDING = 32
_RATE = 10.0


@dataclass(frozen=True, slots=True)
class Lengths:
    """Conversations at each step, seconds at saturation, and seconds at ten a second at the first and the last step.

    The last is longer than a minute, so that a sweep of both stores (``SWEEP_SECONDS``) falls into it.
    """

    steps: tuple[int, ...] = (0, 30_000, 100_000)
    seconds: float = 7
    first_seconds: float = 16
    last_seconds: float = 64


@dataclass(frozen=True, slots=True)
class _Scene:
    ours: Ours
    loader: Loader
    texters: Texters
    store: Store
    keys: Store
    say: Say

    async def measure_step(self, conversations: int, lengths: Lengths) -> dict[str, Any]:
        rewritten = await rewrite_file(self.store)
        cpu = self.ours.read_cpu()
        load = await run_closed(self.texters, outstanding=_OUTSTANDING, seconds=lengths.seconds)
        await wait_quiet(self.loader.provider)
        outcomes = count_outcomes(load.exchanges)
        step: dict[str, Any] = {
            "conversations": conversations,
            **self._find_costs(cpu, outcomes["answered"]),
            "rewrite_cpu_seconds": rewritten,
            "replies_per_second": round(outcomes["answered"] / load.seconds, 1),
            **outcomes,
        }
        seconds = {lengths.steps[0]: lengths.first_seconds, lengths.steps[-1]: lengths.last_seconds}.get(conversations)
        if seconds:
            step["calm"] = await self._measure_calm(seconds)
        self.say(f"conversations {step}")
        return step

    async def _measure_calm(self, seconds: float) -> dict[str, Any]:
        cpu = self.ours.read_cpu()
        load = await run_open(self.texters, rate=_RATE, seconds=seconds, seed=5)
        found = describe_load(load)
        return {"seconds": seconds, **found, **self._find_costs(cpu, found["answered"])}

    def _find_costs(self, before: dict[str, float], answered: int) -> dict[str, Any]:
        used = {name: after - before[name] for name, after in self.ours.read_cpu().items()}
        return {
            "cpu_ms_per_reply": find_cost_ms(sum(used.values()), answered),
            "cpu_ms_by_program": {name: find_cost_ms(each, answered) for name, each in used.items()},
        }

    async def read_bytes(self) -> dict[str, int]:
        """Data in the store and in the keys instance, which tells nobody what it holds."""
        held = int((await self.store.call("INFO", "memory"))["used_memory_dataset"])
        return {"store": held, "keys": read_groups_pss(self.ours.stack.pids("keys"))}


async def measure(bench: Path, say: Say, lengths: Lengths) -> dict[str, Any]:
    """One entry for each step, and bytes that one open conversation holds."""
    async with open_loader() as loader, start_ours(bench, loader.provider, say) as ours:
        texters = loader.build_texters(ours.build_door())
        await texters.learn()
        await wait_quiet(loader.provider)
        await asyncio.sleep(2)  # the provider's copies of what was said are erased first
        store, keys = Store(ours.stack.store_url()), Store(ours.stack.keys_url())
        try:
            played = await find_played(store)
            scene = _Scene(ours, loader, texters, store, keys, say)
            await run_closed(texters, outstanding=16, seconds=3)
            return await _grow(scene, played, lengths)
        finally:
            await store.aclose()
            await keys.aclose()


async def _grow(scene: _Scene, played: list[Played], lengths: Lengths) -> dict[str, Any]:
    steps, there, held, added = [], 0, {"store": 0, "keys": 0}, 0.0
    for conversations in lengths.steps:
        before, began = await scene.read_bytes(), time.monotonic()
        await copy_conversations(scene.store, scene.keys, played, there, conversations - there)
        after = await scene.read_bytes()
        held = {name: held[name] + after[name] - before[name] for name in held}
        added += time.monotonic() - began
        there = conversations
        steps.append(await scene.measure_step(conversations, lengths))
    return {
        "steps": steps,
        "bytes_per_conversation": {name: round(size / max(there, 1)) for name, size in held.items()},
        "texts_of_each": len(scene.texters.door.scripts[0]),
        "seeding_seconds": round(added, 1),
    }
