"""What screening makes of a text and of what came just before it (R1-R4, C13)."""

import pytest

from hotline.screening import Earlier, Level, Rules, ScreeningResult, explain, screen
from hotline.screening.result import REASONS


def level(text: str, rules: Rules, *earlier: tuple[str, float]) -> Level:
    return screen(text, [Earlier(said, ago) for said, ago in earlier], rules).level


@pytest.mark.parametrize("text", [
    "im not suicidal", "i am not going to kill myself", "i dont want to kill myself", "i never said i want to die",
    "no me pega", "nunca he pensado en matarme", "no quiero matarme", "nadie me pega", "hes not hitting me",
])  # fmt: skip
def test_a_denied_danger_is_not_raised(text: str, rules: Rules):
    """R4: negation."""
    assert level(text, rules) < Level.HIGH


@pytest.mark.parametrize("text", [
    "no i want to die", "im not ok i want to die", "i cant stop thinking about killing myself",
    "no me quiere, me pega",
    "im not kidding i want to die", "it is not a joke he hits me", "no aguanto mas me pega",
    "i dont know what to do he hits me",
    "no se que hacer me quiero morir", "i never sleep i want to kill myself", "nobody helps me he hits me",
])  # fmt: skip
def test_a_no_about_something_else_hides_nothing(text: str, rules: Rules):
    """R4: the scope of a negation is small."""
    assert level(text, rules) >= Level.HIGH


@pytest.mark.parametrize(
    "text",
    [
        "i used to want to die",
        "i used to cut myself years ago",
        "antes queria morir",
        "when i was 12 i was cutting myself",
    ],
)
def test_what_is_over_is_at_most_a_concern(text: str, rules: Rules):
    """R4: past against now."""
    assert level(text, rules) <= Level.CONCERN


@pytest.mark.parametrize(
    "text",
    [
        "i used to just cut but now i want to die",
        "antes estaba bien pero ahora me quiero morir",
        "my dad used to touch me at night",
    ],
)
def test_a_past_beside_a_present_danger_or_a_child_abused_is_raised(text: str, rules: Rules):
    """R4."""
    assert level(text, rules) >= Level.HIGH


def test_a_laugh_does_not_hide_a_wish_to_die(rules: Rules):
    assert level("i want to kill myself lol", rules) == Level.HIGH
    assert level("this homework is killing me lol", rules) == Level.NONE


@pytest.mark.parametrize("text", [
    "they beat me at home", "he hits me when i play fortnite", "i listen to the song and i want to die",
    "my boss wont let me leave",
    "the heat is killing me and he hits me", "my dad is going to kill me if i go home", "i have a gun",
    "tengo una pistola",
])  # fmt: skip
def test_an_idiom_a_game_or_a_song_beside_it_hides_no_danger(text: str, rules: Rules):
    """R4: idioms hide only what they overlap."""
    assert level(text, rules) >= Level.HIGH


def test_fiction_lowers_others_violence_but_never_a_wish_to_die(rules: Rules):
    assert level("in the game he has a gun", rules) == Level.NONE
    assert level("after the movie i want to kill myself", rules) == Level.IMMINENT


@pytest.mark.parametrize("text", [
    "SUICDE is all i think about im doing it tonight", "k1ll mys3lf", "I WANT TO D!E", "i w4nt to d1e",
    "wanna dieeeeee", "i want to kill my self",
    "k i l l m y s e l f", "k.m.s", "i want to ｄｉｅ", "i want tо die", "i wan\u200bt to di\u200be",
    "ya no quiero vívír", "YA NO QUIERO VIVIR!!!", "ya no qiero bibir",
    "i want to d*e",
])  # fmt: skip
def test_a_wish_to_die_is_heard_in_any_spelling(text: str, rules: Rules):
    """R4: misspelling, leet, capitals, elongation, spaced letters, full width, look-alike letters, joiners, accents."""
    assert level(text, rules) == Level.IMMINENT


def test_an_ordinary_word_alone_never_raises_but_two_signs_do(rules: Rules):
    """R3."""
    for text in ("track", "stable", "my daddy", "the game", "quota", "i caught a case", "the blade"):
        assert level(text, rules) == Level.NONE, text
    assert level("quota", rules) == Level.NONE
    assert level("at the blade and my quota is low", rules) == Level.HIGH
    assert level("quota at the motel", rules) == Level.CONCERN
    assert level("in debt with a quota", rules) == Level.NONE, "two signs of one class are one sign"


def test_fragments_sent_within_a_minute_of_each_other_are_read_as_one(rules: Rules):
    """R4, C13: "he" / "wont let me" / "leave"."""
    assert level("leave", rules) == Level.NONE
    assert level("leave", rules, ("he", 20), ("wont let me", 8)) == Level.HIGH
    assert level("leave", rules, ("wont let me", 55), ("he", 110)) == Level.HIGH, "each pause is short"
    assert level("leave", rules, ("wont let me", 61), ("he", 90)) == Level.NONE, "the pause is too long"
    assert level("morir", rules, ("me quiero", 5)) == Level.IMMINENT


def test_an_earlier_danger_is_not_reported_again(rules: Rules):
    assert level("thanks", rules, ("i want to die", 10)) == Level.NONE


def test_what_came_before_never_lowers(rules: Rules):
    assert level("quiero morir", rules, ("no", 5)) == Level.IMMINENT
    assert level("want to die", rules, ("i dont", 5)) == Level.IMMINENT


def test_a_sign_from_a_moment_ago_counts_with_one_of_now(rules: Rules):
    """R3, R4."""
    assert level("my quota", rules, ("im on the blade", 30)) == Level.HIGH


def test_reasons_stand_in_their_order_and_the_highest_level_wins(rules: Rules):
    result = screen("my dad hits me and i want to die and hes here", (), rules)
    assert result.level == Level.IMMINENT
    assert list(result.reasons) == sorted(result.reasons, key=REASONS.index)
    assert {"someone_here", "suicide", "physical_abuse"} <= set(result.reasons)


def test_another_young_person_is_a_friend_in_danger_not_the_texter(rules: Rules):
    for text in ("my friend wants to die", "mi amiga se quiere matar"):
        assert screen(text, (), rules) == ScreeningResult(Level.HIGH, ("friend_in_danger",)), text


def test_identity_never_changes_a_level(rules: Rules):
    """R5: paired sentences."""
    for frame in ("im a {} kid and i like school", "im {} and my dad hits me", "soy {} y no tengo donde dormir hoy"):
        levels = {
            level(frame.format(who), rules)
            for who in ("gay", "trans", "black", "native", "poor", "latina", "white", "deaf")
        }
        assert len(levels) == 1, frame


def test_explain_names_entries_and_never_the_text(rules: Rules):
    assert explain("ya no quiero vivir", (), rules) == ("es-suicide-wish",)
    assert explain("hello", (), rules) == ()
    assert "morir" not in repr(Earlier("quiero morir", 1.0)) and "pattern" not in repr(rules)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\0",
        "\ud800",
        "\ud83d i want to die",
        "🔪",
        "....",
        "/restart",
        "a" * 100_000,
        "é" * 100_000,
        "he " * 40_000,
        "kms lol " * 12_500,
    ],
)
def test_no_string_makes_it_fail(text: str, rules: Rules):
    assert isinstance(screen(text, [Earlier(text, 1.0)], rules), ScreeningResult)


def test_head_and_tail_of_a_very_long_text_are_read(rules: Rules):
    filler = "la " * 40_000
    assert level("i want to die " + filler, rules) == Level.IMMINENT
    assert level(filler + " i want to die", rules) == Level.IMMINENT


def test_a_flood_of_lowered_matches_does_not_hide_one_that_stands(rules: Rules):
    assert level("i am not going to kill myself " * 120 + "im going to kill myself", rules) == Level.IMMINENT
