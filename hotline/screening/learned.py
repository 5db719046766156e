"""The second stage: a linear model of words, meanings and pieces of words that may raise a level, never lower one (R5).

Trained by ``scripts/train_risk.py`` on ``tests/screening/passes``; stored as plain numbers. Deterministic, pure, linear
in the length of the text.
"""

import math
from array import array
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from hotline.errors import ContentError
from hotline.meanings import KINDS, Meanings, list_features, parse_meanings
from hotline.screening.result import REASONS, Level, ScreeningResult

DOCUMENT = "screening_model"
RAISED, IMMINENT = "raised", "imminent"
"""The two heads that decide; every other head is a reason code."""

IDF = "idf"
_FINEST = 127
_READABLE = ("w", "m")


@dataclass(frozen=True, slots=True)
class LearnedStage:
    """A trained model: by kind, a row and an inverse document frequency for each feature; and weights by head.

    Weights are whole numbers, to be multiplied by the head's ``scales``. A score is the logarithm of the odds, as
    calibrated on unseen messages; from ``thresholds`` on RAISED and IMMINENT count.
    """

    meanings: Meanings = field(repr=False)
    rows: Mapping[str, Mapping[str, int]] = field(repr=False)
    weights: Mapping[str, array[int]] = field(repr=False)
    scales: Mapping[str, float]
    bias: Mapping[str, float]
    thresholds: Mapping[str, float]


def judge(plain: str, stage: LearnedStage) -> ScreeningResult:
    """Level and likeliest reason of a normalised text: none, high or imminent."""
    found = _weigh(plain, stage)
    if _score(found, RAISED, stage) < stage.thresholds[RAISED]:
        return ScreeningResult(Level.NONE)
    level = Level.IMMINENT if _score(found, IMMINENT, stage) >= stage.thresholds[IMMINENT] else Level.HIGH
    reason = max((name for name in REASONS if name in stage.bias), key=lambda name: _score(found, name, stage))
    return ScreeningResult(level, (reason,))


def is_raised(plain: str, stage: LearnedStage) -> bool:
    """Whether ``judge`` would give a normalised text any level."""
    return score(plain, stage) >= stage.thresholds[RAISED]


def score(plain: str, stage: LearnedStage) -> float:
    """The logarithm of the odds that a normalised text should be raised."""
    return _score(_weigh(plain, stage), RAISED, stage)


def list_weights(plain: str, stage: LearnedStage) -> list[tuple[str, float]]:
    """What each word and meaning of a text adds to its score, the weightiest first."""
    names = {row: kind + feature for kind, rows in stage.rows.items() for feature, row in rows.items()}
    weights, scale = stage.weights[RAISED], stage.scales[RAISED]
    added = [(names[row], round(scale * weights[row] * value, 3)) for row, value in _weigh(plain, stage)]
    return sorted((one for one in added if one[0][0] in _READABLE), key=lambda one: (-abs(one[1]), one[0]))


def _weigh(plain: str, stage: LearnedStage) -> list[tuple[int, float]]:
    idf, scale = stage.weights[IDF], stage.scales[IDF]
    found: list[tuple[int, float]] = []
    for kind, counts in zip(KINDS, list_features(plain, stage.meanings), strict=True):
        rows = stage.rows[kind]
        block = [(rows[feature], count) for feature, count in counts.items() if feature in rows]
        values = [idf[row] * scale * (1.0 if count == 1 else 1.0 + math.log(count)) for row, count in block]
        norm = math.sqrt(sum([value * value for value in values])) or 1.0
        found += [(row, value / norm) for (row, _), value in zip(block, values, strict=True)]
    return found


def _score(found: list[tuple[int, float]], head: str, stage: LearnedStage) -> float:
    weights = stage.weights[head]
    return stage.bias[head] + stage.scales[head] * sum([value * weights[row] for row, value in found])


def build_learned(document: Mapping[str, Any], meanings: str) -> LearnedStage:
    """The model of a document and the text of the ``meanings`` that it was trained with.

    Raises ContentError if its numbers or the meanings are not those that were trained.
    """
    try:
        numbers = {name: b64decode(text) for name, text in document["numbers"].items()}
        if hash_model(document["features"], numbers, document, meanings) != document["sha256"]:
            raise ContentError(f"{DOCUMENT}: the numbers or the meanings are not those that were trained")
        weights = {name: array("b", raw) for name, raw in numbers.items()}
        rows = _number_rows(document["features"])
        count = sum(map(len, rows.values()))
        if any(len(one) != count for one in weights.values()) or not {RAISED, IMMINENT, IDF} <= set(weights):
            raise ContentError(f"{DOCUMENT}: shapes do not fit")
        settings = (dict(document[name]) for name in ("scales", "bias", "thresholds"))
        return LearnedStage(parse_meanings(meanings), rows, weights, *settings)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ContentError(f"{DOCUMENT}: not well formed ({type(error).__name__})") from None


def _number_rows(features: str) -> dict[str, dict[str, int]]:
    """The row of every feature by its kind; raises ContentError where a line has no kind, or one too late.

    150,000 lines, each led by the letter of its kind: parted and numbered by whole kinds, since the start waits (R9).
    """
    rows: dict[str, dict[str, int]] = {}
    lines, row, kinds = f"\n{features}", 0, list(KINDS)
    while kinds:
        kind = kinds.pop(0)
        end = min((at for at in (lines.find(f"\n{later}") for later in kinds) if at >= 0), default=len(lines))
        names = lines[:end].split(f"\n{kind}")
        if names.pop(0) or "\n" in "".join(names):
            raise ContentError(f"{DOCUMENT}: the features are not in the order of their kinds")
        rows[kind] = dict(zip(names, range(row, row + len(names)), strict=True))
        lines, row = lines[end:], row + len(names)
    return rows


def hash_model(features: str, numbers: Mapping[str, bytes], document: Mapping[str, Any], meanings: str) -> str:
    """SHA-256 over everything that decides, in hex."""
    digest = sha256(features.encode())
    for name in sorted(numbers):
        digest.update(name.encode() + b"\0" + numbers[name])
    for name in ("scales", "bias", "thresholds"):
        digest.update(repr(sorted(document[name].items())).encode())
    digest.update(meanings.encode())
    return digest.hexdigest()


def pack_numbers(values: Sequence[float]) -> tuple[bytes, float]:
    """Numbers as they are stored, one signed byte each, and the scale that brings them back."""
    scale = max(map(abs, values), default=0.0) / _FINEST or 1.0
    return array("b", [round(value / scale) for value in values]).tobytes(), scale
