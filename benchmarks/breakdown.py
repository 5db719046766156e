"""``python -m benchmarks.breakdown``: where the processor time of one reply goes, program by program.

Writes ``{program: milliseconds a reply at saturation}`` to breakdown.json beside this file, for docs/performance.md,
and prints the rest: system time, and the same at 10 texts a second. Takes a minute and a half.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from app.programs import ROOT
from benchmarks.figures import find_reply_ms
from benchmarks.load import Load, run_closed, run_open
from benchmarks.provider import Provider
from benchmarks.sides import start_ours
from benchmarks.texters import Mailboxes, Texters, build_http, wait_quiet

RESULT = ROOT / "benchmarks" / "breakdown.json"
_BENCH = ROOT / "var" / "bench"
_OUTSTANDING, _WARM_SECONDS, _LEARN_SECONDS = 64, 4.0, 1.5
_UNIT_TURNS, _UNIT_EVERY_SECONDS = 300, 0.4
_PROCESSES = Path("/proc")
ALL = "all"
_SIGNS = {
    "webhooks": "app.webhooks",
    "worker": "app.worker",
    "rasa": "bot.engine.serve",
    "actions": "bot.actions",
    "store": "store.sock",
    "keys": "keys.sock",
}
"""What stands in a program's command line."""


def name_program(command: str) -> str:
    """The program by its command line; ``other`` for one that is none of ours."""
    return next((name for name, sign in _SIGNS.items() if sign in command), "other")


def read_programs(groups: Collection[int]) -> dict[str, tuple[float, float]]:
    """Seconds of processor time (user, system) so far of each program with a process in these groups."""
    used: dict[str, tuple[float, float]] = {}
    second = os.sysconf("SC_CLK_TCK")
    for folder in _PROCESSES.glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text("utf-8", errors="replace").rpartition(") ")[2].split()
            command = (folder / "cmdline").read_text("utf-8", errors="replace").replace("\0", " ")
        except OSError:  # it ended while we looked
            continue
        if int(fields[2]) in groups:
            user, system = used.get(name := name_program(command), (0.0, 0.0))
            used[name] = user + int(fields[11]) / second, system + int(fields[12]) / second
    return used


def find_costs(
    before: Mapping[str, tuple[float, float]], after: Mapping[str, tuple[float, float]], replies: int
) -> dict[str, dict[str, float]]:
    """Milliseconds a reply of each program and of all, and how much of it the system took; the dearest first."""
    spent = {name: [a - b for a, b in zip(after[name], before.get(name, (0.0, 0.0)), strict=True)] for name in after}
    spent[ALL] = [sum(one[n] for one in spent.values()) for n in range(2)]
    ranked = sorted(spent.items(), key=lambda item: -sum(item[1]))
    return {
        name: {"ms": round(1000 * (user + system) / replies, 2), "system_ms": round(1000 * system / replies, 2)}
        for name, (user, system) in ranked
    }


def pick_stages(result: Mapping[str, Any]) -> dict[str, float]:
    """What breakdown.json holds: milliseconds a reply at saturation of each program, without their sum."""
    programs: Mapping[str, Mapping[str, float]] = result["saturation"]["programs"]
    return {name: cost["ms"] for name, cost in programs.items() if name != ALL}


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
    async with AsyncExitStack() as stack:
        mailboxes = Mailboxes()
        provider = await stack.enter_async_context(Provider(mailboxes.receive))
        http = await stack.enter_async_context(build_http())
        door = await stack.enter_async_context(start_ours(_BENCH, provider.url, _say))
        provider.know(door.account_sid, door.auth_token)
        texters = Texters(door, http, mailboxes)
        await texters.learn(_LEARN_SECONDS)
        await run_closed(texters, outstanding=_OUTSTANDING // 4, seconds=_WARM_SECONDS)
        await wait_quiet(provider)
        windows = {}
        for name in ("saturation", "calm"):
            units: list[float] = []
            timing = asyncio.create_task(_keep_timing(units))
            before = read_programs(door.find_groups())
            if name == "saturation":
                load = await run_closed(texters, outstanding=_OUTSTANDING, seconds=seconds)
            else:
                load = await run_open(texters, rate=rate, seconds=seconds, seed=1)
            await wait_quiet(provider)
            timing.cancel()
            windows[name] = _describe(load, before, read_programs(door.find_groups()))
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
    parser.add_argument("--show", action="store_true", help="print only; leave breakdown.json as it is")
    options = parser.parse_args(arguments)
    _BENCH.mkdir(parents=True, exist_ok=True)
    result = asyncio.run(measure(options.seconds, options.rate))
    _say(json.dumps(result, indent=1))
    if not options.show:
        RESULT.write_text(json.dumps(pick_stages(result), indent=1) + "\n", "utf-8")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
