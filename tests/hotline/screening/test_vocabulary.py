"""Spelling by the words that texters use: slips, words run together, words broken apart (R4)."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.errors import ContentError
from hotline.screening import Rules
from hotline.screening.spelling import normalise
from hotline.screening.vocabulary import Vocabulary, joins, mend, split
from storage.content_files import load_vocabulary

WORDS = Vocabulary(
    {"quiero": 90, "morir": 40, "want": 90, "to": 90, "die": 40, "i": 99, "homeless": 20, "volver": 9, "dead": 30},
    frozenset({"dear", "wine"}),
)
REAL = load_vocabulary()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("wnat", "want"), ("homles", "homles"), ("homeles", "homeless"), ("bolber", "volver"), ("kiero", "quiero")],
)
def test_a_slip_or_a_like_sound_is_mended(typed: str, meant: str) -> None:
    assert mend(typed, WORDS) == meant


@pytest.mark.parametrize("word", ["dear", "dead", "wine", "xyz", "tree", "d1e", "morir"])
def test_a_word_of_its_own_is_never_mended(word: str) -> None:
    assert mend(word, WORDS) == word


def test_words_run_together_are_told_apart() -> None:
    assert split("iwanttodie", WORDS) == ("i", "want", "to", "die")
    assert split("quieromorir", WORDS) == ("quiero", "morir")
    assert split("zzzzzz", WORDS) == ("zzzzzz",)
    assert split("homeless", WORDS) == ("homeless",)


def test_a_word_broken_apart_is_joined_and_two_words_are_not() -> None:
    assert joins("home", "less", WORDS)
    assert not joins("to", "die", WORDS)
    assert not joins("i", "want", WORDS)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("iwanttodie", "i want to die"),
        ("yanopuedomas", "ya no puedo mas"),
        ("he wathces the dooor", "he watches the door"),
        ("im hom eless", "i am homeless"),
        ("bolvi a la kasa", "volvi a la casa"),
    ],
)
def test_real_words_are_brought_to_plain_ones(text: str, plain: str, rules: Rules) -> None:
    assert normalise(text, rules.spelling) == plain


@given(st.text("abcdeio", min_size=1, max_size=30))
def test_mending_ends_in_a_word_or_changes_nothing(word: str) -> None:
    better = mend(word, REAL)
    assert better == word or better in REAL.counts
    assert mend(better, REAL) == better
    parts = split(word, REAL)
    assert "".join(parts) == word


def test_a_vocabulary_without_words_changes_nothing() -> None:
    empty = Vocabulary()
    assert mend("wnat", empty) == "wnat" and split("iwanttodie", empty) == ("iwanttodie",)


def test_a_missing_file_is_no_vocabulary_and_a_broken_one_stops_the_start(tmp_path: Path) -> None:
    assert load_vocabulary(tmp_path / "none.txt").counts == {}
    (tmp_path / "broken.txt").write_text("word many\n")
    with pytest.raises(ContentError, match=r"broken\.txt"):
        load_vocabulary(tmp_path / "broken.txt")
