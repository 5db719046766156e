"""``porchlight screen --jsonl``: what is explained to reviewers, and what fails without stopping the list (R4, R9)."""

import json
from collections.abc import Callable, Sequence

import pytest

from app import screening_command
from hotline.screening import Earlier, Rules, describe, screen
from storage.content_files import load_documents, load_rules

BLOWS = "help my dad is hitting me"
PLAIN = "track practice was fun"


def _ask(*texts: str, explained: bool = False) -> list[dict[str, object]]:
    lines = [json.dumps({"id": place, "text": text}) for place, text in enumerate(texts)]
    return [json.loads(line) for line in screening_command.screen_lines(lines, explained=explained)]


@pytest.fixture(scope="module")
def explained() -> list[dict[str, object]]:
    return _ask(BLOWS, PLAIN, explained=True)


def test_an_explained_answer_adds_plain_words_entries_and_the_second_stage(
    explained: list[dict[str, object]],
) -> None:
    blows, plain = explained
    assert set(blows) == {"id", "level", "reasons", "micros", "plain", "entries", "learned"}
    assert blows["plain"] == BLOWS and plain["entries"] == []
    entries = blows["entries"]
    assert isinstance(entries, list) and entries
    assert all(set(entry) == {"id", "meaning"} and all(entry.values()) for entry in entries)


def test_an_explained_answer_weighs_words_with_their_numbers(explained: list[dict[str, object]]) -> None:
    for answer in explained:
        learned = answer["learned"]
        assert isinstance(learned, dict)
        assert isinstance(learned["log_odds"], float) and isinstance(learned["raises_from"], float)
        assert 0 < len(learned["weighed"]) <= 8
        assert all(isinstance(word, str) and isinstance(weight, float) for word, weight in learned["weighed"])


def test_an_explanation_changes_neither_level_nor_reasons(explained: list[dict[str, object]]) -> None:
    short = _ask(BLOWS, PLAIN)
    assert all(set(answer) == {"id", "level", "reasons", "micros"} for answer in short)
    assert [(one["level"], one["reasons"]) for one in short] == [(one["level"], one["reasons"]) for one in explained]


def _fail_on_blows(real: Callable[..., object]) -> Callable[[str, Sequence[Earlier], Rules], object]:
    def _call(text: str, context: Sequence[Earlier], rules: Rules) -> object:
        if text == BLOWS:
            raise ZeroDivisionError
        return real(text, context, rules)

    return _call


def test_a_text_that_screening_fails_on_is_high_and_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """R9."""
    monkeypatch.setattr(screening_command, "screen", _fail_on_blows(screen))
    failed, plain = _ask(BLOWS, PLAIN)
    assert (failed["level"], failed["reasons"]) == ("high", ["screening_failed"])
    assert (plain["level"], plain["reasons"]) == ("none", [])


def test_a_reading_that_fails_answers_nulls_and_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """R9: explaining is for reviewers, and takes nobody's answer away."""
    monkeypatch.setattr(screening_command, "describe", _fail_on_blows(describe))
    failed, plain = _ask(BLOWS, PLAIN, explained=True)
    assert (failed["plain"], failed["entries"], failed["learned"]) == (None, [], None)
    assert failed["level"] in {"high", "imminent"} and plain["plain"] == PLAIN


def test_a_reading_never_prints_the_words_it_holds() -> None:
    shown = repr(describe(BLOWS, (), load_rules(load_documents())))
    assert not any(word in shown for word in ("help", "hitting"))
