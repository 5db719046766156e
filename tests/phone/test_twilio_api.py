"""Twilio's REST API as the emulator keeps it: create, refuse, list, redact, delete, status callbacks (X1, X5, P5)."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.phone.stage import ACCOUNT, NUMBER, TEXTER, TOKEN
from tests.phone.test_twilio_inbound import is_signed

STATUS = "/webhooks/sms/status"


@pytest.mark.parametrize("auth", [(ACCOUNT, "wrong"), ("AC" + "0" * 32, TOKEN), None])
async def test_a_wrong_token_is_20003(stage, auth):
    answer = await stage.twilio("POST", "/Messages.json", auth=auth, data={"To": TEXTER, "From": NUMBER, "Body": "x"})
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)
    assert await stage.messages() == []


async def test_another_account_in_the_path_is_20003(stage):
    path = f"/twilio/2010-04-01/Accounts/AC{'0' * 32}/Messages.json"
    assert (await stage.client.get(path, auth=(ACCOUNT, TOKEN))).json()["code"] == 20003


async def test_a_message_reaches_the_handset_and_its_status_is_called_back_signed(stage):
    answer = await stage.send_sms("hello there", StatusCallback=f"https://hotline.example{STATUS}")
    assert (answer.status_code, answer.json()["status"]) == (201, "queued")
    calls = await stage.call_at(STATUS, 2)
    assert [call.form["MessageStatus"] for call in calls] == ["sent", "delivered"]
    assert {call.form["MessageSid"] for call in calls} == {answer.json()["sid"]}
    assert all(is_signed(call, f"https://hotline.example{STATUS}") for call in calls)
    (shown,) = await stage.messages()
    assert (shown["text"], shown["status"], shown["external_id"]) == ("hello there", "delivered", answer.json()["sid"])


@pytest.mark.parametrize(
    ("text", "parts", "encoding"),
    [
        ("a" * 160, 1, "GSM-7"),
        ("a" * 161, 2, "GSM-7"),
        ("[" * 81, 2, "GSM-7"),
        ("á" * 70, 1, "UCS-2"),
        ("á" * 71, 2, "UCS-2"),
    ],
)
async def test_parts_are_counted_as_the_carrier_does(stage, text, parts, encoding):
    assert (await stage.send_sms(text)).json()["num_segments"] == str(parts)
    (shown,) = await stage.messages()
    assert (shown["parts"], shown["encoding"]) == (parts, encoding)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"To": "988"}, 21211),
        ({"To": "+1 702 555 0111"}, 21211),
        ({"Body": ""}, 21602),
        ({"From": ""}, 21603),
        ({"From": "+17025550198"}, 21606),
        ({"Body": "x" * 1601}, 21617),
        ({"StatusCallback": "https://elsewhere.example/x"}, 21609),
    ],
)
async def test_mistakes_are_refused_with_twilios_codes(stage, changes, code):
    data = {"To": TEXTER, "From": NUMBER, "Body": "hi"} | changes
    answer = await stage.twilio("POST", "/Messages.json", data=data)
    assert answer.status_code == 400
    assert answer.json()["code"] == code
    assert set(answer.json()) == {"code", "message", "more_info", "status"}


async def test_a_messaging_service_may_send(stage):
    service = "MG" + "0" * 32
    answer = await stage.twilio(
        "POST", "/Messages.json", data={"To": TEXTER, "MessagingServiceSid": service, "Body": "hi"}
    )
    assert (answer.status_code, answer.json()["messaging_service_sid"]) == (201, service)


async def test_an_unfinished_message_can_be_neither_deleted_nor_redacted_20009(stage):
    sid = (await stage.send_sms()).json()["sid"]
    for method, data in (("DELETE", None), ("POST", {"Body": ""})):
        answer = await stage.twilio(method, f"/Messages/{sid}.json", data=data)
        assert (answer.status_code, answer.json()["code"]) == (409, 20009)


async def test_a_finished_message_is_redacted_then_deleted_p5(stage):
    sid = (await stage.send_sms("some words")).json()["sid"]
    await stage.settle(sid)
    assert (await stage.twilio("POST", f"/Messages/{sid}.json", data={"Body": "other"})).json()["code"] == 30400
    assert (await stage.twilio("POST", f"/Messages/{sid}.json", data={"Body": ""})).json()["body"] == ""
    assert (await stage.messages())[0]["provider_copy"] == "redacted"
    assert (await stage.twilio("DELETE", f"/Messages/{sid}.json")).status_code == 204
    assert (await stage.twilio("GET", f"/Messages/{sid}.json")).json()["code"] == 20404
    assert (await stage.twilio("DELETE", f"/Messages/{sid}.json")).status_code == 404
    assert (await stage.messages())[0]["provider_copy"] == "deleted"
    assert (await stage.messages())[0]["text"] == "some words"


async def test_a_received_picture_and_its_message_can_be_deleted_at_once_c12(stage):
    sid = (await stage.write(text="", kind="photo"))["external_id"]
    (media,) = (await stage.twilio("GET", f"/Messages/{sid}/Media.json")).json()["media_list"]
    assert (await stage.twilio("DELETE", f"/Messages/{sid}/Media/{media['sid']}.json")).status_code == 204
    assert (await stage.twilio("DELETE", f"/Messages/{sid}/Media/{media['sid']}.json")).status_code == 404
    assert (await stage.twilio("DELETE", f"/Messages/{sid}.json")).status_code == 204


async def test_messages_are_listed_by_number_and_day_newest_first_x5(stage):
    await stage.write(text="from the handset")
    sids = [(await stage.send_sms(f"n{n}")).json()["sid"] for n in range(3)]
    await stage.send_sms("somebody else", to="+17025550112")
    await stage.settle(sids[-1])

    async def listed(**query: str) -> list[str]:
        return [m["body"] for m in (await stage.twilio("GET", "/Messages.json", params=query)).json()["messages"]]

    today, tomorrow = datetime.now(UTC).date(), datetime.now(UTC).date() + timedelta(days=1)
    assert await listed(To=TEXTER) == ["n2", "n1", "n0"]
    assert await listed(From=TEXTER) == ["from the handset"]
    assert await listed(To=TEXTER, From=NUMBER, PageSize="2") == ["n2", "n1"]
    assert await listed(To=TEXTER, PageSize="2", Page="1") == ["n0"]
    assert await listed(To=TEXTER, DateSent=str(today)) == ["n2", "n1", "n0"]
    assert await listed(To=TEXTER, **{"DateSent>": str(tomorrow)}) == []
    assert await listed(To=TEXTER, **{"DateSent<": f"{today}T00:00:00Z"}) == ["n2", "n1", "n0"]
    assert await listed(To="+17025550113") == []
    assert len(await listed()) == 5


async def test_the_next_page_is_named_until_there_is_none(stage):
    for n in range(3):
        await stage.send_sms(f"n{n}")
    first = (await stage.twilio("GET", "/Messages.json", params={"To": TEXTER, "PageSize": "2"})).json()
    following = await stage.client.get(f"/twilio{first['next_page_uri']}", auth=(ACCOUNT, TOKEN))
    assert [m["body"] for m in following.json()["messages"]] == ["n0"]
    assert following.json()["next_page_uri"] is None


async def test_a_number_takes_new_webhooks_and_a_fallback(stage):
    (number,) = (await stage.twilio("GET", "/IncomingPhoneNumbers.json", params={"PhoneNumber": NUMBER})).json()[
        "incoming_phone_numbers"
    ]
    path = f"/IncomingPhoneNumbers/{number['sid']}.json"
    urls = {"SmsUrl": "https://hotline.example/new#rc=2&rp=5xx", "SmsFallbackUrl": "https://hotline.example/fallback"}
    assert (await stage.twilio("POST", path, data=urls)).json()["sms_url"] == urls["SmsUrl"]
    stage.site.answers = [503] * 3
    answer = await stage.write()
    assert [call.path for call in stage.site.calls] == ["/new"] * 3 + ["/fallback"]
    assert stage.site.calls[-1].form["ErrorCode"] == "11200"
    assert answer["status"] == 200


async def test_without_overrides_in_the_url_a_refused_webhook_is_not_tried_again(stage):
    (number,) = (await stage.twilio("GET", "/IncomingPhoneNumbers.json")).json()["incoming_phone_numbers"]
    url = {"SmsUrl": "https://hotline.example/plain"}
    await stage.twilio("POST", f"/IncomingPhoneNumbers/{number['sid']}.json", data=url)
    stage.site.answers = [503]
    answer = await stage.write()
    assert (answer["status"], answer["tries"]) == (503, 1)


async def test_a_webhook_that_would_leave_this_machine_is_refused_x3(stage):
    (number,) = (await stage.twilio("GET", "/IncomingPhoneNumbers.json")).json()["incoming_phone_numbers"]
    url = {"SmsUrl": "https://hotline.example.elsewhere.example/x"}
    answer = await stage.twilio("POST", f"/IncomingPhoneNumbers/{number['sid']}.json", data=url)
    assert answer.json()["code"] == 21402


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [("429", 429, 20429), ("500", 500, 20500), ("503", 503, 20503), ("21610", 400, 21610), ("21211", 400, 21211)],
)
async def test_a_planned_refusal_comes_as_often_as_planned_x5(stage, kind, status, code):
    await stage.fault("sms", kind, count=2)
    for _ in range(2):
        answer = await stage.send_sms()
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await stage.send_sms()).status_code == 201
    assert len(await stage.messages()) == 1


async def test_a_planned_429_says_how_long_to_wait(stage):
    await stage.fault("sms", "429", seconds=7)
    assert (await stage.send_sms()).headers["retry-after"] == "7"


async def test_a_dropped_send_was_received_x5(stage):
    await stage.fault("sms", "drop")
    with pytest.raises(httpx.RemoteProtocolError):
        await stage.send_sms("taken but not said")
    assert [m["text"] for m in await stage.messages()] == ["taken but not said"]
    report = (await stage.client.get("/practice/received", params={"channel": "sms"})).json()
    assert report["counts"]["sms.send.drop"] == 1


async def test_a_timed_out_send_was_not_received_x5(stage):
    await stage.fault("sms", "timeout", seconds=0.2)
    with pytest.raises(httpx.RemoteProtocolError):
        await stage.send_sms("nobody takes this")
    assert await stage.messages() == []


async def test_an_unreachable_handset_is_told_by_status_x5(stage):
    await stage.fault("sms", "30003")
    answer = await stage.send_sms(StatusCallback=f"https://hotline.example{STATUS}")
    assert answer.status_code == 201
    calls = await stage.call_at(STATUS, 2)
    assert (calls[1].form["MessageStatus"], calls[1].form["ErrorCode"]) == ("undelivered", "30003")
    assert await stage.messages() == []


async def test_a_status_may_come_late(stage):
    await stage.fault("sms", "late_status", seconds=0.4)
    sid = (await stage.send_sms(StatusCallback=f"https://hotline.example{STATUS}")).json()["sid"]
    await stage.settle(sid, "sent")
    await asyncio.sleep(0.1)
    assert stage.site.to(STATUS) == []
    await stage.call_at(STATUS, 2)


async def test_a_fault_may_be_one_numbers_own_and_may_strike_erasing(stage):
    await stage.fault("sms", "503", address="+17025550112")
    assert (await stage.send_sms()).status_code == 201
    assert (await stage.send_sms(to="+17025550112")).status_code == 503
    sid = (await stage.write())["external_id"]
    await stage.fault("sms", "500", on="erase")
    assert (await stage.twilio("DELETE", f"/Messages/{sid}.json")).status_code == 500
    assert (await stage.twilio("DELETE", f"/Messages/{sid}.json")).status_code == 204


async def _copies(stage, channel: str = "sms", address: str = TEXTER) -> list[dict[str, str]]:
    query = {"channel": channel, "address": address}
    return (await stage.client.get("/practice/copies", params=query)).json()["copies"]


async def test_what_twilio_holds_is_told_apart_from_what_the_handset_shows_p5(stage):
    picture = (await stage.write(text="", kind="photo"))["external_id"]
    sid = (await stage.send_sms("some words")).json()["sid"]
    await stage.settle(sid)
    held = {copy["external_id"]: copy for copy in await _copies(stage)}
    assert (held[picture]["media"], held[picture]["side"]) == (1, "texter")
    assert (held[sid]["text"], held[sid]["side"]) == ("some words", "hotline")
    await stage.twilio("POST", f"/Messages/{sid}.json", data={"Body": ""})
    await stage.twilio("DELETE", f"/Messages/{picture}.json")
    assert [(copy["external_id"], copy["text"]) for copy in await _copies(stage)] == [(sid, "")]
    assert (await stage.twilio("GET", f"/Messages/{picture}/Media.json")).status_code == 404, "pictures go with theirs"
    assert [shown["text"] for shown in await stage.messages(side="all")] == ["", "some words"]


async def test_twilio_keeps_less_of_what_it_is_asked_to_keep_less_of_once_it_is_sent_p5(stage):
    answer = await stage.send_sms("some words", ContentRetention="discard", AddressRetention="obfuscate")
    assert answer.json()["body"] == "some words"
    await stage.settle(answer.json()["sid"])
    kept = (await stage.twilio("GET", f"/Messages/{answer.json()['sid']}.json")).json()
    assert (kept["body"], kept["to"]) == ("", f"{TEXTER[:-4]}XXXX")
    assert (await stage.messages())[0]["text"] == "some words"
    assert (await stage.send_sms(ContentRetention="keep")).json()["code"] == 30029
