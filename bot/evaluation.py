"""Prints how well intents are told apart on held-back examples, per language: ``python bot/evaluation.py``."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def evaluate(root: Path = ROOT) -> dict[str, dict[str, float]]:
    """Per language: examples, top1, top3, the share answered at all, and the share of those that is right (0 to 1).

    Raises subprocess.CalledProcessError if the engine's environment is not there.
    """
    python = root / "bot/engine/.venv/bin/python"
    done = subprocess.run(
        [str(python), "-m", "bot.engine.evaluation"], cwd=root, capture_output=True, text=True, check=True
    )
    figures: dict[str, dict[str, float]] = json.loads(done.stdout)
    return figures


if __name__ == "__main__":
    sys.stdout.write(json.dumps(evaluate(), indent=2) + "\n")
