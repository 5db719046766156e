"""Replies are checked before the first message (V9, V10)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from hotline.content import PIPELINE_KEYS, Gap, build_content, fill_gaps, find_gaps
from hotline.errors import ContentError, UnknownReply
from storage.content_files import load_documents

Documents = dict[str, Any]


def _documents() -> Documents:
    review = {"state": "drafted", "on": date(2026, 11, 21)}
    english = {"food": {"text": "Eat. {info_211.how}", "offers": "person"}, "place_found": {"text": "{place.name}"}}
    spanish = {"food": {"text": "Come. {info_211.how}", "offers": "person"}, "place_found": {"text": "{place.name}"}}
    return {
        "replies/en/one": {"review": review, "replies": english},
        "replies/es/one": {"review": review, "replies": spanish},
        "numbers": {"lines": {}},
    }


def test_a_reply_is_found_by_key_and_language() -> None:
    content = build_content(_documents(), required=())
    assert content.reply("food", "es").texts == ("Come. {info_211.how}",)
    assert content.reply("food", "en").offers == ("person",)
    assert content.reply("place_found", "en").offers == ()
    assert content.keys == ("food", "place_found")


@pytest.mark.parametrize(("key", "language"), [("nothing", "en"), ("food", "fr")])
def test_a_key_or_language_without_words_is_refused(key: str, language: str) -> None:
    with pytest.raises(UnknownReply):
        build_content(_documents(), required=()).reply(key, language)


def test_two_messages_and_an_own_review_are_read_v10() -> None:
    documents = _documents()
    for language in ("en", "es"):
        entry = {
            "text": [" one ", "two"],
            "review": {"state": "drafted", "on": date(2026, 1, 2), "pending": ["medical"]},
        }
        documents[f"replies/{language}/one"]["replies"]["panic"] = entry
    line = build_content(documents, required=()).reply("panic", "en")
    assert line.texts == ("one", "two")
    assert (line.review.on, line.review.pending) == (date(2026, 1, 2), ("medical",))


def test_the_bare_word_on_of_yaml_is_understood() -> None:
    """YAML 1.1 loads the key ``on`` as true."""
    documents = _documents()
    documents["replies/en/one"]["review"] = {"state": "drafted", True: date(2026, 11, 21)}
    assert build_content(documents, required=()).reply("food", "en").review.on == date(2026, 11, 21)


def _en(documents: Documents) -> Any:
    return documents["replies/en/one"]


BAD: dict[str, tuple[Callable[[Documents], Any], str]] = {
    "no review": (lambda d: _en(d).pop("review"), "replies/en/one"),
    "an unknown field": (lambda d: _en(d).update(more=1), "replies/en/one"),
    "an unknown review state": (
        lambda d: _en(d).update(review={"state": "fine", "on": date(2026, 1, 1)}),
        "review state",
    ),
    "a review without a date": (lambda d: _en(d).update(review={"state": "drafted", "on": "soon"}), "must be a date"),
    "a pending review that is no list": (
        lambda d: _en(d).update(review={"state": "drafted", "on": date(2026, 1, 1), "pending": "medical"}),
        "pending",
    ),
    "no replies": (lambda d: _en(d).update(replies={}), "table of keys"),
    "a key that is no word": (lambda d: _en(d)["replies"].update({"Food!": {"text": "x"}}), "not a reply key"),
    "an unknown field of a reply": (lambda d: _en(d)["replies"]["food"].update(note="x"), "one: food: needs text"),
    "three messages": (lambda d: _en(d)["replies"]["food"].update(text=["a", "b", "c"]), "food: text"),
    "an empty message": (lambda d: _en(d)["replies"]["food"].update(text=" "), "food: text"),
    "a number for words": (lambda d: _en(d)["replies"]["food"].update(text=988), "food: text"),
    "another offer": (lambda d: _en(d)["replies"]["food"].update(offers=[1]), "food: offers"),
    "a key twice": (lambda d: d.update({"replies/en/two": dict(_en(d))}), "two: food: there is a reply"),
    "a key missing in Spanish": (lambda d: d["replies/es/one"]["replies"].pop("food"), "replies/es: no reply for food"),
    "a key missing in English": (lambda d: _en(d)["replies"].pop("food"), "replies/en: no reply for food"),
    "another gap in Spanish": (
        lambda d: d["replies/es/one"]["replies"]["food"].update(text="Come. {lifeline.how}"),
        "replies/es: food",
    ),
    "another offer in Spanish": (lambda d: d["replies/es/one"]["replies"]["food"].pop("offers"), "replies/es: food"),
    "an attribute that no line has": (
        lambda d: _en(d)["replies"]["food"].update(text="{info_211.fax}"),
        "info_211.fax",
    ),
    "an attribute that no place has": (
        lambda d: _en(d)["replies"]["place_found"].update(text="{place.address}"),
        "place.address",
    ),
    "a place where none is given": (lambda d: _en(d)["replies"]["food"].update(text="{place.name}"), "food: no place"),
    "a line where none is given": (lambda d: _en(d)["replies"]["food"].update(text="{line.how}"), "food: no line"),
    "a lone brace": (lambda d: _en(d)["replies"]["food"].update(text="{oops"), "food: a brace"),
    "a format trick": (lambda d: _en(d)["replies"]["food"].update(text="{info_211.how!r}"), "food: a brace"),
    "a third language half done": (
        lambda d: d.update({"replies/so/one": {**_en(d), "replies": {"food": {"text": "x"}}}}),
        "replies/so",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_content_stops_the_start_and_names_file_and_key_v10(name: str) -> None:
    spoil, said = BAD[name]
    documents = _documents()
    spoil(documents)
    with pytest.raises(ContentError, match=said.replace(".", r"\.")):
        build_content(documents, required=())


def test_a_key_that_the_program_needs_must_be_there() -> None:
    with pytest.raises(ContentError, match="crisis_suicide"):
        build_content(_documents())


def test_the_real_content_is_complete_in_both_languages_v9() -> None:
    content = build_content(load_documents())
    assert set(PIPELINE_KEYS) <= set(content.keys)
    assert set(content.lines) == {"en", "es"}


def test_filled_values_are_never_read_as_gaps() -> None:
    values = {Gap("place", "name"): "{lifeline.how} {0.__class__}"}
    assert fill_gaps("Go to {place.name}", values) == "Go to {lifeline.how} {0.__class__}"


def test_a_gap_without_a_value_is_an_error() -> None:
    with pytest.raises(ContentError, match="lifeline"):
        fill_gaps("{lifeline.how}", {})


def test_gaps_are_found_in_order() -> None:
    assert list(find_gaps("{hotline} {a.b} {c.d}")) == [Gap("hotline"), Gap("a", "b"), Gap("c", "d")]
