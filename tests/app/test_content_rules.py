"""The lists of words that replies must or must not hold: whole words, and a star that ends a word in any way."""

import re

from hypothesis import given
from hypothesis import strategies as st

from app.content_rules import Words

letters = st.text("abñ '-.", min_size=1, max_size=4).filter(str.strip)
listed = st.lists(st.builds("".join, st.tuples(letters, st.sampled_from(["", "*"]))), min_size=1, max_size=6)


def find_with_all_of_them(words: list[str], text: str) -> list[str]:
    pattern = "|".join(rf"(?<!\w){re.escape(word).replace(re.escape('*'), r'\w*')}(?!\w)" for word in words)
    return [found[0] for found in re.finditer(pattern, text)]


@given(listed, st.text("abñ '-.x", max_size=24))
def test_what_may_stand_in_a_text_finds_what_the_whole_list_finds_in_the_same_order(words: list[str], text: str):
    assert list(Words(tuple(words)).find_all(text)) == find_with_all_of_them(words, text)


def test_a_star_ends_a_word_in_any_way_and_without_one_a_word_is_whole():
    words = Words(("promis*", "safe place"))
    assert list(words.find_all("we promised a safe place, not safe places")) == ["promised", "safe place"]
    assert list(words.find_all("compromise")) == []
