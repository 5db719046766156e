"""The intent model: n-grams of characters and words and shared meanings, and one linear model for both languages.

Stored as numbers (npz without pickle) and vocabularies (JSON). See docs/decisions/0061-classifier.md.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

NUMBERS, WORDS = "intents.npz", "intents.json"
CONCEPTS = Path(__file__).with_name("concepts.txt")
BLOCKS = ("char", "word", "concept")
LONGEST_READ = 2_000
"""Characters of a text that are read: half from its beginning, half from its end."""

WEIGHTS = (1.1, 1.1, 1.1)
STRICTNESS = 0.5
FEWEST_TEXTS = (2, 1, 2)
"""Examples that a piece of a word, a word and a meaning must stand in to be learned; pairs as what they are of."""

SHARPNESS = 5.0
"""Turns scores into probabilities; chosen on held-back examples so that their mean is the accuracy."""

_REPEATED = re.compile(r"(.)\1{2,}")
_ZIP = re.compile(r"(?<!\d)\d{5}(?!\d)")
_MOST_CONCEPTS = 20
_NOISE = re.compile(r"[^\w\s?]+|_")


class IntentModelError(RuntimeError):
    """The model's files are missing or do not fit together."""


def fold(text: str) -> str:
    """A text as the model reads it: no case, accents or punctuation, a letter at most twice, a ZIP as one word."""
    if len(text) > LONGEST_READ:
        text = text[: LONGEST_READ // 2] + " " + text[-LONGEST_READ // 2 :]
    plain = unicodedata.normalize("NFKD", text.lower().replace("\u2019", "'").replace("'", ""))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = _REPEATED.sub(r"\1\1", _ZIP.sub(" zipcode ", plain))
    return " ".join(_NOISE.sub(" ", plain).replace("?", " ? ").split())


class Concepts:
    """The meanings of concepts.txt, which tie the two languages and rare words together."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = [line for line in lines if line and not line.startswith("#")]
        self._words: dict[str, set[str]] = {}
        self._stems: dict[str, set[str]] = {}
        for line in self.lines:
            name, _, words = line.partition(":")
            for word in words.split():
                table = self._stems if word.endswith("*") else self._words
                table.setdefault(word.removesuffix("*"), set()).add(name)

    def _of_word(self, word: str) -> set[str]:
        found = set(self._words.get(word, ()))
        for end in range(2, len(word) + 1):
            found |= self._stems.get(word[:end], set())
        return found

    def find(self, folded: str) -> list[str]:
        """The meanings in a folded text, and every pair of them."""
        found = sorted(set().union(*(self._of_word(word) for word in folded.split())))[:_MOST_CONCEPTS]
        return found + [f"{one}+{two}" for one, two in combinations(found, 2)]


def load_concepts() -> Concepts:
    """The meanings as they lie beside this module."""
    return Concepts(CONCEPTS.read_text("utf-8").splitlines())


def cut_words(folded: str) -> list[str]:
    """The pieces of two to five signs of each word, a blank before and after it; a shorter word once."""
    pieces = []
    for word in folded.split():
        padded = f" {word} "
        for length in range(2, min(5, len(padded)) + 1):
            pieces += [padded[start : start + length] for start in range(len(padded) - length + 1)]
    return pieces


def list_words(folded: str) -> list[str]:
    """The words of a text, and every two that stand beside each other."""
    words = folded.split()
    return words + [f"{one} {two}" for one, two in pairwise(words)]


def _readers(concepts: Concepts) -> tuple[Callable[[str], list[str]], ...]:
    return cut_words, list_words, concepts.find


class Block:
    """One kind of features: how a folded text is taken apart, and what each part weighs.

    Does for one text what scikit-learn does for many, ten times faster: its checks cost more than the counting.
    """

    def __init__(
        self, analyse: Callable[[str], list[str]], vocabulary: dict[str, int], idf: Any, weight: float
    ) -> None:
        self.vocabulary = vocabulary
        self.idf = idf
        self._analyse = analyse
        self._weight = weight

    def read(self, folded: str) -> tuple[list[int], Any]:
        """Indices and values of a text, of length ``weight`` taken together."""
        known = self.vocabulary
        counts = Counter(known[part] for part in self._analyse(folded) if part in known)
        indices = list(counts)
        values = (1 + np.log(np.fromiter(counts.values(), np.float64, len(indices)))) * self.idf[indices]
        return indices, values * (self._weight / (np.linalg.norm(values) or 1.0))


def _blocks(concepts: Concepts, vocabularies: Sequence[dict[str, int]], idfs: Sequence[Any]) -> list[Block]:
    return [Block(*parts) for parts in zip(_readers(concepts), vocabularies, idfs, WEIGHTS, strict=True)]


class Rows:
    """A matrix of which two thirds are zero, kept without them and in half precision: a quarter of its memory."""

    def __init__(self, starts: Any, columns: Any, values: Any) -> None:
        self.starts, self.columns, self.values = starts, columns, values

    @classmethod
    def of(cls, matrix: Any) -> "Rows":
        """Of a matrix of up to 256 columns."""
        halves = matrix.astype(np.float16)
        found = halves != 0
        starts = np.concatenate([[0], found.sum(axis=1).cumsum()]).astype(np.int32)
        return cls(starts, np.nonzero(found)[1].astype(np.uint8), halves[found])

    def fit(self, rows: int, width: int) -> bool:
        """True if these are that many rows, and no column lies beyond ``width``."""
        if self.starts.shape != (rows + 1,) or self.columns.shape != self.values.shape:
            return False
        return bool(self.starts[-1] == len(self.values) and self.columns.max(initial=0) < width)

    def sum(self, rows: Any, factors: Any, width: int) -> Any:
        """The rows, each by its factor, added up; ``width`` is how many columns there are."""
        begins = self.starts[rows]
        lengths = self.starts[rows + 1] - begins
        ends = lengths.cumsum()
        places = np.arange(ends[-1]) + np.repeat(begins - ends + lengths, lengths)
        shares = self.values[places] * np.repeat(factors, lengths)
        return np.bincount(self.columns[places], shares, width)


class IntentModel:
    """Ranks the intents of a text."""

    def __init__(self, concepts: Concepts, blocks: list[Block], rows: Rows, bias: Any, labels: list[str]) -> None:
        self._concepts = concepts
        self._blocks = blocks
        self._rows = rows
        self._bias = bias
        self.labels = labels

    def score(self, text: str) -> Any:
        """The raw score of each label, or None for a text of which nothing is known."""
        folded, start = fold(text), 0
        indices: list[int] = []
        values = []
        for block in self._blocks:
            found, sizes = block.read(folded)
            indices += [start + index for index in found]
            values.append(sizes)
            start += len(block.vocabulary)
        if not indices:
            return None
        return self._rows.sum(np.array(indices), np.concatenate(values), len(self.labels)) + self._bias

    def rank(self, text: str) -> list[tuple[str, float]]:
        """All intents with their probability, the likeliest first; nothing for a text without a letter or digit."""
        scores = self.score(text)
        if scores is None:
            return []
        odds = np.exp(SHARPNESS * (scores - scores.max()))
        odds /= odds.sum()
        return [(self.labels[index], float(odds[index])) for index in np.argsort(-odds, kind="stable")]

    def save(self, folder: Path) -> None:
        """Writes the two files."""
        idf = {f"{name}_idf": block.idf for name, block in zip(BLOCKS, self._blocks, strict=True)}
        np.savez_compressed(folder / NUMBERS, bias=self._bias, **vars(self._rows), **idf)
        grams = [{gram: int(index) for gram, index in block.vocabulary.items()} for block in self._blocks]
        content = {"labels": self.labels, "concepts": self._concepts.lines, **dict(zip(BLOCKS, grams, strict=True))}
        (folder / WORDS).write_text(json.dumps(content, sort_keys=True), "utf-8")


def read_examples(folded: Sequence[str], concepts: Concepts) -> tuple[Any, list[Any]]:
    """Training examples as rows of features, and for each block what learned them."""
    # Training alone needs these libraries; a served engine does not have them (spared.py).
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizers = [
        TfidfVectorizer(lowercase=False, sublinear_tf=True, dtype=np.float32, analyzer=reader, min_df=fewest)
        for reader, fewest in zip(_readers(concepts), FEWEST_TEXTS, strict=True)
    ]
    parts = [weight * one.fit_transform(folded) for weight, one in zip(WEIGHTS, vectorizers, strict=True)]
    return hstack(parts, format="csr"), vectorizers


def fit_intents(texts: Sequence[str], intents: Sequence[str], *, strictness: float = STRICTNESS) -> IntentModel:
    """A model of the examples: one linear support vector machine an intent; the same examples give the same model.

    Rare intents weigh more. ``strictness`` is the machines' C.
    """
    from sklearn.svm import LinearSVC

    concepts = load_concepts()
    features, readers = read_examples([fold(text) for text in texts], concepts)
    machine = LinearSVC(C=strictness, class_weight="balanced", random_state=0).fit(features, list(intents))
    blocks = _blocks(concepts, [one.vocabulary_ for one in readers], [one.idf_ for one in readers])
    bias = machine.intercept_.astype(np.float32)
    return IntentModel(concepts, blocks, Rows.of(machine.coef_.T), bias, [str(label) for label in machine.classes_])


def load_intents(folder: Path) -> IntentModel:
    """The model in a folder. Raises IntentModelError: an engine never serves untrained."""
    try:
        words = json.loads((folder / WORDS).read_text("utf-8"))
        with np.load(folder / NUMBERS, allow_pickle=False) as numbers:
            rows, bias = Rows(numbers["starts"], numbers["columns"], numbers["values"]), numbers["bias"]
            idf = [numbers[f"{block}_idf"] for block in BLOCKS]
        concepts = Concepts(words["concepts"])
        blocks = _blocks(concepts, [words[block] for block in BLOCKS], idf)
        labels = words["labels"]
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        raise IntentModelError(type(error).__name__) from None
    known = sum(len(words[block]) for block in BLOCKS)
    if not rows.fit(known, len(labels)) or bias.shape != (len(labels),):
        raise IntentModelError("shapes do not fit")
    return IntentModel(concepts, blocks, rows, bias, labels)
