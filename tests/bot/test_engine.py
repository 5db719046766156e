"""Conversations with the real Rasa and the real actions: K8, C3-C5, C8, C11, V9."""

import json
import os

import pytest

from bot.priority import GIVES_WAY
from tests.bot.conversation import Talk
from tests.bot.engine_process import EngineStack

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]


async def test_a_place_is_found_while_turns_alternate_between_two_processes(talk: Talk) -> None:
    """C5, C9: the state that goes in and out is all there is."""
    assert await talk.keys("i need somewhere to sleep tonight") == ["ask_area"]
    answer = await talk.say("reno")
    assert answer.replies[0].key in {"place_found", "place_call_first", "place_none_open"}
    assert talk.state["form"] is None
    assert talk.state["slots"]["area"] == "NV:Washoe_County:Reno:"


async def test_a_place_is_found_in_spanish_with_an_age_band_where_a_place_needs_it(talk: Talk) -> None:
    """C3, C5, V9."""
    talk.language = "es"
    assert await talk.keys("necesito donde dormir hoy") == ["ask_area"]
    keys = await talk.keys("estoy en las vegas")
    if keys == ["ask_age"]:
        keys = await talk.keys("tengo 16")
        assert talk.state["slots"]["age"] == "under_18"
    assert keys[0] in {"place_found", "place_call_first", "place_none_open"}


async def test_an_area_in_the_first_text_is_not_asked_for_again(talk: Talk) -> None:
    """C4."""
    assert "ask_area" not in await talk.keys("i need somewhere to sleep in las vegas tonight")
    assert talk.state["slots"]["area"] == "NV:Clark_County:Las_Vegas:"


async def test_skipping_the_area_still_gives_something(talk: Talk) -> None:
    """V3: refusing is always fine."""
    await talk.say("need a shelter")
    assert (await talk.keys("skip"))[0].startswith("place_")
    assert "area" not in talk.state["slots"]


async def test_an_unknown_area_gives_a_line_and_does_not_ask_in_a_loop(talk: Talk) -> None:
    """C11."""
    await talk.say("need a shelter")
    answer = await talk.say("qwzx plmk")
    assert [reply.key for reply in answer.replies] == ["place_area_unknown"]
    assert answer.replies[0].params["line"]
    assert talk.state["form"] is None


async def test_another_topic_leaves_the_form_and_is_answered_alone(talk: Talk) -> None:
    """A form of Rasa's own asks again after every other topic."""
    await talk.say("need a shelter")
    assert await talk.keys("im so hungry") == ["food"]
    assert talk.state["form"] is None


async def test_a_person_is_asked_for_in_the_middle_of_the_form(talk: Talk) -> None:
    await talk.say("need a shelter")
    assert (await talk.say("i want to talk to a person")).handoff == "asked"


async def test_another_place_ends_after_three(talk: Talk) -> None:
    """C8: at most three."""
    await talk.say("need a shelter in reno")
    for _ in range(3):
        keys = await talk.keys("another place")
    assert keys == ["place_no_more"]


async def test_another_place_without_a_first_one_asks_for_the_area(talk: Talk) -> None:
    assert await talk.keys("another place") == ["ask_area"]


async def test_a_number_is_given_and_said_again(talk: Talk) -> None:
    """K4, N1."""
    given = await talk.say("is there a hotline i can call")
    assert given.replies[0].key == "number_given"
    again = await talk.say("again")
    assert (again.replies[0].key, again.replies[0].params) == ("number_again", given.replies[0].params)


async def test_again_without_a_number_says_so(talk: Talk) -> None:
    assert await talk.keys("again") == ["number_none"]


async def test_the_language_changes_at_any_message(talk: Talk) -> None:
    """V9."""
    answer = await talk.say("en español por favor")
    assert (answer.language, answer.replies[0].key) == ("es", "language_changed")


@pytest.mark.parametrize("text", ["yes", "no", "sí", "nel"])
async def test_a_bare_yes_or_no_is_answered(talk: Talk, text: str) -> None:
    assert await talk.keys(text)


@pytest.mark.parametrize(
    "text",
    ["/restart", "/back", "/session_start", '/ask_person{"a": 1}', "/food", " /restart", "//restart", "\ufeff/food"],
)
async def test_commands_of_the_engine_are_plain_text(talk: Talk, text: str) -> None:
    """K8: neither obeyed nor taken for an intent; the place that was being looked for is still known."""
    await talk.say("need a shelter in reno")
    before = talk.state["slots"]["area"]
    answer = await talk.say(text)
    assert talk.state["slots"]["area"] == before
    assert answer.replies or not answer.understood or answer.handoff


async def test_the_words_after_a_slash_reach_the_classifier(talk: Talk) -> None:
    """K8."""
    assert await talk.keys("/im so hungry i havent eaten") == ["food"]


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "...", "\U0001f600", "{lang}", "zzqx wvut", "x" * 20_000, "a b " * 5000]
)
async def test_what_cannot_be_placed_is_not_understood_and_never_an_error(talk: Talk, text: str) -> None:
    """C11."""
    answer = await talk.say(text)
    assert answer.understood is False or answer.replies


async def test_the_state_stays_small_over_three_hundred_turns_and_within_a_form(talk: Talk) -> None:
    """Length costs nothing; the sketch's state grew to 26 kB over 20 form turns."""
    texts = [
        "need a shelter",
        "89101",
        "16",
        "another place",
        "again",
        "im so hungry",
        "yes",
        "thanks",
        "give me a number",
    ]
    sizes = []
    for number in range(300):
        await talk.say(texts[number % len(texts)] if number % 50 else "i need a place to sleep")
        sizes.append(len(json.dumps(talk.state)))
    assert max(sizes) < 600
    assert max(sizes[200:]) <= max(sizes[:100])


async def test_the_dialogue_gives_way_to_the_crisis_path_r9(engine_stack: EngineStack) -> None:
    """Engines and actions run behind every program that does not say so of itself."""
    for program in (*engine_stack.engines, engine_stack.actions):
        assert program.process is not None
        assert os.getpriority(os.PRIO_PROCESS, program.process.pid) - os.getpriority(os.PRIO_PROCESS, 0) == GIVES_WAY
