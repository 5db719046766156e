"""What is heard whatever fails, whoever holds the phone, and whatever stands in the same turn (R7, R9, R10)."""

from dataclasses import replace

import pytest

from hotline import handoff
from hotline.conversations import Owner
from hotline.screening import Level
from tests.hotline.pipeline_world import Talk
from tests.hotline.test_under_cover import DULL, covered

READERS = ("find_keyword", "find_act", "guess_language")


def broken(*given: object) -> None:
    raise RuntimeError("cannot be read")


@pytest.mark.parametrize("reader", READERS)
async def test_whatever_fails_in_reading_a_text_is_as_failed_screening_and_danger_still_counts_r9(reader: str) -> None:
    talk = await Talk().past_openings()
    talk.services = replace(talk.services, **{reader: broken})
    assert await talk.say("food please") == ["crisis_general", "handoff_asked"]
    assert talk.conversation.level is Level.HIGH and handoff.SCREENING_FAILED in talk.conversation.reasons
    assert talk.last and talk.last.alert == handoff.SCREENING_FAILED
    assert await talk.say("!imminent") == ["crisis_suicide", "handoff_asked"]


@pytest.mark.parametrize("reader", READERS)
async def test_under_cover_whatever_fails_in_reading_a_text_gives_a_dull_line_and_a_person_is_told_r9_r10(
    reader: str,
) -> None:
    talk = await covered()
    talk.services = replace(talk.services, **{reader: broken})
    for text in ("who is this", "BYE"):
        (key,) = await talk.say(text)
        assert key in DULL and talk.conversation.covered, text
        assert talk.conversation.locked and talk.last and talk.last.alert == handoff.SCREENING_FAILED


@pytest.mark.parametrize("under_cover", [False, True])
async def test_where_the_words_of_cover_cannot_be_looked_for_the_line_stays_what_it_is_r9_r10(
    under_cover: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = await covered() if under_cover else await Talk().past_openings()
    monkeypatch.setattr("hotline.under_cover.is_covered_after", broken)
    keys = await talk.say("food please")
    assert set(keys) <= DULL if under_cover else keys == ["crisis_general", "handoff_asked"]
    assert talk.conversation.covered is under_cover and talk.conversation.locked
    assert talk.last and talk.last.alert == handoff.SCREENING_FAILED


@pytest.mark.parametrize(
    ("text", "keys", "level"),
    [
        ("!imminent", ["crisis_suicide", "handoff_asked"], Level.IMMINENT),
        ("!broken", ["crisis_general", "handoff_asked"], Level.HIGH),
        ("!high", ["high_control"], Level.HIGH),
        ("!here", ["neutral_ack"], Level.IMMINENT),
    ],
)
@pytest.mark.parametrize("first", [True, False])
async def test_danger_in_the_very_turn_that_comes_back_is_answered_and_paged_r7_r9(
    text: str, keys: list[str], level: Level, first: bool
) -> None:
    talk = await covered()
    assert await talk.say(*((text, "lantern") if first else ("lantern", text))) == keys
    assert talk.conversation.owner is Owner.WAITING and talk.conversation.level is level
    assert not talk.conversation.covered and talk.last and talk.last.alert


async def test_danger_beside_the_return_word_does_not_hide_a_crisis_line_that_was_held_back_r7() -> None:
    talk = await covered()
    await talk.say("!imminent")
    assert await talk.say("lantern", "!high") == ["crisis_suicide", "handoff_asked"]
    assert {"suicide", "control"} <= set(talk.conversation.reasons) and talk.last and talk.last.alert == "high"


@pytest.mark.parametrize("text", ["how do i delete this", "hes gone. como borro los mensajes de aqui"])
async def test_after_someone_came_near_how_to_delete_is_answered_at_once_and_what_it_offers_too_r10(text: str) -> None:
    talk = await Talk().past_openings()
    await talk.say("!here")
    asked = len(talk.dialogue.asked)
    assert await talk.say(text) == ["how_to_delete"]
    assert await talk.say("yes") == ["phone_steps"]
    assert await talk.say("dont delete it") == ["near_go_on"]
    assert await talk.say("NUMBER") == ["number_given"]
    assert await talk.say("a ride") == ["near_go_on"], "what nobody offered is still not answered (H1)"
    assert len(talk.dialogue.asked) == asked and talk.conversation.locked


async def test_a_word_for_deleting_picks_nothing_where_nobody_came_near_h1() -> None:
    talk = await Talk().past_openings()
    assert await talk.say("how do i delete this") == ["food"]
    await talk.say("PERSON")
    assert await talk.say("how do i delete this") == ["handoff_already_waiting"]
