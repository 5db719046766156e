"""One loopback provider, and both connectors pointed at it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from connectors.sms.connector import SmsConfig, SmsConnector
from connectors.telegram.connector import TelegramConfig, TelegramConnector
from hotline.messages import SMS, TELEGRAM, Address, OutboundMessage
from tests.connectors.payloads import (
    ACCOUNT,
    AUTH_TOKEN,
    BOT_TOKEN,
    CHAT_ID,
    HOTLINE,
    OTHER_TOKEN,
    PUBLIC_URL,
    SECRET,
    TEXTER,
)
from tests.connectors.provider import FakeProvider

WORDS = "a canary sentence that must stay out of sight"


@pytest.fixture
async def provider() -> AsyncIterator[FakeProvider]:
    async with FakeProvider() as running:
        yield running


def sms_config(provider: FakeProvider) -> SmsConfig:
    return SmsConfig(
        public_url=PUBLIC_URL,
        auth_token=AUTH_TOKEN,
        auth_token_secondary=OTHER_TOKEN,
        account_sid=ACCOUNT,
        from_number=HOTLINE,
        api_url=provider.url,
    )


def telegram_config(provider: FakeProvider) -> TelegramConfig:
    return TelegramConfig(webhook_secret=SECRET, bot_token=BOT_TOKEN, public_url=PUBLIC_URL, api_url=provider.url)


@pytest.fixture
async def sms(provider: FakeProvider) -> AsyncIterator[SmsConnector]:
    connector = SmsConnector(sms_config(provider))
    yield connector
    await connector.aclose()


@pytest.fixture
async def telegram(provider: FakeProvider) -> AsyncIterator[TelegramConnector]:
    connector = TelegramConnector(telegram_config(provider))
    yield connector
    await connector.aclose()


def sms_message(text: str = WORDS) -> OutboundMessage:
    return OutboundMessage(SMS, Address(TEXTER), text, datetime.now(UTC))


def telegram_message(text: str = WORDS) -> OutboundMessage:
    return OutboundMessage(TELEGRAM, Address(str(CHAT_ID)), text, datetime.now(UTC))
