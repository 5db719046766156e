"""A text that was looked at while it waited is not screened a second time, and is told once (R1, R9)."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import screener as module
from app.screener import Screener
from hotline.screening import Earlier, Rules, ScreeningResult, build_rules, screen
from hotline.screening.result import Level
from storage.content_files import load_documents
from tests.storage.night_shift import Tally

DANGER = "i want to kill myself"
EARLIER = (Earlier("hello", 3.0),)
RULES = build_rules(load_documents())


@pytest.fixture
def screened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Texts that were screened for."""
    texts = list[str]()

    def note(text: str, context: Sequence[Earlier], rules: Rules) -> ScreeningResult:
        texts.append(text)
        return screen(text, context, rules)

    monkeypatch.setattr(module, "screen", note)
    return texts


def test_what_was_looked_at_alone_is_screened_alone_with_what_came_of_it(screened):
    screener = Screener(RULES, Tally())
    assert screener.glance(DANGER).level is Level.IMMINENT
    assert screener.screen(DANGER, ()).level is Level.IMMINENT
    assert screened == [DANGER]


def test_with_texts_before_it_or_a_second_time_it_is_screened_anew(screened):
    screener = Screener(RULES, Tally())
    screener.glance(DANGER)
    screener.screen(DANGER, EARLIER)
    assert screened == [DANGER] * 2
    screener.screen(DANGER, ())
    assert screened == [DANGER] * 2
    screener.screen(DANGER, ())
    assert screened == [DANGER] * 3


def test_another_text_and_newer_rules_have_nothing_of_it(screened):
    screener = Screener(RULES, Tally())
    screener.glance(DANGER)
    assert screener.screen("hello", ()).level is Level.NONE
    assert Screener(RULES, Tally()).screen(DANGER, ()).level is Level.IMMINENT
    assert screened == [DANGER, "hello", DANGER]


def test_its_words_are_not_kept():
    screener = Screener(RULES, Tally())
    screener.glance("wren of the willows")
    kept = repr(vars(screener)["_glances"])
    assert screener._glances and "wren" not in kept and "willows" not in kept


def test_what_is_looked_at_and_never_screened_alone_is_forgotten_in_time(screened):
    screener = Screener(RULES, Tally())
    for number in range(600):
        screener.glance(f"text {number}")
    assert len(screener._glances) == 256
    screened.clear()
    screener.screen("text 599", ())
    screener.screen("text 0", ())
    assert screened == ["text 0"]


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_was_looked_at_each_text_is_what_it_is(one: str, other: str):
    screener = Screener(RULES, Tally())
    for text in (one, other):
        screener.glance(text)
    for text in (other, one, f"{one}{other}"):
        assert screener.screen(text, ()) == screen(text, (), RULES)
