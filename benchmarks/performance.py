"""``python -m benchmarks.performance`` makes docs/performance.md and its plots from results.json.

Nothing in it is written by hand; what nobody has measured stands there as that.
"""

import json
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.figures import OURS, STOCK
from benchmarks.goals import find_goals, find_rung
from benchmarks.performance_plots import LATENCY, LENGTH, NUMBER, SCALING, draw_plots, find_load_points
from benchmarks.performance_tables import (
    describe_ack,
    describe_breakdown,
    describe_conversation,
    describe_conversations,
    describe_crisis,
    describe_floors,
    describe_memory,
    describe_nothing,
    describe_scaling,
    describe_start,
    describe_telegram,
    tell_taken,
)
from benchmarks.rounds import BESIDE_RATE

_FOLDER = Path(__file__).resolve().parent
_DOCS = _FOLDER.parent / "docs"
PAGE = _DOCS / "performance.md"
IMAGES = _DOCS / "images"
NOT_YET = "Not measured yet."

type Results = Mapping[str, Any]


def load_results() -> dict[str, Any]:
    """results.json."""
    results: dict[str, Any] = json.loads((_FOLDER / "results.json").read_text("utf-8"))
    return results


def make_page(results: Results) -> str:
    """The whole page."""
    sections = [
        _head(results),
        _goals(results),
        _latency(results),
        _part(results, "Telegram", "telegram", describe_telegram),
        _part(results, "The webhook's acknowledgement", "ack", describe_ack),
        _part(results, "A crisis text", "crisis", describe_crisis),
        _part(results, "Memory", "memory", describe_memory),
        _part(results, "Start", "start", describe_start),
        _part(results, "A conversation grows", "conversation", describe_conversation, LENGTH),
        _part(results, "The day's conversations grow", "conversations", describe_conversations, NUMBER),
        _part(results, "Workers", "scaling", describe_scaling, SCALING),
        _part(results, "Floors", "floors", describe_floors),
        _part(results, "Where a message's processor time goes", "scaling", describe_breakdown),
    ]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _fill(text: str) -> str:
    return textwrap.fill(text, 118)


def _head(results: Results) -> Iterator[str]:
    yield "# How fast it is"
    yield ""
    yield _fill(
        "Made by `python -m benchmarks.performance` from `benchmarks/results.json`; a test compares. "
        f"`make bench` measures: {results['made_at']}, {results['machine']['cores']} cores, `{results['mode']}` run, "
        "everything on one machine: load maker, providers, every program, both stores on disk. Each part has its own "
        "moment and can be measured again by itself (`python -m benchmarks --only PART`). How, and what is the same "
        "for both sides: [benchmarks/README.md](../benchmarks/README.md)."
    )


def _goals(results: Results) -> Iterator[str]:
    yield "## Goals"
    yield ""
    yield "| goal | wanted | measured | met |"
    yield "|---|---|---|---|"
    goals = find_goals(results)
    for goal in goals:
        met = {True: "yes", False: "**no**", None: ""}[goal.is_met]
        yield f"| {goal.name} | {goal.wanted} | {goal.measured} | {met} |"
    missed = [goal for goal in goals if goal.is_met is False]
    if missed:
        yield ""
        yield "Not met, and the floor beside it:"
        yield ""
    for goal in missed:
        yield f"- {goal.name}: {goal.floor or 'no floor is in the way'}."


def _latency(results: Results) -> Iterator[str]:
    yield "## Replies under load"
    yield ""
    yield _fill(
        "SMS, open loop: texts come whether or not earlier ones are answered, from the webhook's first byte to the "
        "provider's receipt of the whole answer. "
        f"Above what {results['machine']['cores']} cores can answer, times grow for as long as it lasts."
    )
    yield ""
    yield "| texts a second | side | p50, ms | p95, ms | p99, ms | answered | otherwise or not |"
    yield "|---|---|---|---|---|---|---|"
    for side in (OURS, STOCK):
        for point in find_load_points(results, side):
            times = " | ".join(str(point["reply_ms"][rank]) for rank in ("p50", "p95", "p99"))
            yield f"| {point['rate']:g} | {side} | {times} | {point['answered']} | {point['lost']} |"
    yield ""
    rung = find_rung(results, OURS, BESIDE_RATE)
    yield from describe_nothing({f"ours at {BESIDE_RATE} texts a second": rung.get("nothing") if rung else None})
    if taken := tell_taken(rung or {}):
        yield ""
        yield f"Of the window at {BESIDE_RATE} texts a second the host took: {taken}."
    yield ""
    yield f"![Latency under load](images/{LATENCY})"


def _part(results: Results, title: str, name: str, describe: Any, plot: str = "") -> Iterator[str]:
    yield f"## {title}"
    yield ""
    part = results.get(name)
    if not part:
        yield NOT_YET
        return
    yield from describe(part)
    if part.get("made_at"):
        yield ""
        yield f"Made {part['made_at']}, `{part['mode']}` run."
    if plot:
        yield ""
        yield f"![{title}](images/{plot})"


def write_page(results: Results) -> None:
    """Writes the page and every plot that has figures."""
    PAGE.write_text(make_page(results), "utf-8")
    for name, svg in draw_plots(results).items():
        (IMAGES / name).write_text(svg, "utf-8")


if __name__ == "__main__":
    write_page(load_results())
    print(f"wrote {PAGE.name}")
