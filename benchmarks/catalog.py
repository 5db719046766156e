"""All parts of the benchmark by name, in the order in which they are measured, and where their figures go."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import rounds
from benchmarks.machine import count_cores
from benchmarks.parts import (
    ack,
    conversation,
    conversations,
    crisis,
    floors,
    memory,
    pair,
    scaling,
    starting,
    telegram,
)
from benchmarks.sides import Say
from benchmarks.undisturbed import AGAIN

PAIR = "pair"
TOP = ("throughput", "reply_ms")
"""What results.json begins with: other programs read it (the architecture's fixed names)."""

type Measure = Callable[..., Awaitable[dict[str, Any]]]
"""Takes the bench's folder, what says lines, and the part's lengths if it has any."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its lengths when it is measured in full, and in little (``--quick``)."""

    measure: Measure
    full: tuple[Any, ...] = ()
    quick: tuple[Any, ...] = ()


PARTS: Mapping[str, Part] = {
    "floors": Part(floors.measure, (floors.Lengths(),), (floors.Lengths(500, 100, 10),)),
    PAIR: Part(pair.measure, (rounds.FULL,), (rounds.QUICK,)),
    "memory": Part(memory.measure),
    "start": Part(starting.measure, (starting.Lengths(tries=AGAIN),), (starting.Lengths(1),)),
    "telegram": Part(telegram.measure, (telegram.Lengths(),), (telegram.Lengths(((10, 8), (20, 4)), 4),)),
    "ack": Part(ack.measure, (ack.Lengths(tries=AGAIN),), (ack.Lengths(seconds=4),)),
    "crisis": Part(crisis.measure, (crisis.Lengths(tries=AGAIN),), (crisis.Lengths(seconds=6),)),
    "conversation": Part(conversation.measure, (conversation.Lengths(),), (conversation.Lengths(stretches=3),)),
    "conversations": Part(
        conversations.measure, (conversations.Lengths(),), (conversations.Lengths((0, 10_000), 5, 8, 8),)
    ),
    "scaling": Part(scaling.measure, (scaling.Lengths(),), (scaling.Lengths((1, 2), 5),)),
}


async def measure_part(name: str, bench: Path, say: Say, *, quick: bool) -> dict[str, Any]:
    """One part's figures, with when and how they were made."""
    part, began = PARTS[name], datetime.now(UTC)
    say(f"== {name}")
    found = await part.measure(bench, say, *(part.quick if quick else part.full))
    minutes = round((datetime.now(UTC) - began).total_seconds() / 60, 1)
    made = {"made_at": began.strftime("%Y-%m-%d %H:%M UTC"), "mode": "quick" if quick else "full", "minutes": minutes}
    return {**found, **made, "machine": {"cores": count_cores()}}


def put_part(results: Mapping[str, Any], name: str, found: Mapping[str, Any]) -> dict[str, Any]:
    """results.json with one part's figures replaced: those of the pair stand at its top, of others under their name."""
    if name != PAIR:
        merged = {**results, name: dict(found)}
    else:
        kept = {part: results[part] for part in PARTS if part in results}
        merged = {**found, **kept}
    first = {key: merged[key] for key in TOP if key in merged}
    last = {"runs": merged["runs"]} if "runs" in merged else {}
    return {**first, **{key: value for key, value in merged.items() if key not in {*TOP, "runs"}}, **last}
