"""What a conversation adds to the counts: codes, once, coarse, of nobody (O4, O5, C3)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hotline.areas import Area
from hotline.categories import KINDS, build_categories
from hotline.conversations import Conversation, Owner, Session
from hotline.messages import SMS, Address, ConversationId
from hotline.ports import ReplyRef
from hotline.regions import build_region
from hotline.screening.result import Level
from hotline.tallies import COUNTED, CountingFacts, TurnFacts, find_area_cell, list_cells, note_turn, with_noted
from hotline.tally_tables import ANSWER_SECONDS, TOPIC_GROUPS, WAIT_SECONDS, build_tables, find_bucket
from hotline.topics import build_topics
from hotline.turns import Outcome
from storage.content_files import load_documents

DOCUMENTS = load_documents()
REGION = build_region(DOCUMENTS, "nevada")
FACTS = CountingFacts(REGION, build_categories(DOCUMENTS), build_topics(DOCUMENTS, ("en", "es")))
GROUPS = {topic.group for topic in FACTS.topics.values()}
CELLS = {cell for table in build_tables(REGION) for cell in table.list_cells()}
AT = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
RENO = Area("Sparks", "Washoe County", "NV", "89431")


def talk(*turns: tuple[str, dict[str, Any]], area: Area | None = None, ends: str = "") -> set[tuple[str, ...]]:
    """Some turns of replies, with what they change; then what is counted, flattened."""
    conversation = Conversation(ConversationId("c1"), SMS, Session(Address("+17025550123")))
    at, noted = AT, ()
    for keys, changes in turns:
        need = changes.pop("need", None)
        heard, seconds = changes.pop("heard", True), changes.pop("seconds", 1.0)
        dialogue = {"slots": {"need": need}} if need else {}
        after = with_noted(_change(conversation, dialogue=dialogue, **changes), noted)
        outcome = Outcome(after, replies=tuple(ReplyRef(key) for key in keys.split()), closed_as=ends or None)
        before = with_noted(conversation, noted)
        noted = note_turn(before, outcome, TurnFacts(at, heard, seconds, area), FACTS)
        conversation, at = after, at + timedelta(seconds=90)
    cells = list_cells(noted, conversation, at, FACTS)
    assert set(cells) <= CELLS, set(cells) - CELLS
    assert len(set(cells)) == len(cells)
    return {(table, *values) for table, values in cells}


def _change(conversation: Conversation, *, dialogue: dict[str, Any], **changes: Any) -> Conversation:
    from dataclasses import replace

    return replace(conversation, session=replace(conversation.session, dialogue=dialogue), **changes)


def test_a_conversation_counts_once_in_each_table_however_often_it_asks_o4() -> None:
    place = ("place_none_open", {"need": "place_tonight"})
    assert talk(place, place, place, area=RENO) == talk(place, area=RENO) | {("answer", "under_2_s")}
    assert talk(place, area=RENO) >= {
        ("conversations", "all"), ("day", "21"), ("hours", "evening"), ("channel", "sms"), ("language", "en"),
        ("level", "none"), ("topic", "place"), ("area", "reno"), ("outcome", "by_itself"), ("answer", "under_2_s"),
        ("topic_area", "place", "reno"), ("need", "housing", "none_found"), ("unmet_area", "housing", "reno"),
        ("unmet_hours", "housing", "evening"), ("level_hours", "none", "evening"),
    }  # fmt: skip


def test_a_need_that_was_met_is_not_unmet_and_both_can_be_o4() -> None:
    found = talk(("place_found", {"need": "food"}), ("place_none_open", {"need": "place_tonight"}))
    assert {("need", "basic_needs", "found"), ("need", "housing", "none_found")} <= found
    assert {cell for cell in found if cell[0] == "unmet_area"} == {("unmet_area", "housing", "not_said")}


def test_times_of_answer_and_wait_and_who_came_are_counted_by_level_o4() -> None:
    waiting = {"owner": Owner.WAITING, "agreed": True, "level": Level.IMMINENT, "waiting_since": AT}
    came = {"owner": Owner.WITH_ADVOCATE, "level": Level.IMMINENT, "heard": False}
    found = talk(("crisis_suicide handoff_asked", {**waiting, "seconds": 3.0}), ("advocate_joined", came),
                 ends="referred")  # fmt: skip
    assert {("wait", "imminent", "under_2_min"), ("handoff", "imminent", "came"), ("answer", "under_10_s")} <= found
    assert ("outcome", "referred") in found
    assert not any(cell[0].startswith("unmet") for cell in found)
    gone = talk(("crisis_suicide handoff_nobody", waiting))
    assert {
        ("handoff", "imminent", "nobody"),
        ("unmet_hours", "person", "evening"),
        ("outcome", "left_waiting"),
    } <= gone


def test_the_highest_level_counts_even_after_a_release_o4() -> None:
    found = talk(("high_control", {"level": Level.HIGH}), ("food", {"level": Level.NONE}))
    assert {cell for cell in found if cell[0] == "level"} == {("level", "high")}


def test_a_stop_out_of_nowhere_and_a_click_alone_count_nothing_o4() -> None:
    assert talk(("", {})) == set()
    assert talk(("advocate_joined", {"heard": False})) == set()


def test_what_was_counted_is_never_counted_again() -> None:
    conversation = with_noted(Conversation(ConversationId("c1"), SMS, Session(Address(""))), (COUNTED,))
    outcome = Outcome(conversation, replies=(ReplyRef("food"),))
    assert note_turn(conversation, outcome, TurnFacts(AT, True, 1.0, None), FACTS) == (COUNTED,)


@pytest.mark.parametrize(
    ("area", "cell"),
    [
        (RENO, "reno"), (Area("Elko", "Elko County", "NV", "89801"), "elsewhere"), (Area(state="NV"), "not_said"),
        (Area(county="Clark County", state="NV"), "las_vegas"), (Area("Fresno", None, "CA"), "other_state"),
        (Area("Laughlin", "Clark County", "NV"), "elsewhere"), (None, "not_said"),
    ],
)  # fmt: skip
def test_an_area_is_a_metro_or_the_rest_of_the_state_and_never_closer_c3(area: Area | None, cell: str) -> None:
    assert find_area_cell(area, REGION) == cell


def test_buckets_have_no_gap_and_every_group_of_topics_is_one_of_the_content() -> None:
    assert [find_bucket(seconds, ANSWER_SECONDS) for seconds in (0, 2, 59.9, 60)] == [
        "under_2_s", "under_10_s", "under_60_s", "later",
    ]  # fmt: skip
    assert find_bucket(10**9, WAIT_SECONDS) == "later"
    assert set(TOPIC_GROUPS) <= GROUPS
    assert GROUPS - set(TOPIC_GROUPS) == {"about", "chat", "contact", "steering"}
    assert {category.kind for category in FACTS.categories.by_id.values()} <= KINDS
