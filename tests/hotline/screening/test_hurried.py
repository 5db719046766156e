"""Rules that are built in a hurry, for a start: they hear the same, and what they leave out is made up for (R9)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from hotline.errors import ContentError
from hotline.screening import Level, Rules, build_rules, screen
from hotline.screening.rules import Matcher
from storage.content_files import load_documents, load_learned, load_vocabulary

TEXTS = ["i want to die", "no quiero morir", "he wont let me leave the motel", "my homework is killing me", "hello"]


def list_matchers(rules: Rules) -> Iterator[Matcher]:
    for by_word in (rules.by_word, rules.scopes_by_word):
        for matchers in by_word.values():
            yield from matchers


@pytest.fixture(scope="module")
def documents() -> Mapping[str, Any]:
    return load_documents()


def test_a_text_is_heard_the_same_before_its_patterns_are_compiled(documents: Mapping[str, Any]) -> None:
    hurried, whole = build_rules(documents, hurried=True), build_rules(documents)
    assert not any("pattern" in vars(matcher) for matcher in list_matchers(hurried))
    assert all("pattern" in vars(matcher) for matcher in list_matchers(whole))
    assert [screen(text, (), hurried) for text in TEXTS] == [screen(text, (), whole) for text in TEXTS]
    hurried.compile()
    assert all("pattern" in vars(matcher) for matcher in list_matchers(hurried))


def list_tables(rules: Rules) -> list[str]:
    """Those of the vocabulary that are made."""
    return [name for name in ("_alike", "parts") if name in vars(rules.spelling.vocabulary)]


def test_known_words_wait_for_no_table_of_slips_and_every_text_is_heard_the_same(documents: Mapping[str, Any]) -> None:
    hurried = build_rules(documents, load_vocabulary(), load_learned(), hurried=True)
    whole = build_rules(documents, load_vocabulary(), load_learned())
    assert screen("i am going to kill myself tonight", (), hurried).level is Level.IMMINENT
    assert list_tables(hurried) == []
    assert list_tables(whole) == ["_alike", "parts"]
    slips = [*TEXTS, "i wnat to dye", "quiero moririme", "hecantfindme"]
    assert [screen(text, (), hurried) for text in slips] == [screen(text, (), whole) for text in slips]
    assert list_tables(hurried) == ["_alike", "parts"]


def test_the_tables_of_slips_are_made_with_the_patterns(documents: Mapping[str, Any]) -> None:
    hurried = build_rules(documents, load_vocabulary(), hurried=True)
    hurried.compile()
    assert list_tables(hurried) == ["_alike", "parts"]


def test_a_pattern_that_cannot_be_compiled_stops_a_set_of_content_and_says_whose_it_is(
    documents: Mapping[str, Any],
) -> None:
    rules = build_rules(documents, hurried=True)
    broken = Matcher(rules.entries[0], denies=False, source="(")
    with pytest.raises(ContentError, match=rules.entries[0].id):
        replace(rules, by_word={**rules.by_word, "odd": (broken,)}).compile()
