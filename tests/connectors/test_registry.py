"""Channels by name: refused without their secrets, cheap to load, silent."""

import logging
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace

import pytest

from connectors.errors import SendError
from connectors.registry import build_connectors, register_channel, warm_senders
from connectors.sms.connector import SmsConfig, SmsConnector
from connectors.telegram.connector import TelegramConfig, TelegramConnector
from hotline.messages import SMS, TELEGRAM, ChannelName
from tests.connectors.conftest import WORDS, sms_config, sms_message, telegram_config, telegram_message
from tests.connectors.payloads import AUTH_TOKEN, BOT_TOKEN, CHAT_ID, HOTLINE, PUBLIC_URL, SECRET, TEXTER
from tests.connectors.provider import FakeProvider, Fault

SMS_CONFIG = SmsConfig(PUBLIC_URL, AUTH_TOKEN, account_sid="AC1", from_number=HOTLINE)
TELEGRAM_CONFIG = TelegramConfig(SECRET, BOT_TOKEN)


def test_each_channel_is_built_by_its_name() -> None:
    built = build_connectors({SMS: SMS_CONFIG, TELEGRAM: TELEGRAM_CONFIG})
    assert {name: connector.channel for name, connector in built.items()} == {SMS: SMS, TELEGRAM: TELEGRAM}


@pytest.mark.parametrize(
    ("name", "config", "message"),
    [
        (SMS, replace(SMS_CONFIG, auth_token=""), "TWILIO_AUTH_TOKEN"),
        (SMS, replace(SMS_CONFIG, auth_token=" "), "TWILIO_AUTH_TOKEN"),
        (SMS, replace(SMS_CONFIG, public_url=""), "PORCHLIGHT_PUBLIC_URL"),
        (SMS, replace(SMS_CONFIG, account_sid=""), "TWILIO_ACCOUNT_SID"),
        (SMS, replace(SMS_CONFIG, from_number=""), "TWILIO_FROM"),
        (SMS, TELEGRAM_CONFIG, "SmsConfig"),
        (TELEGRAM, replace(TELEGRAM_CONFIG, webhook_secret=""), "TELEGRAM_WEBHOOK_SECRET is not set"),
        (TELEGRAM, replace(TELEGRAM_CONFIG, bot_token=""), "TELEGRAM_BOT_TOKEN"),
        (TELEGRAM, SMS_CONFIG, "TelegramConfig"),
        (ChannelName("pigeon"), SMS_CONFIG, "pigeon"),
    ],
)
def test_a_missing_secret_stops_the_start_with_one_line(
    name: ChannelName, config: SmsConfig | TelegramConfig, message: str
) -> None:
    """X3."""
    with pytest.raises(ValueError, match=rf"^[^\n]*{message}[^\n]*$"):
        build_connectors({name: config})


def test_what_only_verifies_need_not_hold_what_sends() -> None:
    configs = {SMS: SmsConfig(PUBLIC_URL, AUTH_TOKEN), TELEGRAM: TelegramConfig(SECRET)}
    assert set(build_connectors(configs, sending=False)) == {SMS, TELEGRAM}


async def test_both_channels_are_registered_by_their_configuration(provider: FakeProvider) -> None:
    lines = [await register_channel(config) for config in (sms_config(provider), telegram_config(provider))]
    assert lines == [
        f"sms: texts come to {PUBLIC_URL}/webhooks/sms",
        f"telegram: the bot sends its messages to {PUBLIC_URL}/webhooks/telegram",
    ]


def test_starting_loads_neither_of_the_slow_libraries() -> None:
    """The webhooks start in well under two seconds: what costs a second is loaded later, in a thread."""
    code = (
        "import sys, connectors.registry;"
        "print([name for name in ('telegram', 'twilio.rest', 'aiohttp', 'httpx', 'requests') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_warming_loads_them() -> None:
    warm_senders()
    assert {"telegram", "twilio.rest", "telegram.ext"} <= set(sys.modules)


FAULTS = [
    None,
    Fault(500, '{"cut'),
    Fault(200, '{"text": "' + WORDS),
    Fault(drop=True),
    Fault(400, {"message": TEXTER}),
]


@pytest.mark.parametrize("fault", FAULTS, ids=["well", "broken", "half an answer", "cut off", "refused"])
async def test_no_token_no_words_and_no_address_reach_a_log(
    sms: SmsConnector,
    telegram: TelegramConnector,
    provider: FakeProvider,
    caplog: pytest.LogCaptureFixture,
    fault: Fault | None,
) -> None:
    """P6, with every logger at its most talkative."""
    caplog.set_level(logging.DEBUG)
    for step in (
        lambda: sms.send(sms_message()),
        lambda: sms.find_sent(sms_message()),
        lambda: telegram.send(telegram_message()),
    ):
        provider.faults = [fault] if fault else []
        with suppress(SendError):
            await step()
    # The loopback provider's own access log is not ours.
    logged = [record for record in caplog.records if record.name != "aiohttp.access"]
    shown = "\n".join(logging.Formatter("%(name)s %(message)s %(exc_info)s").format(record) for record in logged)
    for secret in (AUTH_TOKEN, BOT_TOKEN, SECRET, WORDS, TEXTER, TEXTER[1:], str(CHAT_ID)):
        assert secret not in shown
