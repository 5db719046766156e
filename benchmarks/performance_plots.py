"""The plots of docs/performance.md: file name to SVG, of what was measured."""

from collections.abc import Mapping
from typing import Any

from benchmarks.figures import LADDER, OURS, STOCK, count_lost
from benchmarks.plots import Line, Plot, draw

LATENCY, LENGTH = "performance-latency.svg", "performance-conversation.svg"
NUMBER, SCALING = "performance-conversations.svg", "performance-scaling.svg"

type Results = Mapping[str, Any]

_NAMES = {OURS: "Porchlight", STOCK: "stock Rasa"}


def draw_plots(results: Results) -> dict[str, str]:
    """Every plot that has figures."""
    plots = {LATENCY: _plot_latency(results)}
    if results.get("conversation"):
        plots[LENGTH] = _plot_conversation(results["conversation"])
    if results.get("conversations"):
        plots[NUMBER] = _plot_conversations(results["conversations"])
    if results.get("scaling"):
        plots[SCALING] = _plot_scaling(results["scaling"])
    return {name: draw(plot) for name, plot in plots.items()}


def find_load_points(results: Results, side: str) -> list[dict[str, Any]]:
    """Reply times of a side by texts a second, the steady ten a second first."""
    pooled = results["outcomes"][side]["reply"]
    times = results["reply_ms"] if side == OURS else results["stock_reply_ms"]
    points = [
        {
            "rate": results["settings"]["rate"],
            "reply_ms": times,
            "answered": pooled["answered"],
            "lost": count_lost(pooled),
        }
    ]
    for run in results["runs"]:
        if (run["kind"], run["side"]) == (LADDER, side):
            point = {"rate": run["offered_per_second"], "lost": count_lost(run)}
            points.append({**point, "reply_ms": run["reply_ms"], "answered": run["answered"]})
    return sorted(points, key=lambda point: float(point["rate"]))


def _plot_latency(results: Results) -> Plot:
    lines = [
        Line(f"{_NAMES[side]}, {rank}", [(p["rate"], p["reply_ms"][rank]) for p in points if p["reply_ms"][rank]])
        for side, points in ((side, find_load_points(results, side)) for side in (OURS, STOCK))
        for rank in ("p50", "p95")
    ]
    title = f"Reply time under load (SMS, {results['machine']['cores']} cores)"
    return Plot(title, "texts a second", "ms", lines, log_y=True)


def _plot_conversation(part: Mapping[str, Any]) -> Plot:
    costs = [(step["turns"][1], step["cpu_ms_per_reply"]) for step in part["stretches"]]
    times = [(step["turns"][1], step["reply_ms"]["p50"]) for step in part["stretches"]]
    lines = [Line("processor, ms a reply", costs), Line("reply p50, ms", times)]
    return Plot("A conversation grows", "turns", "ms", lines)


def _plot_conversations(part: Mapping[str, Any]) -> Plot:
    costs = [(step["conversations"], step["cpu_ms_per_reply"]) for step in part["steps"]]
    calm = [(s["conversations"], s["calm"]["cpu_ms_per_reply"]) for s in part["steps"] if "calm" in s]
    lines = [Line("at saturation", costs), Line("at 10 a second", calm)]
    return Plot("The day's conversations grow, all open", "open conversations", "processor, ms a reply", lines)


def _plot_scaling(part: Mapping[str, Any]) -> Plot:
    costs = [(step["workers"], step["cpu_ms_per_reply"]) for step in part["steps"]]
    rates = [(step["workers"], step["replies_per_second"]) for step in part["steps"]]
    lines = [Line("processor, ms a reply", costs), Line("replies a second", rates)]
    return Plot("Workers on the same cores", "workers", "ms, replies a second", lines)
