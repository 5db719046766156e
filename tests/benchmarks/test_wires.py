"""Both channels' formats, in and out, as the product and the providers' own libraries read them."""

import json

import pytest
from telegram import Bot

from benchmarks.wires import SECRET_HEADER, TelegramWire
from connectors.contract import WebhookRequest
from connectors.telegram.connector import TelegramConfig, TelegramConnector
from hotline.messages import InboundMessage, Kind
from tests.benchmarks.conftest import Street

SECRET = "an-invented-secret"


def receive(secret: str, text: str, address: str) -> tuple[bool, InboundMessage | None]:
    connector = TelegramConnector(TelegramConfig(SECRET), sending=False)
    headers, body = TelegramWire(secret).write(address, text)
    request = WebhookRequest("http://127.0.0.1/", {name.lower(): value for name, value in headers.items()}, body)
    return connector.verify(request), connector.parse(request)


def test_an_update_of_the_benchmark_is_one_that_the_product_takes():
    verified, message = receive(SECRET, "hi there", "5000000001")
    assert verified
    assert message is not None
    assert (message.address, message.text, message.kind) == ("5000000001", "hi there", Kind.TEXT)


def test_an_update_with_another_secret_is_not():
    assert receive("another", "hi", "5000000001")[0] is False


def test_every_update_and_every_chat_is_a_new_one():
    wire = TelegramWire(SECRET)
    bodies = [json.loads(wire.write("5000000001", "hi")[1]) for _ in range(50)]
    assert len({body["update_id"] for body in bodies}) == 50
    assert len({wire.new_address() for _ in range(50)}) == 50


def test_the_secret_is_in_the_header_and_not_in_the_representation():
    headers, _ = TelegramWire(SECRET).write("5000000001", "hi")
    assert headers[SECRET_HEADER] == SECRET
    assert SECRET not in repr(TelegramWire(SECRET))


@pytest.fixture
async def bot(street: Street) -> Bot:
    return Bot("123:invented", base_url=f"{street.provider.telegram_url}/bot")


async def test_the_emulated_bot_api_answers_as_telegram_s_own_library_expects(street: Street, bot: Bot):
    queue = street.texters.mailboxes.open("5000000001")
    async with bot.request:
        sent = await bot.send_message(5000000001, "a reply")
        assert await bot.delete_messages(5000000001, [sent.message_id])
    assert sent.text == "a reply"
    assert (await queue.get())[1] == "a reply"
    assert (street.provider.sends, street.provider.other_calls) == (1, 1)
