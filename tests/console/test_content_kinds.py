"""Forms of cards, terms, region packs and other words: nothing is lost by them, nothing shown is untrue (G1)."""

import copy
from collections.abc import Mapping
from datetime import date
from typing import Any

import httpx
import pytest

from console.content_apply import apply_form
from console.content_cards import find_uneven
from console.content_fields import Field, FormFault, put_values, show_value
from console.content_forms import MOST_FIELDS, build_parts, list_kinds, show_values
from console.wording import load_words
from hotline.cards import build_cards
from hotline.regions import build_region
from storage.content_files import load_documents
from tests.console.conftest import Stage
from tests.console.test_content_pages import admin, post, write

__all__ = ["admin"]

DAY = date(2026, 11, 22)


def save(kind: str, name: str, documents: Mapping[str, Any], **typed: str) -> dict[str, Any]:
    """The documents that a form changes in which this was typed and nothing else."""
    parts = build_parts(kind, name, documents)
    form = {**show_values(parts, documents), **typed}
    return apply_form(kind, build_parts(kind, name, documents, form), documents, form, by="admin", day=DAY)


@pytest.mark.parametrize("kind", ["cards", "screening", "hours", "region", "words"])
def test_every_entry_comes_out_of_its_form_as_it_was_and_each_field_has_its_word(kind: str) -> None:
    """No entry loses what its form cannot show; steps of the practice line alone are written as YAML."""
    documents = load_documents()
    words = {language: load_words()[language]["content"] for language in ("en", "es")}
    for row in list_kinds(documents)[kind]:
        assert save(kind, row.entry, documents) == {}, row.entry
        fields = [(part, field) for part in build_parts(kind, row.entry, documents) for field in part.fields]
        # What both languages share is one field; the page's own fields and a blank item come on top.
        ways = {(field.name, *((field.path, part.path) if kind != "cards" else ())) for part, field in fields}
        assert len({field.name for _, field in fields}) == len(ways) <= MOST_FIELDS - 20, row.entry
        for _, field in fields:
            assert field.kind != "yaml" or "~steps/" in row.entry, (row.entry, field.name)
            # A rule of style is called by its own name.
            known = field.word.startswith("banned.phrases.")
            assert known or all(field.word in one["field"] for one in words.values()), field.word
        assert kind == "cards" or all(row.word in one["part"] for one in words.values()), row.word


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


def test_holidays_are_asked_for_as_people_know_them_d5() -> None:
    changed = save("hours", "regions/nevada~holidays", load_documents(), holidays_all="no", holidays_own="Dec 24")
    assert changed["regions/nevada"]["holidays"] == ["Dec 24"]
    changed = save("hours", "regions/nevada~holidays", load_documents(), holidays_own="Oct Fr[-1]\nDec 24")
    assert changed["regions/nevada"]["holidays"] == ["PH", "Oct Fr[-1]", "Dec 24"]


def test_what_is_said_in_two_languages_is_one_form_side_by_side() -> None:
    documents = load_documents()
    for kind, name in (
        ("hours", "directory/words~hours"), ("words", "staff_page~code"), ("words", "directory/words~notice/parent"),
        ("words", "languages~requests"), ("region", "regions/nevada~gaps/rural"),
    ):  # fmt: skip
        headings = [part.heading for part in build_parts(kind, name, documents)]
        assert [one for one in headings if one not in {"entry", "both"}] == ["en", "es"], name
    changed = save("hours", "directory/words~hours", documents, hours_en__open="is open", hours_es__open="abre")
    hours = changed["directory/words"]["hours"]
    assert (hours["en"]["open"], hours["es"]["open"]) == ("is open", "abre")
    assert hours["en"] | {"open": ""} == documents["directory/words"]["hours"]["en"] | {"open": ""}


def test_clocks_and_pages_of_a_region_are_one_form_and_keep_their_kind() -> None:
    documents = load_documents()
    typed = {"ladder_hold_seconds": "3600", "pages_high": "on_shift | 60\non_shift, supervisor | 300"}
    changed = save("region", "regions/nevada~ladder", documents, **typed)
    ladder = changed["regions/nevada"]["ladder"]
    assert ladder["hold_seconds"] == 3600
    assert ladder["pages"]["high"] == [
        {"to": ["on_shift"], "next_seconds": 60}, {"to": ["on_shift", "supervisor"], "next_seconds": 300},
    ]  # fmt: skip
    assert ladder["pages"]["imminent"] == documents["regions/nevada"]["ladder"]["pages"]["imminent"]
    assert build_region({**documents, **changed}, "nevada")
    for wrong in ("on_shift", "on_shift | soon"):
        with pytest.raises(FormFault):
            save("region", "regions/nevada~ladder", documents, pages_high=wrong)


def test_rules_of_a_region_are_lines_with_empty_places_between_bars() -> None:
    documents = load_documents()
    name = "regions/nevada~next_best"
    said = show_values(build_parts("region", name, documents), documents)["rules"]
    assert said.splitlines()[-1] == "info_211"
    changed = save("region", name, documents, rules=said.replace("info_211", "trevor | lgbtq | | 25\ninfo_211"))
    rules = changed["regions/nevada"]["next_best"]
    assert rules[:-2] == documents["regions/nevada"]["next_best"][:-1]
    assert rules[-2:] == [{"line": "trevor", "needs": ["lgbtq"], "under": 25}, {"line": "info_211"}]
    assert build_region({**documents, **changed}, "nevada")


def test_a_contact_with_another_number_is_confirmed_by_nobody_d3() -> None:
    documents = copy.deepcopy(dict(load_documents()))
    name, confirmed = "regions/nevada~mandated_report", {"assured_date": date(2026, 1, 1), "verified_by": "ann"}
    contacts = [one | confirmed for one in documents["regions/nevada"]["mandated_report"]]
    documents["regions/nevada"]["mandated_report"] = contacts
    typed = {"item0_number": "702-555-0100", "item4_name": "New", "item4_number": "702-555-0101"}
    rest = {"item4_hours": "days", "item4_extents": "state:NV", "item4_evidence": "known", "item4_source": "facts"}
    changed = save("region", name, documents, **typed, **rest, item1_hours="nights")
    found = changed["regions/nevada"]["mandated_report"]
    assert [one["verified_by"] for one in found] == [None, "ann", "ann", "ann", None]
    assert found[1] == contacts[1] | {"hours": "nights"}
    assert build_region({**documents, **changed}, "nevada")
    gone = {field: "" for field in show_values(build_parts("region", name, documents), documents) if "item2_" in field}
    again = save("region", name, documents, **gone)["regions/nevada"]["mandated_report"]
    assert again == [*contacts[:2], contacts[3]]


def test_what_an_entry_may_have_has_a_field_before_it_has_it() -> None:
    documents = load_documents()
    changed = save("words", "keywords~words/MENU", documents, words_MENU__es="menu, lista")
    assert changed["keywords"]["words"]["MENU"] == {"any": ["menu"], "es": ["menu", "lista"]}
    changed = save("words", "topics~topics/inform_area", documents, topics_inform_area__rank="3")
    assert changed["topics"]["topics"]["inform_area"]["rank"] == 3
    gone = save("words", "topics~topics/food", documents, topics_food__rank="")
    assert "rank" not in gone["topics"]["topics"]["food"]
    kept = save("words", "topics~topics/food", documents, topics_food__meaning="")
    assert kept["topics"]["topics"]["food"]["meaning"] == "", "its field is there again, and the checker says so"


@pytest.mark.parametrize(
    ("kind", "entry", "typed", "lack"),
    [
        ("cards", "stages", {"intro_en": "Shapes your words."}, "one_more"),
        ("hours", "regions/nevada~holidays", {"holidays_own": "Dec 24"}, "two_more"),
        ("region", "regions/nevada~ladder", {"ladder_hold_seconds": "3600"}, "two_more"),
        ("screening", "screening/en_slang~entries/en-sign-trade", {"weight": "weak", "meaning": "x"}, "two_more"),
        ("screening", "screening/en_slang~defaults", {"source": "another glossary"}, "two_more"),
        ("words", "keywords~words/MENU", {"words_MENU__es": "lista"}, "two_more"),
        ("words", "staff_page~code", {"en_code": "Your code: {code}."}, "one_more"),
    ],
)
async def test_no_form_goes_around_those_who_must_agree_g2(
    stage: Stage, admin: httpx.AsyncClient, kind: str, entry: str, typed: dict[str, str], lack: str
) -> None:
    """Whatever kind the form says it is of: who must agree is asked of what changes."""
    draft = await write(admin, kind, entry, **typed)
    assert (await stage.editing.desk.show(draft)).lacks == (lack,)
    other = await post(admin, "/content/entry", kind="words", entry=entry, note="x", **typed)
    assert (other.status_code == 404) == (kind != "words"), "a term is no mere word"
    assert "notice=own_draft" in (await post(admin, f"/content/drafts/{draft}/approve", digest="x")).headers["location"]


async def test_others_see_in_words_which_value_of_a_form_is_another(stage: Stage, admin: httpx.AsyncClient) -> None:
    """Who approves a clock of seven must know which; the pages for drafts say it as the form does."""
    typed = {"ladder_hold_seconds": "3600"}
    page = (await admin.get(f"/content/drafts/{await write(admin, 'region', 'regions/nevada~ladder', **typed)}")).text
    assert "Clocks, and who is paged: nevada" in page
    assert "A conversation is held for, in seconds" in page
    typed = {"hours_es__open": "ya abierto"}
    page = (await admin.get(f"/content/drafts/{await write(admin, 'hours', 'directory/words~hours', **typed)}")).text
    assert "How hours are said" in page
    assert "Open (Spanish)" in " ".join(page.split())


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
