"""Adds a writing pass to the labelled messages: ``python scripts/add_pass.py LINES PASS``.

LINES holds ``label|category|language|tags|text`` a line. A text that an earlier message (held back or not) repeats but
for one word, case or punctuation is left out; lines that are not well formed are named and stop everything.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hotline.screening.result import REASONS, Level  # noqa: E402
from hotline.text import fold  # noqa: E402

FOLDER = ROOT / "tests/screening"
LANGUAGES = ("en", "es", "mixed")


def list_keys(text: str) -> set[str]:
    """Keys of which near-duplicates share one: the words of a text, and the words without any one of them."""
    words = "".join(c if c.isalnum() else " " for c in fold(text)).split() or [text]
    shorter = {" ".join(words[:i] + words[i + 1 :]) for i in range(len(words))} if len(words) > 3 else set()
    return {" ".join(words), *shorter}


def read_known() -> set[str]:
    """The keys of every labelled message there is."""
    paths = [*(FOLDER / "passes").glob("*.jsonl"), *(FOLDER / "held_back").glob("*.jsonl")]
    rows = [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]
    return {key for row in rows for key in list_keys(row["text"])}


def read_line(line: str) -> dict[str, Any]:
    """One message. Raises ValueError for a line that is not well formed."""
    label, category, language, tags, text = (part.strip() for part in line.split("|", 4))
    labels = {level.label[0]: level.label for level in Level}
    label = labels.get(label, label)
    if label not in labels.values() or language not in LANGUAGES or not text:
        raise ValueError(line)
    if label != Level.NONE.label and category not in REASONS:
        raise ValueError(line)
    listed = [tag.strip() for tag in tags.split(",") if tag.strip()]
    return {"text": text, "label": label, "category": category, "language": language, "tags": listed}


def leave_out_copies(rows: Iterable[dict[str, Any]], known: set[str]) -> list[dict[str, Any]]:
    """The rows that nearly repeat neither each other nor what is known."""
    kept = []
    for row in rows:
        keys = list_keys(row["text"])
        if not keys & known:
            kept.append(row)
            known |= keys
    return kept


def main() -> None:
    """The program."""
    source, name = Path(sys.argv[1]), sys.argv[2]
    rows = [read_line(line) for line in source.read_text("utf-8").splitlines() if line.strip()]
    kept = leave_out_copies(rows, read_known())
    lines = [json.dumps(row, ensure_ascii=False) for row in kept]
    (FOLDER / "passes" / f"{name}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    sys.stdout.write(f"{name}: {len(kept)} messages, {len(rows) - len(kept)} near-duplicates left out\n")


if __name__ == "__main__":
    main()
