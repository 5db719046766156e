"""Thirteen things that stock Rasa with its own channels gets wrong, each tried on ours through the same doors."""

import asyncio
import time

import aiohttp
import pytest

from app.stack import Stack
from tests.functional.stories import STORY, NewTexter

pytestmark = STORY


async def test_r1_a_forged_sms_webhook_is_refused_and_nothing_is_kept(
    stack: Stack, http: aiohttp.ClientSession, new_texter: NewTexter
) -> None:
    texter = new_texter()
    form = {"MessageSid": "SM" + "0" * 32, "From": texter.address, "To": "+17025550199", "Body": "hello"}
    for headers in ({}, {"X-Twilio-Signature": "AAAA"}, {"X-Twilio-Signature": ""}):
        async with http.post(f"{stack.url('webhooks')}/webhooks/sms", data=form, headers=headers) as answer:
            assert answer.status == 403
    await texter.settles()
    assert await texter.reads() == []


async def test_r2_the_same_message_sid_is_handled_once(new_texter: NewTexter) -> None:
    texter = new_texter()
    for _ in range(3):
        await texter.posts("hello", external_id="SM" + "b2" * 16)
    await texter.settles()
    assert len(await texter.reads()) == 1


async def test_r3_a_picture_without_words_is_answered(new_texter: NewTexter) -> None:
    texter = new_texter()
    assert (await texter.posts("", kind="photo"))["status"] == 200
    await texter.settles()
    assert await texter.reads()


async def test_r4_a_provider_that_refuses_for_a_moment_still_delivers_once(new_texter: NewTexter) -> None:
    texter = new_texter()
    await texter.texts("hi")
    await texter.meets_fault("503", 2)
    assert len([reply for reply in await texter.texts("NUMBER") if "988" in reply]) == 1


async def test_r5_a_telegram_update_without_the_secret_is_refused(stack: Stack, http: aiohttp.ClientSession) -> None:
    update = {
        "update_id": 1,
        "message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "hi"},
    }
    for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": ""}, {"X-Telegram-Bot-Api-Secret-Token": "guess"}):
        async with http.post(f"{stack.url('webhooks')}/webhooks/telegram", json=update, headers=headers) as answer:
            assert answer.status == 403


async def test_r6_an_edited_message_is_not_run_again_as_new(new_texter: NewTexter) -> None:
    texter = new_texter("telegram")
    await texter.texts("hi")
    await texter.posts("i want to kill myself", kind="edited")
    await texter.settles()
    assert "988" not in " ".join(await texter.reads())


async def test_r7_a_texter_who_blocks_the_bot_stops_no_queue(new_texter: NewTexter) -> None:
    texter = new_texter("telegram")
    await texter.texts("hi")
    assert (await texter.posts("", kind="blocked"))["status"] == 200
    await texter.settles()
    other = new_texter("telegram")
    assert await other.texts("hi")


async def test_r8_no_stranger_can_move_the_webhook(stack: Stack, http: aiohttp.ClientSession) -> None:
    for path in ("/set_webhook", "/webhooks/telegram/set_webhook", "/webhooks/telegram", "/webhooks/sms"):
        async with http.get(f"{stack.url('webhooks')}{path}") as answer:
            assert answer.status in {404, 405}


@pytest.mark.parametrize(
    "text", ["/ask_person", '/ask_person{"a": "b"}', "/place_tonight", "/restart", "/session_start", "/nlu_fallback"]
)
async def test_r9_a_slash_changes_nothing_of_what_words_mean(new_texter: NewTexter, text: str) -> None:
    with_slash, without = new_texter(), new_texter()
    for texter in (with_slash, without):
        await texter.texts("hi")
    assert await with_slash.texts(text) == await without.texts(text.lstrip("/"))
    assert await with_slash.state() == await without.state()


async def test_r10_restart_does_not_end_a_hand_off(new_texter: NewTexter) -> None:
    texter = new_texter("telegram")
    await texter.texts("hi")
    await texter.texts("PERSON")
    await texter.texts("/restart")
    assert (await texter.state())["owner"] == "waiting"


async def test_r11_no_words_and_no_number_lie_in_the_store(stack: Stack, new_texter: NewTexter) -> None:
    texter = new_texter()
    await texter.texts("the canary word is heliotrope")
    await texter.texts("PERSON")
    await texter.texts("and also marzipan")
    files = [path for path in stack.folder.rglob("*") if path.is_file()]
    content = b"".join(path.read_bytes() for path in files)
    assert len(content) > 1000
    for canary in ("heliotrope", "marzipan", texter.address, texter.address.lstrip("+")):
        assert canary.encode() not in content


async def test_r12_the_engine_answers_nobody_without_its_token(stack: Stack, http: aiohttp.ClientSession) -> None:
    for url in stack.settings.rasa_urls:
        for path in ("/conversations/x/tracker", "/domain", "/model/parse", "/status", "/version"):
            async with http.get(f"{url}{path}") as answer:
                assert answer.status in {401, 403, 404, 405}


async def test_r14_a_hanging_engine_delays_no_webhook_and_the_texter_hears_within_three_seconds(
    stack: Stack, new_texter: NewTexter
) -> None:
    texter, other = new_texter(), new_texter()
    await texter.texts("hi")
    await other.texts("hi")
    stack.pause("rasa")
    try:
        began = time.monotonic()
        await asyncio.gather(texter.posts("where can i get food"), other.posts("i want to kill myself"))
        assert time.monotonic() - began < 2
        assert await other.waits_for("988", 2)
        assert await texter.waits_for("person", 6)
    finally:
        stack.resume("rasa")
    await texter.settles()
