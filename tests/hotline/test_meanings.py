"""The lexicon of meanings and the features of a text (R5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.errors import ContentError
from hotline.meanings import KINDS, list_features, parse_meanings
from storage.content_files import load_meanings

REAL = parse_meanings(load_meanings())


def test_a_word_beats_a_stem_and_the_longest_stem_wins() -> None:
    meanings = parse_meanings("hit: hit golpe* # a comment\nsport: golpeo golpecit*\n")
    assert [meanings.find(word) for word in ("hit", "golpeando", "golpeo", "golpecitos", "hits")] == [
        "hit", "hit", "sport", "sport", None,
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["no colon here", "two words: a", "empty:", "one: a\ntwo: a", "one: a*\ntwo: a*"])
def test_a_broken_lexicon_is_refused(text: str) -> None:
    with pytest.raises(ContentError, match="meanings"):
        parse_meanings(text)


@pytest.mark.parametrize(
    ("english", "spanish"),
    [("hit", "pego"), ("father", "papa"), ("knife", "cuchillo"), ("homework", "tarea"), ("scared", "miedo")],
)
def test_both_languages_meet_in_one_meaning(english: str, spanish: str) -> None:
    assert REAL.find(english) == REAL.find(spanish) is not None


def test_stems_are_long_enough_and_words_are_plain() -> None:
    assert all(len(stem) >= 4 for stem in REAL.stems)
    assert all(word.isascii() and word == word.lower() for word in (*REAL.words, *REAL.stems))


def test_features_are_pieces_phrases_meanings_and_pairs() -> None:
    meanings = parse_meanings("deny: no\nself: me")
    pieces, phrases, meant, pairs = list_features("no no me x", meanings)
    assert pieces["no"] == 2 and pieces[" no "] == 2
    assert {"no", "no_no", "no_no_me", "no~me", "no~x"} <= set(phrases) and phrases["no"] == 2
    assert {"deny", "deny_self", "self_x"} <= set(meant)
    assert dict(pairs) == {"deny+self": 1}


@given(st.text(max_size=2000))
def test_any_text_has_features_and_no_more_than_its_length_allows(text: str) -> None:
    found = list_features(text, REAL)
    assert len(found) == len(KINDS)
    assert sum(map(len, found)) <= 8 * (len(text) + 1) + 300
