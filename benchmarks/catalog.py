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

PAIR = "pair"
TOP = ("throughput", "reply_ms")
"""What results.json begins with: other programs read it (the architecture's fixed names)."""

type Measure = Callable[[Path, Say], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Part:
    """One part: how it is measured in full, and in little (``--quick``)."""

    full: Measure
    quick: Measure


def _pass(measure: Callable[..., Awaitable[dict[str, Any]]], *lengths: Any) -> Measure:
    return lambda bench, say: measure(bench, say, *lengths)


PARTS: Mapping[str, Part] = {
    "floors": Part(_pass(floors.measure, floors.Lengths()), _pass(floors.measure, floors.Lengths(500, 100, 10))),
    PAIR: Part(_pass(pair.measure, rounds.FULL), _pass(pair.measure, rounds.QUICK)),
    "memory": Part(_pass(memory.measure), _pass(memory.measure)),
    "start": Part(_pass(starting.measure, starting.Lengths()), _pass(starting.measure, starting.Lengths(1))),
    "telegram": Part(
        _pass(telegram.measure, telegram.Lengths()),
        _pass(telegram.measure, telegram.Lengths(((10, 8), (20, 4)), 4)),
    ),
    "ack": Part(_pass(ack.measure, ack.Lengths()), _pass(ack.measure, ack.Lengths(seconds=4))),
    "crisis": Part(_pass(crisis.measure, crisis.Lengths()), _pass(crisis.measure, crisis.Lengths(seconds=6))),
    "conversation": Part(
        _pass(conversation.measure, conversation.Lengths()),
        _pass(conversation.measure, conversation.Lengths(stretches=3)),
    ),
    "conversations": Part(
        _pass(conversations.measure, conversations.Lengths()),
        _pass(conversations.measure, conversations.Lengths((0, 10_000), 5, 8, 8)),
    ),
    "scaling": Part(_pass(scaling.measure, scaling.Lengths()), _pass(scaling.measure, scaling.Lengths((1, 2), 5))),
}


async def measure_part(name: str, bench: Path, say: Say, *, quick: bool) -> dict[str, Any]:
    """One part's figures, with when and how they were made."""
    part, began = PARTS[name], datetime.now(UTC)
    say(f"== {name}")
    found = await (part.quick if quick else part.full)(bench, say)
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
