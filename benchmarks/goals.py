"""The goals of the benchmark, each beside what was measured; pure functions of results.json."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.figures import LADDER, OURS, STOCK
from benchmarks.parts.crisis import ENDED, HANGING, SATURATED

type Results = Mapping[str, Any]

FLAT = 1.15
"""A cost that grows by no more than this counts as flat: windows of one run differ by as much."""


@dataclass(frozen=True, slots=True)
class Goal:
    """``is_met`` is None while nobody has measured it; ``floor`` says what a miss is measured against."""

    name: str
    wanted: str
    measured: str
    is_met: bool | None
    floor: str = ""


def find_goals(results: Results) -> list[Goal]:
    """All of them, in order."""
    return [judge(results) for judge in (_throughput, _reply, _ack, _crisis, _length, _number, _memory, _start)]


def find_latency(results: Results, side: str, rate: float) -> Mapping[str, Any] | None:
    """Reply times of one side at a rate of the ladder; None if it was not measured."""
    for run in results.get("runs", ()):
        if (run["kind"], run["side"], run["offered_per_second"]) == (LADDER, side, rate):
            return dict(run["reply_ms"])
    return None


def growth(steps: list[Mapping[str, Any]]) -> float | None:
    """Processor time of a reply at the end as a multiple of the beginning's; None of fewer than two steps."""
    costs = [float(step["cpu_ms_per_reply"]) for step in steps]
    return costs[-1] / costs[0] if len(costs) > 1 and costs[0] else None


def _judge(
    name: str, wanted: str, value: float | None, met: Callable[[float], bool], measured: str, floor: str
) -> Goal:
    if value is None:
        return Goal(name, wanted, "not measured yet", None)
    return Goal(name, wanted, measured, met(value), "" if met(value) else floor)


def _show(times: float | None) -> str:
    return "unknown" if times is None else f"{times:.2f}"


def _throughput(results: Results) -> Goal:
    ratio = results["ratios"]["throughput"]
    both = results["throughput"]
    shown = f"{ratio} times ({both[OURS]} and {both[STOCK]})"
    floor = _name_throughput_floor(results) if ratio else ""
    return _judge("replies a second beside stock Rasa", "4 times", ratio, lambda v: v >= 4, shown, floor)


def _name_throughput_floor(results: Results) -> str:
    """What Rasa and the seals alone would allow on these cores: above the goal, it proves nothing, and says so."""
    floors, cores = results.get("floors"), results["machine"]["cores"]
    if not floors:
        return ""
    alone = floors["parse_cpu_ms"][OURS]
    sealed = sum(floors[f"{name}_cpu_ms"] for name in ("signature", "seal_to_inbox", "open_inbox", "seal_line"))
    most = 1000 * cores / (alone + sealed)
    spent = results["cpu_ms_per_reply"][OURS]
    return (
        f"Rasa's parse, a signature check and three seals alone take {alone + sealed:.1f} ms of the {spent} ms of a "
        f"reply; they would allow {most:.0f} a second: no floor in the way, the rest is the breakdown's"
    )


def _reply(results: Results) -> Goal:
    found = find_latency(results, OURS, 50)
    p95 = found["p95"] if found else None
    floor = f"the two cores are full at {results['throughput'][OURS]} replies a second"
    return _judge("reply p95 at 50 texts a second", "150 ms", p95, lambda v: v <= 150, f"{p95} ms", floor)


def _ack(results: Results) -> Goal:
    part = results.get("ack")
    if not part:
        return _judge("webhook answered p99 at 500 texts a second", "20 ms", None, bool, "", "")
    alone, beside = part["alone"]["sms"]["ack_ms"]["p99"], part["everything"]["ack_ms"]["p99"]
    nothing, fsync = part["nothing"]["ack_ms"]["p99"], results.get("floors", {}).get("fsync_ms", {}).get("p99")
    shown = f"{alone} ms, the door and its stores alone; {beside} ms with all else at work on the same cores"
    floor = f"a door that does nothing: {nothing} ms; one fsync on this disk, p99: {fsync} ms"
    name = "webhook answered p99 at 500 texts a second"
    return _judge(name, "20 ms", max(alone, beside), lambda v: v <= 20, shown, floor)


def _crisis(results: Results) -> Goal:
    part = results.get("crisis")
    name = "crisis reply p99, Rasa saturated, hanging, ended"
    if not part:
        return _judge(name, "50 ms", None, bool, "", "")
    p99 = [part["cases"][case]["reply_ms"]["p99"] for case in (SATURATED, HANGING, ENDED)]
    worst = None if None in p99 else max(p99)
    shown = ", ".join(f"{value} ms" for value in p99)
    peace = part["cases"]["peace"]["reply_ms"]["p99"]
    floor = f"in peace, with nobody beside it: {peace} ms; saturated, every core is taken by other texts"
    return _judge(name, "50 ms", worst, lambda v: v <= 50, shown, floor)


def _length(results: Results) -> Goal:
    part = results.get("conversation")
    times = growth(part["stretches"]) if part else None
    last = part["stretches"][-1]["turns"][1] if part else 0
    shown = f"{_show(times)} times the cost of the first stretch after {last} turns"
    return _judge("flat as a conversation grows to 500 turns", f"{FLAT} times", times, lambda v: v <= FLAT, shown, "")


def _number(results: Results) -> Goal:
    part = results.get("conversations")
    name = "flat as the day's conversations grow to 100,000"
    if not part:
        return _judge(name, f"{FLAT} times", None, bool, "", "")
    calm = [step["calm"] for step in part["steps"] if "calm" in step]
    busy, beside = growth(part["steps"]), growth(calm)
    worst = max(value for value in (busy, beside) if value is not None)
    count = part["steps"][-1]["conversations"]
    shown = f"{_show(busy)} times at saturation, {_show(beside)} at ten a second with a sweep in it, at {count:,}"
    return _judge(name, f"{FLAT} times", worst, lambda v: v <= FLAT, shown, "")


def _memory(results: Results) -> Goal:
    part = results.get("memory")
    share = part[OURS] / part[STOCK] if part else None
    shown = f"{share:.2f} ({part[OURS]} MiB and {part[STOCK]} MiB)" if part else ""
    floor = "every program is a Python of its own; the console, which no text needs, is counted"
    return _judge("memory beside stock Rasa", "half", share, lambda v: v <= 0.5, shown, floor)


def _start(results: Results) -> Goal:
    part = results.get("start")
    seconds = part["crisis_answer_seconds"] if part else None
    floor = "the median of starts from the command line, Python's own start and its imports included"
    return _judge("first crisis answer after the start", "2 s", seconds, lambda v: v < 2, f"{seconds} s", floor)
