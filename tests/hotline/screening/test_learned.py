"""The second stage: it may raise a level, never lowers one, and its numbers are those that were trained (R5)."""

import base64
import copy
import json
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.errors import ContentError
from hotline.screening import Earlier, Level, Rules, build_rules, explain, screen
from hotline.screening.learned import IDF, IMMINENT, RAISED, build_learned, hash_model, judge, pack_numbers, score
from hotline.screening.matching import find_hits
from hotline.screening.screen import CONFIRMED_FROM, count_hits
from hotline.screening.spelling import normalise
from scripts.train_risk import build_request, hash_inputs, read_messages, read_ordinary
from storage.content_files import (
    SCREENING_MODEL,
    load_documents,
    load_learned,
    load_meanings,
    load_rules,
    load_vocabulary,
)

DOCUMENTS, MODEL = load_documents(), json.loads(SCREENING_MODEL.read_text("utf-8"))
BOTH, ALONE = load_rules(DOCUMENTS), build_rules(DOCUMENTS, load_vocabulary())
PASSES = sorted((Path(__file__).resolve().parents[2] / "screening/passes").glob("*.jsonl"))
SOME = [json.loads(line) for path in PASSES for line in path.read_text("utf-8").splitlines()[::20]]


def level(text: str, rules: Rules) -> Level:
    return screen(text, (), rules).level


@given(st.text(max_size=200))
def test_it_never_lowers_a_level_and_never_raises_an_error(text: str) -> None:
    assert level(text, BOTH) >= level(text, ALONE)


def test_it_never_lowers_a_labelled_message_and_keeps_the_reasons() -> None:
    for row in SOME:
        alone, both = screen(row["text"], (), ALONE), screen(row["text"], (), BOTH)
        assert both.level >= alone.level and set(alone.reasons) <= set(both.reasons)


def test_it_hears_much_that_the_rules_do_not() -> None:
    risky = [row for row in SOME if row["label"] in ("high", "imminent")]
    heard = [sum(level(row["text"], rules) >= Level.HIGH for row in risky) for rules in (ALONE, BOTH)]
    assert heard[1] > heard[0]


def test_what_it_raises_has_a_reason_and_says_so_to_reviewers() -> None:
    raised = [row["text"] for row in SOME if level(row["text"], BOTH) > level(row["text"], ALONE)]
    assert raised
    for text in raised:
        assert screen(text, (), BOTH).reasons
        assert explain(text, (), BOTH)[-1] == "learned"


def test_fragments_of_the_last_minutes_are_read_together() -> None:
    """R4."""
    parts = next(
        row["text"].split()
        for row in SOME
        if len(row["text"].split()) in (4, 5, 6)
        and level(row["text"], BOTH) >= Level.HIGH > level(row["text"], ALONE)
        and level(" ".join(row["text"].split()[:2]), BOTH) < Level.HIGH
        and level(" ".join(row["text"].split()[2:]), BOTH) < Level.HIGH
    )
    first, second = " ".join(parts[:2]), " ".join(parts[2:])
    assert screen(second, [Earlier(first, 5.0)], BOTH).level >= Level.HIGH


def test_what_was_answered_already_is_not_reported_again_by_an_ordinary_text() -> None:
    """R4: both together would be raised, but the one before was raised by itself."""
    assert BOTH.learned is not None
    answered = [
        row["text"]
        for row in SOME
        if judge(normalise(row["text"], BOTH.spelling), BOTH.learned).level
        and judge(normalise(f"{row['text']} ok", BOTH.spelling), BOTH.learned).level
        and level(f"{row['text']} ok", ALONE) is Level.NONE
    ]
    assert answered
    for text in answered:
        assert screen("ok", [Earlier(text, 5.0)], BOTH).level is Level.NONE


def test_a_likely_phrase_raises_only_where_the_second_stage_finds_the_text_likely() -> None:
    """R3: what nobody confirms stays down."""
    assert BOTH.learned is not None
    confirmed = set()
    for row in SOME:
        plain = normalise(row["text"], BOTH.spelling)
        hits = find_hits(plain, BOTH)
        if hits and all(hit.entry.likely for hit in hits) and len({hit.entry.sign for hit in hits}) == 1:
            sure = score(plain, BOTH.learned) >= CONFIRMED_FROM
            confirmed.add(sure)
            counted = {hit.entry.id for hit in count_hits(plain, "", BOTH)}
            assert counted == ({hit.entry.id for hit in hits} if sure else set()), row["text"]
    assert confirmed == {True, False}


def test_the_rules_stand_without_it() -> None:
    assert ALONE.learned is None
    assert level("i want to die", ALONE) is Level.IMMINENT


def test_the_model_is_trained_on_these_very_messages() -> None:
    """Run ``make train-risk`` after a change of the passes, of harmless examples, or of the spelling."""
    assert MODEL["trained_on"] == hash_inputs(build_request(read_messages(), list(read_ordinary()), ALONE))


def _spoil_numbers(model: dict[str, Any]) -> None:
    raw = bytearray(base64.b64decode(model["numbers"][RAISED]))
    raw[0] ^= 1
    model["numbers"][RAISED] = base64.b64encode(bytes(raw)).decode()


SPOILS: Mapping[str, Any] = {
    "a changed number": _spoil_numbers,
    "a changed threshold": lambda model: model["thresholds"].update({RAISED: 99.0}),
    "a changed feature": lambda model: model.update(features="x" + model["features"]),
    "a lost head": lambda model: model["numbers"].pop(IMMINENT),
    "no numbers": lambda model: model.pop("numbers"),
    "no hash": lambda model: model.pop("sha256"),
}


@pytest.mark.parametrize("name", SPOILS)
def test_a_model_that_is_not_the_one_that_was_trained_stops_the_start(name: str) -> None:
    model = copy.deepcopy(dict(MODEL))
    SPOILS[name](model)
    with pytest.raises(ContentError, match="screening_model"):
        build_learned(model, load_meanings())


def test_other_meanings_than_those_it_was_trained_with_stop_the_start() -> None:
    with pytest.raises(ContentError, match="meanings"):
        build_learned(MODEL, load_meanings() + "odd: oddity\n")


def test_a_missing_file_is_no_model_and_a_broken_one_stops_the_start(tmp_path: Path) -> None:
    assert load_learned(tmp_path / "none.json") is None
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(ContentError, match="not readable as JSON"):
        load_learned(tmp_path / "broken.json")


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=40))
def test_packed_numbers_come_back_within_half_a_step(values: list[float]) -> None:
    raw, scale = pack_numbers(values)
    back = [number * scale for number in array("b", raw)]
    assert all(abs(one - other) <= scale / 2 + 1e-9 for one, other in zip(values, back, strict=True))


@given(st.text(max_size=100))
def test_a_score_is_a_number_for_any_text(text: str) -> None:
    assert BOTH.learned is not None
    plain = normalise(text, BOTH.spelling)
    assert isinstance(score(plain, BOTH.learned), float)
    assert judge(plain, BOTH.learned).level in {Level.NONE, Level.HIGH, Level.IMMINENT}


@pytest.mark.parametrize("features", ["cab\nwab\ncba", "wab\ncab\nmab", "cab\nxab\nwab", "cab\n\nwab", ""])
def test_features_that_do_not_stand_by_kind_are_refused(features: str) -> None:
    numbers = {name: bytes(features.count("\n") + 1) for name in (RAISED, IMMINENT, IDF)}
    document: dict[str, object] = {"features": features, "scales": {}, "bias": {}, "thresholds": {}}
    document["numbers"] = {name: base64.b64encode(raw).decode() for name, raw in numbers.items()}
    document["sha256"] = hash_model(features, numbers, document, "")
    with pytest.raises(ContentError, match=r"order of their kinds|shapes do not fit"):
        build_learned(document, "")


def test_features_are_numbered_as_they_stand() -> None:
    stage = build_learned(MODEL, load_meanings())
    rows = [kind + feature for kind, features in stage.rows.items() for feature in features]
    assert rows == MODEL["features"].split("\n")
    assert [row for features in stage.rows.values() for row in features.values()] == list(range(len(rows)))
