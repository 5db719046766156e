"""How well and how fast texts are screened: every case of tests/screening through ``porchlight screen --jsonl``.

A line for each list: the share at its level, the share not below it, and the time a text takes.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_ORDER = ("none", "concern", "high", "imminent")


def measure(cases: list[dict[str, Any]], answers: Iterable[dict[str, Any]]) -> dict[str, float]:
    """Cases, share at their level exactly, share not below it (0 to 1), and microseconds a text."""
    exact, enough, micros = 0, 0, []
    for case, answer in zip(cases, answers, strict=True):
        wanted, found = _ORDER.index(case["level"]), _ORDER.index(answer["level"])
        exact += wanted == found
        enough += found >= wanted
        micros.append(answer["micros"])
    return {
        "cases": len(cases),
        "exact": exact / len(cases),
        "not_below": enough / len(cases),
        "micros_p50": median(micros),
        "micros_p99": quantiles(micros, n=100)[98],
    }


def main() -> int:
    """Measures every list."""
    sys.path.insert(0, str(ROOT))
    from app.screening_command import screen_lines

    for path in sorted((ROOT / "tests/screening").glob("*.jsonl")):
        lines = path.read_text("utf-8").splitlines()
        cases = [json.loads(line) for line in lines if line.strip()]
        figures = measure(cases, map(json.loads, screen_lines(lines)))
        shown = " · ".join(
            f"{name} {value:.3f}" if value < 1.0 else f"{name} {value:.0f}" for name, value in figures.items()
        )
        sys.stdout.write(f"{path.stem}: {shown}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
