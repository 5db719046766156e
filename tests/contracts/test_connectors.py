"""What every channel promises (X6): one suite over all of them, against the providers' own formats on loopback."""

import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.contract import Connector, Erasure, WebhookRequest
from connectors.errors import PayloadError, SendError
from connectors.registry import FACTORIES, Config, build_connectors
from hotline.messages import CHANNELS, SMS, TELEGRAM, ChannelName, ExternalId, InboundMessage, Kind, OutboundMessage
from tests.connectors.conftest import WORDS, sms_config, sms_message, telegram_config, telegram_message
from tests.connectors.payloads import SMS_TEXT, signed, text_update, told
from tests.connectors.provider import FakeProvider, Fault

ID = ExternalId("1")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Case:
    """What the suite must be told about a channel."""

    channel: ChannelName
    config: Callable[[FakeProvider], Config]
    request: WebhookRequest
    message: Callable[[], OutboundMessage]
    secret_header: str


CASES = [
    Case(SMS, sms_config, signed(SMS_TEXT), sms_message, "x-twilio-signature"),
    Case(TELEGRAM, telegram_config, told(text_update(WORDS)), telegram_message, "x-telegram-bot-api-secret-token"),
]


@pytest.fixture(params=CASES, ids=[case.channel for case in CASES])
def case(request: pytest.FixtureRequest) -> Case:
    param: Case = request.param
    return param


@pytest.fixture
async def provider() -> AsyncIterator[FakeProvider]:
    async with FakeProvider() as running:
        yield running


@pytest.fixture
async def connector(case: Case, provider: FakeProvider) -> AsyncIterator[Connector]:
    built = build_connectors({case.channel: case.config(provider)})[case.channel]
    yield built
    await built.aclose()


def test_every_channel_keeps_the_contract_in_this_suite() -> None:
    assert {case.channel for case in CASES} == set(FACTORIES) == set(CHANNELS)


def test_it_answers_to_its_name(case: Case, connector: Connector) -> None:
    assert connector.channel == case.channel


def test_the_provider_is_believed_and_a_stranger_is_not(case: Case, connector: Connector) -> None:
    assert connector.verify(case.request)
    assert not connector.verify(replace(case.request, headers={}))
    assert not connector.verify(replace(case.request, headers={**case.request.headers, case.secret_header: "wrong"}))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(url=st.text(), value=st.text(), body=st.binary())
def test_any_request_at_all_is_refused_quietly(
    case: Case, connector: Connector, url: str, value: str, body: bytes
) -> None:
    assert connector.verify(WebhookRequest(url, {case.secret_header: value}, body)) is False


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary())
def test_any_body_is_a_value_or_a_payload_error(connector: Connector, body: bytes) -> None:
    try:
        parsed = connector.parse(WebhookRequest("https://hotline.example", {}, body))
    except PayloadError:
        return
    assert parsed is None or parsed.channel == connector.channel


def test_a_message_is_read_the_same_each_time(connector: Connector, case: Case) -> None:
    """X4: the provider's repeat has the same id."""
    first, second = connector.parse(case.request), connector.parse(case.request)
    assert isinstance(first, InboundMessage)
    assert first == second
    assert first.kind is Kind.TEXT
    assert first.external_id is not None


async def test_a_sent_message_has_an_id_that_can_be_erased_twice(connector: Connector, case: Case) -> None:
    """P5: gone already is success."""
    message = case.message()
    sent = await connector.send(message)
    erasure = Erasure(case.channel, message.address, (sent.external_id,))
    await connector.erase(erasure)
    await connector.erase(erasure)


async def test_erasing_many_at_once_leaves_none_of_them(connector: Connector, case: Case) -> None:
    """P5: more than one call of either provider takes."""
    message = case.message()
    sent = tuple([(await connector.send(message)).external_id for _ in range(3)])
    await connector.erase(Erasure(case.channel, message.address, sent))
    left = await connector.list_copies(message.created_at - MINUTE, message.created_at + MINUTE, 10)
    assert left is None or list(left) == []


async def test_what_is_left_is_told_without_a_word_or_a_number_or_not_at_all(connector: Connector, case: Case) -> None:
    """P5."""
    message = case.message()
    sent = await connector.send(message)
    left = await connector.list_copies(message.created_at - MINUTE, message.created_at + MINUTE, 10)
    assert left is None or [copy.external_id for copy in left] == [sent.external_id]
    assert WORDS not in repr(left) and message.address not in repr(left)


async def test_what_was_never_there_or_cannot_be_asked_for_is_read_as_nothing(connector: Connector) -> None:
    """X4."""
    assert await connector.read_copy(ID) is None


@pytest.mark.parametrize(
    "fault", [Fault(500), Fault(503), Fault(429, {"code": 20429, "parameters": {"retry_after": 7}})]
)
async def test_an_erasure_that_a_broken_provider_missed_is_worth_another_try(
    connector: Connector, case: Case, provider: FakeProvider, fault: Fault
) -> None:
    """P5: kept until it is done, and done the second time."""
    message = case.message()
    sent = await connector.send(message)
    provider.faults.append(fault)
    with pytest.raises(SendError) as caught:
        await connector.erase(Erasure(case.channel, message.address, (sent.external_id,)))
    assert caught.value.retryable
    await connector.erase(Erasure(case.channel, message.address, (sent.external_id,)))


@pytest.mark.parametrize("body", [{"code": 20003}, {"ok": False, "error_code": 401, "description": "Unauthorized"}])
async def test_an_erasure_with_a_wrong_token_calls_for_staff_and_is_not_given_up(
    connector: Connector, case: Case, provider: FakeProvider, body: dict[str, object]
) -> None:
    provider.faults.append(Fault(401, body))
    with pytest.raises(SendError) as caught:
        await connector.erase(Erasure(case.channel, case.message().address, (ID,)))
    assert caught.value.alert


async def test_the_texter_whom_it_heard_can_be_answered(connector: Connector, case: Case) -> None:
    heard = connector.parse(case.request)
    assert isinstance(heard, InboundMessage)
    await connector.send(replace(case.message(), address=heard.address))


async def test_finding_finds_the_message_or_says_none(connector: Connector, case: Case) -> None:
    """X5."""
    message = case.message()
    assert await connector.find_sent(message) is None
    sent = await connector.send(message)
    assert await connector.find_sent(message) in {sent, None}


@pytest.mark.parametrize("fault", [Fault(503), Fault(drop=True)], ids=["503", "cut off"])
async def test_a_broken_provider_is_worth_another_try(
    connector: Connector, case: Case, provider: FakeProvider, fault: Fault
) -> None:
    provider.faults.append(fault)
    with pytest.raises(SendError) as caught:
        await connector.send(case.message())
    assert caught.value.retryable
    await connector.send(case.message())


async def test_a_provider_that_is_down_is_worth_another_try(case: Case, provider: FakeProvider) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        api_url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        built = build_connectors({case.channel: replace(case.config(provider), api_url=api_url)})[case.channel]
        for step in (built.send(case.message()), built.erase(Erasure(case.channel, case.message().address, (ID,)))):
            with pytest.raises(SendError) as caught:
                await step
            assert caught.value.retryable
        await built.aclose()


@pytest.mark.parametrize("answer", ["", "<html>", "[]", "null", '"text"', "{}", '{"ok": true}'])
@pytest.mark.parametrize("status", [200, 201, 400, 404, 500])
async def test_any_answer_is_a_result_or_a_send_error(
    connector: Connector, case: Case, provider: FakeProvider, status: int, answer: str
) -> None:
    message = case.message()
    for step in (
        lambda: connector.send(message),
        lambda: connector.find_sent(message),
        lambda: connector.erase(Erasure(case.channel, message.address, (ID,))),
        lambda: connector.read_copy(ID),
        lambda: connector.list_copies(datetime(2026, 1, 1, tzinfo=UTC), datetime.now(UTC), 10),
    ):
        provider.faults = [Fault(status, answer)] * 3
        try:
            await step()
        except PayloadError as error:
            assert WORDS not in repr(error)
        except SendError as error:
            assert WORDS not in repr(error)
            assert message.address not in repr(error)
            assert error.__suppress_context__ or error.__context__ is None


async def test_closing_twice_is_harmless(connector: Connector, case: Case) -> None:
    await connector.send(case.message())
    await connector.aclose()
    await connector.aclose()


def test_a_connector_prints_no_secret(case: Case, provider: FakeProvider) -> None:
    config = case.config(provider)
    shown = repr(config) + repr(build_connectors({case.channel: config}))
    for name in ("auth_token", "auth_token_secondary", "bot_token", "webhook_secret"):
        secret = getattr(config, name, "")
        assert not secret or secret not in shown
