"""A text that was held up for longer than a session lasts: nobody knows who holds the phone now (R9, R10)."""

import pytest

from hotline.conversations import Owner
from hotline.deadlines import handle_deadline
from hotline.screening import Level
from tests.hotline.pipeline_world import Talk


@pytest.mark.parametrize("text", ["food please", "!high", "!imminent", "person", "number", "menu", "hello"])
async def test_the_first_answer_says_nothing_of_what_was_asked(text: str) -> None:
    assert await Talk().say(text, late=True) == ["late_answer"]


@pytest.mark.parametrize(("text", "level"), [("!high", Level.HIGH), ("!imminent", Level.IMMINENT)])
async def test_danger_is_brought_to_a_person_all_the_same(text: str, level: Level) -> None:
    talk = Talk()
    await talk.say(text, late=True)
    assert talk.conversation.owner is Owner.WAITING and talk.conversation.level is level
    assert talk.last and talk.last.alert == level.label


async def test_until_they_write_nothing_goes_out_by_itself_r10() -> None:
    talk = Talk()
    await talk.say("!imminent", late=True)
    assert talk.conversation.silent
    assert handle_deadline("wait", talk.conversation, talk.at).replies == ()


async def test_who_says_yes_gets_the_card_and_the_truth_about_a_person() -> None:
    talk = Talk()
    await talk.say("!imminent", late=True)
    assert await talk.say("yes") == ["crisis_suicide", "handoff_asked"]
    assert "crisis_suicide" not in await talk.say("hello")


async def test_who_says_no_hears_nothing_and_the_page_stays() -> None:
    talk = Talk()
    await talk.say("!imminent", late=True)
    assert await talk.say("no") == []
    assert talk.conversation.owner is Owner.WAITING and talk.conversation.silent


async def test_who_asked_for_a_person_and_is_there_is_told_who_can_come() -> None:
    talk = Talk()
    await talk.say("person", late=True)
    assert talk.conversation.owner is Owner.WAITING
    assert await talk.say("yes") == ["handoff_asked"]


async def test_who_is_there_goes_on_and_is_welcomed() -> None:
    talk = Talk()
    await talk.say("food please", late=True)
    assert await talk.say("food please") == ["food", "welcome"]


async def test_danger_that_is_said_now_is_answered_now() -> None:
    talk = Talk()
    await talk.say("!high", late=True)
    assert await talk.say("!imminent") == ["crisis_suicide", "handoff_asked"]


@pytest.mark.parametrize(("text", "replies"), [("stop", []), ("bye", ["goodbye"]), ("!here", ["neutral_ack"])])
async def test_leaving_late_is_obeyed_as_ever(text: str, replies: list[str]) -> None:
    assert await Talk().say(text, late=True) == replies


async def test_within_a_session_a_late_text_is_a_text() -> None:
    """Whoever wrote since holds the phone: an old text that comes behind is answered, not doubted again."""
    talk = await Talk().past_openings()
    assert await talk.say("food please", late=True) == ["food"]


async def test_under_cover_a_late_text_gets_what_every_text_gets() -> None:
    talk = Talk()
    assert talk.services.cover
    await talk.say(min(talk.services.cover.words), late=True)
    assert talk.conversation.covered
    assert "late_answer" not in await talk.say("!imminent", late=True)
    assert talk.last and talk.last.alert
