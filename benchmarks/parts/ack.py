"""The webhook's acknowledgement at 500 texts a second of fresh texters: after the text is on disk (X4).

Three doors: one that does nothing (the load maker's own time), ours alone with its stores (the workers frozen, as if
on another machine), and ours with everything else at work on the same cores. Beside that last one, in the same seconds,
the door that does nothing is asked as well: what it takes then is the machine's.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.burst import run_burst, write_posts
from benchmarks.loader import Loader, open_loader
from benchmarks.nothing import SEED, open_null_door
from benchmarks.sides import CRISIS_PATH, Ours, Say, start_ours
from benchmarks.texters import Door, wait_quiet
from benchmarks.undisturbed import ONCE, Rest, Tries, Watch, measure_undisturbed
from benchmarks.wires import SMS, TELEGRAM

_TEXT = "hi"
_WARM = 200
_LONGEST_QUIET_SECONDS = 180.0
"""Thousands of texts wait when a burst at all of ours ends; the next try is not to run beside their answers."""


type _Burst = Callable[[Watch], Awaitable[list[dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Lengths:
    """Texts a second, and for how many seconds at each door; how many posts go beside them to what does nothing."""

    rate: float = 500
    seconds: float = 10
    beside_rate: float = 20
    bursts: int = 3
    """At each door alone, what does nothing too; one stop of the machine for a tenth of a second is p99 of a burst."""
    tries: Tries = ONCE
    """Of each burst."""


async def measure(bench: Path, say: Say, lengths: Lengths) -> dict[str, Any]:
    """One entry for each door and, where the door stands alone, each channel."""
    async with open_loader() as loader:
        async with start_ours(bench, loader.provider, say, programs=CRISIS_PATH) as ours:
            await asyncio.sleep(2)  # what the start leaves behind it
            ours.stack.pause("worker")
            sms, telegram = ours.build_door(SMS), ours.build_door(TELEGRAM)
            async with open_null_door() as url:
                nothing = await _find_middle(partial(_burst, loader, sms, url, lengths), lengths)
            alone = {
                channel: await _find_middle(partial(_burst_at, ours, loader, door, lengths), lengths)
                for channel, door in ((SMS, sms), (TELEGRAM, telegram))
            }
        async with start_ours(bench, loader.provider, say) as ours:
            await asyncio.sleep(2)
            async with open_null_door() as url:
                burst = partial(_burst_at, ours, loader, ours.build_door(SMS), lengths, idle_url=url)
                answer_all = partial(wait_quiet, loader.provider, _LONGEST_QUIET_SECONDS)
                everything, beside = await _keep_burst(burst, lengths.tries, answer_all)
    found = {"rate": lengths.rate, "nothing": nothing, "alone": alone, "everything": everything}
    found["beside_everything"] = beside
    say(f"ack {found}")
    return found


def find_median_burst(bursts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The burst in the middle by its p99, with the p99 of each and everything that any of them was refused."""
    ranked = sorted(bursts, key=lambda burst: math.inf if burst["ack_ms"]["p99"] is None else burst["ack_ms"]["p99"])
    refused = sum(burst["refused"] for burst in bursts)
    return {**ranked[len(ranked) // 2], "refused": refused, "p99_each": [burst["ack_ms"]["p99"] for burst in bursts]}


async def _find_middle(burst: _Burst, lengths: Lengths) -> dict[str, Any]:
    return find_median_burst([(await _keep_burst(burst, lengths.tries))[0] for _ in range(lengths.bursts)])


async def _keep_burst(burst: _Burst, tries: Tries, before_rest: Rest | None = None) -> list[dict[str, Any]]:
    """The entries of the burst that is kept; what any of its tries was refused is refused."""
    kept = await measure_undisturbed(burst, tries, before_rest=before_rest)
    first, *idle = kept.found
    refused = first["refused"] + sum(other["refused"] for other, *_ in kept.others)
    return [{**first, "refused": refused, **kept.taken}, *idle]


async def _burst_at(
    ours: Ours, loader: Loader, door: Door, lengths: Lengths, watch: Watch, idle_url: str = ""
) -> list[dict[str, Any]]:
    """Our door's entry and, with an ``idle_url``, that of what does nothing."""
    before = ours.read_cpu()
    found, *idle = await _burst(loader, door, door.url, lengths, watch, idle_url)
    used = {name: after - before[name] for name, after in ours.read_cpu().items()}
    each = {name: round(1000 * seconds / (found["posts"] + _WARM), 3) for name, seconds in used.items()}
    return [{**found, "cpu_ms_each": each}, *idle]


async def _burst(
    loader: Loader, door: Door, url: str, lengths: Lengths, watch: Watch, idle_url: str = ""
) -> list[dict[str, Any]]:
    wire = door.build_wire()
    await run_burst(loader.http, url, write_posts(wire, _TEXT, _WARM), rate=200, seed=1)
    # All of them before the first goes out: while the load maker signs, whatever is on its way waits for it.
    posts = write_posts(wire, _TEXT, int(lengths.rate * lengths.seconds))
    few = write_posts(wire, _TEXT, int(lengths.beside_rate * lengths.seconds) if idle_url else 0)
    bursts = [run_burst(loader.http, url, posts, rate=lengths.rate, seed=2)]
    if few:
        bursts.append(run_burst(loader.http, idle_url, few, rate=lengths.beside_rate, seed=SEED))
    with watch:
        ended = await asyncio.gather(*bursts)
    found = [burst.describe() for burst in ended]
    for entry in found[1:]:
        del entry["loader_cpu_ms_each"]  # it is the whole load maker's, the burst's with it
    return found
