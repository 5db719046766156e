"""Sending by the Bot API, against its own formats on loopback (X2, X5, P5)."""

import asyncio
import json
import time
from dataclasses import replace

import pytest

from connectors.contract import Erasure, WebhookRequest
from connectors.errors import SendError
from connectors.telegram import client
from connectors.telegram.connector import TelegramConfig, TelegramConnector
from connectors.telegram.payload import build_external_id
from connectors.telegram.registration import register_telegram
from hotline.messages import TELEGRAM, Address, ExternalId
from tests.connectors.conftest import WORDS, telegram_config, telegram_message
from tests.connectors.payloads import BOT_TOKEN, CHAT_ID, SECRET, TELEGRAM_URL
from tests.connectors.provider import FakeProvider, Fault, telegram_fault


def erasure(external_id: str) -> Erasure:
    return Erasure(TELEGRAM, Address(str(CHAT_ID)), (ExternalId(external_id),))


async def test_a_message_is_sent_plain_and_deletable(telegram: TelegramConnector, provider: FakeProvider) -> None:
    """X2: no protected content, no preview, and no call but the one."""
    sent = await telegram.send(telegram_message())
    (call,) = provider.calls
    assert call.path == f"/bot{BOT_TOKEN}/sendMessage"
    assert call.form.pop("protect_content", "false") == "false"
    assert json.loads(call.form.pop("link_preview_options")) == {"is_disabled": True}
    assert call.form == {"chat_id": str(CHAT_ID), "text": WORDS}
    assert sent.external_id == build_external_id(None, 1)


@pytest.mark.parametrize(
    ("fault", "code", "retryable", "alert", "opted_out", "wait"),
    [
        pytest.param(
            telegram_fault(403, "Forbidden: bot was blocked by the user"), "403", False, False, True, 0, id="blocked"
        ),
        pytest.param(
            telegram_fault(403, "Forbidden: user is deactivated"), "403", False, False, True, 0, id="deactivated"
        ),
        pytest.param(
            telegram_fault(400, "Bad Request: chat not found"), "chat_not_found", False, False, False, 0, id="no chat"
        ),
        pytest.param(
            telegram_fault(400, "Bad Request: message is too long"), "400", False, True, False, 0, id="too long"
        ),
        pytest.param(telegram_fault(429, "Too Many Requests", retry_after=7), "429", True, False, False, 7, id="flood"),
        pytest.param(telegram_fault(401, "Unauthorized"), "401", False, True, False, 0, id="wrong token"),
        pytest.param(telegram_fault(502, "Bad Gateway"), "connection", True, False, False, 0, id="broken"),
        pytest.param(Fault(500, "<html>"), "connection", True, False, False, 0, id="broken without JSON"),
        pytest.param(Fault(200, "<html>"), "bad_answer", True, True, False, 0, id="an answer that is no JSON"),
        pytest.param(
            Fault(200, {"ok": True, "result": {}}), "unexpected:KeyError", True, True, False, 0, id="half an answer"
        ),
        pytest.param(Fault(drop=True), "connection", True, False, False, 0, id="cut off"),
    ],
)
async def test_every_error_says_what_to_do(
    telegram: TelegramConnector,
    provider: FakeProvider,
    fault: Fault,
    code: str,
    retryable: bool,
    alert: bool,
    opted_out: bool,
    wait: float,
) -> None:
    """X2, X5."""
    provider.faults.append(fault)
    started_at = time.monotonic()
    with pytest.raises(SendError) as caught:
        await telegram.send(telegram_message())
    error = caught.value
    assert (error.code, error.retryable, error.alert, error.opted_out) == (code, retryable, alert, opted_out)
    assert error.retry_after_seconds == wait
    assert len(provider.calls) == 1, "the worker retries, not the library"
    assert time.monotonic() - started_at < 5, "no waiting inside"


async def test_a_provider_that_hangs_is_a_timeout(provider: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "TIMEOUT_SECONDS", 0.2)
    connector = TelegramConnector(telegram_config(provider))
    provider.faults.append(Fault(hang=True))
    with pytest.raises(SendError) as caught:
        await connector.send(telegram_message())
    assert (caught.value.code, caught.value.retryable) == ("timeout", True)
    await connector.aclose()


async def test_an_address_that_is_no_chat_is_refused_here(telegram: TelegramConnector, provider: FakeProvider) -> None:
    with pytest.raises(SendError, match="chat_not_found"):
        await telegram.send(replace(telegram_message(), address=Address("@somebody")))
    assert provider.calls == []


async def test_at_most_thirty_messages_a_second_leave(telegram: TelegramConnector, provider: FakeProvider) -> None:
    """X2: flood limits. Thirty go at once, the next fifteen take half a second."""
    started_at = time.monotonic()
    await asyncio.gather(*(telegram.send(telegram_message()) for _ in range(45)))
    assert time.monotonic() - started_at > 0.4
    assert len(provider.telegram) == 45


async def test_what_was_sent_cannot_be_asked_for(telegram: TelegramConnector) -> None:
    message = telegram_message()
    await telegram.send(message)
    assert await telegram.find_sent(message) is None


async def test_erasing_deletes_what_we_sent_and_what_came(telegram: TelegramConnector, provider: FakeProvider) -> None:
    """P5."""
    sent = await telegram.send(telegram_message())
    await telegram.erase(erasure(sent.external_id))
    await telegram.erase(erasure("910001:41"))
    assert provider.telegram == {}
    assert [call.form["message_ids"] for call in provider.calls[1:]] == ["[1]", "[41]"]


@pytest.mark.parametrize("description", ["message to delete not found", "Bad Request: message to delete not found"])
async def test_erasing_what_is_gone_is_success(
    telegram: TelegramConnector, provider: FakeProvider, description: str
) -> None:
    provider.faults.append(telegram_fault(400, description))
    await telegram.erase(erasure("910001:41"))


@pytest.mark.parametrize("description", ["message can't be deleted", "message can't be deleted for everyone"])
async def test_erasing_after_two_days_is_too_late(
    telegram: TelegramConnector, provider: FakeProvider, description: str
) -> None:
    provider.faults.append(telegram_fault(400, f"Bad Request: {description}"))
    with pytest.raises(SendError) as caught:
        await telegram.erase(erasure("910001:41"))
    assert (caught.value.code, caught.value.retryable) == ("too_late", False)


async def test_one_message_that_is_too_old_keeps_none_of_the_others(
    telegram: TelegramConnector, provider: FakeProvider
) -> None:
    """P5: Telegram refuses the whole call for it."""
    numbers = [(await telegram.send(telegram_message())).external_id for _ in range(3)]
    provider.too_old = {2}
    with pytest.raises(SendError) as caught:
        await telegram.erase(Erasure(TELEGRAM, Address(str(CHAT_ID)), tuple(numbers)))
    assert (caught.value.code, caught.value.retryable, caught.value.alert) == ("too_late", False, False)
    assert set(provider.telegram) == {2}


async def test_no_call_names_more_than_a_hundred_messages(telegram: TelegramConnector, provider: FakeProvider) -> None:
    many = tuple(ExternalId(f":{number}") for number in range(1, 251))
    await telegram.erase(Erasure(TELEGRAM, Address(str(CHAT_ID)), many))
    assert [len(json.loads(call.form["message_ids"])) for call in provider.calls] == [100, 100, 50]


async def test_a_chat_that_blocked_us_cannot_be_emptied_and_says_so(
    telegram: TelegramConnector, provider: FakeProvider
) -> None:
    provider.faults.append(telegram_fault(403, "Forbidden: bot was blocked by the user"))
    with pytest.raises(SendError) as caught:
        await telegram.erase(erasure("910001:41"))
    assert (caught.value.retryable, caught.value.alert, caught.value.opted_out) == (False, False, True)


async def test_a_block_notice_has_nothing_to_erase(telegram: TelegramConnector, provider: FakeProvider) -> None:
    await telegram.erase(erasure("910001:"))
    assert provider.calls == []


async def test_registering_sets_the_webhook_and_keeps_what_waits(provider: FakeProvider) -> None:
    assert (
        await register_telegram(telegram_config(provider)) == f"telegram: the bot sends its messages to {TELEGRAM_URL}"
    )
    assert provider.webhook.pop("drop_pending_updates", "false") == "false"
    assert json.loads(provider.webhook.pop("allowed_updates")) == ["message", "edited_message", "my_chat_member"]
    assert provider.webhook == {"url": TELEGRAM_URL, "secret_token": SECRET}


async def test_registering_with_a_wrong_token_says_so_without_it(provider: FakeProvider) -> None:
    provider.faults.append(telegram_fault(401, "Unauthorized"))
    with pytest.raises(SendError) as caught:
        await register_telegram(telegram_config(provider))
    assert BOT_TOKEN not in str(caught.value)


async def test_registering_without_a_public_url_says_so(provider: FakeProvider) -> None:
    with pytest.raises(ValueError, match="PORCHLIGHT_PUBLIC_URL"):
        await register_telegram(replace(telegram_config(provider), public_url=""))


def test_one_that_only_sends_refuses_every_request_x3() -> None:
    connector = TelegramConnector(TelegramConfig(webhook_secret="", bot_token="1:A"), receiving=False)
    for headers in ({}, {"x-telegram-bot-api-secret-token": ""}, {"x-telegram-bot-api-secret-token": "a"}):
        assert not connector.verify(WebhookRequest("http://127.0.0.1/webhooks/telegram", headers, b"{}"))
