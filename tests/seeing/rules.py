"""The alarm rules and the board as data, and what their expressions name."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.metric_table import BUILD, BUILD_LABELS, FAULTS, METRICS, OTHER

ROOT = Path(__file__).resolve().parents[2]
ALARMS = ROOT / "deploy/prometheus/alarms.yml"
SCRAPING = ROOT / "deploy/prometheus/prometheus.yml"
BOARD = ROOT / "deploy/grafana/porchlight.json"
RUNBOOK = ROOT / "docs/runbook.md"

JOBS = ("porchlight-webhooks", "porchlight-worker", "porchlight-console")
_OF_PROMETHEUS = {"up": {}, "process_resident_memory_bytes": {}, "process_cpu_seconds_total": {}}
_GIVEN_BY_PROMETHEUS = {"job": JOBS}
_ENDINGS = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",), "reading": ("",)}

_SELECTOR = re.compile(r"\b([a-z][a-z_0-9]*)\s*(?:\{([^}]*)\})?(?=[\s)\[{]|$)")
_MATCHER = re.compile(r"\s*([a-z_]+)\s*(=~|!~|!=|=)\s*\"([^\"]*)\"\s*")
_GROUPED = re.compile(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")
_WORDS = frozenset({
    "sum", "max", "min", "count", "avg", "by", "without", "or", "and", "unless", "increase", "rate", "deriv", "vector",
    "absent", "histogram_quantile", "max_over_time", "offset", "time", "bool", "clamp_min",
})  # fmt: skip


def load_alarms() -> list[dict[str, Any]]:
    """Every rule of the one group."""
    (group,) = yaml.safe_load(ALARMS.read_text("utf-8"))["groups"]
    return list(group["rules"])


def load_board() -> dict[str, Any]:
    """Grafana's model of the board."""
    board: dict[str, Any] = json.loads(BOARD.read_text("utf-8"))
    return board


def shown_names() -> dict[str, dict[str, tuple[str, ...]]]:
    """Every name that a scrape shows, with what its labels may say."""
    names: dict[str, dict[str, tuple[str, ...]]] = {BUILD: dict.fromkeys(BUILD_LABELS, ())}
    for metric in METRICS:
        for ending in _ENDINGS[metric.kind]:
            bounds = (*(str(float(bound)) for bound in metric.buckets), "+Inf")
            names[metric.name + ending] = dict(metric.labels) | ({"le": bounds} if ending == "_bucket" else {})
    return names | _OF_PROMETHEUS


def find_faults(expression: str) -> list[str]:
    """What an expression names that no scrape shows: metrics, labels, values. Not a parser; ``promtool`` is one."""
    faults, shown = [], shown_names()
    expression = expression.replace("[$__rate_interval]", "[5m]")
    named = set[str]()
    bare = _GROUPED.sub(" ", re.sub(r"\[[^]]*\]", " ", expression))
    for name, matchers in _SELECTOR.findall(bare):
        if name in _WORDS:
            continue
        if name not in shown:
            faults.append(f"no figure {name}")
            continue
        known = shown[name] | _GIVEN_BY_PROMETHEUS
        named |= set(known)
        for part in filter(None, matchers.split(",")):
            match = _MATCHER.fullmatch(part)
            if match is None or match[1] not in known:
                faults.append(f"{name} has no label in {part}")
            elif not _may_say(known[match[1]], match[2], match[3]):
                faults.append(f"{name}: {match[1]} never says {match[3]}")
    for group in _GROUPED.findall(expression):
        faults += [f"nothing has a label {label}" for label in map(str.strip, group.split(",")) if label not in named]
    if any(expression.count(a) != expression.count(b) for a, b in ("()", "{}", "[]")):
        faults.append("brackets do not close")
    return faults


def _may_say(values: tuple[str, ...], how: str, wanted: str) -> bool:
    """A matcher that leaves something out, or one of words that are on the list, each."""
    if not values:
        return False
    if "~" in how:
        words = wanted.split("|")
        return all(any(re.fullmatch(word, value) for value in (*values, OTHER)) for word in words)
    return wanted in values


__all__ = [
    "ALARMS",
    "BOARD",
    "FAULTS",
    "JOBS",
    "ROOT",
    "RUNBOOK",
    "SCRAPING",
    "find_faults",
    "load_alarms",
    "load_board",
]


def run_promtool(*arguments: str) -> None:
    """Prometheus' own reader of rules; leaves the test out only where `scripts/promtool.sh` could not bring it."""
    tool = os.environ.get("PORCHLIGHT_PROMTOOL") or shutil.which("promtool")
    if not tool:
        pytest.skip("promtool can be had neither from this machine nor from its packages")
    done = subprocess.run([tool, *arguments], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
