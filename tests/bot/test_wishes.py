"""Two wishes in one text (C5, V6)."""

import pytest

from bot.engine.wishes import hear_wishes, load_ranks, split_clauses

RANKS = {"place_tonight": 1, "food": 2, "ride": 2, "doctor": 2, "feeling_bad": 3, "counselling": 4}


def rank(text: str) -> list[tuple[str, float]]:
    """Topics by a word, the first said likeliest; a text of one word alone is clear."""
    words = {
        "bed": "place_tonight",
        "food": "food",
        "ride": "ride",
        "sick": "doctor",
        "sad": "feeling_bad",
        "hi": "hello",
    }
    named = dict.fromkeys(words[word] for word in text.split() if word in words)
    return [(name, 0.9 if number == 0 else 0.1) for number, name in enumerate(named)]


@pytest.mark.parametrize(
    ("text", "first", "also"),
    [
        ("i want food and i need a ride", "food", "ride"),
        ("i want food and i need a bed", "place_tonight", "food"),
        ("im so sad and i need a ride", "feeling_bad", "ride"),
        ("i need a ride and im so sad", "ride", None),
        ("i want food", "food", None),
        ("hi there. i want food", "hello", None),
        ("food food and food food", "food", None),
        ("", None, None),
    ],
)
def test_the_more_needed_wish_comes_first_and_a_practical_need_stands_beside_it(
    text: str, first: str | None, also: str | None
) -> None:
    heard = hear_wishes(text, rank, RANKS)
    assert (heard.ranked[0][0] if heard.ranked else None, heard.also) == (first, also)


def test_a_clause_that_the_whole_text_says_nothing_of_is_no_wish() -> None:
    def rank_whole_only(text: str) -> list[tuple[str, float]]:
        return [("feeling_bad", 0.9)] if "and" in text.split() else rank(text)

    assert hear_wishes("im low and food is gone", rank_whole_only, RANKS).also is None


def test_clauses_of_one_word_and_single_clauses_do_not_count() -> None:
    assert split_clauses("food and ride") == []
    assert split_clauses("i want food, and a ride home y tengo hambre") == [
        "i want food",
        "a ride home",
        "tengo hambre",
    ]


def test_only_topics_that_can_be_named_have_a_rank() -> None:
    ranks = load_ranks()
    assert ranks["place_tonight"] == 1
    assert "thanks" not in ranks
