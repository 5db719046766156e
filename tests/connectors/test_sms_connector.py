"""Sending by Twilio's REST API, against its own formats on loopback (X5, P5)."""

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from connectors.contract import Copy, Erasure
from connectors.errors import SendError
from connectors.sms import wire
from connectors.sms.connector import SmsConnector
from connectors.sms.registration import register_sms
from connectors.sms.wire import build_url
from hotline.messages import SMS, Address, ExternalId
from tests.connectors.conftest import WORDS, sms_config, sms_message
from tests.connectors.payloads import ACCOUNT, AUTH_TOKEN, HOTLINE, SMS_URL, STATUS_URL, TEXTER
from tests.connectors.provider import BASE, FakeProvider, Fault, twilio_fault


def erasure(external_id: str) -> Erasure:
    return Erasure(SMS, Address(TEXTER), (ExternalId(external_id),))


async def listed_of(sms: SmsConnector, limit: int = 10) -> Sequence[Copy]:
    """Of the last two weeks."""
    now = datetime.now(UTC)
    return await sms.list_copies(now - timedelta(days=14), now + timedelta(seconds=5), limit)


async def test_a_message_is_sent_from_the_number(sms: SmsConnector, provider: FakeProvider) -> None:
    sent = await sms.send(sms_message())
    call = provider.calls[-1]
    assert (call.method, call.path) == ("POST", f"{BASE}/Messages.json")
    assert call.form == {"To": TEXTER, "From": HOTLINE, "Body": WORDS, "StatusCallback": STATUS_URL}
    assert call.headers["Authorization"] == "Basic " + base64.b64encode(f"{ACCOUNT}:{AUTH_TOKEN}".encode()).decode()
    assert sent.external_id in provider.sms


async def test_a_message_is_sent_through_the_messaging_service(provider: FakeProvider) -> None:
    config = replace(sms_config(provider), messaging_service_sid="MG" + "b2" * 16)
    connector = SmsConnector(config)
    await connector.send(sms_message())
    await connector.aclose()
    assert provider.calls[-1].form["MessagingServiceSid"] == config.messaging_service_sid
    assert "From" not in provider.calls[-1].form


async def test_connections_are_reused(sms: SmsConnector, provider: FakeProvider) -> None:
    for _ in range(5):
        await sms.send(sms_message())
    assert provider.connections == 1


@pytest.mark.parametrize(
    ("fault", "code", "retryable", "alert", "opted_out", "wait"),
    [
        pytest.param(twilio_fault(400, 21610), "21610", False, False, True, 0, id="opted out (K2)"),
        *[
            pytest.param(twilio_fault(400, code), str(code), False, False, False, 0, id=f"bad number {code}")
            for code in (21211, 21614, 30005, 30006)
        ],
        *[
            pytest.param(twilio_fault(400, code), str(code), False, True, False, 0, id=f"staff must look {code}")
            for code in (30007, 30034, 21606, 99999)
        ],
        pytest.param(twilio_fault(401, 20003), "20003", False, True, False, 0, id="wrong token"),
        pytest.param(twilio_fault(429, 20429), "20429", True, False, False, 0, id="too many requests"),
        pytest.param(twilio_fault(429, 20429, **{"Retry-After": "7"}), "20429", True, False, False, 7, id="wait"),
        pytest.param(Fault(503, "busy", {"Retry-After": "999999"}), "503", True, False, False, 3600, id="a long wait"),
        pytest.param(Fault(500, "<html>"), "500", True, False, False, 0, id="broken"),
        pytest.param(Fault(500, {"code": "+17025550123"}), "500", True, False, False, 0, id="a code that is none"),
        pytest.param(Fault(drop=True), "connection", True, False, False, 0, id="cut off"),
        pytest.param(Fault(302, "", {"Location": "/"}), "302", False, True, False, 0, id="sent elsewhere"),
    ],
)
async def test_every_error_says_what_to_do(
    sms: SmsConnector,
    provider: FakeProvider,
    fault: Fault,
    code: str,
    retryable: bool,
    alert: bool,
    opted_out: bool,
    wait: float,
) -> None:
    """X5, K2."""
    provider.faults.append(fault)
    with pytest.raises(SendError) as caught:
        await sms.send(sms_message())
    error = caught.value
    assert (error.code, error.retryable, error.alert, error.opted_out) == (code, retryable, alert, opted_out)
    assert error.retry_after_seconds == wait
    assert TEXTER not in str(error)
    assert len(provider.calls) == 1, "the worker retries, not the library"


async def test_a_provider_that_hangs_is_a_timeout(
    sms: SmsConnector, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "TIMEOUT_SECONDS", 0.2)
    provider.faults.append(Fault(hang=True))
    with pytest.raises(SendError) as caught:
        await sms.send(sms_message())
    assert (caught.value.code, caught.value.retryable) == ("timeout", True)


async def test_an_answer_that_is_no_json_may_have_been_taken(sms: SmsConnector, provider: FakeProvider) -> None:
    provider.faults.append(Fault(201, "<html>"))
    with pytest.raises(SendError) as caught:
        await sms.send(sms_message())
    assert (caught.value.code, caught.value.retryable) == ("unexpected:JSONDecodeError", True)


async def test_a_message_sent_before_a_crash_is_found(sms: SmsConnector) -> None:
    """X5."""
    message = sms_message()
    await sms.send(sms_message("something else"))
    sent = await sms.send(message)
    await sms.send(sms_message("something later"))
    assert await sms.find_sent(message) == sent


async def test_what_was_never_sent_is_not_found(sms: SmsConnector) -> None:
    await sms.send(sms_message("something else"))
    assert await sms.find_sent(sms_message()) is None


async def test_the_same_words_of_an_earlier_message_are_not_found(sms: SmsConnector) -> None:
    await sms.send(sms_message())
    later = replace(sms_message(), created_at=datetime.now(UTC) + timedelta(seconds=10))
    assert await sms.find_sent(later) is None


async def test_the_same_words_to_somebody_else_are_not_found(sms: SmsConnector) -> None:
    message = sms_message()
    await sms.send(replace(message, address=Address("+17025550177")))
    assert await sms.find_sent(message) is None


async def test_erasing_deletes_the_record_in_one_call(sms: SmsConnector, provider: FakeProvider) -> None:
    """P5."""
    sent = await sms.send(sms_message())
    await sms.erase(erasure(sent.external_id))
    assert sent.external_id not in provider.sms
    assert [(call.method, call.form) for call in provider.calls[1:]] == [("DELETE", {})]


async def test_redacting_leaves_a_row_for_the_bill_without_words_or_pictures(provider: FakeProvider) -> None:
    """P5: TWILIO_ERASE=redact."""
    sms = SmsConnector(replace(sms_config(provider), erase="redact"))
    sent, picture = await sms.send(sms_message()), ExternalId("MM" + "c3" * 16)
    made_at = provider.sms[sent.external_id]["date_created"]
    provider.sms[picture] = provider.sms[sent.external_id] | {"sid": picture, "body": "", "num_media": "1"}
    provider.media[picture] = ["ME1"]
    listed = await listed_of(sms)
    assert {copy.external_id for copy in listed} == {sent.external_id, picture}
    await sms.erase(Erasure(SMS, Address(TEXTER), (sent.external_id, picture)))
    assert provider.sms[sent.external_id]["body"] == "" and provider.sms[sent.external_id]["date_created"] == made_at
    assert provider.media[picture] == [] and picture in provider.sms
    assert list(await listed_of(sms)) == []
    await sms.aclose()


async def test_only_our_own_recent_messages_are_listed(sms: SmsConnector, provider: FakeProvider) -> None:
    """P5: an account may hold messages of other people's work, and years of them."""
    sent = await sms.send(sms_message())
    record, old = provider.sms[sent.external_id], format_datetime(datetime.now(UTC) - timedelta(days=15))
    for sid, changes in {
        "SM" + "a1" * 16: {"from": "+17025550101"},
        "SM" + "a2" * 16: {"from": TEXTER, "to": HOTLINE, "direction": "inbound"},
    }.items():
        provider.sms[sid] = record | {"sid": sid} | changes
    provider.sms = {"SM" + "a3" * 16: record | {"sid": "SM" + "a3" * 16, "date_created": old}, **provider.sms}
    listed = await listed_of(sms)
    assert {copy.external_id for copy in listed} == {sent.external_id, "SM" + "a2" * 16}
    assert len(await listed_of(sms, 1)) == 1
    now = datetime.now(UTC)
    assert not await sms.list_copies(now - timedelta(days=14), now - timedelta(minutes=20), 10), "all are younger"


async def test_a_record_without_a_date_hides_none_behind_it_x4(sms: SmsConnector, provider: FakeProvider) -> None:
    sent = await sms.send(sms_message())
    undated = "SM" + "a1" * 16
    provider.sms[undated] = provider.sms[sent.external_id] | {"sid": undated, "date_created": None}
    assert [copy.external_id for copy in await listed_of(sms)] == [sent.external_id]


async def test_a_service_without_a_number_lists_its_own_messages_alone(provider: FakeProvider) -> None:
    service = "MG" + "e5" * 16
    sms = SmsConnector(replace(sms_config(provider), from_number="", messaging_service_sid=service))
    sent = await sms.send(sms_message())
    other = "SM" + "a1" * 16
    provider.sms[other] = provider.sms[sent.external_id] | {"sid": other, "messaging_service_sid": None}
    listed = await listed_of(sms)
    assert [copy.external_id for copy in listed] == [sent.external_id]
    await sms.aclose()


async def test_twilio_is_asked_to_keep_less_where_the_account_may_and_the_reply_goes_out_where_it_may_not(
    provider: FakeProvider,
) -> None:
    """P5: a setting that the account lacks must never silence a reply, and each of the two requests is confirmed."""
    config, confirmed = replace(sms_config(provider), discards_content=True, obfuscates_address=True), list[int]()

    async def confirm() -> None:
        confirmed.append(len(provider.calls))

    sms = SmsConnector(config)
    await sms.send(sms_message())
    asked = {name: provider.calls[0].form[name] for name in ("ContentRetention", "AddressRetention")}
    assert asked == {"ContentRetention": "discard", "AddressRetention": "obfuscate"}
    provider.faults.append(twilio_fault(400, 30029))
    sent = await sms.send(sms_message(), confirm)
    assert provider.sms[sent.external_id]["body"] and "ContentRetention" not in provider.calls[-1].form
    assert confirmed == [1, 2]
    await sms.aclose()


async def test_erasing_a_picture_message_deletes_its_pictures(sms: SmsConnector, provider: FakeProvider) -> None:
    """C12, P5."""
    sid = "MM" + "c3" * 16
    provider.sms[sid], provider.media[sid] = {"sid": sid, "account_sid": ACCOUNT}, ["ME1", "ME2"]
    await sms.erase(erasure(sid))
    assert provider.media[sid] == []
    assert sid not in provider.sms


async def test_erasing_what_is_gone_is_success(sms: SmsConnector) -> None:
    await sms.erase(erasure("SM" + "f" * 32))


async def test_erasing_too_early_waits_a_minute(sms: SmsConnector, provider: FakeProvider) -> None:
    sent = await sms.send(sms_message())
    provider.incomplete.add(sent.external_id)
    with pytest.raises(SendError) as caught:
        await sms.erase(erasure(sent.external_id))
    assert (caught.value.code, caught.value.retryable, caught.value.retry_after_seconds) == ("20009", True, 60)
    provider.incomplete.clear()
    await sms.erase(erasure(sent.external_id))
    assert provider.sms == {}


async def test_an_id_that_is_no_id_never_becomes_a_url(sms: SmsConnector, provider: FakeProvider) -> None:
    with pytest.raises(SendError, match="bad_id"):
        await sms.erase(erasure("../IncomingPhoneNumbers/PN1"))
    assert provider.calls == []


async def test_registering_points_the_number_at_us(provider: FakeProvider) -> None:
    assert await register_sms(sms_config(provider)) == f"sms: texts come to {SMS_URL}"
    assert provider.number_urls == {"SmsUrl": SMS_URL + "#rc=5&rp=all", "SmsMethod": "POST", "SmsApplicationSid": ""}


async def test_registering_points_the_messaging_service_at_us(provider: FakeProvider) -> None:
    await register_sms(replace(sms_config(provider), messaging_service_sid="MG" + "b2" * 16))
    assert provider.service_urls == {
        "InboundRequestUrl": SMS_URL + "#rc=5&rp=all",
        "InboundMethod": "POST",
        "UseInboundWebhookOnNumber": "false",
        "StatusCallback": STATUS_URL,
    }


async def test_registering_a_number_of_somebody_else_says_so(provider: FakeProvider) -> None:
    with pytest.raises(ValueError, match="not a number of this Twilio account"):
        await register_sms(replace(sms_config(provider), from_number="+17025550101"))


async def test_registering_with_a_wrong_token_says_so(provider: FakeProvider) -> None:
    provider.faults.append(twilio_fault(401, 20003))
    with pytest.raises(SendError, match="20003"):
        await register_sms(sms_config(provider))


@pytest.mark.parametrize(
    ("api_url", "expected"),
    [
        ("https://api.twilio.com", "https://api.twilio.com/2010-04-01/X.json?To=1"),
        ("http://127.0.0.1:8082", "http://127.0.0.1:8082/2010-04-01/X.json?To=1"),
        ("http://127.0.0.1:8082/twilio/", "http://127.0.0.1:8082/twilio/2010-04-01/X.json?To=1"),
    ],
)
def test_the_base_url_is_ours_to_choose(api_url: str, expected: str) -> None:
    assert build_url(api_url, "https://api.twilio.com/2010-04-01/X.json?To=1") == expected
