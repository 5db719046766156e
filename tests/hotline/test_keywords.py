"""Keywords act alone, in both languages, and only alone (K1-K6, K8)."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.errors import ContentError
from hotline.keywords import Keyword, KeywordName, build_keywords, find_keyword
from storage.content_files import load_documents

DOCUMENTS = load_documents()
KEYWORDS = build_keywords(DOCUMENTS)


def name(text: str) -> str | None:
    found = find_keyword(text, KEYWORDS)
    return found.name if found else None


@pytest.mark.parametrize(("word", "expected"), [
    *((word, "STOP") for word in ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE",
        "OPTOUT", "ALTO", "PARAR"]),
    ("START", "START"), ("UNSTOP", "START"), ("HELP", "HELP"), ("INFO", "HELP"), ("AYUDA", "HELP"),
    ("PERSON", "PERSON"), ("PERSONA", "PERSON"),
    ("NUMBER", "NUMBER"), ("NUMERO", "NUMBER"), ("NÚMERO", "NUMBER"), ("AGAIN", "AGAIN"), ("OTRA VEZ", "AGAIN"),
    ("MENU", "MENU"), ("MENÚ", "MENU"),
    ("BYE", "BYE"), ("ADIOS", "BYE"), ("ADIÓS", "BYE"), ("CLEAR", "CLEAR"), ("BORRAR", "CLEAR"),
    ("yes", "YES"), ("yeah", "YES"), ("yep", "YES"), ("ok", "YES"), ("si", "YES"), ("sí", "YES"), ("dale", "YES"),
    ("no", "NO"), ("nah", "NO"), ("not now", "NO"),
])  # fmt: skip
def test_a_keyword_alone_is_heard_whatever_its_dress(word: str, expected: str):
    """K1-K6."""
    for dressed in (
        word,
        word.lower(),
        word.title(),
        f"  {word}  ",
        f"{word}.",
        f'"{word}"',
        f"“{word}”",
        f"'{word}'",
        f"{word}!!",
        f"🙏 {word} 🙏",
        f"\n{word}\r\n",
        f"¿{word}?",
    ):
        assert name(dressed) == expected, dressed


@pytest.mark.parametrize("text", [
    "he wont stop", "stop him", "make it stop", "dont stop", "stop it", "help me", "i need help", "the end",
    "end it", "no puedo parar", "a person", "my number", "start over",
    "bye felicia", "clear my head", "yes but", "no he wont", "/restart", "/stop", "/start abc", "/intent{}", "", " ",
    "...", "🛑", "\ud800", "\0",
])  # fmt: skip
def test_anything_more_than_the_word_is_not_the_keyword(text: str):
    """K2, K8."""
    assert name(text) is None


@pytest.mark.parametrize("text", [
    "stop texting me", "Stop texting me!", "please stop texting me", "stop texting me please",
    "i said stop texting me", "wrong number", "sorry wrong number", "this is the wrong number",
    "don't text me", "leave me alone", "no me escribas", "ya no me escriban por favor", "Número equivocado",
    "te equivocaste de número", "déjame en paz",
])  # fmt: skip
def test_a_plain_request_to_be_left_alone_ends_sending(text: str):
    """K2."""
    assert name(text) == "STOP_PLAIN"


@pytest.mark.parametrize("text", [
    "tell him to stop texting me", "he wont stop texting me", "make them stop texting me",
    "my ex said stop texting me", "i told him to leave me alone", "they never leave me alone",
    "he has the wrong number", "i want to die leave me alone", "hes here stop texting me", "dile que no me escriba",
    "no me deja en paz", "quiero que me deje en paz", "mi ex no me escribas dice",
])  # fmt: skip
def test_a_request_about_someone_else_or_in_danger_is_not_obeyed(text: str):
    """K2."""
    assert name(text) is None


def test_a_spanish_word_tells_its_language_and_a_taught_english_word_does_not():
    assert find_keyword("AYUDA", KEYWORDS) == Keyword(KeywordName.HELP, "es")
    assert find_keyword("HELP", KEYWORDS) == Keyword(KeywordName.HELP)
    assert find_keyword("ok", KEYWORDS) == Keyword(KeywordName.YES)
    assert find_keyword("no me escribas", KEYWORDS) == Keyword(KeywordName.STOP_PLAIN, "es")


@given(st.text(st.characters(codec=None), max_size=400))
def test_no_string_makes_it_fail(text: str):
    assert find_keyword(text, KEYWORDS) is None or len(text) <= 320


def test_a_very_long_text_is_no_keyword():
    assert name("stop" + " " * 100_000) is None


def test_keywords_that_are_not_well_formed_are_refused():
    for path, value in (
        (("words", "STOP", "any"), [True]),
        (("words", "HELP", "any"), ["stop"]),
        (("words", "JUMP"), {"any": ["jump"]}),
        (("around",), None),
    ):
        document = copy.deepcopy(DOCUMENTS["keywords"])
        place = document
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
        with pytest.raises(ContentError):
            build_keywords({"keywords": document})
    document = copy.deepcopy(DOCUMENTS["keywords"])
    del document["words"]["STOP"]
    for broken in ({"keywords": document}, {}):
        with pytest.raises(ContentError):
            build_keywords(broken)
