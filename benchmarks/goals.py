"""The goals of the benchmark, each beside what was measured; pure functions of results.json."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.figures import LADDER, OURS, STOCK, count_lost
from benchmarks.goal_floors import tell_ack_floor, tell_crisis_floor, tell_reply_floor, tell_start_floor
from benchmarks.parts.crisis import ENDED, FLOODED, HANGING, SATURATED
from benchmarks.rounds import BESIDE_RATE
from storage.keyspace import SWEEP_SECONDS

type Results = Mapping[str, Any]

FLAT = 1.15
"""A cost that grows by no more than this counts as flat: windows of one run differ by as much."""

TIMES = 4
REPLY_MS, ACK_MS, CRISIS_MS, START_SECONDS = 150, 20, 50, 2
TURNS, CONVERSATIONS = 500, 100_000
"""How far growth must have been measured: a shorter run (``--quick``) shows its figure and meets nothing."""


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


def find_rung(results: Results, side: str, rate: float) -> Mapping[str, Any] | None:
    """The window of one side at a rate of the ladder; None if it was not measured."""
    wanted = (LADDER, side, rate)
    return next(
        (run for run in results.get("runs", ()) if (run["kind"], run["side"], run["offered_per_second"]) == wanted),
        None,
    )


def find_slowest(times: Sequence[float | None], lost: int) -> float:
    """The slowest of these; endless if anything was lost: times are only of those who got their answer."""
    return max((math.inf if time is None else time for time in times), default=math.inf) if not lost else math.inf


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


def _judge_growth(name: str, times: Sequence[float | None], measured: str, *, is_whole: bool) -> Goal:
    """One that was not followed to its end is shown, and is neither met nor missed."""
    known = [one for one in times if one is not None]
    if not is_whole or len(known) < len(times):
        return Goal(name, f"{FLAT} times", f"{measured}: not measured to the end", None)
    return _judge(name, f"{FLAT} times", max(known), lambda v: v <= FLAT, measured, "")


def _show(times: float | None) -> str:
    return "unknown" if times is None else f"{times:.2f}"


def _tell_lost(lost: int) -> str:
    return f"; {lost} lost or in other words" if lost else ""


def _throughput(results: Results) -> Goal:
    ratio = results["ratios"]["throughput"]
    both = results["throughput"]
    each = results["throughput_ratios"]
    pairs = f"the middle of {len(each)} pairs of windows, {min(each)} to {max(each)}" if each else "no pair of windows"
    shown = f"{ratio} times ({pairs}; each side's own middle {both[OURS]} and {both[STOCK]})"
    floor = _name_throughput_floor(results) if ratio else ""
    name = "replies a second beside stock Rasa"
    return _judge(name, f"{TIMES} times", ratio, lambda v: v >= TIMES, shown, floor)


def _name_throughput_floor(results: Results) -> str:
    """What Rasa and the seals alone would allow on these cores: above the goal, it proves nothing, and says so."""
    floors, cores = results.get("floors"), results["machine"]["cores"]
    if not floors:
        return "the floors are not measured yet"
    alone = floors["parse_cpu_ms"][OURS]
    sealed = sum(floors[f"{name}_cpu_ms"] for name in ("signature", "seal_to_inbox", "open_inbox", "seal_line"))
    most = 1000 * cores / (alone + sealed)
    spent = results["cpu_ms_per_reply"][OURS]
    is_below = most < TIMES * results["throughput"][STOCK]
    verdict = "less than the goal" if is_below else "no floor in the way, the rest is the breakdown's"
    return (
        f"Rasa's parse, a signature check and three seals alone take {alone + sealed:.1f} ms of the {spent} ms of a "
        f"reply; they would allow {most:.0f} a second: {verdict}"
    )


def _reply(results: Results) -> Goal:
    rung = find_rung(results, OURS, BESIDE_RATE)
    name, wanted = f"reply p95 at {BESIDE_RATE} texts a second", f"{REPLY_MS} ms"
    if not rung:
        return _judge(name, wanted, None, bool, "", "")
    p95, lost = rung["reply_ms"]["p95"], count_lost(rung)
    full = f"the {results['machine']['cores']} cores are full at {results['throughput'][OURS]} replies a second"
    floor = f"{tell_reply_floor(rung, REPLY_MS)}; {full}"
    shown = f"{p95} ms{_tell_lost(lost)}"
    return _judge(name, wanted, find_slowest([p95], lost), lambda v: v <= REPLY_MS, shown, floor)


def _ack(results: Results) -> Goal:
    part = results.get("ack")
    name, wanted = "webhook answered p99 at 500 texts a second", f"{ACK_MS} ms"
    if not part:
        return _judge(name, wanted, None, bool, "", "")
    doors = [*part["alone"].values(), part["everything"]]
    alone, beside = part["alone"]["sms"]["ack_ms"]["p99"], part["everything"]["ack_ms"]["p99"]
    fsync = results.get("floors", {}).get("fsync_ms", {}).get("p99")
    refused = sum(door["refused"] for door in doors)
    shown = f"{alone} ms, the door and its stores alone; {beside} ms with all else at work on the same cores"
    shown += f"; {refused} refused" if refused else ""
    floor = tell_ack_floor(part, fsync, ACK_MS)
    slowest = find_slowest([door["ack_ms"]["p99"] for door in doors], refused)
    return _judge(name, wanted, slowest, lambda v: v <= ACK_MS, shown, floor)


def _crisis(results: Results) -> Goal:
    measured = results.get("crisis", {}).get("cases", {})
    name, names = "crisis reply p99, Rasa saturated, hanging, ended", (SATURATED, HANGING, ENDED)
    if not {*names, FLOODED} <= measured.keys():
        return _judge(name, f"{CRISIS_MS} ms", None, bool, "", "")
    cases, flooded = [measured[case] for case in names], measured[FLOODED]
    p99, lost = [case["reply_ms"]["p99"] for case in cases], sum(map(count_lost, cases))
    shown = ", ".join(f"{value} ms" for value in p99) + _tell_lost(lost)
    shown += f"; with every program flooded {flooded['reply_ms']['p99']} ms{_tell_lost(count_lost(flooded))}"
    floor = tell_crisis_floor(measured, names, CRISIS_MS)
    return _judge(name, f"{CRISIS_MS} ms", find_slowest(p99, lost), lambda v: v <= CRISIS_MS, shown, floor)


def _length(results: Results) -> Goal:
    part = results.get("conversation")
    name = f"flat as a conversation grows to {TURNS} turns"
    if not part:
        return _judge(name, f"{FLAT} times", None, bool, "", "")
    times, last = growth(part["stretches"]), part["stretches"][-1]["turns"][1]
    shown = f"{_show(times)} times the cost of the first stretch after {last} turns"
    return _judge_growth(name, [times], shown, is_whole=last >= TURNS)


def _number(results: Results) -> Goal:
    part = results.get("conversations")
    name = f"flat as the day's conversations grow to {CONVERSATIONS:,}"
    if not part:
        return _judge(name, f"{FLAT} times", None, bool, "", "")
    calm = [step["calm"] for step in part["steps"] if "calm" in step]
    busy, beside = growth(part["steps"]), growth(calm)
    count = part["steps"][-1]["conversations"]
    has_sweep = bool(calm) and calm[-1]["seconds"] > SWEEP_SECONDS
    sweep = " with a sweep in it" if has_sweep else ""
    shown = f"{_show(busy)} times at saturation, {_show(beside)} at ten a second{sweep}, at {count:,}"
    return _judge_growth(name, [busy, beside], shown, is_whole=has_sweep and count >= CONVERSATIONS)


def _memory(results: Results) -> Goal:
    part = results.get("memory")
    share = part[OURS] / part[STOCK] if part else None
    shown = f"{share:.2f} ({part[OURS]} MiB and {part[STOCK]} MiB)" if part else ""
    floor = "every program is a Python of its own; the console, which no text needs, is counted"
    return _judge("memory beside stock Rasa", "half", share, lambda v: v <= 0.5, shown, floor)


def _start(results: Results) -> Goal:
    part = results.get("start")
    seconds = part["crisis_answer_seconds"] if part else None
    floor = tell_start_floor(part, START_SECONDS) if part else ""
    name, wanted = "first crisis answer after the start", f"{START_SECONDS} s"
    return _judge(name, wanted, seconds, lambda v: v < START_SECONDS, f"{seconds} s", floor)
