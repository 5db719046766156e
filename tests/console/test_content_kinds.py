"""Forms of cards, terms, region packs and other words: nothing is lost by them, nothing shown is untrue (G1)."""

import copy
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from console.content_apply import apply_form
from console.content_cards import find_uneven
from console.content_fields import Field, FormFault, put_values, show_value
from console.content_forms import build_parts, list_kinds, show_values
from console.wording import load_words
from hotline.cards import build_cards
from storage.content_files import load_documents

DAY = date(2026, 11, 22)


def save(kind: str, name: str, documents: Mapping[str, Any], **typed: str) -> dict[str, Any]:
    """The documents that a form changes in which this was typed and nothing else."""
    parts = build_parts(kind, name, documents)
    form = {**show_values(parts, documents), **typed}
    return apply_form(kind, build_parts(kind, name, documents, form), documents, form, by="admin", day=DAY)


@pytest.mark.parametrize("kind", ["cards"])
def test_every_entry_comes_out_of_its_form_as_it_was_and_each_field_has_its_word(kind: str) -> None:
    """No entry loses what its form cannot show, and none of these is written as YAML."""
    documents = load_documents()
    words = {language: load_words()[language]["content"] for language in ("en", "es")}
    for row in list_kinds(documents)[kind]:
        assert save(kind, row.entry, documents) == {}, row.entry
        for field in (field for part in build_parts(kind, row.entry, documents) for field in part.fields):
            assert field.kind != "yaml", (row.entry, field.name)
            assert all(field.word in one["field"] for one in words.values()), field.word


def test_a_card_takes_a_new_part_and_drops_one_that_was_emptied_a3() -> None:
    documents = load_documents()
    said = {f"heading_{one}_2": "More" for one in ("en", "es")} | {
        f"notes_{one}_2": "- One.\n\nTwo: three." for one in ("en", "es")
    }
    changed = save("cards", "missing", documents, **said)
    for language in ("en", "es"):
        card = changed[f"cards/{language}/missing"]
        assert card["sections"][:2] == documents[f"cards/{language}/missing"]["sections"]
        assert card["sections"][2] == {"heading": "More", "notes": ["One.", "Two: three."]}
        assert card["review"] == {"state": "drafted", "on": DAY, "pending": ["legal"]}
    assert build_cards({**documents, **changed})
    gone = {f"{field}_{one}_0": "" for field in ("heading", "notes") for one in ("en", "es")}
    again = save("cards", "missing", {**documents, **changed}, **gone)
    assert [one["heading"] for one in again["cards/en/missing"]["sections"]] == ["With the texter", "More"]
    assert build_cards({**documents, **again})


def test_new_words_in_one_language_of_a_card_end_the_review_of_both_v9() -> None:
    documents = copy.deepcopy(dict(load_documents()))
    for language in ("en", "es"):
        documents[f"cards/{language}/stages"]["review"] = {"state": "approved by an advocate", "on": date(2026, 1, 1)}
    changed = save("cards", "stages", documents, intro_en="Shapes your words.")
    assert [changed[f"cards/{one}/stages"]["review"]["state"] for one in ("en", "es")] == ["drafted", "drafted"]
    assert build_cards({**documents, **changed})


def test_a_card_that_says_more_in_one_language_is_told_by_its_part_v9() -> None:
    documents = load_documents()
    changed = save("cards", "missing", documents, notes_es_1="Una sola.")
    assert find_uneven([documents["cards/en/missing"], changed["cards/es/missing"]]) == ("2",)
    assert find_uneven([documents["cards/en/missing"], documents["cards/es/missing"]]) == ()


def test_what_was_typed_into_a_part_that_is_there_no_more_is_kept() -> None:
    """A form of a draft that is saved over the live set: the draft's own part is in the form alone."""
    documents = load_documents()
    form = {"heading_en_4": "Late", "ticks_en_4": "One."}
    parts = build_parts("cards", "missing", documents, form)
    changed = apply_form("cards", parts, documents, form, by="admin", day=DAY)
    assert changed["cards/en/missing"]["sections"][-1] == {"heading": "Late", "ticks": ["One."]}


def test_a_field_of_lines_that_cannot_hold_the_list_shows_yaml_and_keeps_it() -> None:
    field = Field("items", ("items",), "lines")
    for items in (["one\ntwo"], ["- one"], [1, "two"], [" wide "], [{"a": "b"}]):
        record = {"items": items}
        shown = show_value(record, field)
        assert put_values(record, (field,), {"items": shown}) == record
        assert put_values(record, (field,), {"items": shown + "\n- three"})["items"] == [*items, "three"]
    with pytest.raises(FormFault):
        put_values({"items": [1]}, (field,), {"items": "- {"})


def test_an_item_asked_as_yes_or_no_stands_beside_the_lines_of_the_same_list() -> None:
    member, rest = (
        Field("all", ("items",), "member", options=("PH",)),
        Field("own", ("items",), "lines", options=("PH",)),
    )
    record = {"items": ["PH", "Oct Fr[-1]"]}
    assert [show_value(record, one) for one in (member, rest)] == ["yes", "Oct Fr[-1]"]
    typed = {"all": "no", "own": "Oct Fr[-1]\nDec 24"}
    assert put_values(record, (member, rest), typed) == {"items": ["Oct Fr[-1]", "Dec 24"]}
    assert put_values(record, (member, rest), {"all": "yes", "own": "Dec 24"}) == {"items": ["PH", "Dec 24"]}
    with pytest.raises(FormFault):
        put_values(record, (member,), {"all": "maybe"})
