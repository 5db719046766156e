"""The line plays another service to whoever holds the phone, and a person still hears (K7, R10)."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline import handoff
from hotline.conversations import Owner
from hotline.cover import LINE_KEY
from hotline.deadlines import KINDS, Timings, handle_deadline
from hotline.ladder import climb
from hotline.messages import TELEGRAM, Kind
from hotline.screening import Level
from tests.hotline.handoff_world import run
from tests.hotline.pipeline_world import NOON, Talk

DULL = {f"{LINE_KEY}{number}" for number in (1, 2, 3)}
PRYING = (
    "who is this", "HELP", "info", "MENU", "AGAIN", "NUMBER", "PERSON", "START", "CLEAR", "yes", "no", "quien es",
    "!imminent", "!danger", "!high", "!here", "!probe", "!concern", "!broken", "!homeless", "CODE tulip",
    "NEW CODE tulip", "COVER sun moon", "laundry", "tokens", "x", "/restart", "/start", "leave me alone", "",
    "lantern?!x",
)  # fmt: skip


async def covered(**more: object) -> Talk:
    talk = await Talk(**more).past_openings()  # type: ignore[arg-type]
    await talk.say("laundry")
    return talk


async def test_a_cover_word_is_met_with_a_dull_line_and_so_is_everything_after_it_k7() -> None:
    talk = await covered()
    assert talk.conversation.covered and talk.conversation.silent
    for text in PRYING:
        (key,) = await talk.say(text)
        assert key in DULL, text
        assert talk.conversation.covered
    (key,) = await talk.say("", kind=Kind.MEDIA)
    assert key in DULL


async def test_the_dull_lines_take_turns_k7() -> None:
    talk = await covered()
    said = [(await talk.say("who is this"))[0] for _ in range(6)]
    assert set(said) == DULL and all(one != other for one, other in pairwise(said))


async def test_the_return_word_brings_the_line_back_and_only_that_word_k7() -> None:
    talk = await covered()
    assert set(await talk.say("lanterns")) <= DULL
    assert await talk.say(" Lantern. ") == ["cover_over"]
    assert not talk.conversation.covered and not talk.conversation.silent
    assert await talk.say("food please") == ["food"]


async def test_the_return_word_means_nothing_to_a_stranger_k7() -> None:
    assert await Talk().say("lantern") == ["food", "welcome"]


async def test_danger_under_cover_pages_and_shows_nothing_r10() -> None:
    talk = await covered()
    before = talk.conversation
    (key,) = await talk.say("!imminent")
    assert key in DULL and talk.last
    assert talk.conversation.owner is Owner.WAITING and talk.conversation.level is Level.IMMINENT
    assert climb(before, talk.last, talk.at, Timings()).page


async def test_a_plea_for_a_person_under_cover_pages_and_shows_nothing_k7() -> None:
    talk = await covered()
    before = talk.conversation
    (key,) = await talk.say("PERSON")
    assert key in DULL and talk.conversation.locked and talk.last
    assert handoff.ASKED in talk.conversation.reasons
    assert climb(before, talk.last, talk.at, Timings()).page


async def test_danger_in_the_very_turn_that_goes_under_cover_is_heard_and_not_answered_k7() -> None:
    talk = await Talk().past_openings()
    (key,) = await talk.say("!danger", "laundry")
    assert key in DULL and talk.conversation.level is Level.IMMINENT


async def test_whoever_comes_back_after_danger_gets_the_crisis_line_and_the_truth_r7_h4() -> None:
    talk = await covered()
    await talk.say("!imminent")
    assert await talk.say("lantern") == ["crisis_suicide", "handoff_asked"]


async def test_who_stopped_neither_goes_under_cover_nor_comes_back_k2() -> None:
    talk = await Talk().past_openings()
    await talk.say("STOP")
    await talk.say("laundry")
    assert await talk.say("START") == ["started"]
    talk = await covered()
    await talk.say("STOP")
    await talk.say("lantern")
    assert set(await talk.say("START")) <= DULL


async def test_an_advocates_words_need_a_second_click_whoever_writes_meanwhile_r10() -> None:
    talk = await covered()
    await talk.say("PERSON")
    talk.conversation = handoff.claim(talk.conversation, "ann", talk.at).conversation
    await talk.say("who is this")
    held = handoff.reply(talk.conversation, "ann", "hi", confirmed=False, opted_out=False)
    assert held.result == "confirm" and not held.words
    assert handoff.reply(talk.conversation, "ann", "hi", confirmed=True, opted_out=False).words == ("hi",)


async def test_no_line_about_people_goes_out_under_cover_h4_r10() -> None:
    talk = await covered()
    await talk.say("PERSON")
    waiting = talk.conversation
    taken = handoff.claim(waiting, "ann", talk.at)
    outcomes = [taken, *(handle_deadline(kind, waiting, NOON) for kind in KINDS)]
    outcomes += [act(taken.conversation) for act in (
        lambda c: handoff.give_back(c, NOON), lambda c: handoff.release(c, "ann"), lambda c: handoff.close(c, "ann"),
    )]  # fmt: skip
    assert all(not outcome.replies for outcome in outcomes)


@pytest.mark.parametrize("channel", ["sms", "telegram"])
async def test_bye_under_cover_wipes_what_was_said_and_the_cover_stays_k5_k7(channel: str) -> None:
    talk = await covered(channel=TELEGRAM if channel == "telegram" else "sms")
    (key,) = await talk.say("BYE")
    session = talk.conversation.session
    assert key in DULL and talk.last and talk.last.blank and not talk.last.forget
    assert not session.recent and not session.offered and not session.dialogue and not session.last_line
    assert set(await talk.say("hello")) <= DULL


async def test_stop_under_cover_is_obeyed_and_start_afterwards_shows_nothing_k2_k7() -> None:
    talk = await covered()
    assert await talk.say("STOP") == []
    assert talk.opted_out
    assert await talk.say("who is this") == []
    assert talk.last and not talk.last.forget, "the cover would be forgotten with it"
    assert set(await talk.say("START")) <= DULL and not talk.opted_out


async def test_bye_under_cover_with_an_open_page_keeps_the_page_k5() -> None:
    talk = await covered()
    await talk.say("!high")
    (key,) = await talk.say("BYE")
    assert key in DULL and talk.conversation.owner is Owner.WAITING
    assert {handoff.LEFT, handoff.GOODBYE, "control"} <= set(talk.conversation.reasons)
    assert set(await talk.say("hello")) <= DULL


async def test_a_session_that_ends_under_cover_tells_nobody_anything_k7() -> None:
    talk = await covered()
    ended = handle_deadline("session", talk.conversation, talk.at)
    assert ended.forget and not ended.replies


async def test_own_words_are_taken_with_one_neutral_line_and_work_both_ways_k7() -> None:
    talk = await Talk().past_openings()
    assert await talk.say("Cover maple river") == ["neutral_ack"]
    assert set(await talk.say("Maple")) <= DULL
    assert set(await talk.say("maple")) <= DULL
    assert await talk.say("river") == ["cover_over"]


@pytest.mark.parametrize("text", ["COVER", "COVER stop maple", "COVER maple maple", "COVER maple lantern"])
async def test_words_that_cannot_be_used_are_said_to_be_so_k7(text: str) -> None:
    talk = await Talk().past_openings()
    assert await talk.say(text) == ["cover_words"]
    assert not talk.conversation.session.own_cover


@pytest.mark.parametrize("text", ["cover me", "cover the bruises", "cover my face", "cover me please", "code 89101"])
async def test_a_sentence_is_not_taken_for_own_words_k7(text: str) -> None:
    talk = await Talk().past_openings()
    assert await talk.say(text) == ["food"]


@pytest.mark.parametrize("text", ["CODE !high", "COVER !high maple"])
async def test_danger_in_the_words_themselves_comes_first_r1(text: str) -> None:
    talk = await Talk().past_openings()
    assert await talk.say(text) == ["high_control"]


async def test_a_hotline_without_a_cover_says_so_and_keeps_no_words_k7() -> None:
    talk = await Talk(cover=None).past_openings()
    assert await talk.say("COVER maple river") == ["cover_none"]
    assert await talk.say("maple") == ["food"]


async def test_a_hotline_that_takes_its_cover_away_meanwhile_falls_silent_k7() -> None:
    talk = await covered()
    talk.services = replace(talk.services, cover=None)
    assert await talk.say("!imminent") == []
    assert talk.conversation.level is Level.IMMINENT


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.lists(st.sampled_from((*PRYING, "BYE", "STOP")) | st.text(max_size=12), min_size=1, max_size=2), max_size=8
    )
)
def test_no_sequence_of_texts_but_the_return_word_yields_anything_but_dull_lines_k7(turns: list[list[str]]) -> None:
    """And whoever is in imminent danger is paged for, R7."""

    async def play() -> None:
        talk = await covered()
        for texts in turns:
            if any("".join(filter(str.isalnum, text.casefold())) == "lantern" for text in texts):
                continue
            before = talk.conversation
            keys = await talk.say(*texts)
            assert talk.last and talk.conversation.covered and set(keys) <= DULL and len(keys) <= 1
            assert keys or talk.opted_out
            if any(mark in text for text in texts for mark in ("!imminent", "!danger", "!here")):
                assert talk.conversation.owner is Owner.WAITING and talk.conversation.level is Level.IMMINENT
                first = before.owner is not Owner.WAITING or before.level < Level.IMMINENT
                assert climb(before, talk.last, talk.at, Timings()).page or not first

    run(play())


async def test_x_leaves_only_where_it_was_taught_in_this_session_k5() -> None:
    talk = await Talk().past_openings()
    assert await talk.say("x") == ["food"]
    taught = replace(talk.conversation.session, taught_exit=True)
    talk.conversation = replace(talk.conversation, session=taught)
    assert await talk.say("X") == ["goodbye"]
    assert talk.last and talk.last.forget


async def test_whoever_writes_after_bye_in_danger_is_greeted_as_new_and_the_page_stays_k5_c9() -> None:
    talk = await Talk().past_openings()
    await talk.say("!high")
    await talk.say("PERSON")
    assert await talk.say("BYE") == ["goodbye"]
    assert talk.last and talk.last.blank and talk.conversation.owner is Owner.WAITING
    assert talk.conversation.level is Level.HIGH and {"control", handoff.LEFT} <= set(talk.conversation.reasons)
    assert await talk.say("food please") == ["food", "welcome"]
    assert await talk.say("!high") == ["phone_ok", "high_control"]
    assert await talk.say("!imminent") == ["crisis_suicide", "handoff_asked"]


async def test_clear_with_an_open_page_wipes_the_words_and_says_so_only_if_it_did_k6() -> None:
    talk = await Talk().past_openings()
    await talk.say("!high")
    assert await talk.say("CLEAR") == ["cleared"] and talk.last and talk.last.blank
    talk = await Talk().past_openings()
    await talk.say("!danger")
    assert await talk.say("CLEAR") == ["goodbye"] and talk.last and not talk.last.blank
    assert talk.conversation.level is Level.IMMINENT and not talk.conversation.session.recent


async def test_whoever_writes_after_someone_came_near_is_told_nothing_of_people_r10() -> None:
    talk = await Talk().past_openings()
    await talk.say("!high")
    assert await talk.say("!here") == ["neutral_ack"]
    assert await talk.say("food please") == ["near_go_on"]
    assert await talk.say("PERSON") == ["handoff_already_waiting"]


async def test_stop_asks_for_no_person_and_so_locks_nothing_h1() -> None:
    talk = await Talk().past_openings()
    await talk.say("!high")
    await talk.say("STOP")
    await talk.say("START")
    assert not talk.conversation.locked and await talk.say("food please") == ["food"]


async def test_danger_beside_a_text_that_cannot_be_screened_is_still_heard_r9() -> None:
    talk = Talk()
    assert await talk.say("!imminent", "!broken") == ["crisis_suicide", "handoff_asked"]
    assert talk.conversation.level is Level.IMMINENT and handoff.SCREENING_FAILED in talk.conversation.reasons


async def test_a_goodbye_after_talk_of_suicide_is_paged_as_imminent_k5() -> None:
    talk = await Talk().past_openings()
    await talk.say("!imminent")
    talk.conversation = replace(talk.conversation, level=Level.HIGH)
    assert await talk.say("BYE") == ["goodbye"]
    assert talk.conversation.level is Level.IMMINENT and handoff.GOODBYE in talk.conversation.reasons
    assert talk.last and talk.last.alert == "left"


@pytest.mark.parametrize("text", ["CODE tulip", "NEW CODE tulip", "clave tulipan", "Nueva clave tulipan"])
async def test_every_code_word_gets_the_same_line_and_only_staff_hear_what_became_of_it_c9(text: str) -> None:
    said = {}
    for code in ("matched", "unmatched", "chosen", None):
        talk = Talk()
        said[code] = await talk.say(text, code=code)
        assert set(talk.conversation.reasons) == ({f"code_{code}"} if code in {"matched", "unmatched"} else set())
        assert talk.conversation.owner is Owner.WITH_BOT
    assert set(map(tuple, said.values())) == {("neutral_ack",)}
