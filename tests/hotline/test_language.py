"""A careful guess of the language, and requests for one (C5, V)."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.errors import ContentError
from hotline.language import build_languages, find_language_request, guess_language
from storage.content_files import load_documents

DOCUMENTS = load_documents()
LANGUAGES = build_languages(DOCUMENTS)
LISTS = Path(__file__).resolve().parents[1] / "screening"


@pytest.mark.parametrize(("text", "language"), [
    ("I need somewhere to sleep in Las Vegas tonight", "en"), ("ya no quiero vivir", "es"),
    ("YA NO QUIERO VIVIR", "es"), ("hola necesito ayuda", "es"), ("where can i get food", "en"),
    ("¿dónde puedo dormir hoy?", "es"), ("xq no me kieren", "es"), ("thanks for the help", "en"),
])  # fmt: skip
def test_a_sentence_gives_its_language_away(text: str, language: str):
    assert guess_language(text, LANGUAGES) == language


@pytest.mark.parametrize(
    "text", ["", "no", "ok", "hi", "menu", "Las Vegas", "89101", "lol", "🙏", "no me help", "\ud800"]
)
def test_a_short_or_mixed_text_gives_no_guess(text: str):
    assert guess_language(text, LANGUAGES) is None


@pytest.mark.parametrize(("text", "language"), [
    ("english please", "en"), ("English?", "en"), ("en inglés", "en"), ("en español", "es"),
    ("¿En español, por favor?", "es"), ("Spanish pls", "es"), ("hablas español?", "es"),
    ("my english class is hard", None), ("i failed spanish", None), ("my spanish teacher is here", None), ("", None),
])  # fmt: skip
def test_a_request_for_a_language_is_the_whole_message(text: str, language: str | None):
    assert find_language_request(text, LANGUAGES) == language


def test_the_labelled_messages_are_rarely_taken_for_the_other_language():
    """A guess that is wrong costs more than none."""
    rows = [json.loads(line) for path in LISTS.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    spoken = [row for row in rows if row["language"] != "mixed"]
    guesses = [(guess_language(row["text"], LANGUAGES), row["language"]) for row in spoken]
    assert sum(guess not in {None, language} for guess, language in guesses) <= 0.01 * len(spoken)
    assert sum(guess == language for guess, language in guesses) >= 0.6 * len(spoken)


@given(st.text(st.characters(codec=None), max_size=400))
def test_no_string_makes_it_fail(text: str):
    assert guess_language(text, LANGUAGES) in {None, "en", "es"}
    assert find_language_request(text, LANGUAGES) in {None, "en", "es"}


def test_languages_that_are_not_well_formed_are_refused():
    document = DOCUMENTS["languages"]
    shared = copy.deepcopy(document)
    shared["es"]["words"].append("the")
    yaml_word = copy.deepcopy(document)
    yaml_word["en"]["words"].append(True)
    asked_twice = copy.deepcopy(document)
    asked_twice["es"]["requests"].append("english")
    for broken in (
        {},
        {"languages": {"en": document["en"]}},
        {"languages": shared},
        {"languages": yaml_word},
        {"languages": asked_twice},
    ):
        with pytest.raises(ContentError):
            build_languages(broken)
