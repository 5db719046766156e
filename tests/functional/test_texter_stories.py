"""What a young person sees, on both channels, with every program running and nothing mocked."""

import asyncio

import aiohttp
import pytest

from app.stack import Stack
from tests.functional.people import set_on_shift
from tests.functional.stories import CHANNELS, STORY, NewTexter

pytestmark = STORY


@CHANNELS
async def test_a_youth_asks_for_a_place_tonight_and_gets_one_open_now_or_the_truth(
    new_texter: NewTexter, channel: str
) -> None:
    texter = new_texter(channel)
    first = " ".join(await texter.texts("I need somewhere to sleep in Las Vegas tonight"))
    assert "automated helper" in first
    assert any(char.isdigit() for char in first)
    assert "4981" not in first or "Shirley" in first
    assert (await texter.state())["owner"] == "waiting"


@CHANNELS
async def test_asking_for_a_person_is_answered_with_the_truth_and_locks_the_bot_h1_h4(
    new_texter: NewTexter, channel: str
) -> None:
    texter = new_texter(channel)
    await texter.texts("hi")
    assert "person" in (await texter.texts("PERSON"))[0]
    assert await texter.state() == {"owner": "waiting", "level": "concern"}
    for text in ("/restart", '/ask_food{"a": 1}', "where can i get food"):
        replies = await texter.texts(text)
        assert len(replies) == 1 and "join" in replies[0]


@CHANNELS
async def test_a_plain_cry_in_spanish_gets_the_crisis_card_in_spanish_r7_v9(
    new_texter: NewTexter, channel: str
) -> None:
    texter = new_texter(channel)
    replies = await texter.texts("ya no quiero vivir")
    assert "988" in replies[0] and "Gracias" in replies[0]
    assert await texter.state() == {"owner": "waiting", "level": "imminent"}


async def test_with_nobody_on_shift_the_texter_is_told_and_gets_a_line_that_answers_h4(
    new_texter: NewTexter, http: aiohttp.ClientSession, stack: Stack
) -> None:
    texter = new_texter()
    await texter.texts("hi")
    await set_on_shift(http, stack, False)
    (reply,) = await texter.texts("PERSON")
    assert any(char.isdigit() for char in reply)
    assert "asked a person to join" not in reply


async def test_a_wait_that_runs_out_is_told_with_a_line_that_answers_h3_h4(new_texter: NewTexter) -> None:
    texter = new_texter()
    await texter.texts("i want to kill myself tonight")
    await texter.skips(121)
    told = await texter.reads()
    assert len(told) == 1 and any(char.isdigit() for char in told[0])
    await texter.skips(400)
    assert await texter.reads() == []


async def test_the_same_webhook_twice_is_answered_once_x4(new_texter: NewTexter) -> None:
    texter = new_texter()
    sid = "SM" + "a1" * 16
    first = await texter.posts("hello", external_id=sid)
    again = await texter.posts("hello", external_id=sid)
    assert first["status"] == again["status"] == 200
    await texter.settles()
    assert len(await texter.reads()) == 1


async def test_two_texts_fifty_milliseconds_apart_are_both_heard_c13(new_texter: NewTexter) -> None:
    texter = new_texter()
    await texter.texts("hi")
    one = asyncio.create_task(texter.posts("im so hungry"))
    await asyncio.sleep(0.05)
    await texter.posts("i want to kill myself")
    await one
    await texter.settles()
    assert any("988" in reply for reply in await texter.reads())
    assert (await texter.state())["level"] == "imminent"


async def test_a_session_is_forgotten_after_thirty_minutes_and_a_return_is_a_first_time_p3_c9(
    new_texter: NewTexter,
) -> None:
    texter = new_texter()
    await texter.texts("hi")
    await texter.skips(31 * 60)
    assert await texter.state() == {"owner": "with_bot", "level": "none"}
    assert "automated helper" in " ".join(await texter.texts("hi"))


async def test_stop_is_obeyed_and_start_comes_back_k2(new_texter: NewTexter) -> None:
    texter = new_texter("telegram")
    await texter.texts("hi")
    assert len(await texter.texts("STOP")) == 1
    assert await texter.texts("hello?") == []
    assert len(await texter.texts("START")) >= 1
    assert len(await texter.texts("where can i get food")) >= 1


async def test_he_wont_stop_is_no_stop_k2(new_texter: NewTexter) -> None:
    texter = new_texter()
    await texter.texts("hi")
    assert await texter.texts("he wont stop")


async def test_someone_near_is_met_with_one_dull_line_and_then_silence_r10(new_texter: NewTexter) -> None:
    texter = new_texter()
    await texter.texts("hi")
    (line,) = await texter.texts("hes here")
    assert len(line) < 60
    assert await texter.texts("hes here") == []
    await texter.skips(300)
    assert await texter.reads() == []
    assert (await texter.state())["level"] == "imminent"


@CHANNELS
async def test_a_picture_gets_one_kind_line_and_is_never_fetched_c12(new_texter: NewTexter, channel: str) -> None:
    texter = new_texter(channel)
    await texter.texts("hi")
    replies = await texter.texts("", kind="photo")
    assert replies and "pictur" in " ".join(replies).lower()


async def test_language_follows_the_texter_at_any_message_v9(new_texter: NewTexter) -> None:
    texter = new_texter()
    await texter.texts("hi")
    await texter.texts("where can i get food")
    replies = await texter.texts("necesito comida para hoy por favor")
    assert any(word in " ".join(replies).lower() for word in ("comida", "quieres", "puedes"))


@pytest.mark.parametrize("text", ["", " ", "\x00", "😶" * 300, "a" * 10_000, "{{7*7}} {name} %s", "/", "//restart"])
async def test_odd_texts_are_answered_and_lose_nothing(new_texter: NewTexter, text: str) -> None:
    texter = new_texter()
    await texter.texts("hi")
    assert await texter.texts(text or " ")


async def test_with_rasa_stopped_keywords_crisis_and_the_offer_of_a_person_go_on_k1_r1(
    stack: Stack, new_texter: NewTexter
) -> None:
    texter = new_texter()
    await texter.texts("hi")
    await stack.stop("rasa")
    try:
        assert "person" in " ".join(await texter.texts("where can i get food"))
        assert "988" in " ".join(await texter.texts("NUMBER"))
        assert "988" in (await texter.texts("i want to kill myself"))[0]
        assert (await texter.state())["level"] == "imminent"
    finally:
        await stack.start("rasa")
    other = new_texter()
    await other.texts("hi")
    assert "211" in " ".join(await other.texts("where can i get food"))
