"""``python -m benchmarks.breakdown``: where the processor time of one reply goes, program by program.

Prints it at saturation and at 10 texts a second, system time apart, and the time of a fixed piece of work done beside
it. Keeps nothing: docs/performance.md has what the part ``scaling`` measured. Takes a minute and a half.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from app.programs import ROOT
from benchmarks.figures import find_reply_ms
from benchmarks.load import Load, run_closed, run_open
from benchmarks.loader import open_loader
from benchmarks.sides import start_ours
from benchmarks.texters import wait_quiet

_BENCH = ROOT / "var" / "bench"
_OUTSTANDING, _WARM_SECONDS, _LEARN_SECONDS = 64, 4.0, 1.5
_UNIT_TURNS, _UNIT_EVERY_SECONDS = 300, 0.4
_ALL = "all"


def find_costs(
    before: Mapping[str, tuple[float, float]], after: Mapping[str, tuple[float, float]], replies: int
) -> dict[str, dict[str, float]]:
    """Milliseconds a reply of each program and of all, and how much of it the system took; the dearest first."""
    spent = {name: [a - b for a, b in zip(after[name], before[name], strict=True)] for name in after}
    spent[_ALL] = [sum(one[n] for one in spent.values()) for n in range(2)]
    ranked = sorted(spent.items(), key=lambda item: -sum(item[1]))
    return {
        name: {"ms": round(1000 * (user + system) / replies, 2), "system_ms": round(1000 * system / replies, 2)}
        for name, (user, system) in ranked
    }


def time_unit() -> float:
    """Milliseconds of processor time for a fixed piece of work: how fast the machine is just now.

    Busy neighbours make the same work dearer (caches, memory); two runs compare by their costs over their units.
    """
    began = time.thread_time()
    for number in range(_UNIT_TURNS):
        json.loads(json.dumps({"text": "x" * 40, "numbers": list(range(20)), "n": number}))
    return 1000 * (time.thread_time() - began)


async def _keep_timing(units: list[float]) -> None:
    while True:
        units.append(time_unit())
        await asyncio.sleep(_UNIT_EVERY_SECONDS)


async def measure(seconds: float, rate: float) -> dict[str, Any]:
    """One window at saturation, and one at ``rate`` texts a second. Raises RuntimeError if nothing is answered."""
    async with open_loader() as loader, start_ours(_BENCH, loader.provider, _say) as ours:
        texters = loader.build_texters(ours.build_door())
        await texters.learn(_LEARN_SECONDS)
        await run_closed(texters, outstanding=_OUTSTANDING // 4, seconds=_WARM_SECONDS)
        await wait_quiet(loader.provider)
        windows = {}
        for name in ("saturation", "calm"):
            units: list[float] = []
            timing = asyncio.create_task(_keep_timing(units))
            before = ours.read_times()
            if name == "saturation":
                load = await run_closed(texters, outstanding=_OUTSTANDING, seconds=seconds)
            else:
                load = await run_open(texters, rate=rate, seconds=seconds, seed=1)
            await wait_quiet(loader.provider)
            timing.cancel()
            windows[name] = _describe(load, before, ours.read_times())
            windows[name]["unit_ms"] = round(statistics.median(units), 3)
    return {"calm_rate": rate, **windows}


def _describe(load: Load, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    answered = sum(one.outcome == "answered" for one in load.exchanges)
    if not answered:
        raise RuntimeError("nothing was answered")
    return {
        "replies": answered,
        "asked": len(load.exchanges),
        "replies_per_second": round(answered / load.seconds, 1),
        "reply_ms": find_reply_ms(load.exchanges),
        "programs": find_costs(before, after, answered),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.breakdown", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="length of each of the two windows")
    parser.add_argument("--rate", type=float, default=10.0, help="texts a second in the calm window")
    options = parser.parse_args(arguments)
    _BENCH.mkdir(parents=True, exist_ok=True)
    _say(json.dumps(asyncio.run(measure(options.seconds, options.rate)), indent=1))
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
