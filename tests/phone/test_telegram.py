"""Telegram's Bot API and its updates as the emulator keeps them (X2, C12, K6)."""

import asyncio

import httpx
import pytest

from phone.telegram.updates import ATTACHMENTS
from tests.phone.stage import BOT_TOKEN, CHAT, SECRET

WEBHOOK = "/webhooks/telegram"


async def test_a_text_comes_as_an_update_with_the_secret_header_x2(stage):
    answer = await stage.write("telegram", "hello")
    (call,) = stage.site.to(WEBHOOK)
    message = call.json["message"]
    assert call.headers["x-telegram-bot-api-secret-token"] == SECRET
    assert (message["text"], message["chat"]["id"], message["chat"]["type"]) == ("hello", int(CHAT), "private")
    assert str(message["message_id"]) == answer["external_id"]
    assert (answer["status"], answer["tries"]) == (200, 1)


async def test_update_ids_increase_and_a_refused_update_comes_again_as_it_was_x4(stage):
    stage.site.answers = [500, 503]
    await stage.write("telegram", "one")
    await stage.write("telegram", "two")
    ids = [call.json["update_id"] for call in stage.site.calls]
    assert ids[0] == ids[1] == ids[2] < ids[3]


async def test_the_same_external_id_is_the_same_update_x4(stage):
    for _ in range(2):
        await stage.write("telegram", "one", external_id="77")
    first, second = (call.json for call in stage.site.calls)
    assert first == second
    assert len(await stage.messages("telegram", side="texter")) == 1


async def test_updates_of_one_chat_wait_for_each_other_and_of_others_do_not(stage):
    stage.site.hold_seconds = 0.1
    other = {"channel": "telegram", "address": "42", "text": "other"}
    one = asyncio.create_task(stage.write("telegram", "one"))
    await asyncio.sleep(0.03)
    two = asyncio.create_task(stage.write("telegram", "two"))
    await asyncio.sleep(0.03)
    await stage.client.post("/practice/texts", json=other)
    await asyncio.gather(one, two)
    assert [call.json["message"]["text"] for call in stage.site.calls] == ["one", "other", "two"]


@pytest.mark.parametrize("kind", sorted(ATTACHMENTS))
async def test_every_kind_of_message_can_be_sent_c12(stage, kind):
    await stage.write("telegram", "a caption", kind=kind)
    assert kind in stage.site.calls[0].json["message"]
    assert "text" not in stage.site.calls[0].json["message"]


async def test_an_edited_message_is_an_edited_message_c12(stage):
    await stage.write("telegram", "better", kind="edited")
    assert stage.site.calls[0].json["edited_message"]["text"] == "better"


async def test_start_is_marked_as_a_command_k8(stage):
    await stage.write("telegram", "/start card7")
    (entity,) = stage.site.calls[0].json["message"]["entities"]
    assert (entity["type"], entity["length"]) == ("bot_command", 6)


async def test_a_person_who_blocks_the_bot_cannot_be_written_to_until_they_come_back_x2(stage):
    await stage.write("telegram", kind="blocked")
    assert stage.site.calls[0].json["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    answer = await stage.telegram("sendMessage", chat_id=int(CHAT), text="hi")
    assert (answer.status_code, answer.json()["error_code"]) == (403, 403)
    await stage.write("telegram", kind="unblocked")
    assert (await stage.telegram("sendMessage", chat_id=int(CHAT), text="hi")).status_code == 200


async def test_a_raw_update_is_posted_as_it_is_x2(stage):
    raw = {"update_id": 7, "channel_post": {"message_id": 1}, "poll": {"id": "1"}}
    answer = (await stage.client.post("/practice/updates", json={"channel": "telegram"} | raw)).json()
    assert answer["status"] == 200
    assert stage.site.calls[0].json == raw


@pytest.mark.parametrize("token", ["123456:other", "x"])
async def test_a_wrong_token_is_401(stage, token):
    answer = await stage.client.post(f"/telegram/bot{token}/getMe")
    assert (answer.status_code, answer.json()["ok"]) == (401, False)


async def test_forms_and_json_say_the_same_and_words_stay_words(stage):
    for text in ('{"a": 1}', "true", "[]"):
        sent = await stage.client.post(
            f"/telegram/bot{BOT_TOKEN}/sendMessage", data={"chat_id": CHAT, "text": text, "protect_content": "false"}
        )
        assert sent.json()["result"]["text"] == text
    assert [m["text"] for m in await stage.messages("telegram")] == ['{"a": 1}', "true", "[]"]


async def test_a_reply_keyboard_is_on_the_handset(stage):
    markup = {"keyboard": [[{"text": "PERSON"}, "STOP"]]}
    await stage.telegram("sendMessage", chat_id=int(CHAT), text="hi", reply_markup=markup)
    assert (await stage.messages("telegram"))[0]["buttons"] == [["PERSON", "STOP"]]


@pytest.mark.parametrize("fields", [{"text": ""}, {"text": "x" * 4097}, {"chat_id": "@name"}, {"chat_id": -5}])
async def test_what_cannot_be_sent_is_400(stage, fields):
    answer = await stage.telegram("sendMessage", **({"chat_id": int(CHAT), "text": "hi"} | fields))
    assert answer.status_code == 400
    assert answer.json()["description"].startswith("Bad Request")


async def test_messages_of_both_sides_can_be_deleted_k6(stage):
    theirs = int((await stage.write("telegram", "words"))["external_id"])
    ours = (await stage.telegram("sendMessage", chat_id=int(CHAT), text="reply")).json()["result"]["message_id"]
    assert (await stage.telegram("deleteMessages", chat_id=int(CHAT), message_ids=[theirs, ours, 5])).json()["result"]
    shown = await stage.messages("telegram", side="all")
    assert [(m["text"], m["deleted"]) for m in shown] == [("", True), ("", True)]
    again = await stage.telegram("deleteMessage", chat_id=int(CHAT), message_id=ours)
    assert again.json()["description"] == "Bad Request: message to delete not found"


async def test_after_48_hours_by_the_practice_clock_nothing_can_be_deleted_p5(stage):
    message_id = int((await stage.write("telegram", "words"))["external_id"])
    clock = {"channel": "telegram", "address": CHAT, "offset_seconds": 48 * 3600}
    assert (await stage.client.post("/practice/clock", json=clock)).status_code == 200
    for method, fields in (
        ("deleteMessage", {"message_id": message_id}),
        ("deleteMessages", {"message_ids": [message_id]}),
    ):
        answer = await stage.telegram(method, chat_id=int(CHAT), **fields)
        assert "can't be deleted" in answer.json()["description"]
    assert (await stage.messages("telegram", side="all"))[0]["text"] == "words"


async def test_a_chat_that_blocked_the_bot_cannot_be_emptied_p5(stage):
    await stage.write("telegram", "hello")
    (held,) = (await stage.client.get("/practice/copies", params={"channel": "telegram", "address": CHAT})).json()[
        "copies"
    ]
    await stage.write("telegram", "", kind="blocked")
    answer = await stage.telegram("deleteMessages", chat_id=int(CHAT), message_ids=[int(held["external_id"])])
    assert answer.status_code == 403


async def test_no_more_than_100_messages_are_deleted_in_one_call(stage):
    answer = await stage.telegram("deleteMessages", chat_id=int(CHAT), message_ids=list(range(1, 102)))
    assert answer.status_code == 400


async def test_the_webhook_is_set_told_and_taken_away(stage):
    url = "https://hotline.example/elsewhere"
    await stage.telegram("setWebhook", url=url, secret_token="new-secret", allowed_updates=["message"])
    await stage.write("telegram", "one")
    assert stage.site.calls[0].headers["x-telegram-bot-api-secret-token"] == "new-secret"
    await stage.write("telegram", kind="blocked")
    stage.site.answers = [500] * 5
    await stage.write("telegram", "two")
    info = (await stage.telegram("getWebhookInfo")).json()["result"]
    assert (info["url"], info["allowed_updates"]) == (url, ["message"])
    assert info["last_error_message"].endswith("500")
    assert {call.path for call in stage.site.calls} == {"/elsewhere"}
    await stage.telegram("deleteWebhook")
    assert (await stage.write("telegram", "three"))["tries"] == 0


@pytest.mark.parametrize(
    "fields", [{"url": "https://elsewhere.example/x"}, {"url": "https://hotline.example/x", "secret_token": "a b"}]
)
async def test_a_webhook_beyond_this_machine_or_a_bad_secret_is_refused_x3(stage, fields):
    assert (await stage.telegram("setWebhook", **fields)).status_code == 400


async def test_a_flood_says_how_long_to_wait_x2(stage):
    await stage.fault("telegram", "429", seconds=3)
    answer = await stage.telegram("sendMessage", chat_id=int(CHAT), text="hi")
    assert (answer.status_code, answer.json()["parameters"]) == (429, {"retry_after": 3})


@pytest.mark.parametrize(("kind", "status"), [("500", 500), ("503", 503), ("blocked", 403)])
async def test_a_planned_refusal_comes_once(stage, kind, status):
    await stage.fault("telegram", kind, address=CHAT)
    assert (await stage.telegram("sendMessage", chat_id=int(CHAT), text="hi")).status_code == status
    assert (await stage.telegram("sendMessage", chat_id=int(CHAT), text="hi")).status_code == 200


async def test_a_dropped_send_was_received_x5(stage):
    await stage.fault("telegram", "drop")
    with pytest.raises(httpx.RemoteProtocolError):
        await stage.telegram("sendMessage", chat_id=int(CHAT), text="taken")
    assert [m["text"] for m in await stage.messages("telegram")] == ["taken"]


async def test_erasing_can_fail_too(stage):
    message_id = int((await stage.write("telegram", "words"))["external_id"])
    await stage.fault("telegram", "503", on="erase")
    statuses = [
        (await stage.telegram("deleteMessage", chat_id=int(CHAT), message_id=message_id)).status_code for _ in range(2)
    ]
    assert statuses == [503, 200]


async def test_other_methods_are_answered_true(stage):
    assert (await stage.telegram("sendChatAction", chat_id=5, action="typing")).json() == {"ok": True, "result": True}
    assert (await stage.telegram("getMe")).json()["result"]["is_bot"] is True
