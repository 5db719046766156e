"""A flood and many look-ups hold back the engine, plain lines and places, and never a crisis (D6, R8)."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from hotline import handoff
from hotline.conversations import Conversation, Owner, Session
from hotline.messages import SMS, Address, ConversationId
from hotline.pace import (
    LINE_SECONDS,
    LOOK_UPS_AN_HOUR,
    TEXTS_A_MINUTE,
    TEXTS_AN_HOUR,
    Pace,
    count_look_up,
    count_texts,
)
from hotline.pipeline import handle_inbound
from hotline.ports import DialogueAnswer, ReplyRef
from hotline.screening import Level
from hotline.turns import Outcome, Turn
from tests.hotline.pipeline_world import NOON, PlainDialogue, Talk

PLACE = DialogueAnswer((ReplyRef("place_found", {"place": "p1"}),), {"intent": "place_tonight"})
NEXT = DialogueAnswer((ReplyRef("place_found", {"place": "p2"}),), {"intent": "another_place"})
NONE = DialogueAnswer(
    (ReplyRef("place_next_opening", {"place": "p3"}), ReplyRef("place_none_open", {"line": "info_211"})),
    {"intent": "place_tonight"},
)


@dataclass
class Paced:
    """A texter whose pace is kept from turn to turn, as the worker keeps it."""

    dialogue: PlainDialogue = field(
        default_factory=lambda: PlainDialogue({"shelter": PLACE, "another": NEXT, "nowhere": NONE})
    )

    def __post_init__(self) -> None:
        self.talk = Talk(dialogue=self.dialogue)
        self.pace, self.at = Pace(), NOON
        session = replace(self.talk.conversation.session, welcomed=True, asked_about_phone=True)
        self.conversation = replace(self.talk.conversation, session=session)
        self.last: Outcome | None = None

    async def say(self, *texts: str, after: float = 1) -> list[str]:
        self.at += timedelta(seconds=after)
        turn = Turn(texts, self.at, on_shift=True, pace=self.pace)
        self.last = await handle_inbound(turn, self.conversation, self.talk.services)
        self.conversation = self.last.conversation
        assert self.last.pace
        self.pace = self.last.pace
        return [ref.key for ref in self.last.replies]

    async def floods(self) -> "Paced":
        for _ in range(TEXTS_A_MINUTE):
            await self.say("food please", after=0)
        return self


async def test_up_to_the_bound_of_texts_a_minute_are_answered_by_the_engine() -> None:
    texter = Paced()
    assert [await texter.say("food please", after=1) for _ in range(TEXTS_A_MINUTE)] == [["food"]] * TEXTS_A_MINUTE
    assert len(texter.dialogue.asked) == TEXTS_A_MINUTE


async def test_beyond_that_the_engine_is_not_asked_and_one_plain_line_goes_out_a_minute() -> None:
    texter = await Paced().floods()
    asked = len(texter.dialogue.asked)
    assert await texter.say("food please", after=0) == ["dialogue_down"]
    assert [await texter.say("food please", after=1) for _ in range(30)] == [[]] * 30
    assert len(texter.dialogue.asked) == asked


async def test_a_flood_that_goes_on_gets_a_line_each_minute() -> None:
    texter, lines = await Paced().floods(), 0
    for _ in range(5 * 60):
        lines += len(await texter.say("food please", after=1))
    minutes_answered = texter.dialogue.asked
    assert len(minutes_answered) <= 5 * TEXTS_A_MINUTE + TEXTS_A_MINUTE
    assert lines <= 5 * (TEXTS_A_MINUTE + 1)


async def test_an_hours_flood_is_a_flood_however_evenly_it_comes() -> None:
    texter = Paced()
    for _ in range(TEXTS_AN_HOUR):
        assert await texter.say("food please", after=10) == ["food"]
    assert await texter.say("food please", after=10) == ["dialogue_down"]
    assert await texter.say("food please", after=10) == []
    assert await texter.say("food please", after=LINE_SECONDS) == ["dialogue_down"]


async def test_a_minute_later_the_engine_answers_again() -> None:
    texter = await Paced().floods()
    await texter.say("food please", after=0)
    assert await texter.say("food please", after=61) == ["food"]


@pytest.mark.parametrize(("text", "key"), [("!imminent", "crisis_suicide"), ("!danger", "crisis_danger")])
async def test_in_a_flood_danger_gets_its_crisis_reply_and_its_page_r7(text: str, key: str) -> None:
    texter = await Paced().floods()
    await texter.say("food please", after=0)
    assert await texter.say("food please", text, after=0) == [key, "handoff_asked"]
    assert texter.last and texter.last.alert == "imminent"
    assert texter.conversation.owner is Owner.WAITING and texter.conversation.level is Level.IMMINENT
    assert await texter.say(text, after=0) == [key], "as often as it is said"


async def test_in_a_flood_a_newly_high_text_gets_its_safety_reply_and_a_place_in_waiting_r7() -> None:
    texter = await Paced().floods()
    await texter.say("food please", after=0)
    assert await texter.say("!high", after=0) == ["high_control"]
    assert texter.conversation.owner is Owner.WAITING and texter.last and texter.last.alert == "high"


async def test_in_a_flood_no_place_tonight_is_still_heard_and_answered_r7() -> None:
    texter = await Paced().floods()
    await texter.say("food please", after=0)
    assert await texter.say("!homeless", after=0) == ["dialogue_down"]
    assert texter.conversation.owner is Owner.WAITING and texter.conversation.level is Level.HIGH


async def test_in_a_flood_broken_screening_still_tells_a_person_r9() -> None:
    texter = await Paced().floods()
    await texter.say("food please", after=0)
    assert await texter.say("!broken", after=0) == ["crisis_general", "handoff_asked"]


async def test_in_a_flood_person_stop_bye_and_someone_here_work_as_ever_k1_r10() -> None:
    for text, keys in (("PERSON", ["handoff_asked"]), ("BYE", ["goodbye"]), ("!here", ["neutral_ack"]), ("STOP", [])):
        texter = await Paced().floods()
        await texter.say("food please", after=0)
        assert await texter.say(text, after=0) == keys
        assert texter.last
        assert texter.last.stop is (True if text == "STOP" else None)


async def test_in_a_flood_help_and_number_are_the_minutes_line() -> None:
    texter = await Paced().floods()
    assert await texter.say("NUMBER", after=0) == ["number_given"]
    assert await texter.say("HELP", after=0) == []
    assert await texter.say("HELP", after=LINE_SECONDS - 1) == []
    assert await texter.say("HELP", after=1) == ["first_help"]


async def test_in_a_flood_what_an_advocate_is_to_read_still_counts_h1() -> None:
    texter = await Paced().floods()
    texter.conversation = replace(texter.conversation, owner=Owner.WITH_ADVOCATE, advocate="ann")
    assert await texter.say("!high", after=0) == []
    assert texter.conversation.level is Level.HIGH and texter.conversation.owner is Owner.WITH_ADVOCATE


async def test_every_text_of_a_flood_is_screened() -> None:
    texter, seen = Paced(), []
    screen = texter.talk.services.screen
    texter.talk.services = replace(
        texter.talk.services, screen=lambda text, context: seen.append(text) or screen(text, context)
    )
    for number in range(50):
        await texter.say(f"text {number}", after=0)
    assert seen == [f"text {number}" for number in range(50)]


async def test_the_third_look_up_of_places_in_an_hour_goes_to_an_advocates_eye_d6() -> None:
    texter = Paced()
    for _ in range(LOOK_UPS_AN_HOUR - 1):
        assert await texter.say("shelter", after=60) == ["place_found"]
        assert texter.conversation.owner is Owner.WITH_BOT
    assert await texter.say("shelter", after=60) == ["place_found"], "the third one is still given"
    assert texter.conversation.owner is Owner.WAITING and not texter.conversation.locked
    assert texter.conversation.level is Level.CONCERN and texter.conversation.reasons == (handoff.MANY_PLACES,)
    assert texter.last and texter.last.alert == handoff.MANY_PLACES


async def test_after_it_places_are_rationed_and_lines_never_d6_r8() -> None:
    texter = Paced()
    for _ in range(LOOK_UPS_AN_HOUR):
        await texter.say("shelter", after=60)
    assert await texter.say("shelter", after=60) == ["place_rationed"]
    assert await texter.say("another", after=60) == ["place_rationed"]
    assert await texter.say("nowhere", after=60) == ["place_none_open"], "the line stays, the closed place does not"
    assert await texter.say("NUMBER", after=60) == ["number_given"]
    assert await texter.say("food please", after=60) == ["food"]
    assert await texter.say("!imminent", after=60) == ["crisis_suicide", "handoff_asked"]


async def test_another_place_of_one_search_is_no_look_up_of_its_own_d6() -> None:
    texter = Paced()
    for text in ("shelter", "another", "another", "shelter", "another"):
        assert await texter.say(text, after=60) == ["place_found"]
    assert texter.pace.look_ups == 2 and texter.conversation.owner is Owner.WITH_BOT


async def test_a_search_that_finds_nothing_open_counts_too_d6() -> None:
    texter = Paced()
    for _ in range(LOOK_UPS_AN_HOUR):
        await texter.say("nowhere", after=60)
    assert texter.conversation.reasons == (handoff.MANY_PLACES,)


async def test_the_count_outlives_the_session_for_an_hour_and_says_nothing_of_it_d6() -> None:
    texter = Paced()
    for _ in range(LOOK_UPS_AN_HOUR):
        await texter.say("shelter", after=60)
    fresh = Session(Address("+17025550123"), welcomed=True, asked_about_phone=True)
    texter.conversation = Conversation(ConversationId("c2"), SMS, fresh)
    assert await texter.say("shelter", after=60) == ["place_rationed"]
    assert texter.conversation.reasons == (handoff.MANY_PLACES,), "a new conversation goes before an advocate again"
    assert await texter.say("shelter", after=3600) == ["place_found"]
    assert texter.pace.look_ups == 1


def test_a_clock_that_goes_back_begins_a_new_count() -> None:
    pace = count_look_up(count_texts(Pace(), 30, NOON), NOON)
    earlier = NOON - timedelta(hours=2)
    assert count_texts(pace, 1, earlier).minute_texts == 1 and count_look_up(pace, earlier).look_ups == 1
