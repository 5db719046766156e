"""Twilio's forms, case by case, and that reading them is total."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import PayloadError
from connectors.sms.form import parse_form
from connectors.sms.payload import parse_webhook
from hotline.messages import SMS, InboundMessage, Kind, Status, StatusUpdate
from tests.connectors.payloads import SID, SMS_PICTURE, SMS_SERVICE, SMS_STATUS, SMS_TEXT, TEXTER, form_body


def parse_body(body: bytes) -> InboundMessage | StatusUpdate | None:
    return parse_webhook(parse_form(body))


def parse_message(fields: dict[str, Any]) -> InboundMessage:
    parsed = parse_body(form_body(fields))
    assert isinstance(parsed, InboundMessage)
    return parsed


def test_a_text_is_read_whole() -> None:
    assert parse_message(SMS_TEXT) == InboundMessage(SMS, TEXTER, SID, Kind.TEXT, SMS_TEXT["Body"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "kind", "text"),
    [
        pytest.param(SMS_SERVICE, Kind.TEXT, SMS_TEXT["Body"], id="a Messaging Service's text"),
        pytest.param(SMS_PICTURE, Kind.MEDIA, "", id="a picture"),
        pytest.param({**SMS_PICTURE, "Body": "look"}, Kind.TEXT, "look", id="a picture with words"),
        pytest.param({**SMS_TEXT, "Body": ""}, Kind.MEDIA, "", id="nothing at all"),
        pytest.param({**SMS_TEXT, "Body": " \n "}, Kind.MEDIA, "", id="only blanks"),
        pytest.param({k: v for k, v in SMS_TEXT.items() if k != "Body"}, Kind.MEDIA, "", id="no Body"),
        pytest.param({**SMS_TEXT, "Body": ["one", "two"]}, Kind.TEXT, "one", id="two Bodies"),
        pytest.param({**SMS_TEXT, "Body": "/restart"}, Kind.TEXT, "/restart", id="a command of the engine (K8)"),
        pytest.param({**SMS_TEXT, "Body": "ayúdame 👋"}, Kind.TEXT, "ayúdame 👋", id="accents and emoji"),
        pytest.param({**SMS_TEXT, "SmsStatus": "of tomorrow"}, Kind.TEXT, SMS_TEXT["Body"], id="an unknown SmsStatus"),
    ],
)
def test_words_come_before_pictures(fields: dict[str, Any], kind: Kind, text: str) -> None:
    """C12, X1: words are kept whatever comes with them; without words it is media, and nothing is dropped."""
    message = parse_message(fields)
    assert (message.kind, message.text, message.address) == (kind, text, TEXTER)


@pytest.mark.parametrize("sid", ["", "  ", "not an id", "../Calls/CA1", "x" * 65])
def test_a_message_without_a_usable_id_is_still_a_message(sid: str) -> None:
    """X4."""
    message = parse_message({**SMS_TEXT, "MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid})
    assert message.external_id is None
    assert message.text == SMS_TEXT["Body"]


def test_an_older_name_of_the_id_is_understood() -> None:
    fields = {k: v for k, v in SMS_TEXT.items() if k not in {"MessageSid", "SmsMessageSid"}}
    assert parse_message(fields).external_id == SID


@pytest.mark.parametrize(
    ("given_", "expected"), [("STOP", "STOP"), ("help", "HELP"), ("START", "START"), ("", None), ("X", None)]
)
def test_the_opt_out_type_of_twilio_is_passed_on(given_: str, expected: str | None) -> None:
    """K3."""
    assert parse_message({**SMS_TEXT, "OptOutType": given_}).opt_out == expected


@pytest.mark.parametrize(
    "sender", ["", "whatsapp:+17025550123", "rcs:hotline_agent", "client:sam", "+1702", "17025550123", "+1702555０123"]
)
def test_a_sender_that_no_text_can_answer_is_an_error(sender: str) -> None:
    with pytest.raises(PayloadError) as caught:
        parse_body(form_body({**SMS_TEXT, "From": sender}))
    assert not sender or sender not in str(caught.value)


def test_a_short_code_is_nobody_to_answer() -> None:
    assert parse_body(form_body({**SMS_TEXT, "From": "55512"})) is None


@pytest.mark.parametrize(
    ("word", "status"),
    [
        *[(word, Status.QUEUED) for word in ("accepted", "scheduled", "queued", "sending")],
        ("sent", Status.SENT),
        *[(word, Status.DELIVERED) for word in ("delivered", "read")],
        *[(word, Status.FAILED) for word in ("undelivered", "failed", "canceled")],
    ],
)
def test_every_status_of_twilio_is_understood(word: str, status: Status) -> None:
    fields = {**SMS_STATUS, "MessageStatus": word, "SmsStatus": word}
    assert parse_body(form_body(fields)) == StatusUpdate(SMS, SID, status)  # type: ignore[arg-type]


def test_a_status_without_its_newer_name_is_understood() -> None:
    fields = {k: v for k, v in SMS_STATUS.items() if k != "MessageStatus"}
    assert parse_body(form_body(fields)) == StatusUpdate(SMS, SID, Status.DELIVERED)  # type: ignore[arg-type]


def test_21610_in_a_status_is_an_opt_out() -> None:
    """K2."""
    fields = {**SMS_STATUS, "MessageStatus": "failed", "ErrorCode": "21610"}
    parsed = parse_body(form_body(fields))
    assert parsed == StatusUpdate(SMS, SID, Status.FAILED, "21610", opted_out=True)  # type: ignore[arg-type]


def test_an_error_code_that_is_no_number_is_left_out() -> None:
    parsed = parse_body(form_body({**SMS_STATUS, "ErrorCode": "call +17025550123"}))
    assert isinstance(parsed, StatusUpdate)
    assert parsed.error_code is None


@pytest.mark.parametrize("change", [{"MessageSid": "", "SmsSid": ""}, {"MessageStatus": "of tomorrow"}])
def test_a_status_that_says_nothing_to_us_is_nothing(change: dict[str, str]) -> None:
    assert parse_body(form_body({**SMS_STATUS, **change})) is None


def test_nothing_that_a_texter_said_is_in_a_repr() -> None:
    shown = repr(parse_message(SMS_TEXT))
    assert SMS_TEXT["Body"] not in shown
    assert TEXTER not in shown


@given(st.binary())
def test_reading_any_bytes_gives_a_value_or_a_payload_error(body: bytes) -> None:
    with contextlib.suppress(PayloadError):
        parse_body(body)


NAMES = st.sampled_from([*SMS_TEXT, *SMS_STATUS, "OptOutType", "ErrorCode", "NumMedia"])


@given(st.dictionaries(NAMES, st.lists(st.text(alphabet=st.characters(codec="utf-8")), min_size=1, max_size=2)))
def test_reading_any_form_gives_a_value_or_a_payload_error(fields: dict[str, list[str]]) -> None:
    try:
        parsed = parse_body(form_body({"From": TEXTER, **fields}))
    except PayloadError:
        return
    if isinstance(parsed, InboundMessage):
        assert parsed.text == parsed.text.encode().decode()
        assert (parsed.kind is Kind.TEXT) is bool(parsed.text)
