"""The same way over Telegram's format: its secret in, emulated Bot API out.

The product keeps Telegram's own limit of 30 messages a second, so that its saturation is Telegram's.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import describe_load
from benchmarks.load import run_closed, run_open
from benchmarks.loader import open_loader
from benchmarks.sides import Say, start_ours
from benchmarks.texters import Texters, wait_quiet
from benchmarks.wires import TELEGRAM

_OUTSTANDING = 64


@dataclass(frozen=True, slots=True)
class Lengths:
    """Seconds of the window at each rate (texts a second), and at saturation."""

    rates: tuple[tuple[float, float], ...] = ((10, 15), (20, 6), (50, 5))
    saturation_seconds: float = 5


async def measure(bench: Path, say: Say, lengths: Lengths) -> dict[str, Any]:
    """Reply and acknowledgement at each rate, and replies a second at saturation."""
    async with open_loader() as loader, start_ours(bench, loader.provider, say) as ours:
        texters = loader.build_texters(ours.build_door(TELEGRAM))
        await texters.learn()
        await run_closed(texters, outstanding=8, seconds=3)
        await wait_quiet(loader.provider)
        rates = []
        for number, (rate, seconds) in enumerate(lengths.rates):
            rates.append(await _measure_rate(texters, rate, seconds, number))
            say(f"telegram {rates[-1]}")
            await wait_quiet(loader.provider)
        load = await run_closed(texters, outstanding=_OUTSTANDING, seconds=lengths.saturation_seconds)
    answered = [e for e in load.exchanges if e.outcome == "answered"]
    messages = sum(len(e.receipts) for e in answered)
    return {
        "rates": rates,
        "replies_per_second": round(len(answered) / load.seconds, 1),
        "messages_per_second": round(messages / load.seconds, 1),
    }


async def _measure_rate(texters: Texters, rate: float, seconds: float, seed: int) -> dict[str, Any]:
    load = await run_open(texters, rate=rate, seconds=seconds, seed=seed)
    return {"offered_per_second": rate, **describe_load(load)}
