"""Workers 1, 2 and 4 on the same cores: what a reply costs in processor time, and replies a second."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import find_cost_ms, find_percentiles
from benchmarks.load import run_closed
from benchmarks.loader import open_loader
from benchmarks.machine import find_busy_cores, read_moment
from benchmarks.sides import Say, start_ours
from benchmarks.texters import wait_quiet

_OUTSTANDING = 64


@dataclass(frozen=True, slots=True)
class Lengths:
    """How many workers, and seconds of the window at saturation with each number."""

    workers: tuple[int, ...] = (1, 2, 4)
    seconds: float = 9


async def measure(bench: Path, say: Say, lengths: Lengths) -> dict[str, Any]:
    """One entry for each number of workers."""
    steps = [await _measure_step(bench, say, workers, lengths.seconds) for workers in lengths.workers]
    return {"outstanding": _OUTSTANDING, "steps": steps}


async def _measure_step(bench: Path, say: Say, workers: int, seconds: float) -> dict[str, Any]:
    environ = {"PORCHLIGHT_WORKERS": str(workers)}
    async with open_loader() as loader, start_ours(bench, loader.provider, say, environ=environ) as ours:
        texters = loader.build_texters(ours.build_door())
        await texters.learn()
        await run_closed(texters, outstanding=16, seconds=3)
        await wait_quiet(loader.provider)
        cpu, moment = ours.read_cpu(), read_moment()
        load = await run_closed(texters, outstanding=_OUTSTANDING, seconds=seconds)
        busy, own = find_busy_cores(moment, read_moment())
        await wait_quiet(loader.provider)
        used = {name: after - cpu[name] for name, after in ours.read_cpu().items()}
    times = [1000 * (e.answered_at - e.asked_at) for e in load.exchanges if e.outcome == "answered"]
    step = {
        "workers": workers,
        "replies_per_second": round(len(times) / load.seconds, 1),
        "cpu_ms_per_reply": find_cost_ms(sum(used.values()), len(times)),
        "cpu_ms_by_program": {name: find_cost_ms(each, len(times)) for name, each in used.items()},
        "reply_ms": find_percentiles(times),
        "asked": len(load.exchanges),
        "busy_cores": round(busy, 2),
        "loader_cores": round(own, 2),
    }
    say(f"scaling {step}")
    return step
