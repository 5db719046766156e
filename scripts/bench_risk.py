"""How well and how fast texts are screened: ``make bench-risk``.

The held-back sets (``tests/screening/held_back``), on whose messages nothing is tuned: what is raised by level,
language, category and tag with 95 % intervals (Wilson), beside the first stage alone and a plain list of words;
confusions, badly written copies, calibration, time and memory, the slowest text and the nearest misses. Below it the
lists that the rules were written with, which estimate nothing.
"""

import json
import math
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hotline.screening import Rules, build_rules, screen  # noqa: E402
from hotline.screening.learned import score  # noqa: E402
from hotline.screening.spelling import normalise  # noqa: E402
from scripts.add_pass import list_keys  # noqa: E402
from scripts.perturbations import PERTURBATIONS  # noqa: E402
from storage.content_files import load_documents, load_learned, load_vocabulary  # noqa: E402

LEVELS = ("none", "concern", "high", "imminent")
RAISED = 2
_Z = 1.96
_NEAREST = 20
_FEWEST = 10
HELD_BACK = ("exam", "held")
"""The newest first. ``held`` has been measured more often, so choices may have leaned towards it."""

_WORDS = frozenset(
    {"suicide", "kill", "die", "dead", "hurt", "gun", "knife", "abuse", "hit", "beat", "overdose", "pills"}
)
_WORDS |= {"trafficking", "homeless", "runaway", "danger", "help", "911", "988", "suicidio", "matar", "morir", "muerto"}
_WORDS |= {
    "pega",
    "golpea",
    "pistola",
    "cuchillo",
    "abuso",
    "sobredosis",
    "pastillas",
    "trata",
    "calle",
    "peligro",
    "ayuda",
}
"""The baseline: raises a text that holds one of these words."""

Judge = Callable[[str], int]
Pair = tuple[dict[str, Any], int]
Columns = tuple[list[dict[str, Any]], list[int]]


def wilson(hits: int, of: int) -> tuple[float, float, float]:
    """Share and its 95 % interval."""
    if not of:
        return 0.0, 0.0, 1.0
    share, spread = hits / of, _Z * _Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return share, middle - half, middle + half


def read(path: Path) -> list[dict[str, Any]]:
    """The messages of one file; older lists call the label ``level``."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [{**row, "label": row.get("label", row.get("level"))} for row in rows]


def read_held_back(name: str) -> tuple[list[dict[str, Any]], int]:
    """The messages of one held-back set, and how many were left out because a pass that trains nearly has them."""
    folder = ROOT / "tests/screening"
    seen = {key for path in (folder / "passes").glob("*.jsonl") for row in read(path) for key in list_keys(row["text"])}
    rows = read(folder / "held_back" / f"{name}.jsonl")
    kept = [row for row in rows if not list_keys(row["text"]) & seen]
    return kept, len(rows) - len(kept)


def raised_by_words(text: str) -> int:
    """The baseline's level."""
    return RAISED if _WORDS & set(text.lower().split()) else 0


def describe(name: str, rows: Sequence[dict[str, Any]], found: Sequence[int], least: int = RAISED) -> str:
    """One line: how many of some messages reached at least a level."""
    share, low, high = wilson(sum(level >= least for level in found), len(rows))
    return f"  {name:<34} {len(rows):>5}  {share:6.3f}  [{low:.3f}, {high:.3f}]"


def list_figures(rows: Sequence[dict[str, Any]], judge: Judge) -> Iterator[str]:
    """Every figure of one judge over a set of messages."""
    found = [judge(row["text"]) for row in rows]
    pairs = list(zip(rows, found, strict=True))

    risky, harmless = _split(pairs)
    yield describe("high and imminent, raised", *risky)
    yield describe("imminent, raised", *_keep(pairs, ("imminent",)))
    yield describe("imminent, as imminent", *_keep(pairs, ("imminent",)), RAISED + 1)
    yield describe("concern, raised", *_keep(pairs, ("concern",)))
    yield describe("harmless, raised", *harmless)
    for language in ("en", "es", "mixed"):
        own = [pair for pair in pairs if pair[0]["language"] == language]
        risky, harmless = _split(own)
        yield describe(f"{language}: high and imminent, raised", *risky)
        yield describe(f"{language}: harmless, raised", *harmless)
    for category in sorted({row["category"] for row, _ in pairs if row["label"] in LEVELS[RAISED:]}):
        yield describe(category, *_split([pair for pair in pairs if pair[0]["category"] == category])[0])
    for tag in sorted({tag for row, _ in pairs for tag in row["tags"]}):
        for name, side in zip(("risky", "harmless"), _split([p for p in pairs if tag in p[0]["tags"]]), strict=True):
            if len(side[0]) >= _FEWEST:
                yield describe(f"tag {tag}, {name}", *side)


def list_confusions(rows: Sequence[dict[str, Any]], judge: Judge) -> Iterator[str]:
    """How many messages of each label were given each level."""
    yield "  label \\ given " + "".join(f"{name:>10}" for name in LEVELS)
    found = Counter((row["label"], LEVELS[judge(row["text"])]) for row in rows)
    for label in LEVELS:
        yield f"  {label:<14}" + "".join(f"{found[label, given]:>10}" for given in LEVELS)


def list_perturbed(rows: Sequence[dict[str, Any]], judge: Judge) -> Iterator[str]:
    """High and imminent messages raised when they are written badly."""
    risky = [row for row in rows if row["label"] in LEVELS[RAISED:]]
    for name, change in PERTURBATIONS.items():
        chance = random.Random(name)  # noqa: S311  # the same slips each time
        yield describe(f"written badly: {name}", risky, [judge(change(row["text"], chance)) for row in risky])


def list_calibration(rows: Sequence[dict[str, Any]], odds: Callable[[str], float]) -> Iterator[str]:
    """Whether the second stage's odds are those that come true, by tenths that were foretold."""
    groups: dict[int, list[bool]] = {}
    for row in rows:
        foretold = 1 / (1 + math.exp(-odds(row["text"])))
        groups.setdefault(min(int(foretold * 5), 4), []).append(row["label"] in LEVELS[RAISED:])
    for fifth, came in sorted(groups.items()):
        share, low, high = wilson(sum(came), len(came))
        came_true = f"came true {share:.2f} [{low:.2f}, {high:.2f}] of {len(came)}"
        yield f"  foretold {fifth / 5:.1f} to {fifth / 5 + 0.2:.1f}: {came_true}"


def _split(pairs: Sequence[Pair]) -> tuple[Columns, Columns]:
    """The risky and the harmless messages of some pairs, each with what was found."""
    return _keep(pairs, LEVELS[RAISED:]), _keep(pairs, ("none",))


def _keep(pairs: Sequence[Pair], labels: Sequence[str]) -> Columns:
    kept = [pair for pair in pairs if pair[0]["label"] in labels]
    return [row for row, _ in kept], [level for _, level in kept]


def list_times(rows: Sequence[dict[str, Any]], judge: Judge) -> str:
    """Milliseconds a text: half, 99 of 100, and the slowest."""
    times = []
    for row in rows:
        began = time.perf_counter()
        judge(row["text"])
        times.append((1000 * (time.perf_counter() - began), len(row["text"])))
    times.sort()
    half, most = times[len(times) // 2][0], times[-1]
    return (
        f"  ms a text: p50 {half:.2f}, p99 {times[int(len(times) * 0.99)][0]:.2f}, "
        f"most {most[0]:.2f} ({most[1]} characters)"
    )


def list_set(name: str, judges: dict[str, Judge]) -> Iterator[str]:
    """All of one held-back set."""
    held, copies = read_held_back(name)
    yield f"{name}: {len(held)} messages held back; {copies} more are nearly in a pass that trains\n"
    for said, judge in judges.items():
        yield from (f"{name}, {said}", *list_figures(held, judge), list_times(held, judge), "")
    both = judges["both stages"]
    yield from (f"{name}, levels given by both stages", *list_confusions(held, both), "")
    yield from (f"{name}, both stages", *list_perturbed(held, both), "")


def main() -> int:
    """Measures everything and prints one table."""
    began = time.perf_counter()
    alone = build_rules(load_documents(), load_vocabulary())
    started = time.perf_counter() - began
    learned = load_learned()
    both = replace(alone, learned=learned)
    judges: dict[str, Judge] = {
        "both stages": lambda text: screen(text, (), both).level,
        "the first stage alone": lambda text: screen(text, (), alone).level,
        "a plain list of words": raised_by_words,
    }
    for name in HELD_BACK:
        sys.stdout.write("\n".join(list_set(name, judges)) + "\n")
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"first stage built in {started:.2f} s; this program holds {megabytes:.0f} MB at most\n")
    for path in sorted((ROOT / "tests/screening").glob("*.jsonl")):
        rows = read(path)
        below = sum(judges["the first stage alone"](row["text"]) < LEVELS.index(row["label"]) for row in rows)
        sys.stdout.write(f"{path.stem}: {len(rows)} messages, {below} below their label by the first stage alone\n")
    if learned is not None:
        held, _ = read_held_back(HELD_BACK[0])
        odds = partial(_odds, rules=both)
        sys.stdout.write("\ncalibration of the second stage\n" + "\n".join(list_calibration(held, odds)) + "\n")
        missed = [r for r in held if r["label"] in LEVELS[RAISED:] and judges["both stages"](r["text"]) < RAISED]
        missed.sort(key=lambda row: -odds(row["text"]))
        sys.stdout.write("\nnearest misses\n" + "".join(f"  {row['text']}\n" for row in missed[:_NEAREST]))
    return 0


def _odds(text: str, rules: Rules) -> float:
    assert rules.learned is not None  # noqa: S101
    return score(normalise(text, rules.spelling), rules.learned)


if __name__ == "__main__":
    sys.exit(main())
