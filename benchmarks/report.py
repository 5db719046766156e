"""The figures as Markdown, written between two marks of benchmarks/README.md."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.figures import LADDER, OURS, STOCK, count_lost

BEGIN, END = "<!-- figures: written by `make bench`, not by hand -->", "<!-- end of figures -->"


def build_table(results: Mapping[str, Any]) -> str:
    """The figures of one run."""
    ratios, replies = results["ratios"], {OURS: results["reply_ms"], STOCK: results["stock_reply_ms"]}
    rows = [
        _row("replies a second at saturation (64 outstanding)", results["throughput"], ratios["throughput"]),
        _row("its lowest and highest window", _each(_range, results["throughput_range"])),
    ]
    if each := results["throughput_ratios"]:
        rows.append(f"| its ratio, lowest and highest pair of windows | | | {min(each)} to {max(each)} |")
    rows.append(
        _row("processor ms for one reply at saturation", results["cpu_ms_per_reply"], ratios["cpu_ms_per_reply"])
    )
    for rank in ("p50", "p95", "p99"):
        rows.append(_row(f"reply at 10/s, {rank}, ms", {s: replies[s][rank] for s in replies}, ratios[f"reply_{rank}"]))
    rows.append(_row("p50 of its best and worst window, ms", _each(_range, results["reply_p50_range_ms"])))
    for label, name in (
        ("first message of the reply", "first_message_ms"),
        ("webhook answered", "ack_ms"),
        ("reply at 10/s, provider 100 ms away", "far_provider_reply_ms"),
    ):
        rows.append(_row(f"{label}, p50 / p95, ms", _each(_pair, results[name])))
    rows.append(_row("asked / not answered as known (all windows above)", _each(_lost, results["outcomes"])))
    head = ["| | Porchlight | stock Rasa | ratio |", "|---|---|---|---|"]
    made = f"Made {results['made_at']} on {results['machine']['cores']} cores, `{results['mode']}` run."
    return "\n".join([made, "", *head, *rows, *_ladder(results)])


def write_report(results: Mapping[str, Any], readme: Path) -> None:
    """Puts the table between the marks of ``readme``. Raises ValueError if it has lost them."""
    text = readme.read_text("utf-8")
    before, mark, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"{readme.name} has lost its marks: {BEGIN} and {END}")
    readme.write_text(f"{before}{BEGIN}\n{build_table(results)}\n{END}{after}", "utf-8")


def _ladder(results: Mapping[str, Any]) -> list[str]:
    steps = [run for run in results["runs"] if run["kind"] == LADDER]
    if not steps:
        return []
    lines = [
        "",
        "| open loop, texts a second | side | answered | otherwise or not | p50 / p95, ms |",
        "|---|---|---|---|---|",
    ]
    for step in steps:
        times = _pair(step["reply_ms"])
        cells = (f"{step['offered_per_second']:g}", step["side"], step["answered"], count_lost(step), times)
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return lines


def _row(label: str, values: Mapping[str, Any], ratio: object = "") -> str:
    return f"| {label} | {values[OURS]} | {values[STOCK]} | {ratio} |"


def _each(describe: Callable[[Any], str], values: Mapping[str, Any]) -> dict[str, str]:
    return {side: describe(value) for side, value in values.items()}


def _range(values: list[float] | None) -> str:
    return f"{values[0]} to {values[1]}" if values else "none"


def _pair(percentiles: Mapping[str, Any]) -> str:
    return f"{percentiles['p50']} / {percentiles['p95']}"


def _lost(kinds: Mapping[str, Mapping[str, int]]) -> str:
    asked = sum(sum(kind.values()) for kind in kinds.values())
    return f"{asked} / {asked - sum(kind['answered'] for kind in kinds.values())}"
