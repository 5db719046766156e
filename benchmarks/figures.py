"""From exchanges to figures: percentiles, outcomes, replies a second, and results.json as a whole."""

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.load import Load
from benchmarks.texters import Exchange

OURS, STOCK = "ours", "stock_rasa"
SIDES = (OURS, STOCK)
REPLY, SATURATION, FAR, LADDER = "reply", "saturation", "far_provider", "ladder"
OUTCOMES = ("answered", "otherwise", "unanswered", "refused")
LOST_ELSEWHERE = "lost_in_other_tries"


@dataclass(frozen=True, slots=True)
class Window:
    """One side under one load once. ``busy_cores`` is the whole machine, ``loader_cores`` the load maker's part.

    ``cpu_seconds`` is what the side's own processes used, work after the last answer included; ``nothing`` is what went
    in the same seconds through a way that does nothing; ``tries`` is what its entry says of them.
    """

    kind: str
    side: str
    round: int
    load: Load
    offered: float | None = None
    busy_cores: float = 0.0
    loader_cores: float = 0.0
    quiet_after_seconds: float = 0.0
    cpu_seconds: float = 0.0
    nothing: Load | None = None
    tries: Mapping[str, Any] = field(default_factory=dict)

    @property
    def answered(self) -> int:
        """Known answers, whole."""
        return sum(e.outcome == "answered" for e in self.load.exchanges)

    @property
    def replies_per_second(self) -> float:
        """Known answers a second."""
        return self.answered / self.load.seconds

    @property
    def cpu_ms(self) -> float | None:
        """Processor time of the side for one answer."""
        return round(1000 * self.cpu_seconds / self.answered, 1) if self.answered else None


def find_cost_ms(cpu_seconds: float, answered: int) -> float:
    """Processor ms for one answer. Raises RuntimeError if there is none: a side that is silent costs nothing else."""
    if not answered:
        raise RuntimeError("nothing was answered")
    return round(1000 * cpu_seconds / answered, 2)


def find_percentiles(values: Sequence[float]) -> dict[str, float | None]:
    """p50, p95, p99 by nearest rank, one decimal; None of nothing."""
    ranked = sorted(values)

    def rank(share: float) -> float | None:
        return round(ranked[math.ceil(share * len(ranked)) - 1], 1) if ranked else None

    return {"p50": rank(0.50), "p95": rank(0.95), "p99": rank(0.99)}


def find_reply_ms(exchanges: Iterable[Exchange]) -> dict[str, float | None]:
    """Milliseconds from the webhook's first byte to the provider's receipt of the whole, known answer."""
    return find_percentiles([1000 * (e.answered_at - e.asked_at) for e in exchanges if e.outcome == "answered"])


def find_first_ms(exchanges: Iterable[Exchange]) -> dict[str, float | None]:
    """The same to the answer's first message."""
    return find_percentiles([1000 * (e.receipts[0][0] - e.asked_at) for e in exchanges if e.outcome == "answered"])


def find_ack_ms(exchanges: Iterable[Exchange]) -> dict[str, float | None]:
    """Milliseconds until the webhook was answered 2xx."""
    return find_percentiles([1000 * (e.acked_at - e.asked_at) for e in exchanges if 200 <= e.status < 300])


def count_outcomes(exchanges: Iterable[Exchange]) -> dict[str, int]:
    """How many exchanges had which outcome."""
    counted = Counter(e.outcome for e in exchanges)
    return {outcome: counted[outcome] for outcome in OUTCOMES}


def describe_load(load: Load) -> dict[str, Any]:
    """What any part says of an open window: times of known answers, outcomes, how late the load maker itself was."""
    return {
        "reply_ms": find_reply_ms(load.exchanges),
        "ack_ms": find_ack_ms(load.exchanges),
        **count_outcomes(load.exchanges),
        "most_late_ms": _find_most_late(load),
        "sent_late_ms": find_percentiles(load.late_ms),
    }


def _find_most_late(load: Load) -> float:
    return round(max(load.late_ms, default=0.0), 1)


def count_lost(entry: Mapping[str, Any]) -> int:
    """Of an entry of results.json: texts that were answered in other words, not at all, or refused.

    Those of tries that were not kept are among them, if they got no answer: no text may be lost at any time.
    """
    return sum(int(entry[outcome]) for outcome in OUTCOMES[1:]) + int(entry.get(LOST_ELSEWHERE, 0))


def count_unheard(entries: Iterable[Mapping[str, Any]]) -> int:
    """Of several entries: texts that were refused or got no answer."""
    return sum(int(entry["unanswered"]) + int(entry["refused"]) for entry in entries)


def describe_window(window: Window) -> dict[str, Any]:
    """One entry of ``runs``."""
    load = window.load
    return {
        "kind": window.kind,
        "side": window.side,
        "round": window.round,
        "seconds": round(load.seconds, 2),
        "offered_per_second": window.offered,
        "replies_per_second": round(window.replies_per_second, 1),
        "cpu_ms_per_reply": window.cpu_ms,
        "reply_ms": find_reply_ms(load.exchanges),
        **count_outcomes(load.exchanges),
        "most_late_ms": _find_most_late(load),
        "busy_cores": round(window.busy_cores, 2),
        "loader_cores": round(window.loader_cores, 2),
        "quiet_after_seconds": round(window.quiet_after_seconds, 1),
        **({"nothing": describe_load(window.nothing)} if window.nothing else {}),
        **window.tries,
    }


def build_results(windows: Sequence[Window], about: dict[str, Any]) -> dict[str, Any]:
    """Everything that results.json holds; ``about`` goes in as it is."""
    ours, stock = (find_reply_ms(_exchanges(windows, side, REPLY)) for side in SIDES)
    rates = {side: _rates(windows, side) for side in SIDES}
    throughput = {side: _median(rates[side]) for side in SIDES}
    pairs = [round(a / b, 2) for a, b in zip(*rates.values(), strict=False) if b]
    cpu_ms = {side: _median(_cpu_ms(windows, side)) for side in SIDES}
    return {
        "throughput": throughput,
        "throughput_ratios": pairs,
        "reply_ms": ours,
        "stock_reply_ms": stock,
        "throughput_range": {side: [min(r), max(r)] if (r := rates[side]) else None for side in SIDES},
        "reply_p50_range_ms": {side: _p50_range(windows, side) for side in SIDES},
        "first_message_ms": {side: find_first_ms(_exchanges(windows, side, REPLY)) for side in SIDES},
        "ack_ms": {side: find_ack_ms(_exchanges(windows, side, REPLY)) for side in SIDES},
        "far_provider_reply_ms": {side: find_reply_ms(_exchanges(windows, side, FAR)) for side in SIDES},
        "cpu_ms_per_reply": cpu_ms,
        "ratios": {
            "cpu_ms_per_reply": _ratio(cpu_ms[OURS], cpu_ms[STOCK]),
            "throughput": _median(pairs, 2),
            "reply_p50": _ratio(ours["p50"], stock["p50"]),
            "reply_p95": _ratio(ours["p95"], stock["p95"]),
            "reply_p99": _ratio(ours["p99"], stock["p99"]),
        },
        "outcomes": {
            side: {kind: count_outcomes(_exchanges(windows, side, kind)) for kind in (REPLY, SATURATION, FAR)}
            for side in SIDES
        },
        **about,
        "runs": [describe_window(window) for window in windows],
    }


def _exchanges(windows: Sequence[Window], side: str, kind: str) -> list[Exchange]:
    return [e for w in windows if (w.side, w.kind) == (side, kind) for e in w.load.exchanges]


def _rates(windows: Sequence[Window], side: str) -> list[float]:
    return [round(w.replies_per_second, 1) for w in windows if (w.side, w.kind) == (side, SATURATION)]


def _cpu_ms(windows: Sequence[Window], side: str) -> list[float]:
    return [w.cpu_ms for w in windows if (w.side, w.kind) == (side, SATURATION) and w.cpu_ms is not None]


def _p50_range(windows: Sequence[Window], side: str) -> list[float] | None:
    each = [find_reply_ms(w.load.exchanges)["p50"] for w in windows if (w.side, w.kind) == (side, REPLY)]
    known = [p50 for p50 in each if p50 is not None]
    return [min(known), max(known)] if known else None


def _median(values: Sequence[float], digits: int = 1) -> float | None:
    return round(statistics.median(values), digits) if values else None


def _ratio(ours: float | None, stock: float | None) -> float | None:
    return round(ours / stock, 2) if ours is not None and stock else None
