"""Prints how well the topics are told apart, per language: ``make bench-nlu``, or ``python bot/evaluation.py``.

With ``--json`` the figures alone, with ``--held-back`` without the cross-validation, which takes most of the time.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_COLUMNS = {
    "messages": "messages",
    "group_macro_f1": "group F1",
    "intent_macro_f1": "topic F1",
    "intent_top1": "topic top 1",
    "intent_top3": "topic top 3",
    "answered": "answered",
    "wrong_group_and_confident": "wrong group, answered",
    "wrong_intent_and_confident": "wrong topic, answered",
}
_ABOUT = {
    "development": "written blind from the definitions, looked at while the model was built",
    "test": "written blind from the definitions by another hand; its messages were never read, its figures were",
    "cross_validation": "five folds of the examples, which were written to differ from each other",
}


def evaluate(root: Path = ROOT, options: Sequence[str] = ()) -> dict[str, Any]:
    """The figures of ``bot.engine.evaluation``: per set of messages and language, shares from 0 to 1.

    Raises subprocess.CalledProcessError if the engine's environment is not there.
    """
    python = root / "bot/engine/.venv/bin/python"
    command = [str(python), "-m", "bot.engine.evaluation", *options]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def format_figures(figures: Mapping[str, Any]) -> Iterator[str]:
    """The figures as lines for people."""
    yield f"{figures['examples']} examples"
    for name, about in _ABOUT.items():
        if name not in figures:
            continue
        yield f"\n{name}: {about}"
        if "left_out_as_copies" in figures[name]:
            yield f"  {figures[name]['left_out_as_copies']} left out: they stand word for word among the examples"
        yield "  " + "  ".join(["  ", *_COLUMNS.values()])
        for language in ("en", "es"):
            row = figures[name][language]
            cells = (str(row[column]).rjust(len(title)) for column, title in _COLUMNS.items())
            yield "  " + "  ".join([language, *cells])
        for language in ("en", "es"):
            yield f"  most confused groups, {language}: {', '.join(figures[name][language]['most_confused'])}"


def main(arguments: Sequence[str]) -> None:
    """The program."""
    figures = evaluate(options=[option for option in arguments if option == "--held-back"])
    lines = [json.dumps(figures, indent=2)] if "--json" in arguments else format_figures(figures)
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
