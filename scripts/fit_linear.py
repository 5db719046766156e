"""Fits the second stage of screening; runs in the engine's environment, which has scikit-learn. See train_risk.py.

Reads a JSON object on standard input: ``texts`` as [[pieces], [phrases]] with repetitions, ``heads`` as lists of 0
and 1, ``folds`` (which texts are left out together), ``judged`` (heads to score unseen) and
``strictness``. Writes features, idf, weights and bias of a model of all texts, and ``unseen``: for each text the
scores of a model that did not see its pass.
"""

import json
import sys
from typing import Any

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

FEWEST_TEXTS = 2


def _same(parts: list[str]) -> list[str]:
    return parts


def _vectorizers() -> list[TfidfVectorizer]:
    return [TfidfVectorizer(analyzer=_same, sublinear_tf=True, min_df=FEWEST_TEXTS, dtype=np.float32) for _ in range(2)]


def _rows(vectorizers: list[TfidfVectorizer], texts: list[Any], *, fit: bool) -> Any:
    blocks = []
    for number, vectorizer in enumerate(vectorizers):
        parts = [text[number] for text in texts]
        blocks.append(vectorizer.fit_transform(parts) if fit else vectorizer.transform(parts))
    return hstack(blocks, format="csr")


def _machine(strictness: float) -> LinearSVC:
    return LinearSVC(C=strictness, class_weight="balanced", random_state=0)


def main() -> None:
    """The program."""
    asked = json.load(sys.stdin)
    texts, heads, folds = asked["texts"], asked["heads"], np.array(asked["folds"])
    unseen: dict[str, list[float]] = {name: [0.0] * len(texts) for name in asked["judged"]}
    for fold in sorted(set(folds[folds >= 0])):
        known, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        vectorizers = _vectorizers()
        rows = _rows(vectorizers, [texts[i] for i in known], fit=True)
        test = _rows(vectorizers, [texts[i] for i in held], fit=False)
        for name, scores in unseen.items():
            machine = _machine(asked["strictness"]).fit(rows, np.array(heads[name])[known])
            for i, value in zip(held, machine.decision_function(test), strict=True):
                scores[i] = float(value)
    vectorizers = _vectorizers()
    rows = _rows(vectorizers, texts, fit=True)
    fitted = {name: _machine(asked["strictness"]).fit(rows, labels) for name, labels in heads.items() if any(labels)}
    names = [mark + name for mark, v in zip("cw", vectorizers, strict=True) for name in v.get_feature_names_out()]
    idf = np.concatenate([vectorizer.idf_ for vectorizer in vectorizers])
    json.dump(
        {
            "features": names,
            "idf": idf.astype(float).tolist(),
            "weights": {name: machine.coef_[0].astype(float).tolist() for name, machine in fitted.items()},
            "bias": {name: float(machine.intercept_[0]) for name, machine in fitted.items()},
            "unseen": unseen,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
