"""How well the topics are told apart, per language: by cross-validation, and on messages that training never sees.

Runs in the engine's environment; ``make bench-nlu`` starts it. The held-back messages lie in ``benchmarks/nlu``; they
were written from the definitions in ``safety_content/topics.yml`` alone. One that stands word for word among the
examples is left out and counted.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.engine.intents import IntentModel, fit_intents, fold
from bot.engine.wishes import hear_wishes, load_ranks

FOLDS = 5
ROOT = Path(__file__).resolve().parent.parent.parent
_MOST_CONFUSED = 8


@dataclass(frozen=True, slots=True)
class Example:
    """One message, what it is about, and the fold in which it is held back."""

    text: str
    intent: str
    language: str
    fold: int = 0


@dataclass(frozen=True, slots=True)
class Guess:
    """What a model that never saw the example made of it."""

    example: Example
    ranked: tuple[str, ...]
    answered: bool

    @property
    def top(self) -> str:
        """The likeliest intent."""
        return self.ranked[0]


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on the engine answers instead of asking what is meant (config.yml)."""

    threshold: float
    ambiguity: float


def load_examples(folder: Path) -> list[Example]:
    """All training examples below a folder, in the order of their files."""
    examples = []
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            lines = [line.removeprefix("- ") for line in block["examples"].splitlines()]
            language = block["metadata"]["language"]
            examples += [Example(text, block["intent"], language, number % FOLDS) for number, text in enumerate(lines)]
    return examples


def load_held_back(path: Path) -> list[Example]:
    """The messages of one JSON Lines file."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [Example(row["text"], row["intent"], row["language"]) for row in rows]


def fit(examples: Sequence[Example]) -> IntentModel:
    """A model of the examples."""
    return fit_intents([example.text for example in examples], [example.intent for example in examples])


def guess(model: IntentModel, examples: Sequence[Example], limits: Limits) -> list[Guess]:
    """What the engine would make of each."""
    ranks, guesses = load_ranks(), []
    for example in examples:
        ranked = [*hear_wishes(example.text, model.rank, ranks).ranked, ("", 0.0), ("", 0.0)]
        clear = ranked[0][1] >= limits.threshold and ranked[0][1] - ranked[1][1] >= limits.ambiguity
        guesses.append(Guess(example, tuple(name for name, _ in ranked[:3]), clear))
    return guesses


def guess_across(examples: Sequence[Example], limits: Limits) -> list[Guess]:
    """One guess for every example, by a model of the other folds."""
    guesses = []
    for number in range(FOLDS):
        model = fit([example for example in examples if example.fold != number])
        guesses += guess(model, [example for example in examples if example.fold == number], limits)
    return guesses


def compute_macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """The mean F1 over all labels that occur, of (right, given) pairs."""
    right, given = Counter(right for right, _ in pairs), Counter(given for _, given in pairs)
    hits = Counter(right for right, given in pairs if right == given)
    scores = [2 * hits[label] / (right[label] + given[label]) for label in right]
    return round(sum(scores) / len(scores), 3)


def summarise(guesses: Sequence[Guess], groups: Mapping[str, str]) -> dict[str, object]:
    """The figures of one language: macro F1 of topics and of groups, and what is answered rightly and wrongly."""
    fine = [(one.example.intent, one.top) for one in guesses]
    coarse = [(groups[right], groups.get(given, "")) for right, given in fine]
    wrong = [pair for pair in coarse if pair[0] != pair[1]]
    kept = [one for one in guesses if one.answered]
    return {
        "messages": len(guesses),
        "group_macro_f1": compute_macro_f1(coarse),
        "intent_macro_f1": compute_macro_f1(fine),
        "intent_top1": _share(sum(right == given for right, given in fine), len(fine)),
        "intent_top3": _share(sum(one.example.intent in one.ranked for one in guesses), len(guesses)),
        "answered": _share(len(kept), len(guesses)),
        "wrong_group_and_confident": _share(
            sum(groups[one.example.intent] != groups.get(one.top, "") for one in kept), len(guesses)
        ),
        "wrong_intent_and_confident": _share(sum(one.example.intent != one.top for one in kept), len(guesses)),
        "most_confused": [f"{right} > {given}: {count}" for (right, given), count in _most(wrong)],
    }


def _most(wrong: Sequence[tuple[str, str]]) -> list[tuple[tuple[str, str], int]]:
    return Counter(wrong).most_common(_MOST_CONFUSED)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 0.0


def load_limits(root: Path) -> Limits:
    """The limits of config.yml."""
    pipeline = yaml.safe_load((root / "config.yml").read_text("utf-8"))["pipeline"]
    fallback = next(step for step in pipeline if step["name"] == "FallbackClassifier")
    return Limits(float(fallback["threshold"]), float(fallback["ambiguity_threshold"]))


def load_groups(root: Path) -> dict[str, str]:
    """The top-level topic of every intent."""
    topics = yaml.safe_load((root / "safety_content/topics.yml").read_text("utf-8"))["topics"]
    return {**{name: topic["group"] for name, topic in topics.items()}, "typed_number": "contact"}


def evaluate(root: Path = ROOT, *, across: bool = True) -> dict[str, object]:
    """All figures: held-back files first, then cross-validation unless ``across`` is off."""
    examples, limits, groups = load_examples(root / "bot/data/nlu"), load_limits(root), load_groups(root)
    seen, model = {fold(example.text) for example in examples}, fit(examples)
    figures: dict[str, object] = {"examples": len(examples)}
    for path in sorted((root / "benchmarks/nlu").glob("*.jsonl")):
        held = load_held_back(path)
        unseen = [example for example in held if fold(example.text) not in seen]
        figures[path.stem] = {
            "left_out_as_copies": len(held) - len(unseen),
            **_by_language(guess(model, unseen, limits), groups),
        }
    if across:
        figures["cross_validation"] = _by_language(guess_across(examples, limits), groups)
    return figures


def _by_language(guesses: Sequence[Guess], groups: Mapping[str, str]) -> dict[str, object]:
    by_language: dict[str, list[Guess]] = defaultdict(list)
    for one in guesses:
        by_language[one.example.language].append(one)
    return {language: summarise(some, groups) for language, some in sorted(by_language.items())}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(evaluate(across="--held-back" not in sys.argv), indent=2) + "\n")
