"""Small stories of a turn: leaving, two questions at once, the welcome's place, and the number that "again" repeats."""

from dataclasses import replace

import pytest

from hotline.conversations import Owner
from hotline.messages import SMS, TELEGRAM, ChannelName
from hotline.ports import DialogueAnswer, ReplyRef
from hotline.screening import Level, ScreeningResult
from hotline.turns import Services
from tests.hotline.pipeline_world import PlainDialogue, PlainReplies, Talk


@pytest.mark.parametrize(("word", "reply"), [("BYE", "goodbye"), ("adiós", "goodbye"), ("clear", "cleared")])
async def test_leaving_or_wiping_in_calm_forgets_everything_k5_k6(word: str, reply: str) -> None:
    talk = await Talk().past_openings()
    assert await talk.say(word) == [reply]
    assert talk.last and talk.last.forget and talk.last.stop is None


@pytest.mark.parametrize(("channel", "reply"), [(SMS, "cleared"), (TELEGRAM, "cleared_chat")])
async def test_clear_says_what_it_takes_on_each_channel_k6(channel: ChannelName, reply: str) -> None:
    talk = await Talk().past_openings()
    talk.conversation = replace(talk.conversation, channel=channel)
    assert await talk.say("CLEAR") == [reply]
    assert talk.last and talk.last.erase_chat


async def test_the_chat_is_emptied_for_clear_alone_in_a_crisis_and_after_stop_too_k5_k6() -> None:
    calm, hot = await Talk().past_openings(), await Talk().past_openings()
    for word in ("hi", "BYE"):
        await calm.say(word)
        assert calm.last and not calm.last.erase_chat
    await hot.say("!high")
    await hot.say("CLEAR")
    assert hot.last and hot.last.erase_chat and not hot.last.forget and hot.conversation.owner is Owner.WAITING
    stopped = await Talk().past_openings()
    stopped.opted_out = True
    assert await stopped.say("CLEAR") == [] and stopped.last and stopped.last.erase_chat


@pytest.mark.parametrize(("word", "reply"), [("BYE", "goodbye"), ("BORRAR", "cleared")])
async def test_leaving_in_a_crisis_keeps_the_page_and_nobody_writes_first_k5(word: str, reply: str) -> None:
    talk = await Talk().past_openings()
    await talk.say("!high")
    assert await talk.say(word) == [reply]
    assert talk.last and not talk.last.forget and talk.last.blank, "the words are wiped, the page is not"
    assert talk.last.alert == "left"
    assert talk.conversation.owner is Owner.WAITING and talk.conversation.silent
    assert "left" in talk.conversation.reasons and "control" in talk.conversation.reasons


async def test_a_goodbye_that_screening_hears_danger_in_is_not_obeyed_first_k5() -> None:
    talk = await Talk().past_openings()
    talk.services = _screening_everything_as(talk, Level.IMMINENT)
    assert (await talk.say("bye"))[0] == "crisis_suicide"


async def test_a_goodbye_that_screening_raises_to_high_is_answered_first_k5() -> None:
    talk = await Talk().past_openings()
    talk.services = _screening_everything_as(talk, Level.HIGH)
    assert await talk.say("bye") == ["high_suicide"]


async def test_leaving_undoes_the_lock_h1() -> None:
    talk = await Talk().past_openings()
    await talk.say("PERSON")
    assert await talk.say("BYE") == ["goodbye"]
    assert talk.conversation.silent and not talk.conversation.locked


async def test_yes_to_two_questions_at_once_pages_nobody_c2() -> None:
    """Turn two asks whether texting is OK beside a card that offers a person."""
    talk = Talk()
    await talk.say("food please")
    assert await talk.say("food please") == ["phone_ok", "food"]
    assert await talk.say("yes") == ["offer_person"]
    assert not talk.conversation.locked
    assert await talk.say("yes") == ["handoff_asked"]


async def test_nobody_is_asked_about_the_phone_beside_a_goodbye_k5() -> None:
    talk = Talk(dialogue=PlainDialogue({"gtg": DialogueAnswer((ReplyRef("goodbye"),))}))
    await talk.say("food please")
    assert await talk.say("gtg") == ["goodbye"]
    assert await talk.say("food please") == ["phone_ok", "food"]


async def test_a_question_about_what_is_meant_comes_after_the_welcome_c1() -> None:
    talk = Talk(dialogue=PlainDialogue({"qwe": DialogueAnswer((), understood=False)}))
    assert await talk.say("qwe") == ["welcome", "misunderstood"]


async def test_the_menu_is_given_even_as_the_first_turn_c1() -> None:
    assert await Talk().say("menu") == ["menu", "welcome"]


async def test_two_wishes_at_once_are_answered_and_the_welcome_opens_the_next_turn_c1() -> None:
    both = DialogueAnswer((ReplyRef("food"),), {}, also="ride")
    talk = Talk(dialogue=PlainDialogue({"both": both}))
    assert await talk.say("both") == ["food", "ride"]
    assert await talk.say("menu") == ["menu", "welcome"]


async def test_again_repeats_the_number_of_a_card_and_not_the_welcomes_k4() -> None:
    talk = Talk()
    assert await talk.say("food please") == ["food", "welcome"]
    await talk.say("again")
    assert talk.last and talk.last.replies[-1] == ReplyRef("number_again", {"line": "info_211"})


async def test_waiting_with_nobody_on_shift_is_told_as_it_is_h4() -> None:
    talk = await Talk(on_shift=False).past_openings()
    await talk.say("PERSON")
    assert await talk.say("and food?") == ["handoff_nobody"]


async def test_a_question_after_a_safety_reply_is_not_met_with_sorry() -> None:
    dialogue = PlainDialogue({"will they take me": DialogueAnswer((), understood=False)})
    talk = await Talk(dialogue=dialogue).past_openings()
    await talk.say("!high")
    assert await talk.say("will they take me") == ["after_high"]
    assert await talk.say("will they take me") == ["misunderstood_twice"]


def _screening_everything_as(talk: Talk, level: Level) -> Services:
    return replace(talk.services, screen=lambda text, context: ScreeningResult(level, ("suicide",)))


async def test_a_short_answer_that_cannot_be_read_goes_to_a_person_and_screening_still_counts_r9() -> None:
    class BrokenReplies(PlainReplies):
        def names(self, option: str) -> list[str]:
            raise RuntimeError("broken")

    talk = await Talk().past_openings()
    talk.services = replace(talk.services, replies=BrokenReplies())
    assert (await talk.say("hm what"))[0] == "crisis_general"
    assert talk.last and talk.last.alert == "screening_failed"
