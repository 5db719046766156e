"""The intent model: n-grams of characters and words and shared meanings, and one linear model for both languages.

Stored as numbers (npz without pickle) and vocabularies (JSON). See docs/decisions/0061-classifier.md.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

NUMBERS, WORDS = "intents.npz", "intents.json"
CONCEPTS = Path(__file__).with_name("concepts.txt")
BLOCKS = ("char", "word", "concept")
LONGEST_READ = 2_000
"""Characters of a text that are read: half from its beginning, half from its end."""

WEIGHTS = (1.1, 1.1, 1.1)
STRICTNESS = 0.5
FEWEST_TEXTS = 2
"""Examples that a piece of a word or a pair of meanings must stand in to be learned."""

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


def _vectorizers(concepts: Concepts) -> list[TfidfVectorizer]:
    common: dict[str, Any] = {"lowercase": False, "sublinear_tf": True, "dtype": np.float32}
    return [
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=FEWEST_TEXTS, **common),
        TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), **common),
        TfidfVectorizer(analyzer=concepts.find, min_df=FEWEST_TEXTS, **common),
    ]


def _join(blocks: Sequence[csr_matrix]) -> csr_matrix:
    return hstack([weight * block for weight, block in zip(WEIGHTS, blocks, strict=True)], format="csr")


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


def _blocks(vectorizers: Sequence[TfidfVectorizer], vocabularies: Sequence[Any], idfs: Sequence[Any]) -> list[Block]:
    parts = zip(vectorizers, vocabularies, idfs, WEIGHTS, strict=True)
    return [Block(vectorizer.build_analyzer(), words, idf, weight) for vectorizer, words, idf, weight in parts]


class IntentModel:
    """Ranks the intents of a text."""

    def __init__(self, concepts: Concepts, blocks: list[Block], weights: Any, bias: Any, labels: list[str]) -> None:
        self._concepts = concepts
        self._blocks = blocks
        self._weights = weights
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
        return np.concatenate(values) @ self._weights[indices] + self._bias if indices else None

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
        np.savez_compressed(folder / NUMBERS, weights=self._weights, bias=self._bias, **idf)
        grams = [{gram: int(index) for gram, index in block.vocabulary.items()} for block in self._blocks]
        content = {"labels": self.labels, "concepts": self._concepts.lines, **dict(zip(BLOCKS, grams, strict=True))}
        (folder / WORDS).write_text(json.dumps(content, sort_keys=True), "utf-8")


def fit_intents(texts: Sequence[str], intents: Sequence[str], *, strictness: float = STRICTNESS) -> IntentModel:
    """A model of the examples: one linear support vector machine an intent; the same examples give the same model.

    Rare intents weigh more. ``strictness`` is the machines' C.
    """
    folded = [fold(text) for text in texts]
    concepts = load_concepts()
    vectorizers = _vectorizers(concepts)
    rows = _join([vectorizer.fit_transform(folded) for vectorizer in vectorizers])
    machine = LinearSVC(C=strictness, class_weight="balanced", random_state=0).fit(rows, list(intents))
    learned = np.ascontiguousarray(machine.coef_.T, dtype=np.float32)
    blocks = _blocks(vectorizers, [v.vocabulary_ for v in vectorizers], [v.idf_ for v in vectorizers])
    bias = machine.intercept_.astype(np.float32)
    return IntentModel(concepts, blocks, learned, bias, [str(label) for label in machine.classes_])


def load_intents(folder: Path) -> IntentModel:
    """The model in a folder. Raises IntentModelError: an engine never serves untrained."""
    try:
        words = json.loads((folder / WORDS).read_text("utf-8"))
        with np.load(folder / NUMBERS, allow_pickle=False) as numbers:
            weights, bias = numbers["weights"], numbers["bias"]
            idf = [numbers[f"{block}_idf"] for block in BLOCKS]
        concepts = Concepts(words["concepts"])
        blocks = _blocks(_vectorizers(concepts), [words[block] for block in BLOCKS], idf)
        labels = words["labels"]
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        raise IntentModelError(type(error).__name__) from None
    if weights.shape != (sum(len(words[block]) for block in BLOCKS), len(labels)) or bias.shape != (len(labels),):
        raise IntentModelError("shapes do not fit")
    return IntentModel(concepts, blocks, weights, bias, labels)
