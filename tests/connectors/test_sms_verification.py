"""X1: only Twilio's own requests pass, in every spelling that Twilio uses."""

from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from connectors.contract import WebhookRequest
from connectors.errors import PayloadError
from connectors.sms.form import MAX_FIELDS, parse_form
from connectors.sms.verification import verify_signature
from tests.connectors.payloads import (
    AUTH_TOKEN,
    OTHER_TOKEN,
    PUBLIC_URL,
    SMS_PICTURE,
    SMS_SERVICE,
    SMS_STATUS,
    SMS_TEXT,
    SMS_URL,
    STATUS_URL,
    signed,
)

TOKENS = (AUTH_TOKEN, OTHER_TOKEN)
PORT_URL = "https://hotline.example:443/webhooks/sms"


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(signed(SMS_TEXT), id="a text with blank fields"),
        pytest.param(signed(SMS_SERVICE), id="a Messaging Service's text"),
        pytest.param(signed(SMS_PICTURE), id="a picture without words"),
        pytest.param(signed(SMS_STATUS, url=STATUS_URL), id="a status callback"),
        pytest.param(signed({**SMS_TEXT, "Tag": ["b", "a", "b"]}), id="a repeated field"),
        pytest.param(signed({}), id="an empty form"),
        pytest.param(signed(SMS_TEXT, signed_url=PORT_URL), id="Twilio spells out port 443"),
        pytest.param(signed(SMS_TEXT, url=PORT_URL, signed_url=SMS_URL), id="we spell out port 443"),
        pytest.param(signed(SMS_TEXT, url="http://127.0.0.1:8080/webhooks/sms"), id="a port of our own"),
        pytest.param(signed(SMS_TEXT, url=SMS_URL + "?line=2&x="), id="a query"),
        pytest.param(signed(SMS_TEXT, token=OTHER_TOKEN), id="the second token in rotation"),
        pytest.param(signed(SMS_TEXT, algorithm="HMAC_SHA256"), id="a SharedKey signature"),
    ],
)
def test_what_twilio_signed_is_accepted(request_: WebhookRequest) -> None:
    assert verify_signature(request_, TOKENS)


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(signed(SMS_TEXT, token="somebody else's token"), id="another account's token"),
        pytest.param(signed(SMS_TEXT, token=""), id="the empty token"),
        pytest.param(signed(SMS_TEXT, signed_url=PUBLIC_URL + "/webhooks/other"), id="another URL"),
        pytest.param(signed(SMS_TEXT, signed_url="http://hotline.example/webhooks/sms"), id="another scheme"),
        pytest.param(replace(signed(SMS_TEXT), headers={}), id="no signature"),
        pytest.param(replace(signed(SMS_TEXT), headers={"x-twilio-signature": ""}), id="an empty signature"),
        pytest.param(replace(signed(SMS_TEXT), url="https://[::1/webhooks/sms"), id="a URL that cannot be read"),
        pytest.param(replace(signed(SMS_TEXT), body=b'{"Body": "hello"}'), id="JSON"),
        pytest.param(replace(signed(SMS_TEXT), body=b"\xff\xfe"), id="bytes that are no text"),
    ],
)
def test_what_twilio_did_not_sign_is_refused(request_: WebhookRequest) -> None:
    assert not verify_signature(request_, (*TOKENS, ""))


def test_an_unknown_algorithm_is_refused_without_a_word_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    request = signed(SMS_TEXT)
    headers = {**request.headers, "x-twilio-webhooks-signature-settings": "key=k,algorithm=HMAC_MD5_planted"}
    assert not verify_signature(replace(request, headers=headers), TOKENS)
    assert "planted" not in caplog.text


def test_a_sha1_signature_does_not_pass_as_a_sharedkey_one() -> None:
    request = signed(SMS_TEXT)
    headers = {**request.headers, "x-twilio-webhooks-signature-settings": "key=k,algorithm=HMAC_SHA256"}
    assert not verify_signature(replace(request, headers=headers), TOKENS)


_PIECES = st.sampled_from(["a", "b", "=", "=", "&", "+", "%", "%2B", "%c3%a9", "%ff", "%00", ";", "\xe9"])


@given(st.lists(_PIECES, max_size=9).map(lambda pieces: "".join(pieces).encode()))
def test_a_form_is_read_as_the_standard_library_reads_it(body: bytes) -> None:
    """X1. Strictly: what is no form to the one is none to the other."""
    try:
        read = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        with pytest.raises(PayloadError):
            parse_form(body)
    else:
        assert [(name, value) for name, values in parse_form(body).items() for value in values] == sorted(
            read, key=lambda pair: [name for name, _ in read].index(pair[0])
        )


def test_a_form_of_too_many_fields_is_refused() -> None:
    assert len(parse_form(b"&".join([b"a="] * MAX_FIELDS))["a"]) == MAX_FIELDS
    with pytest.raises(PayloadError):
        parse_form(b"&".join([b"a="] * (MAX_FIELDS + 1)))


def _fields(body: bytes) -> object:
    try:
        return sorted((name, sorted(values)) for name, values in parse_form(body).items())
    except PayloadError:
        return None


@given(st.data())
def test_any_changed_byte_of_a_signed_request_is_refused(data: st.DataObject) -> None:
    """X1. The one exception says the very same thing: ``%2b`` for ``%2B``, a space for ``+``."""
    request = signed({**SMS_PICTURE, "Body": data.draw(st.text(max_size=40))})
    at = data.draw(st.integers(0, len(request.body) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != request.body[at]))
    changed = request.body[:at] + bytes([byte]) + request.body[at + 1 :]
    accepted = verify_signature(replace(request, body=changed), TOKENS)
    assert not accepted or _fields(changed) == _fields(request.body)


_WORDS = st.text(alphabet="ab=&+ é", max_size=3)
_URLS = st.sampled_from(
    [SMS_URL, PORT_URL, STATUS_URL, "http://127.0.0.1:8080/webhooks/sms", SMS_URL + "?", SMS_URL + "?b=2&a="]
)


@given(
    st.dictionaries(_WORDS, st.lists(_WORDS, min_size=1, max_size=3), max_size=4),
    _URLS,
    _URLS,
    st.sampled_from([AUTH_TOKEN, OTHER_TOKEN, "somebody else's token"]),
    st.sampled_from(["HMAC_SHA1", "HMAC_SHA256"]),
)
def test_what_passes_is_what_twilios_own_validator_lets_pass(
    fields: dict[str, list[str]], url: str, signed_url: str, token: str, algorithm: str
) -> None:
    """X1. Any form, each spelling of the URL, each token and algorithm: the library's answer is ours."""
    request = signed(fields, url=url, signed_url=signed_url, token=token, algorithm=algorithm)
    signature, form = request.headers["x-twilio-signature"], parse_form(request.body)
    library = [RequestValidator(one).validate(url, form, signature, algorithm) for one in TOKENS]
    assert verify_signature(request, TOKENS) is any(library)


def test_a_field_that_swallows_the_next_name_is_refused() -> None:
    """``Body&Call`` would sign like ``Body=Call``, because Twilio signs names and values run together."""
    request = signed({"Body": "Call", "From": "x"})
    assert not verify_signature(replace(request, body=request.body.replace(b"Body=", b"Body&")), TOKENS)


def test_bytes_that_decode_alike_are_not_taken_for_one_another() -> None:
    request = signed({"Body": "\ufffd"})
    assert not verify_signature(replace(request, body=b"Body=%ff"), TOKENS)


@given(st.text(min_size=1, max_size=3), st.integers(0, 26))
def test_any_changed_character_of_a_signature_is_refused(put: str, at: int) -> None:
    request = signed(SMS_TEXT)
    right = request.headers["x-twilio-signature"]
    wrong = right[:at] + put + right[at + 1 :]
    assert verify_signature(replace(request, headers={"x-twilio-signature": wrong}), TOKENS) is (wrong == right)


@given(
    st.text(),
    st.dictionaries(st.sampled_from(["x-twilio-signature", "x-twilio-webhooks-signature-settings"]), st.text()),
    st.binary(),
)
def test_verifying_never_raises(url: str, headers: dict[str, str], body: bytes) -> None:
    assert verify_signature(WebhookRequest(url, headers, body), TOKENS) is False
