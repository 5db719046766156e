"""The way of a message through the core, rule by rule."""

import pytest

from hotline import handoff, holding, transfer
from hotline.conversations import Owner
from hotline.deadlines import Timings
from hotline.messages import TELEGRAM, Kind
from hotline.ports import DialogueAnswer, ReplyRef
from hotline.screening import Level
from tests.hotline.pipeline_world import PlainDialogue, Talk


async def test_the_first_turn_answers_and_then_welcomes_c1() -> None:
    assert await Talk().say("food please") == ["food", "welcome"]


async def test_a_greeting_is_answered_by_the_welcome_alone_c1() -> None:
    dialogue = PlainDialogue({"hi": DialogueAnswer((ReplyRef("hello"),))})
    assert await Talk(dialogue=dialogue).say("hi") == ["welcome"]


async def test_turn_two_asks_once_whether_texting_is_ok_c2() -> None:
    talk = Talk()
    await talk.say("food please")
    assert await talk.say("food please") == ["phone_ok", "food"]
    assert await talk.say("food please") == ["food"]


async def test_no_to_that_question_means_silence_until_they_write_c2() -> None:
    talk = Talk()
    await talk.say("food please")
    await talk.say("food please")
    assert await talk.say("no") == []
    assert talk.conversation.silent
    assert await talk.say("food please") == ["food"]
    assert not talk.conversation.silent


async def test_imminent_gets_the_crisis_reply_and_the_truth_about_a_person_unasked_r7() -> None:
    talk = Talk()
    assert await talk.say("!imminent") == ["crisis_suicide", "handoff_asked"]
    assert talk.conversation.owner is Owner.WAITING and talk.conversation.locked
    assert talk.last and talk.last.alert == "imminent"
    assert talk.dialogue.asked == []


async def test_with_nobody_on_shift_the_texter_is_told_so_h4() -> None:
    assert await Talk(on_shift=False).say("!imminent") == ["crisis_suicide", "handoff_nobody"]


async def test_the_welcome_waits_for_the_turn_after_a_crisis_c1() -> None:
    talk = Talk()
    await talk.say("!imminent")
    assert "welcome" not in await talk.say("hello")


async def test_high_gets_its_safety_reply_and_a_place_in_waiting_and_the_bot_goes_on_r7() -> None:
    talk = await Talk().past_openings()
    assert await talk.say("!high") == ["high_control"]
    assert talk.conversation.owner is Owner.WAITING and not talk.conversation.locked
    assert await talk.say("food please") == ["food"]


async def test_yes_to_the_offer_locks_h1() -> None:
    talk = await Talk().past_openings()
    await talk.say("!high")
    assert await talk.say("yes") == ["handoff_asked"]
    assert talk.conversation.locked
    assert await talk.say("food please") == ["handoff_already_waiting"]


async def test_homeless_tonight_gets_the_dialogues_answer_r7() -> None:
    talk = await Talk().past_openings()
    assert await talk.say("!homeless") == ["food"]
    assert talk.conversation.owner is Owner.WAITING and talk.conversation.level is Level.HIGH


async def test_concern_gets_the_dialogue_and_one_offer_of_a_person_r7() -> None:
    dialogue = PlainDialogue({"!concern": DialogueAnswer((ReplyRef("cannot_sleep"),))})
    talk = await Talk(dialogue=dialogue).past_openings()
    assert await talk.say("!concern") == ["cannot_sleep", "offer_person"]
    assert await talk.say("!concern") == ["cannot_sleep"]


@pytest.mark.parametrize("text", ["/restart", "STOPPING", "no", "START", "food please", '/food{"a": 1}', "menu"])
async def test_no_text_but_leaving_breaks_the_lock_h1(text: str) -> None:
    talk = await Talk().past_openings()
    await talk.say("!imminent")
    replies = await talk.say(text)
    assert talk.conversation.locked
    assert "food" not in replies


async def test_stop_then_start_does_not_break_the_lock_h1_k2() -> None:
    talk = await Talk().past_openings()
    await talk.say("!imminent")
    assert await talk.say("STOP") == []
    assert talk.last and talk.last.alert == "left" and talk.last.stop is True
    await talk.say("START")
    assert talk.conversation.owner is Owner.WAITING and talk.conversation.locked


async def test_stop_in_calm_forgets_everything_and_says_nothing_by_sms_k2() -> None:
    talk = await Talk().past_openings()
    assert await talk.say("stop.") == []
    assert talk.last and talk.last.forget and talk.last.stop


async def test_stop_is_confirmed_once_on_telegram_k2() -> None:
    talk = await Talk(channel=TELEGRAM).past_openings()
    assert await talk.say("STOP") == ["stopped"]
    assert await talk.say("STOP") == []


async def test_after_stop_nothing_is_said_and_danger_still_reaches_a_person_k2() -> None:
    talk = await Talk().past_openings()
    await talk.say("STOP")
    assert await talk.say("food please") == []
    assert await talk.say("!imminent") == []
    assert talk.last and talk.last.alert == "imminent"
    assert talk.conversation.silent


async def test_a_block_at_the_provider_is_a_stop_x2() -> None:
    talk = await Talk(channel=TELEGRAM).past_openings()
    assert await talk.say(kind=Kind.BLOCKED) == []
    assert talk.opted_out


async def test_someone_near_gets_one_dull_line_and_then_nothing_r10() -> None:
    talk = await Talk().past_openings()
    assert await talk.say("!here") == ["neutral_ack"]
    assert talk.conversation.silent and talk.last and talk.last.alert == "someone_here"
    assert await talk.say("!here") == []


async def test_a_probe_learns_nothing_r2() -> None:
    talk = Talk()
    assert await talk.say("!probe") == ["probe_closed"]


async def test_failed_screening_is_high_with_a_crisis_card_and_a_person_r9() -> None:
    talk = Talk()
    assert await talk.say("!broken") == ["crisis_general", "handoff_asked"]
    assert talk.conversation.reasons == ("screening_failed",)


async def test_a_dead_engine_gives_a_safety_reply_that_offers_a_person() -> None:
    talk = await Talk().past_openings()
    talk.dialogue.down = True
    assert await talk.say("food please") == ["dialogue_down"]
    assert await talk.say("yes") == ["handoff_asked"]


async def test_keywords_work_with_the_engine_down_k1() -> None:
    talk = await Talk(dialogue=PlainDialogue(down=True)).past_openings()
    assert await talk.say("NUMBER") == ["number_given"]
    assert await talk.say("again") == ["number_again"]
    assert await talk.say("Menú") == ["menu"]
    assert await talk.say("AYUDA") == ["first_help"]
    assert talk.conversation.language == "es"
    assert await talk.say("PERSONA") == ["handoff_asked"]


async def test_twice_not_understood_offers_a_person_c11() -> None:
    lost = DialogueAnswer((), understood=False)
    dialogue = PlainDialogue({"qwe": lost, "asd": lost})
    talk = await Talk(dialogue=dialogue).past_openings()
    assert await talk.say("qwe") == ["misunderstood"]
    assert await talk.say("asd") == ["misunderstood_twice"]
    assert await talk.say("yes") == ["handoff_asked"]


async def test_a_picture_gets_one_kind_line_c12() -> None:
    talk = await Talk().past_openings()
    assert await talk.say(kind=Kind.MEDIA) == ["media_unreadable"]


async def test_joined_texts_are_screened_one_by_one_and_answered_once_c13() -> None:
    talk = await Talk().past_openings()
    assert await talk.say("food please", "!imminent", "ok") == ["crisis_suicide", "handoff_asked"]


async def test_a_plain_request_to_end_is_honoured_k2() -> None:
    talk = await Talk().past_openings()
    assert await talk.say("stop texting me") == ["ended_on_request"]
    assert talk.last and talk.last.forget and talk.last.stop is None


async def test_a_new_reason_at_imminent_is_answered_again_and_the_same_one_without_the_status() -> None:
    talk = await Talk().past_openings()
    await talk.say("!imminent")
    assert await talk.say("!imminent") == ["crisis_suicide"]
    assert await talk.say("!danger") == ["crisis_danger", "handoff_asked"]


async def test_with_an_advocate_the_bot_is_silent_but_for_a_new_danger_h1() -> None:
    talk = await Talk().past_openings()
    await talk.say("PERSON")
    talk.conversation = handoff.claim(talk.conversation, "ann", talk.at).conversation
    assert await talk.say("food please") == []
    assert await talk.say("/restart") == []
    assert await talk.say(kind=Kind.MEDIA) == []
    assert await talk.say("!imminent") == ["crisis_suicide"]
    assert await talk.say("!imminent") == []
    assert talk.conversation.owner is Owner.WITH_ADVOCATE and talk.conversation.level is Level.IMMINENT


_NO_WAY_OUT = ["/restart", "STOPPING", "no", "START", "food please", '/food{"a": 1}', "MENU", "yes", "!high", "!broken"]


@pytest.mark.parametrize("text", _NO_WAY_OUT)
async def test_no_text_ends_a_persons_chat_an_offer_or_a_pair_h1(text: str) -> None:
    talk = await Talk().past_openings()
    await talk.say("PERSON")
    claimed = handoff.claim(talk.conversation, "ann", talk.at).conversation
    offered = transfer.transfer(transfer.pair(claimed, "ann", "cy").conversation, "ann", "bob", talk.at)
    talk.conversation = offered.conversation
    talk.dialogue.asked.clear()
    await talk.say(text)
    after = talk.conversation
    assert (after.owner, after.advocate, after.partner, after.transfer_to) == (Owner.WITH_ADVOCATE, "ann", "cy", "bob")
    assert talk.dialogue.asked == []


async def test_stop_then_start_leaves_a_chat_with_its_advocate_h1_k2() -> None:
    talk = await Talk().past_openings()
    await talk.say("PERSON")
    talk.conversation = handoff.claim(talk.conversation, "ann", talk.at).conversation
    await talk.say("STOP")
    assert talk.conversation.silent and talk.last and talk.last.alert == "left" and not talk.last.forget
    assert await talk.say("START") == ["started"]
    assert await talk.say("food please") == []
    assert talk.conversation.owner is Owner.WITH_ADVOCATE and talk.conversation.advocate == "ann"


async def test_the_welcome_does_not_come_into_a_persons_chat_h1() -> None:
    talk = Talk()
    await talk.say("!imminent")
    talk.conversation = handoff.claim(talk.conversation, "ann", talk.at).conversation
    assert await talk.say("NUMBER") == ["number_given"]


async def test_a_failed_screening_in_a_persons_chat_sends_the_crisis_card_and_asks_nobody_to_join_r9_h1() -> None:
    talk = await Talk().past_openings()
    await talk.say("PERSON")
    talk.conversation = handoff.claim(talk.conversation, "ann", talk.at).conversation
    assert await talk.say("!broken") == ["crisis_general"]


async def test_a_blocked_address_gets_a_line_and_no_dialogue_and_its_danger_is_heard_r8() -> None:
    talk = await Talk().past_openings()
    talk.dialogue.asked.clear()
    talk.blocked = True
    for text in ("food please", "PERSON", "MENU", "!probe", "!homeless", "yes", "/restart"):
        replies = await talk.say(text)
        assert replies in (["blocked_line"], ["probe_closed"]), text
    assert talk.dialogue.asked == []
    assert talk.conversation.owner is Owner.WAITING and talk.conversation.level is Level.HIGH
    assert await talk.say("NUMBER") == ["number_given"]
    assert await talk.say("!danger") == ["crisis_danger", "handoff_asked"]
    assert await talk.say("STOP") == []


async def test_leaving_while_a_lost_chat_is_held_keeps_its_page_k2_a4() -> None:
    talk = await Talk().past_openings()
    await talk.say("!imminent")
    claimed = handoff.claim(talk.conversation, "ann", talk.at).conversation
    held = holding.hold(claimed, "ann", "", talk.at, Timings()).conversation
    talk.conversation = handoff.lease_ran_out(held, talk.at).conversation
    await talk.say("STOP")
    assert talk.conversation.owner is Owner.WAITING and talk.last and talk.last.alert == "left"
