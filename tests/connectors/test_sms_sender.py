"""What sends a text asks Twilio exactly what Twilio's own library would ask, without loading it (decision 0129)."""

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.errors import SendError
from connectors.sms.client import build_client
from connectors.sms.connector import STATUS_PATH, SmsConfig, SmsConnector
from connectors.sms.wire import Ask
from tests.connectors.conftest import sms_config, sms_message
from tests.connectors.payloads import PUBLIC_URL
from tests.connectors.provider import Call, FakeProvider, Fault

BY_OURSELVES = {"Authorization", "Accept", "Accept-Charset", "Content-Type"}
SERVICE = "MG" + "b2" * 16


def of_note(call: Call) -> tuple[object, ...]:
    return call.method, call.path, call.query, call.form, {h: v for h, v in call.headers.items() if h in BY_OURSELVES}


async def send_by_library(config: SmsConfig, to: str, text: str) -> None:
    client = build_client(config.account_sid, config.auth_token, config.api_url)
    sender = {"messaging_service_sid": SERVICE} if config.messaging_service_sid else {"from_": config.from_number}
    less = {"content_retention": "discard", "address_retention": "obfuscate"} if config.discards_content else {}
    try:
        await client.messages.create_async(to=to, body=text, status_callback=PUBLIC_URL + STATUS_PATH, **sender, **less)
    finally:
        await client.http_client.close()


@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=1600),
    service=st.sampled_from(["", SERVICE]),
    less=st.booleans(),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_it_asks_what_the_library_asks_for_any_words_sender_and_retention(
    provider: FakeProvider, text: str, service: str, less: bool
) -> None:
    given_config = sms_config(provider)
    config = replace(given_config, messaging_service_sid=service, discards_content=less, obfuscates_address=less)
    message = sms_message(text)
    sms = SmsConnector(config)
    try:
        await sms.send(message)
    finally:
        await sms.aclose()
    await send_by_library(config, message.address, text)
    ours, theirs = provider.calls[-2:]
    assert of_note(ours) == of_note(theirs)


@pytest.mark.parametrize("answer", [{}, {"sid": None}, {"sid": 7}, [], "SM1"], ids=str)
async def test_an_answer_without_an_id_may_have_been_taken(
    sms: SmsConnector, provider: FakeProvider, answer: object
) -> None:
    """X5: it is looked for before anything is sent again, and staff are told."""
    provider.faults.append(Fault(201, answer))  # type: ignore[arg-type]
    with pytest.raises(SendError) as caught:
        await sms.send(sms_message())
    assert caught.value.code.startswith("unexpected:") and caught.value.retryable and caught.value.alert


def test_what_is_asked_tells_nothing_of_whom_it_is_for_p6() -> None:
    secret = "a number, a word or a keyed hash"

    async def confirm() -> None: ...

    confirm.__qualname__ = secret
    ask = Ask("POST", secret, {"a": secret}, {"Body": secret}, {"h": secret}, (secret, secret), confirm=confirm)
    assert secret not in repr(ask)


def test_what_sends_a_text_does_not_load_twilios_library() -> None:
    code = (
        "import sys, connectors.sms.wire; print([name for name in sys.modules if name.partition('.')[0] == 'twilio'])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


async def test_what_keeps_it_from_being_built_leaves_as_an_error_of_sending(provider: FakeProvider) -> None:
    """The worker knows no other: the text stays, is tried again, and staff are told."""
    sms = SmsConnector(replace(sms_config(provider), api_url="http://[cut-off"))
    with pytest.raises(SendError) as caught:
        await sms.send(sms_message())
    assert (caught.value.code, caught.value.retryable, caught.value.alert) == ("unexpected:ValueError", True, True)
