"""The webhooks' public door as it is served, on a free port, over an inbox in memory; and raw callers."""

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import uvicorn

from app.network import Bind
from app.serving import build_server
from app.webhooks import Webhooks, build_webhooks
from connectors.contract import WebhookRequest
from connectors.sms.connector import SmsConfig, SmsConnector
from connectors.telegram.connector import TelegramConfig, TelegramConnector
from hotline.messages import SMS, TELEGRAM, ExternalId, InboundMessage, StatusUpdate
from tests.connectors.payloads import AUTH_TOKEN, PUBLIC_URL, SECRET, SMS_TEXT, signed


async def _find_no_fault() -> str:
    return ""


@dataclass
class MemoryInbox:
    """Keeps what is put in, each id once."""

    messages: list[InboundMessage] = field(default_factory=list)
    seen: set[ExternalId | None] = field(default_factory=set)
    statuses: list[StatusUpdate] = field(default_factory=list)

    async def put_message(self, message: InboundMessage) -> bool:
        known = message.external_id is not None and message.external_id in self.seen
        self.seen.add(message.external_id)
        if not known:
            self.messages.append(message)
        return not known

    async def put_status(self, update: StatusUpdate) -> bool:
        self.statuses.append(update)
        return True


class Door:
    """The application, what it counted and what it kept."""

    def __init__(self) -> None:
        self.inbox = MemoryInbox()
        self.counted: Counter[tuple[str, str]] = Counter()
        connectors = {
            SMS: SmsConnector(SmsConfig(PUBLIC_URL, AUTH_TOKEN), sending=False),
            TELEGRAM: TelegramConnector(TelegramConfig(webhook_secret=SECRET), sending=False),
        }
        webhooks = Webhooks(connectors, self.inbox, PUBLIC_URL, self._count)  # type: ignore[arg-type]
        self.application = build_webhooks(webhooks, _find_no_fault)
        self.port = 0

    def _count(self, channel: str, outcome: str) -> None:
        self.counted[channel, outcome] += 1

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator["Door"]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        server: uvicorn.Server = build_server(self.application, Bind("127.0.0.1", self.port))
        running = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield self
        finally:
            server.should_exit = server.force_exit = True
            await running

    async def call(self, sent: bytes, *, wait: float = 5) -> bytes:
        """The status line and headers that follow so many bytes; b"" where the door hangs up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(sent)
            with contextlib.suppress(ConnectionError):
                await writer.drain()
            return await asyncio.wait_for(_read_head(reader), wait)
        finally:
            writer.close()


async def _read_head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


def as_bytes(request: WebhookRequest, *, path: str = "/webhooks/sms") -> bytes:
    """The request as it goes over the wire."""
    lines = [f"{name}: {value}" for name, value in request.headers.items()]
    head = "\r\n".join(
        [f"POST {path} HTTP/1.1", "host: hotline.example", f"content-length: {len(request.body)}", *lines]
    )
    return head.encode() + b"\r\n\r\n" + request.body


def text_of(number: int, body: str = "i need help") -> WebhookRequest:
    """A text as Twilio signs it, with an id of its own."""
    sid = f"SM{number:032x}"
    return signed({**SMS_TEXT, "MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "Body": body})
