"""How well and how fast texts are screened: ``make bench-risk``.

The held-back pass (``tests/screening/held_back``), on whose messages nothing is tuned: what is raised by level,
language and category with 95 % intervals (Wilson), beside the rules alone and a plain list of words, and the time a
text takes. Below it the lists that the rules were written with, which estimate nothing. ``--misses`` adds what was
missed by least.
"""

import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LEVELS = ("none", "concern", "high", "imminent")
RAISED = 2
_Z = 1.96
_NEAREST = 20
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


def read_held_back() -> tuple[list[dict[str, Any]], int]:
    """The held-back messages, and how many were left out because a pass that trains has them word for word."""
    folder = ROOT / "tests/screening"
    seen = {_plain(row["text"]) for path in (folder / "passes").glob("*.jsonl") for row in read(path)}
    rows = read(folder / "held_back/held.jsonl")
    kept = [row for row in rows if _plain(row["text"]) not in seen]
    return kept, len(rows) - len(kept)


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


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
        times.append(1000 * (time.perf_counter() - began))
    times.sort()
    return (
        f"  ms a text: p50 {times[len(times) // 2]:.2f}, p99 {times[int(len(times) * 0.99)]:.2f}, most {times[-1]:.2f}"
    )


def main() -> int:
    """Measures everything and prints one table."""
    sys.path.insert(0, str(ROOT))
    from hotline.screening import build_rules, screen
    from hotline.screening.learned import score
    from hotline.screening.spelling import normalise
    from storage.content_files import load_documents, load_screening_model

    documents = load_documents()
    alone, both = build_rules(documents), build_rules(documents, load_screening_model())
    judges: dict[str, Judge] = {
        "both stages": lambda text: screen(text, (), both).level,
        "the rules alone": lambda text: screen(text, (), alone).level,
        "a plain list of words": raised_by_words,
    }
    held, copies = read_held_back()
    sys.stdout.write(f"{len(held)} messages held back; {copies} more stand word for word in a pass\n\n")
    for name, judge in judges.items():
        lines = [f"held back, {name}", *list_figures(held, judge), list_times(held, judge)]
        sys.stdout.write("\n".join(lines) + "\n\n")
    for path in sorted((ROOT / "tests/screening").glob("*.jsonl")):
        rows = read(path)
        below = sum(judges["both stages"](row["text"]) < LEVELS.index(row["label"]) for row in rows)
        sys.stdout.write(f"{path.stem}: {len(rows)} messages, {below} below their label\n")
    if both.learned is not None and "--misses" in sys.argv:
        learned = both.learned
        missed = [
            row for row in held if row["label"] in LEVELS[RAISED:] and judges["both stages"](row["text"]) < RAISED
        ]
        missed.sort(key=lambda row: -score(normalise(row["text"], both.spelling), learned))
        sys.stdout.write("\nnearest misses\n" + "".join(f"  {row['text']}\n" for row in missed[:_NEAREST]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
