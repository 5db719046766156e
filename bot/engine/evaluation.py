"""How well the intents are told apart on examples held back from training, per language.

Runs in the engine's environment; ``python bot/evaluation.py`` starts it. Every fifth example of each intent and
language is held back in turn, so that each is tested once by a model that never saw it.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.engine.intents import fit_intents

FOLDS = 5
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Example:
    """One line of training data and the fold in which it is held back."""

    text: str
    intent: str
    language: str
    fold: int


@dataclass(frozen=True, slots=True)
class Guess:
    """What a model that never saw the example made of it."""

    example: Example
    ranked: tuple[str, ...]
    confidence: float
    margin: float


def load_examples(folder: Path) -> list[Example]:
    """All examples below a folder, in the order of their files."""
    examples = []
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            lines = [line.removeprefix("- ") for line in block["examples"].splitlines()]
            language = block["metadata"]["language"]
            examples += [Example(text, block["intent"], language, number % FOLDS) for number, text in enumerate(lines)]
    return examples


def guess_held_back(examples: Sequence[Example]) -> Iterator[Guess]:
    """One guess for every example."""
    for fold in range(FOLDS):
        known = [example for example in examples if example.fold != fold]
        model = fit_intents([example.text for example in known], [example.intent for example in known])
        for example in examples:
            if example.fold == fold:
                ranked = [*model.rank(example.text), ("", 0.0), ("", 0.0)]
                names = tuple(name for name, _ in ranked[:3])
                yield Guess(example, names, ranked[0][1], ranked[0][1] - ranked[1][1])


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 0.0


def summarise(guesses: Sequence[Guess], threshold: float, ambiguity: float) -> dict[str, float]:
    """Accuracy over all, and over what the engine would not answer with "not understood"."""
    kept = [guess for guess in guesses if guess.confidence >= threshold and guess.margin >= ambiguity]
    right = sum(guess.ranked[0] == guess.example.intent for guess in guesses)
    return {
        "examples": len(guesses),
        "top1": _share(right, len(guesses)),
        "top3": _share(sum(guess.example.intent in guess.ranked for guess in guesses), len(guesses)),
        "answered": _share(len(kept), len(guesses)),
        "answered_right": _share(sum(guess.ranked[0] == guess.example.intent for guess in kept), len(kept)),
    }


def evaluate(root: Path = ROOT) -> dict[str, dict[str, float]]:
    """The figures per language, at the thresholds of config.yml."""
    pipeline = yaml.safe_load((root / "config.yml").read_text("utf-8"))["pipeline"]
    fallback = next(step for step in pipeline if step["name"] == "FallbackClassifier")
    by_language: dict[str, list[Guess]] = defaultdict(list)
    for guess in guess_held_back(load_examples(root / "bot/data/nlu")):
        by_language[guess.example.language].append(guess)
    limits = (float(fallback["threshold"]), float(fallback["ambiguity_threshold"]))
    return {language: summarise(guesses, *limits) for language, guesses in sorted(by_language.items())}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(evaluate(), indent=2) + "\n")
