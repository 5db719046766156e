"""The phrase language: what a phrase needs and matches, and what is no phrase (R3, R4)."""

import pytest
import re2

from hotline.errors import ContentError
from hotline.screening.phrases import PhraseReader

COST = {"rare": 1, "odd": 2, "seldom": 3, "often": 9}


def build_reader() -> PhraseReader:
    groups = {"them": ["often odd", "(seldom|rare)"], "nobody": ["not rare"], "inner": ["<them>"]}
    return PhraseReader(groups, lambda word: (word.lower(),), lambda word: COST.get(word, 5), frozenset({"not"}))


@pytest.mark.parametrize(
    ("phrase", "needed", "matched", "unmatched"),
    [
        ("often odd", {"odd"}, " often odd", " odd often"),
        ("often [rare] seldom", {"seldom"}, " often seldom", " often rare"),
        ("(rare|odd) seldom", {"rare", "odd"}, " odd seldom", " rare odd"),
        ("often (rare|often odd|[odd] seldom)", {"rare", "odd", "seldom"}, " often odd seldom", " often"),
        ("often (rare|~)", {"often"}, " often odd", " odd"),
        ("((odd)) (rare|odd|seldom)", {"odd"}, " odd seldom", " odd often"),
        ("^ often | odd $", {"often", "odd"}, " odd", " odd rare"),
        ("# <them>", {"odd", "seldom", "rare"}, " 12 often odd", " often odd"),
        ("[rare]", set(), "", None),
    ],
)
def test_a_phrase_needs_its_rarest_words_and_matches_what_it_says(
    phrase: str, needed: set[str], matched: str, unmatched: str | None
) -> None:
    pattern = build_reader().read(phrase)
    assert pattern.needed == needed
    assert not pattern.denies
    compiled = re2.compile(pattern.source.encode())
    assert matched == "" or compiled.search(matched.encode())
    assert unmatched is None or not compiled.search(unmatched.encode())


@pytest.mark.parametrize("phrase", ["not odd", "odd [not] rare", "(odd|not seldom)", "<nobody>"])
def test_a_phrase_that_names_a_denial_says_so(phrase: str) -> None:
    assert build_reader().read(phrase).denies


@pytest.mark.parametrize(
    "phrase",
    ["", "()", "(odd|)", "(|odd)", "|odd", "odd|", "(odd", "[odd", "odd)", "(odd]", "[odd)", "((odd)", "(odd))"],
)
def test_a_bracket_out_of_place_is_refused(phrase: str) -> None:
    with pytest.raises(ContentError, match=r"a bracket|an empty part"):
        build_reader().read(phrase)


@pytest.mark.parametrize("phrase", ["<who>", "<inner>", "o.d", "odd!", "niño"])
def test_what_is_no_word_or_group_is_refused(phrase: str) -> None:
    with pytest.raises(ContentError, match=r"group|not a word"):
        build_reader().read(phrase)
