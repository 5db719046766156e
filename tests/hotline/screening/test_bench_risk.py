"""The figures of ``make bench-risk`` are what they say."""

import json
from pathlib import Path

import pytest

from scripts.add_pass import leave_out_copies, list_keys, read_line
from scripts.bench_risk import (
    HELD_BACK,
    describe,
    list_confusions,
    list_figures,
    raised_by_words,
    read_held_back,
    wilson,
)

ROOT = Path(__file__).resolve().parents[2] / "screening"
ROWS = [
    {"text": "a", "label": "imminent", "category": "suicide", "language": "en", "tags": []},
    {"text": "b", "label": "high", "category": "control", "language": "es", "tags": []},
    {"text": "c", "label": "none", "category": "idiom", "language": "en", "tags": []},
]


@pytest.mark.parametrize(
    ("hits", "of", "expected"), [(0, 10, (0.0, 0.0, 0.278)), (10, 10, (1.0, 0.722, 1.0)), (5, 10, (0.5, 0.237, 0.763))]
)
def test_the_intervals_are_wilsons(hits: int, of: int, expected: tuple[float, ...]) -> None:
    assert [round(one, 3) for one in wilson(hits, of)] == pytest.approx(list(expected), abs=0.001)


def test_no_messages_tell_nothing() -> None:
    assert wilson(0, 0) == (0.0, 0.0, 1.0)


def test_each_line_counts_its_own_messages() -> None:
    lines = list(list_figures(ROWS, {"a": 3, "b": 0, "c": 2}.__getitem__))
    figures = {line[2:36].strip(): line.split()[-4:] for line in lines}
    assert "0.500" in " ".join(figures["high and imminent, raised"])
    assert "1.000" in " ".join(figures["harmless, raised"])
    assert any(line.strip().startswith("control") for line in lines)
    assert "1" in describe("x", ROWS[:1], [3])


def test_the_baseline_is_a_plain_list_of_words() -> None:
    assert raised_by_words("I want to die") == 2
    assert raised_by_words("hello") == 0


@pytest.mark.parametrize("name", HELD_BACK)
def test_no_message_of_the_figures_nearly_stands_in_a_pass_that_trains(name: str) -> None:
    held, copies = read_held_back(name)
    passes = (ROOT / "passes").glob("*.jsonl")
    seen = {json.loads(line)["text"].lower() for path in passes for line in path.read_text("utf-8").splitlines()}
    assert [row for row in held if row["text"].lower() in seen] == []
    assert len(held) > 800 and copies < 100


def test_confusions_count_each_message_once() -> None:
    lines = list(list_confusions(ROWS, {"a": 3, "b": 0, "c": 2}.__getitem__))
    assert lines[1].split() == ["none", "0", "0", "1", "0"]
    assert lines[4].split() == ["imminent", "0", "0", "0", "1"]


def test_near_duplicates_share_a_key_and_others_do_not() -> None:
    assert list_keys("He locked me in the shed!") & list_keys("he locked me in a shed")
    assert not list_keys("he locked me in the shed") & list_keys("she let me out of the shed")


def test_a_new_pass_leaves_out_what_nearly_repeats_itself_or_what_is_there() -> None:
    texts = [
        "he locked me in the shed",
        "He locked me in a shed!",
        "my uncle sold my phone",
        "we ate tacos in the park",
    ]
    rows = [read_line(f"h|control|en|typo|{text}") for text in texts]
    kept = leave_out_copies(rows, list_keys("we ate tacos at the park"))
    assert [row["text"] for row in kept] == [texts[0], texts[2]]


@pytest.mark.parametrize(
    "line", ["x|control|en||hi", "h|nonsense|en||hi", "h|control|fr||hi", "h|control|en||", "h|control|en"]
)
def test_a_line_that_is_not_well_formed_stops_the_pass(line: str) -> None:
    with pytest.raises(ValueError):
        read_line(line)
