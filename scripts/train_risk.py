"""Trains the second stage of screening from the repository: ``make train-risk`` (R5).

Texts are brought to plain words by the rules' own spelling; the linear model is fitted by scikit-learn in the engine's
environment, on the features of ``hotline/meanings.py``. Thresholds are set on messages whose writing pass the fitted
model did not see: at most MOST_RAISED of the harmless ones and MOST_ORDINARY_RAISED of ordinary talk are raised, and
MOST_IMMINENT of what is not imminent goes up to it: that locks the dialogue.
"""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from hotline.keywords import build_keywords
from hotline.screening import Rules, build_rules
from hotline.screening.learned import IDF, IMMINENT, RAISED, hash_model, pack_numbers
from hotline.screening.result import REASONS
from hotline.screening.spelling import normalise
from storage.content_files import SCREENING_MODEL, load_documents, load_meanings, load_vocabulary

ROOT = Path(__file__).resolve().parent.parent
PASSES = ROOT / "tests/screening/passes"
LISTS = [ROOT / "tests/screening" / name for name in ("must_never_miss.jsonl", "plain.jsonl")]
ENGINE = ROOT / "bot/engine/.venv/bin/python"
STRICTNESS = 1.0
MOST_FEATURES = 150_000
FOLDS = 6
"""Passes are left out together in so many groups."""

MOST_RAISED, MOST_ORDINARY_RAISED, MOST_IMMINENT = 0.025, 0.015, 0.01
CONTRIVED = frozenset({"r", "lists"})
"""A pass of twins, each harmless text made to look like a risky one, and the lists of the rules; learned from, but no
guide to what is usual."""

MAYBE_RISKY = frozenset(
    {"place_tonight", "partner_violence", "family_hurting", "pictures_threat", "phone_watched", "made_to_do_things"}
    | {"bring_friends", "labour", "self_harm", "overdose", "ran_away", "worried_friend", "worried_parent", "has_left"}
    | {"online_contact", "thinking_of_leaving", "getting_ready", "went_back", "safety_steps", "thinking_of_running"}
    | {"assault_exam", "need_help", "is_this_normal", "boys_men", "referral_worry", "foster_care", "documents"}
)
"""Topics of the dialogue whose examples may speak of risk; those of all others are taken for ordinary talk."""

DOUBTFUL = 0.3
"""Ordinary talk that a model of the labelled messages finds riskier than this (1 is the margin) teaches nothing."""

KEYWORD_TIMES = 6
"""How often each keyword counts as ordinary talk: the only text that must never be taken for anything else."""


def read_messages() -> list[dict[str, Any]]:
    """The labelled passes in order of their names; the lists of the rules and the keywords; each with its pass."""
    passes = [
        {**json.loads(line), "pass": path.stem}
        for path in sorted(PASSES.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    lists = [json.loads(line) for path in LISTS for line in path.read_text("utf-8").splitlines()]
    told = [(row["text"], row["level"], [*row["reasons"], "other"][0]) for row in lists]
    told += [(word, "none", "other") for word in sorted(build_keywords(load_documents()).words)] * KEYWORD_TIMES
    return passes + [{"text": text, "label": label, "category": why, "pass": "lists"} for text, label, why in told]


def read_ordinary() -> Iterator[str]:
    """Examples of the dialogue's ordinary topics."""
    for path in sorted((ROOT / "bot/data/nlu").glob("*.yml")):
        if path.stem not in MAYBE_RISKY:
            for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
                yield from (line.removeprefix("- ") for line in block["examples"].splitlines())


def build_request(messages: Sequence[dict[str, Any]], ordinary: Sequence[str], rules: Rules) -> dict[str, Any]:
    """What the fitting program is asked. A reason is learned from risky messages alone."""
    passes = sorted({message["pass"] for message in messages})
    labels = [message["label"] for message in messages] + ["none"] * len(ordinary)
    reasons = [message["category"] for message in messages] + ["none"] * len(ordinary)
    raised = [label in ("high", "imminent") for label in labels]
    heads = {RAISED: [int(one) for one in raised], IMMINENT: [int(label == "imminent") for label in labels]}
    for reason in sorted(REASONS):
        if any(given == reason and up for given, up in zip(reasons, raised, strict=True)):
            heads[reason] = [int(given == reason) if up else -1 for given, up in zip(reasons, raised, strict=True)]
    return {
        "texts": [normalise(text, rules.spelling) for text in (*(m["text"] for m in messages), *ordinary)],
        "meanings": load_meanings(),
        "heads": heads,
        "folds": [passes.index(message["pass"]) % FOLDS for message in messages]
        + [number % FOLDS for number in range(len(ordinary))],
        "judged": [RAISED, IMMINENT],
        "unlabelled": len(ordinary),
        "doubtful": DOUBTFUL,
        "strictness": STRICTNESS,
        "most_features": MOST_FEATURES,
    }


def pick_threshold(scores: Sequence[float], share: float) -> float:
    """The score that at most ``share`` of ``scores`` reach."""
    ranked = sorted(scores, reverse=True)
    return ranked[int(len(ranked) * share)] + 1e-6


def pick_thresholds(unseen: dict[str, list[float]], messages: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Where each head begins to count, by what it makes of texts that it did not see; ordinary talk stands last."""
    usual = [(place, one["label"]) for place, one in enumerate(messages) if one["pass"] not in CONTRIVED]
    harmless = [unseen[RAISED][place] for place, label in usual if label == "none"]
    below = [unseen[IMMINENT][place] for place, label in usual if label != "imminent"]
    ordinary = unseen[RAISED][len(messages) :]
    raised = max(pick_threshold(harmless, MOST_RAISED), pick_threshold(ordinary, MOST_ORDINARY_RAISED))
    return {RAISED: raised, IMMINENT: max(pick_threshold(below, MOST_IMMINENT), 0.0)}


def hash_inputs(request: dict[str, Any]) -> str:
    """Hash over all that the model was fitted on: texts taken apart, labels, passes, settings."""
    return sha256(
        json.dumps(
            [request, MOST_RAISED, MOST_ORDINARY_RAISED, MOST_IMMINENT, sorted(CONTRIVED)], sort_keys=True
        ).encode()
    ).hexdigest()


def build_document(fitted: dict[str, Any], thresholds: dict[str, float], request: dict[str, Any]) -> dict[str, Any]:
    """The model as it is stored: names, base64 of signed bytes with their scales, and a hash over all of it."""
    packed = {name: pack_numbers(values) for name, values in {**fitted["weights"], IDF: fitted["idf"]}.items()}
    numbers = {name: raw for name, (raw, _) in packed.items()}
    document = {
        "features": "\n".join(fitted["features"]),
        "scales": {name: scale for name, (_, scale) in packed.items()},
        "bias": {name: round(value, 6) for name, value in fitted["bias"].items()},
        "thresholds": {name: round(value, 6) for name, value in thresholds.items()},
    }
    digest = hash_model(document["features"], numbers, document, request["meanings"])
    encoded = {name: b64encode(raw).decode() for name, raw in numbers.items()}
    return {**document, "numbers": encoded, "sha256": digest, "trained_on": hash_inputs(request)}


def main() -> None:
    """The program."""
    rules, messages, ordinary = build_rules(load_documents(), load_vocabulary()), read_messages(), list(read_ordinary())
    request = build_request(messages, ordinary, rules)
    done = subprocess.run(
        [str(ENGINE), "scripts/fit_linear.py"],
        input=json.dumps(request), capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.stderr)
    fitted = json.loads(done.stdout)
    ordinary = ordinary[: len(ordinary) - len(fitted["left_out"])]
    unseen = {name: fitted["unseen"][name] for name in (RAISED, IMMINENT)}
    thresholds = pick_thresholds(unseen, messages)
    SCREENING_MODEL.write_text(json.dumps(build_document(fitted, thresholds, request), sort_keys=True) + "\n", "utf-8")
    risky = [s for s, m in zip(unseen[RAISED], messages, strict=False) if m["label"] in ("high", "imminent")]
    heard = sum(one >= thresholds[RAISED] for one in risky)
    sys.stdout.write(
        f"{len(messages)} labelled and {len(ordinary)} ordinary messages, {len(fitted['features'])} features; "
        f"of {len(risky)} risky ones of an unseen pass {heard / len(risky):.3f} raised by this stage alone\n"
    )


if __name__ == "__main__":
    main()
