"""Fits the second stage of screening; runs in the engine's environment, which has scikit-learn. See train_risk.py.

Reads a JSON object on standard input: ``texts`` in plain words, ``meanings`` (the text of meanings.txt), ``heads`` as
lists of 0 and 1 (-1: not learned from), ``folds`` (which texts are left out together; -1 never), ``judged`` (heads to
score unseen), ``strictness`` and ``most_features``. The last ``unlabelled`` texts are taken for harmless, but for those
that a model of the others finds riskier than ``doubtful``. Writes features, idf, weights and bias of a model of all
texts; ``left_out``, the doubtful ones; and ``unseen``: for each text left the scores of a model that did not see
its fold. Heads that are judged are calibrated on those scores, so that a score is the logarithm of the odds.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hotline.meanings import KINDS, Meanings, list_features, parse_meanings

FEWEST_TEXTS = {"c": 3, "w": 3, "m": 3, "p": 4}


def _same(parts: list[str]) -> list[str]:
    return parts


def _take_apart(text: str, meanings: Meanings) -> list[list[str]]:
    return [list(counts.elements()) for counts in list_features(text, meanings)]


def _vectorizers(words: dict[str, list[str]] | None = None) -> list[TfidfVectorizer]:
    common: dict[str, Any] = {"analyzer": _same, "sublinear_tf": True, "dtype": np.float32}
    if words is not None:
        return [TfidfVectorizer(vocabulary=words[kind], **common) for kind in KINDS]
    return [TfidfVectorizer(min_df=FEWEST_TEXTS[kind], **common) for kind in KINDS]


def _list_names(vectorizers: list[TfidfVectorizer]) -> list[str]:
    return [kind + name for kind, v in zip(KINDS, vectorizers, strict=True) for name in v.get_feature_names_out()]


def _rows(vectorizers: list[TfidfVectorizer], texts: list[Any], *, fit: bool) -> Any:
    blocks = []
    for number, vectorizer in enumerate(vectorizers):
        parts = [text[number] for text in texts]
        blocks.append(vectorizer.fit_transform(parts) if fit else vectorizer.transform(parts))
    return hstack(blocks, format="csr")


def _machine(strictness: float) -> LinearSVC:
    return LinearSVC(C=strictness, class_weight="balanced", random_state=0)


def _score_unseen(
    texts: list[Any], heads: dict[str, Any], folds: Any, asked: dict[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    """Head, places of the texts of a fold, and their scores."""
    for fold in sorted(set(folds[folds >= 0])):
        known, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        vectorizers = _vectorizers()
        rows = _rows(vectorizers, [texts[i] for i in known], fit=True)
        test = _rows(vectorizers, [texts[i] for i in held], fit=False)
        for name in asked["judged"]:
            machine = _machine(asked["strictness"]).fit(rows, heads[name][known])
            yield name, held, machine.decision_function(test)


def _find_doubtful(texts: list[Any], asked: dict[str, Any]) -> Any:
    """Whether each text is unlabelled and looks risky to a model of the labelled ones."""
    labelled = len(texts) - asked["unlabelled"]
    vectorizers = _vectorizers()
    rows = _rows(vectorizers, texts[:labelled], fit=True)
    head = asked["judged"][0]
    machine = _machine(asked["strictness"]).fit(rows, asked["heads"][head][:labelled])
    scores = machine.decision_function(_rows(vectorizers, texts[labelled:], fit=False))
    return np.concatenate([np.zeros(labelled, bool), scores > asked["doubtful"]])


def _calibrate(scores: Any, labels: Any) -> tuple[float, float]:
    fitted = LogisticRegression(C=1e6).fit(scores.reshape(-1, 1), labels)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def _pick_features(texts: list[Any], heads: dict[str, Any], asked: dict[str, Any]) -> dict[str, list[str]]:
    """The features that weigh most in what is judged, by kind."""
    vectorizers = _vectorizers()
    rows = _rows(vectorizers, texts, fit=True)
    fitted = [_machine(asked["strictness"]).fit(rows, heads[name]) for name in asked["judged"]]
    weight = np.max([np.abs(machine.coef_[0]) for machine in fitted], axis=0)
    names = _list_names(vectorizers)
    kept = [names[i] for i in np.sort(np.argsort(-weight, kind="stable")[: asked["most_features"]])]
    return {kind: [name[1:] for name in kept if name[0] == kind] for kind in KINDS}


def main() -> None:
    """The program."""
    asked = json.load(sys.stdin)
    meanings = parse_meanings(asked["meanings"])
    texts = [_take_apart(text, meanings) for text in asked["texts"]]
    doubtful = _find_doubtful(texts, asked)
    texts = [text for text, out in zip(texts, doubtful, strict=True) if not out]
    heads = {name: np.array(labels)[~doubtful] for name, labels in asked["heads"].items()}
    folds = np.array(asked["folds"])[~doubtful]
    unseen = {name: np.zeros(len(texts)) for name in asked["judged"]}
    for name, held, scores in _score_unseen(texts, heads, folds, asked):
        unseen[name][held] = scores
    vectorizers = _vectorizers(_pick_features(texts, heads, asked))
    rows = _rows(vectorizers, texts, fit=True)
    weights, bias = {}, {}
    for name, labels in heads.items():
        counted = np.flatnonzero(labels >= 0)
        machine = _machine(asked["strictness"]).fit(rows[counted], labels[counted])
        weights[name], bias[name] = machine.coef_[0], float(machine.intercept_[0])
    seen = folds >= 0
    for name, scores in unseen.items():
        slope, offset = _calibrate(scores[seen], heads[name][seen])
        weights[name], bias[name] = weights[name] * slope, bias[name] * slope + offset
        unseen[name] = scores * slope + offset
    json.dump(
        {
            "features": _list_names(vectorizers),
            "idf": np.concatenate([vectorizer.idf_ for vectorizer in vectorizers]).astype(float).tolist(),
            "weights": {name: values.astype(float).tolist() for name, values in weights.items()},
            "bias": bias,
            "unseen": {name: scores.tolist() for name, scores in unseen.items()},
            "left_out": np.flatnonzero(doubtful).tolist(),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
