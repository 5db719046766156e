"""Texts from the SMS handset arrive as Twilio's own signed webhooks (X1, X4, K2)."""

from datetime import UTC, datetime, timedelta

import pytest
from twilio.request_validator import RequestValidator

from connectors.contract import WebhookRequest
from connectors.sms.connector import SmsConfig, SmsConnector
from tests.phone.stage import ACCOUNT, NUMBER, SECRET, TEXTER, TOKEN, open_stage

WEBHOOK = "https://hotline.example/webhooks/sms"


class Repeated(dict):
    def getlist(self, name):
        return self[name]


def listed(call):
    fields = Repeated()
    for name, value in call.pairs:
        fields.setdefault(name, []).append(value)
    return fields


def is_signed(call, url=WEBHOOK, token=TOKEN):
    return RequestValidator(token).validate(url, listed(call), call.headers["x-twilio-signature"])


async def test_a_text_is_signed_over_the_public_url_and_delivered_to_the_delivery_url_x1(stage):
    answer = await stage.write(text="need a place, por favor ñ")
    (call,) = stage.site.to("/webhooks/sms")
    assert (answer["status"], answer["tries"]) == (200, 1)
    assert is_signed(call)
    assert not is_signed(call, token="another")
    assert not is_signed(call, url="http://127.0.0.1/webhooks/sms")
    assert call.headers["content-type"].startswith("application/x-www-form-urlencoded")


async def test_the_usual_fields_are_there_with_blank_ones_x1(stage):
    answer = await stage.write(text="hello")
    form = stage.site.calls[0].form
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"] == answer["external_id"]
    assert (form["From"], form["To"], form["AccountSid"]) == (TEXTER, NUMBER, ACCOUNT)
    assert (form["Body"], form["NumMedia"], form["NumSegments"], form["ApiVersion"]) == (
        "hello",
        "0",
        "1",
        "2010-04-01",
    )
    assert [form[name] for name in ("FromZip", "FromCity", "FromState", "ToZip")] == [""] * 4
    assert (form["ToCountry"], form["SmsStatus"]) == ("US", "received")
    assert "MessagingServiceSid" not in form
    assert "OptOutType" not in form


async def test_a_messaging_service_names_itself_x1(stage):
    await stage.write(service_sid=True)
    assert stage.site.calls[0].form["MessagingServiceSid"].startswith("MG")
    assert is_signed(stage.site.calls[0])


async def test_a_webhook_can_be_lost_and_twilio_still_holds_its_text_as_it_would_have_come_x4(stage):
    """What the hotline can then ask for is the message that the webhook would have brought."""
    await stage.fault("sms", "drop", on="webhook", address=TEXTER)
    sid = (await stage.write(text="need a place"))["external_id"]
    assert stage.site.calls == []
    api_url = f"http://127.0.0.1:{stage.port}/twilio"
    config = SmsConfig("https://hotline.example", TOKEN, account_sid=ACCOUNT, from_number=NUMBER, api_url=api_url)
    sms, now = SmsConnector(config), datetime.now(UTC)
    (held,) = await sms.list_copies(now - timedelta(hours=1), now + timedelta(hours=1), 10)
    assert (held.external_id, held.from_texter) == (sid, True)
    asked = await sms.read_copy(held.external_id)
    await stage.write(text="need a place", external_id=sid)
    (call,) = stage.site.to("/webhooks/sms")
    assert asked == sms.parse(WebhookRequest(WEBHOOK, call.headers, call.body))
    await sms.aclose()


async def test_an_empty_body_is_delivered_x1(stage):
    await stage.write(text="")
    assert stage.site.calls[0].form["Body"] == ""
    assert is_signed(stage.site.calls[0])


@pytest.mark.parametrize("kind", ["photo", "voice", "video", "audio", "document", "contact", "location"])
async def test_media_come_as_mms_with_a_type_and_a_url_c12(stage, kind):
    answer = await stage.write(text="", kind=kind)
    form = stage.site.calls[0].form
    assert form["NumMedia"] == "1"
    assert form["MediaUrl0"].startswith("https://api.twilio.com/")
    assert "/" in form["MediaContentType0"]
    assert answer["external_id"].startswith("MM")


@pytest.mark.parametrize("kind", ["sticker", "edited", "nonsense"])
async def test_kinds_that_sms_does_not_have_are_refused(stage, kind):
    answer = await stage.client.post("/practice/texts", json={"channel": "sms", "address": TEXTER, "kind": kind})
    assert answer.status_code == 400
    assert stage.site.calls == []


async def test_the_same_message_is_tried_again_until_it_is_taken_x4(stage):
    stage.site.answers = [503, 500, 404]
    answer = await stage.write()
    assert (answer["status"], answer["tries"]) == (200, 4)
    assert len({call.form["MessageSid"] for call in stage.site.calls}) == 1
    assert len({call.headers["i-twilio-idempotency-token"] for call in stage.site.calls}) == 1


async def test_five_tries_are_the_most(stage):
    stage.site.answers = [503] * 9
    answer = await stage.write()
    assert (answer["status"], answer["tries"], len(stage.site.calls)) == (503, 5, 5)


async def test_nobody_at_the_webhook_is_status_0():
    async with open_stage(PORCHLIGHT_PHONE_DELIVER_URL="http://127.0.0.1:9") as stage:
        answer = await stage.write()
    assert (answer["status"], answer["tries"]) == (0, 5)


async def test_the_same_external_id_is_a_duplicate_and_one_bubble_x4(stage):
    sid = "SM" + "f" * 32
    for _ in range(2):
        assert (await stage.write(external_id=sid))["external_id"] == sid
    assert [call.form["MessageSid"] for call in stage.site.calls] == [sid, sid]
    assert [m["n"] for m in await stage.messages(side="texter")] == [1]


async def test_raw_fields_are_signed_as_they_are_with_repeated_and_blank_ones_x1(stage):
    raw = {"channel": "sms", "From": TEXTER, "Body": "", "Twice": ["b", "a", "a"], "NumMedia": 0}
    answer = (await stage.client.post("/practice/updates", json=raw)).json()
    (call,) = stage.site.calls
    assert answer["status"] == 200
    assert [value for name, value in call.pairs if name == "Twice"] == ["b", "a", "a"]
    assert is_signed(call)


async def test_raw_fields_may_go_to_the_status_path_and_are_tried_once(stage):
    stage.site.answers = [403]
    raw = {"channel": "sms", "_path": "/webhooks/sms/status", "MessageStatus": "sent"}
    answer = (await stage.client.post("/practice/updates", json=raw)).json()
    assert (answer["status"], answer["tries"]) == (403, 1)
    (call,) = stage.site.to("/webhooks/sms/status")
    assert is_signed(call, f"{WEBHOOK}/status")


@pytest.mark.parametrize("word", ["STOP", " stop ", "QUIT", "Alto", "OPTOUT", "parar"])
async def test_a_stop_word_reaches_the_hotline_and_blocks_sending_until_start_k2(stage, word):
    await stage.write(text=word)
    assert stage.site.calls[0].form["OptOutType"] == "STOP"
    refused = await stage.send_sms()
    assert (refused.status_code, refused.json()["code"]) == (400, 21610)
    await stage.write(text="START")
    assert stage.site.calls[1].form["OptOutType"] == "START"
    assert (await stage.send_sms()).status_code == 201


@pytest.mark.parametrize("text", ["he wont stop", "STOP it", "stopp", "yes"])
async def test_a_word_inside_other_words_is_no_opt_out_k2(stage, text):
    await stage.write(text=text)
    assert "OptOutType" not in stage.site.calls[0].form
    assert (await stage.send_sms()).status_code == 201


async def test_an_opt_out_is_one_persons_own_k2(stage):
    await stage.write(text="STOP")
    assert (await stage.send_sms(to="+17025550112")).status_code == 201


async def test_help_is_named_but_blocks_nothing_k3(stage):
    await stage.write(text="AYUDA")
    assert stage.site.calls[0].form["OptOutType"] == "HELP"
    assert (await stage.send_sms()).status_code == 201


async def test_the_carriers_own_words_are_on_the_handset_but_are_not_the_hotlines(stage):
    await stage.write(text="STOP")
    assert await stage.messages() == []
    assert [m["side"] for m in await stage.messages(side="all")] == ["texter", "carrier"]


async def test_no_secret_of_the_other_channel_travels(stage):
    await stage.write()
    assert SECRET not in str(stage.site.calls[0].headers)
