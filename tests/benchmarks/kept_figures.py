"""Figures as results.json keeps them, every goal of them met."""

import json
from typing import Any

from benchmarks.figures import LADDER, OURS, STOCK

RANKS = {"p50": 10.0, "p95": 20.0, "p99": 30.0}
COUNTS = {"answered": 100, "otherwise": 0, "unanswered": 0, "refused": 0}
BURST = {"posts": 5000, "refused": 0, "ack_ms": RANKS, "sent_late_ms": RANKS, "loader_cpu_ms_each": 0.4}
NOTHING = {"reply_ms": RANKS, "ack_ms": RANKS, "sent_late_ms": {**RANKS, "p99": 4.0}, "most_late_ms": 5.0, **COUNTS}
CASE = {
    "reply_ms": RANKS,
    "first_message_ms": RANKS,
    "ack_ms": RANKS,
    "sent_late_ms": RANKS,
    "nothing": NOTHING,
    **COUNTS,
}


def build_results() -> dict[str, Any]:
    """As read from the file: no figure is the same object as another."""
    results: dict[str, Any] = json.loads(json.dumps(_build_results()))
    return results


def _build_results() -> dict[str, Any]:
    step = {"cpu_ms_per_reply": 20.0, "replies_per_second": 80.0, "reply_ms": RANKS, **COUNTS}
    rung = {"kind": LADDER, "side": OURS, "offered_per_second": 50, "reply_ms": RANKS, "nothing": NOTHING, **COUNTS}
    calm = {"seconds": 64, "cpu_ms_per_reply": 20.0, "reply_ms": RANKS}
    steps = [{**step, "conversations": n, "calm": calm} for n in (0, 100_000)]
    programs = {"rasa": 7.0, "worker": 9.5, "store": 0.5}
    scaling = [{**step, "workers": workers, "cpu_ms_by_program": programs} for workers in (1, 2, 4)]
    seals = dict.fromkeys(("signature_cpu_ms", "seal_to_inbox_cpu_ms", "open_inbox_cpu_ms", "seal_line_cpu_ms"), 0.1)
    return {
        "throughput": {OURS: 100.0, STOCK: 25.0},
        "throughput_ratios": [4.0, 3.9, 4.4],
        "reply_ms": RANKS,
        "stock_reply_ms": RANKS,
        "cpu_ms_per_reply": {OURS: 20.0, STOCK: 42.0},
        "ratios": {"throughput": 4.0},
        "outcomes": {side: {"reply": COUNTS} for side in (OURS, STOCK)},
        "settings": {"rate": 10.0},
        "made_at": "2026-11-21 00:00 UTC",
        "mode": "full",
        "machine": {"cores": 2},
        "telegram": {
            "replies_per_second": 22.0,
            "messages_per_second": 30.0,
            "rates": [{"offered_per_second": 10, "reply_ms": RANKS, "ack_ms": RANKS, **COUNTS}],
        },
        "ack": {
            "rate": 500,
            "nothing": BURST,
            "alone": {channel: {**BURST, "ack_ms": {**RANKS, "p99": 12.0}} for channel in ("sms", "telegram")},
            "everything": {**BURST, "ack_ms": {**RANKS, "p99": 19.0}, "cpu_ms_each": {"webhooks": 0.7}},
            "beside_everything": {"posts": 200, "refused": 0, "ack_ms": RANKS, "sent_late_ms": RANKS},
        },
        "crisis": {
            "texts_per_second": 10,
            "messages_in_the_answer": 2,
            "cases": dict.fromkeys(("peace", "saturated", "flooded", "hanging", "ended"), CASE),
        },
        "memory": {"programs": {"webhooks": 60.0}, "processes": {"webhooks": 1}, OURS: 380.0, STOCK: 800.0},
        "start": {
            "crisis_answer_seconds": 1.5,
            "crisis_answer_each": [1.5],
            "everything_seconds": 5.0,
            "stock_first_answer_seconds": 16.0,
        },
        "conversation": {"texters": 10, "stretches": [{**step, "turns": [1, 50]}, {**step, "turns": [451, 500]}]},
        "conversations": {
            "steps": steps,
            "bytes_per_conversation": {"store": 4000, "keys": 700},
            "texts_of_each": 3,
        },
        "scaling": {"outstanding": 64, "steps": scaling},
        "floors": {
            **seals,
            "seal_session_cpu_ms": 0.01,
            "fsync_ms": {**RANKS, "mean": 1.0},
            "parse_cpu_ms": {OURS: 2.0, STOCK: 16.0},
        },
        "runs": [rung],
    }


def put(place: Any, path: tuple[str | int, ...], value: object) -> None:
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
