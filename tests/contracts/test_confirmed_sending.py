"""Of every channel: a message is confirmed when a connection stands for it, before its first byte goes (X5)."""

import asyncio
from dataclasses import replace

import pytest

from connectors.contract import Confirm, Connector, Erasure
from connectors.errors import SendError
from connectors.registry import build_connectors
from tests.connectors.provider import FakeProvider
from tests.contracts.test_connectors import Case, case, connector, provider

__all__ = ["case", "connector", "provider"]


class Door:
    """``async with Door()``: takes connections, reads what comes, and answers nothing."""

    def __init__(self) -> None:
        self.opened, self.left = asyncio.Event(), asyncio.Event()
        self.bytes = b""

    async def __aenter__(self) -> "Door":
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()[:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened.set()
        while some := await reader.read(65536):
            self.bytes += some
        writer.close()
        self.left.set()


async def test_what_is_not_confirmed_leaves_not_a_byte_on_the_connection_that_stands_for_it(
    case: Case, provider: FakeProvider
) -> None:
    async with Door() as door, asyncio.timeout(20):
        built = build_connectors({case.channel: replace(case.config(provider), api_url=door.url)})[case.channel]

        async def confirm() -> None:
            await door.opened.wait()
            raise SendError("withheld", retryable=True)

        with pytest.raises(SendError) as caught:
            await built.send(case.message(), confirm)
        await built.aclose()
        await door.left.wait()
    assert caught.value.retryable and not door.bytes


async def test_each_message_is_confirmed_for_itself_and_nothing_else_is(
    connector: Connector, case: Case, provider: FakeProvider
) -> None:
    asked: list[tuple[int, int]] = []
    message = case.message()

    def confirm_number(number: int) -> Confirm:
        async def confirm() -> None:
            asked.append((number, len(provider.calls)))

        return confirm

    sent = [(await connector.send(message, confirm_number(number))).external_id for number in range(2)]
    await connector.erase(Erasure(case.channel, message.address, tuple(sent)))
    await connector.send(message)
    assert asked == [(0, 0), (1, 1)] and len(provider.calls) > 2
