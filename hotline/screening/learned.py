"""The second stage: a linear model of pieces of words that may raise a level and never lowers one (R5).

Trained by ``scripts/train_risk.py`` on ``tests/screening/passes``; stored as plain numbers. Deterministic, pure, linear
in the length of the text.
"""

import math
import struct
from array import array
from base64 import b64decode
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from hotline.errors import ContentError
from hotline.screening.result import REASONS, Level, ScreeningResult

DOCUMENT = "screening_model"
RAISED, IMMINENT = "raised", "imminent"
"""The two heads that decide; every other head is a reason code."""

_SHORTEST_PIECE, _LONGEST_PIECE = 2, 5
_LONGEST_PHRASE = 3
_MOST_WORDS = 160


@dataclass(frozen=True, slots=True)
class LearnedStage:
    """A trained model: a row and an inverse document frequency for each feature, and weights by head.

    ``thresholds`` are the scores from which on RAISED and IMMINENT count.
    """

    rows: Mapping[str, int] = field(repr=False)
    idf: array[float] = field(repr=False)
    weights: Mapping[str, array[float]] = field(repr=False)
    bias: Mapping[str, float]
    thresholds: Mapping[str, float]


def list_features(plain: str) -> tuple[Counter[str], Counter[str]]:
    """The pieces of words, and the words and short phrases, of a normalised text."""
    words = plain.split()[:_MOST_WORDS]
    pieces: Counter[str] = Counter()
    for word in words:
        padded = f" {word} "
        for size in range(_SHORTEST_PIECE, _LONGEST_PIECE + 1):
            pieces.update(padded[start : start + size] for start in range(len(padded) - size + 1))
    phrases: Counter[str] = Counter()
    for size in range(1, _LONGEST_PHRASE + 1):
        phrases.update("_".join(words[start : start + size]) for start in range(len(words) - size + 1))
    return pieces, phrases


def judge(plain: str, stage: LearnedStage) -> ScreeningResult:
    """Level and likeliest reason of a normalised text: none, high or imminent."""
    found = _weigh(plain, stage)
    if _score(found, RAISED, stage) < stage.thresholds[RAISED]:
        return ScreeningResult(Level.NONE)
    level = Level.IMMINENT if _score(found, IMMINENT, stage) >= stage.thresholds[IMMINENT] else Level.HIGH
    reason = max((name for name in REASONS if name in stage.weights), key=lambda name: _score(found, name, stage))
    return ScreeningResult(level, (reason,))


def score(plain: str, stage: LearnedStage) -> float:
    """How far a normalised text is from being raised; from the threshold on it is."""
    return _score(_weigh(plain, stage), RAISED, stage)


def _weigh(plain: str, stage: LearnedStage) -> list[tuple[int, float]]:
    found: list[tuple[int, float]] = []
    for counts, mark in zip(list_features(plain), "cw", strict=True):
        block = []
        for feature, count in counts.items():
            row = stage.rows.get(f"{mark}{feature}")
            if row is not None:
                block.append((row, (1.0 + math.log(count)) * stage.idf[row]))
        norm = math.sqrt(sum(value * value for _, value in block)) or 1.0
        found += [(row, value / norm) for row, value in block]
    return found


def _score(found: list[tuple[int, float]], head: str, stage: LearnedStage) -> float:
    weights = stage.weights[head]
    return stage.bias[head] + sum(value * weights[row] for row, value in found)


def build_learned(document: Mapping[str, Any]) -> LearnedStage:
    """The model of a document. Raises ContentError if its numbers are not those that were trained."""
    try:
        features: list[str] = document["features"].split("\n")
        numbers = {name: b64decode(text) for name, text in document["numbers"].items()}
        if hash_model(document["features"], numbers, document) != document["sha256"]:
            raise ContentError(f"{DOCUMENT}: the numbers are not those that were trained")
        arrays = {name: _read_numbers(raw) for name, raw in numbers.items()}
        idf = arrays.pop("idf")
        if any(len(one) != len(features) for one in (idf, *arrays.values())) or not {RAISED, IMMINENT} <= set(arrays):
            raise ContentError(f"{DOCUMENT}: shapes do not fit")
        rows = {feature: row for row, feature in enumerate(features)}
        return LearnedStage(rows, idf, arrays, dict(document["bias"]), dict(document["thresholds"]))
    except (KeyError, TypeError, ValueError, AttributeError, struct.error) as error:
        raise ContentError(f"{DOCUMENT}: not well formed ({type(error).__name__})") from None


def hash_model(features: str, numbers: Mapping[str, bytes], document: Mapping[str, Any]) -> str:
    """SHA-256 over everything that decides, in hex."""
    digest = sha256(features.encode())
    for name in sorted(numbers):
        digest.update(name.encode() + b"\0" + numbers[name])
    for name in ("bias", "thresholds"):
        digest.update(repr(sorted(document[name].items())).encode())
    return digest.hexdigest()


def _read_numbers(raw: bytes) -> array[float]:
    """Little-endian 16-bit floats."""
    return array("f", struct.unpack(f"<{len(raw) // 2}e", raw))


def pack_numbers(values: Sequence[float]) -> bytes:
    """Numbers as they are stored: little-endian 16-bit floats, whatever the machine."""
    return struct.pack(f"<{len(values)}e", *values)
