"""A game, a laugh or school work in a message doubts what it says, and hides no plain danger beside it (R3-R5)."""

from dataclasses import replace
from typing import Any

import pytest

from hotline.errors import ContentError
from hotline.screening import Level, Rules, build_rules, explain, screen
from hotline.screening.learned import score
from hotline.screening.matching import find_hits
from hotline.screening.scopes import parse_scope
from hotline.screening.screen import BELIEVED_FROM, CONFIRMED_FROM
from hotline.screening.spelling import normalise
from tests.hotline.screening.test_rules import ENTRY, documents

SCOPE: dict[str, Any] = {"reach": "message", "lowers_to": "none", "phrases": ["green sea"]}
LESSON_AND_BLOWS = "estaba haciendo la tarea de historia y mi papa me esta pegando"


@pytest.mark.parametrize("text", [
    "estaba haciendo la tarea de historia y mi papa me esta pegando",
    "watching a movie and hes choking me help",
    "estoy viendo la novela y ya llego el con un cuchillo",
    "i was on minecraft with my brother and he isnt breathing",
    "he hit me again lol",
    "lol he choked me last night and i blacked out",
    "in class rn and my ex is outside with a gun",
])  # fmt: skip
def test_a_film_a_game_a_lesson_or_a_laugh_beside_plain_danger_hides_nothing(text: str, both: Rules) -> None:
    assert screen(text, (), both).level >= Level.HIGH


@pytest.mark.parametrize("text", [
    "he killed me in fortnite lol",
    "HES GOT A KNIFE LMAO RUN (playin dead by daylight w my cousin)",
    "in the movie she gets locked in a basement",
    "for my essay on trafficking what is a pimp",
    "trapped in the backrooms map send help lol",
    "he shot me thru the wall valorant is broken",
    "me mataron en free fire jaja",
    "vimos una pelicula donde el tipo la tiene secuestrada",
    "hoy simulacro de balacera en la escuela jaja",
])  # fmt: skip
def test_what_happens_in_a_film_a_game_or_a_drill_is_not_raised(text: str, both: Rules) -> None:
    assert screen(text, (), both).level < Level.HIGH


def test_without_a_second_stage_a_doubting_scope_lowers_like_any_other() -> None:
    for doubts in (True, False):
        alone = build_rules(documents(ENTRY, scopes={"sea": {**SCOPE, "doubts": doubts}}))
        assert screen("blue moon rising", (), alone).level is Level.CONCERN
        assert screen("green sea and a blue moon rising", (), alone).level is Level.NONE


def test_what_was_doubted_keeps_the_level_that_it_regains_and_what_was_denied_is_gone() -> None:
    text = "green sea and a blue moon rising"
    doubted = build_rules(documents(ENTRY, scopes={"sea": {**SCOPE, "doubts": True}}))
    assert [(hit.level, hit.undoubted) for hit in find_hits(text, doubted)] == [(Level.NONE, Level.CONCERN)]
    assert find_hits(text, build_rules(documents(ENTRY, scopes={"sea": SCOPE}))) == []
    both_ways = {"sea": {**SCOPE, "doubts": True}, "sky": {**SCOPE, "phrases": ["rising"]}}
    assert find_hits(text, build_rules(documents(ENTRY, scopes=both_ways))) == []


@pytest.mark.parametrize(("said", "read"), [(None, False), (False, False), (True, True)])
def test_a_scope_doubts_only_where_its_file_says_so(said: bool | None, read: bool) -> None:
    raw = SCOPE if said is None else {**SCOPE, "doubts": said}
    assert parse_scope("sea", raw).doubts is read


@pytest.mark.parametrize("said", ["yes", "true", 1, None])
def test_a_doubt_that_is_neither_true_nor_false_is_refused(said: object) -> None:
    with pytest.raises(ContentError, match="sea"):
        parse_scope("sea", {**SCOPE, "doubts": said})


def test_a_doubt_is_put_aside_earlier_than_a_likely_phrase_is_confirmed(both: Rules) -> None:
    assert BELIEVED_FROM < CONFIRMED_FROM
    assert both.learned is not None
    assert BELIEVED_FROM <= score(normalise(LESSON_AND_BLOWS, both.spelling), both.learned) < CONFIRMED_FROM


def test_reviewers_are_told_that_the_second_stage_put_a_doubt_aside(both: Rules) -> None:
    assert explain(LESSON_AND_BLOWS, (), both)[-1] == "learned"
    assert explain(LESSON_AND_BLOWS, (), replace(both, learned=None)) == ()
