"""The labelled messages of tests/screening: no miss, few false raises (R6)."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.keywords import build_keywords
from hotline.screening import Level, Rules, explain, screen
from hotline.screening.result import REASONS
from storage.content_files import load_documents

FOLDER = Path(__file__).resolve().parents[2] / "screening"
LEVELS = {level.label: level for level in Level}


def read(name: str) -> list[dict]:
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


def rows(*names: str) -> Iterator[dict]:
    for name in names:
        yield from read(name)


@pytest.mark.parametrize("row", read("must_never_miss.jsonl"), ids=lambda row: row["id"])
def test_the_first_stage_alone_never_misses_the_frozen_list(row: dict, rules: Rules):
    """R2, R6: whatever becomes of the second stage."""
    result = screen(row["text"], (), rules)
    assert result.level >= LEVELS[row["level"]], explain(row["text"], (), rules)


@pytest.mark.parametrize("row", list(rows("plain.jsonl", "must_never_miss.jsonl")), ids=lambda row: row["id"])
def test_a_labelled_message_is_raised_at_least_as_high_as_its_label(row: dict, both: Rules):
    """R2, R6."""
    result = screen(row["text"], (), both)
    assert result.level >= LEVELS[row["level"]], explain(row["text"], (), both)


def test_the_first_labelled_reason_is_nearly_always_given(both: Rules):
    """R2: separate detectors."""
    risky = [row for row in rows("plain.jsonl", "must_never_miss.jsonl") if row["reasons"]]
    wrong = [row["id"] for row in risky if row["reasons"][0] not in screen(row["text"], (), both).reasons]
    assert len(wrong) <= 0.02 * len(risky), wrong


def test_at_most_three_in_a_hundred_harmless_messages_are_raised(both: Rules):
    """R6."""
    harmless = [row for row in read("plain.jsonl") if row["level"] == "none"]
    raised = [row["id"] for row in harmless if screen(row["text"], (), both).level >= Level.HIGH]
    assert len(raised) <= 0.03 * len(harmless), raised


@pytest.mark.parametrize("word", sorted(build_keywords(load_documents()).words))
def test_a_keyword_alone_is_never_taken_for_danger(word: str, both: Rules):
    """K1-K6: AYUDA and ADIOS are keywords; what they do is decided elsewhere."""
    assert screen(word, (), both).level < Level.HIGH


def test_the_lists_are_large_and_varied_enough():
    plain, never = read("plain.jsonl"), read("must_never_miss.jsonl")
    assert len(plain) >= 300 and len(never) >= 150
    assert 0.45 <= sum(row["level"] == "none" for row in plain) / len(plain) <= 0.55
    for listed in (plain, never):
        assert len({row["id"] for row in listed}) == len(listed)
        assert len({row["text"] for row in listed}) == len(listed)
        assert all(row["level"] in LEVELS and set(row["reasons"]) <= set(REASONS) for row in listed)
    spoken = {reason for row in plain for reason in row["reasons"]}
    assert spoken == set(REASONS)
