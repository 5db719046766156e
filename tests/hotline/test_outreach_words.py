"""Site codes and the staff word, as text comes in (O2, O3, K8)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from hotline.conversations import Conversation, Session
from hotline.directory import build_directory
from hotline.errors import ContentError
from hotline.keywords import build_keywords, find_keyword
from hotline.messages import SMS, Address, ConversationId
from hotline.outreach_words import (
    answer_staff,
    build_staff_needs,
    find_site_text,
    find_staff_rest,
    list_free_codes,
    list_staff_months,
)
from hotline.pace import Pace
from hotline.pipeline import handle_inbound
from hotline.ports import ReplyRef
from hotline.regions import build_region
from hotline.screening import Level, screen
from hotline.turns import Turn
from outreach.cards import build_card, build_print_words
from outreach.products import PRODUCTS
from storage.content_files import load_documents, load_rules
from tests.hotline.pipeline_world import Talk

DOCUMENTS = load_documents()
WORDS = build_print_words(DOCUMENTS)
NEEDS = build_staff_needs(DOCUMENTS)
NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["sun4", "SUN4", "Sun 4", " sun-4! ", '"Sún4"', "sun.4", "(SUN4)"])
def test_a_code_is_known_however_it_is_typed(text: str) -> None:
    found = find_site_text(text)
    assert found is not None
    assert (found.code, found.hello) == ("sun4", "")


@pytest.mark.parametrize(
    "text", ["sun", "4", "sun 4 help me", "im 14 and scared", "sun444", "sun04", "/sun4", "", "x" * 5000]
)
def test_a_sentence_a_plain_word_or_a_command_is_no_code(text: str) -> None:
    assert find_site_text(text) is None


def test_a_button_with_a_code_says_what_hello_it_is_k8() -> None:
    found = find_site_text("/start sun4 hola")
    assert found is not None
    assert (found.code, found.hello) == ("sun4", "hola")
    assert find_site_text("/start sun4 anything") is None


def test_no_site_word_says_anything_to_screening_or_keywords_and_every_one_can_be_printed() -> None:
    """O2: found in a shoe, it tells nothing; texted, it never hides or raises anything."""
    rules, keywords = load_rules(DOCUMENTS), build_keywords(DOCUMENTS)
    for word in WORDS.site_words:
        for text in (word, f"{word}4", f"{word} 72"):
            assert screen(text, (), rules).level is Level.NONE
            assert find_keyword(text, keywords) is None
        build_card(WORDS, PRODUCTS["insert"], "741741", language="both", word=f"{word}99")


def test_a_code_that_is_taken_is_not_drawn_again() -> None:
    assert set(list_free_codes(["sun"], [f"sun{number}" for number in range(3, 100)])) == {"sun2"}


@pytest.mark.parametrize(
    ("text", "rest"),
    [("lamp472", ""), ("LAMP 472", ""), ("Lamp472 bed 89502", "bed 89502"), ("lamp472, food Reno", "food reno")],
)
def test_what_follows_the_staff_word_is_found(text: str, rest: str) -> None:
    assert find_staff_rest(text, ["lamp472"]) == rest


@pytest.mark.parametrize("text", ["lamp471", "i said lamp472", "lamp4725", "call 911", ""])
def test_nothing_else_is_the_staff_word(text: str) -> None:
    assert find_staff_rest(text, ["lamp472"]) is None
    assert find_staff_rest("lamp472", []) is None


def test_the_word_of_a_month_works_a_week_longer() -> None:
    assert list_staff_months(date(2026, 11, 21)) == ("2026-11",)
    assert list_staff_months(date(2026, 12, 7)) == ("2026-12", "2026-11")
    assert list_staff_months(date(2026, 12, 8)) == ("2026-12",)


def test_staff_get_places_as_texters_do_or_are_told_how_to_ask() -> None:
    """O3: the same search, the same replies; in practice mode so that unconfirmed entries are there at all."""
    directory = build_directory(DOCUMENTS, build_region(DOCUMENTS, "nevada"), "practice")
    for rest in ("bed Reno", "cama 89502"):
        replies = answer_staff(NEEDS, directory, rest, NOW)
        assert {ref.key for ref in replies} <= {"place_found", "place_call_first", "place_none_open"}
        assert len(replies) <= 2
    for rest in ("bed", "Reno", "what is this"):
        assert [ref.key for ref in answer_staff(NEEDS, directory, rest, NOW)] == ["staff_how"]


def test_every_need_of_staff_is_a_category_and_no_word_means_two() -> None:
    assert NEEDS.find("CAMA Reno") == "place_tonight"
    for wrong in ({"no_such": ["bed"]}, {"food": ["bed"], "doctor": ["bed"]}):
        with pytest.raises(ContentError):
            build_staff_needs({**DOCUMENTS, "outreach": {"staff_needs": wrong}})


@pytest.mark.parametrize("before", [{}, {"intent": "another_place"}])
async def test_places_for_staff_are_rationed_as_for_everybody_and_the_third_is_seen_d6(before: dict[str, str]) -> None:
    """O3: whoever learned the word collects no more places with it than without, also after "another one"."""
    place = (ReplyRef("place_found", {"place": "x"}),)
    services = replace(Talk().services, answer_staff=lambda rest, at: place)
    conversation = Conversation(ConversationId("c"), SMS, Session(Address("a"), dialogue=before))
    pace, said = Pace(), []
    for _ in range(4):
        turn = Turn(("lamp472 bed Reno",), NOW, pace=pace, staff="bed reno")
        outcome = await handle_inbound(turn, conversation, services)
        pace, conversation = outcome.pace or pace, outcome.conversation
        said.append(([ref.key for ref in outcome.replies], conversation.reasons))
    assert said[1] == (["place_found"], ())
    assert said[2] == (["place_found"], ("many_places",))
    assert said[3][0] == ["place_rationed"]
