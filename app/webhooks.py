"""The program that faces the internet: verifies, parses, seals, queues, answers 200. It opens nothing."""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.readiness import FindFault
from app.rounds import Rounds
from app.webhook_requests import is_too_long, read_body, read_headers
from connectors.contract import Connector, WebhookRequest
from connectors.errors import PayloadError
from hotline.messages import SMS, TELEGRAM, ChannelName, InboundMessage, Status, StatusUpdate
from storage.connection import StoreError

if TYPE_CHECKING:
    from app.logging import EventLog
    from app.metrics import Metrics
    from app.network import Bind
    from app.settings import Settings
    from bot.recycling import Recycling

_QUIET_SECONDS = 20.0
"""No text for so long is a quiet moment: one that comes in the second of beginning anew waits for it."""

_EMPTY_TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


class Intake(Protocol):
    """Keeps what came in; see ``storage/intake.py``."""

    async def put_message(self, message: InboundMessage) -> bool:
        """False if its provider's id was seen before. Raises StoreError, OSError, TimeoutError or KeyError."""

    async def put_status(self, update: StatusUpdate) -> bool:
        """Raises as ``put_message`` does."""


class Counter(Protocol):
    """Counts what came in, by channel and outcome; nothing that identifies."""

    def __call__(self, channel: str, outcome: str) -> None:
        """Counts one request."""


def _untimed(channel: str, seconds: float) -> None:
    """Nobody asks how long it took."""


class Webhooks:
    """The routes of the providers. 200 means: the message is on disk (X4)."""

    def __init__(
        self,
        connectors: Mapping[ChannelName, Connector],
        inbox: Intake,
        public_url: str,
        count: Counter,
        took: Callable[[str, float], None] = _untimed,
    ) -> None:
        self._connectors = connectors
        self._inbox = inbox
        self._public_url = public_url.rstrip("/")
        self._count = count
        self._took = took
        self._rounds = Rounds()
        self._taken_sms, self._taken = Response(_EMPTY_TWIML, media_type="application/xml"), Response()

    async def receive_sms(self, request: Request) -> Response:
        """A text by Twilio, or what became of one of ours; the answer is empty TwiML."""
        return await self._answer(request, SMS, self._taken_sms)

    async def receive_telegram(self, request: Request) -> Response:
        """An update by Telegram."""
        return await self._answer(request, TELEGRAM, self._taken)

    async def _answer(self, request: Request, channel: ChannelName, taken: Response) -> Response:
        began = time.perf_counter()
        connector, headers = self._connectors[channel], read_headers(request.scope["headers"])
        if not connector.may_be_signed(headers):
            return self._refuse(channel, "forbidden", 403, unread=True)
        body = None if is_too_long(headers) else await read_body(request)
        if body is None:
            return self._refuse(channel, "too_large", 413, unread=True)
        webhook = WebhookRequest(self._url(request), headers, body)
        if not connector.verify(webhook):
            return self._refuse(channel, "forbidden", 403)
        try:
            outcome = await self._keep(connector, webhook)
        except PayloadError:
            # A provider repeats what is not answered 200, for ever; what cannot be read now never can be.
            outcome = "unreadable"
        except (StoreError, OSError, TimeoutError, KeyError):
            return self._refuse(channel, "store_away", 503)
        self._count(channel, outcome)
        if outcome != "status":
            self._took(channel, time.perf_counter() - began)
        return taken

    async def _keep(self, connector: Connector, webhook: WebhookRequest) -> str:
        parsed = connector.parse(webhook)
        if parsed is None:
            return "nothing"
        if isinstance(parsed, StatusUpdate):
            # That a message is on its way was noted when its provider took it; this would cost as much as a text.
            if parsed.status.is_final:
                if parsed.status is not Status.FAILED:
                    # Nobody waits for it; that a text did not arrive is brought before a person.
                    await self._rounds.wait()
                await self._inbox.put_status(parsed)
            return "status"
        message = parsed if parsed.sent_at else replace(parsed, sent_at=datetime.now(UTC))
        return "message" if await self._inbox.put_message(message) else "repeated"

    def _url(self, request: Request) -> str:
        """The URL that the provider called: from settings, never from the Host header (X1)."""
        query = request.scope["query_string"].decode("utf-8", "replace")
        return f"{self._public_url}{request.scope['path']}{f'?{query}' if query else ''}"

    def _refuse(self, channel: str, outcome: str, status: int, *, unread: bool = False) -> Response:
        """``unread``: the rest of the body is never read; the connection ends with the answer."""
        self._count(channel, outcome)
        return Response(status_code=status, headers={"connection": "close"} if unread else None)


async def _nothing() -> None:
    """There is no spool to look after."""


class _Door(Starlette):
    """Finds a provider's route by one look: the layers around a route cost as much as a check of its signature."""

    receivers: Mapping[str, Callable[[Request], Awaitable[Response]]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI's. What is no provider's post goes the usual way."""
        posted = scope["type"] == "http" and scope["method"] == "POST"
        receiver = self.receivers.get(scope["path"]) if posted else None
        if receiver is None:
            await super().__call__(scope, receive, send)
            return
        answer = await receiver(Request(scope, receive))
        await answer(scope, receive, send)


def build_webhooks(
    webhooks: Webhooks, find_fault: FindFault, beside: Callable[[], Coroutine[Any, Any, None]] = _nothing
) -> Starlette:
    """The application: three routes for providers, two for the proxy. ``beside`` runs as long as it does."""

    async def is_alive(request: Request) -> Response:
        return Response("alive\n")

    async def is_ready(request: Request) -> Response:
        fault = await find_fault()
        return Response(f"{fault or 'ready'}\n", 503 if fault else 200)

    @contextlib.asynccontextmanager
    async def lifespan(application: Starlette) -> AsyncIterator[None]:
        running = asyncio.create_task(beside())
        yield
        running.cancel()

    receivers = {
        "/webhooks/sms": webhooks.receive_sms,
        "/webhooks/sms/status": webhooks.receive_sms,
        "/webhooks/telegram": webhooks.receive_telegram,
    }
    door = _Door(
        routes=[
            *(Route(path, receiver, methods=["POST"]) for path, receiver in receivers.items()),
            Route("/healthz", is_alive),
            Route("/readyz", is_ready),
        ],
        lifespan=lifespan,
    )
    door.receivers = receivers
    return door


def _serve() -> None:
    from app.doors import begin_anew, open_doors
    from app.logging import configure_logging
    from app.metrics import Metrics
    from app.serving import run, serve_until_due
    from app.settings import load_settings
    from app.watch import tell_failure
    from bot.recycling import build_recycling

    settings, log = load_settings(os.environ, "webhooks"), configure_logging("webhooks")
    recycling, metrics = build_recycling(quiet_seconds=_QUIET_SECONDS), Metrics("webhooks")
    tell = partial(tell_failure, log, metrics)
    doors = _build_doors(settings, log, metrics, tell, recycling)
    sockets = open_doors([bind for _, bind in doors])
    if run(lambda: serve_until_due(doors, sockets, lambda: _wait_until_due(recycling, tell))):
        log.note("recycled")
        begin_anew(sockets)


def _build_doors(
    settings: "Settings", log: "EventLog", metrics: "Metrics", tell: Callable[[str, str], None], recycling: "Recycling"
) -> "list[tuple[Starlette, Bind]]":
    """The public application and the private one, and where they listen."""
    from app.metrics import build_private_app
    from app.readiness import Readiness
    from app.spooling import open_intake
    from app.version import find_version
    from app.wiring import build_channel_configs, build_inbox
    from connectors.registry import build_connectors
    from storage.connection import Store

    metrics.tell_build(find_version())

    def count(channel: str, outcome: str) -> None:
        metrics.count_webhook(channel, outcome)
        if outcome != "forbidden":
            recycling.begin()
            recycling.end()

    store, keys = Store(settings.redis_url.reveal()), Store(settings.keys_url.reveal())
    inbox = build_inbox(settings, store, keys, partial(tell, "keys_lost"))
    intake = open_intake(settings, inbox, keys, log, metrics)
    ready = Readiness(store, keys, needs_inbox_key=True)
    connectors = build_connectors(build_channel_configs(settings), sending=False)
    webhooks = Webhooks(connectors, intake or inbox, settings.public_url, count, metrics.observe_webhook)
    public = build_webhooks(webhooks, ready.find_fault, intake.run if intake else _nothing)
    private = build_private_app(metrics, ready.find_fault)
    return [(public, settings.webhooks_bind), (private, settings.webhooks_metrics_bind)]


async def _wait_until_due(recycling: "Recycling", tell: Callable[[str, str], None]) -> None:
    """Comes back when words are to leave this memory (P1), and a start would take settings and key files as they are.

    Otherwise it goes on with what it has: a door that could not open again must not close.
    """
    from app.restarting import PUT_OFF_SECONDS, find_door_fault

    while not recycling.ready_to_end:
        await asyncio.sleep(1)
    while fault := await find_door_fault(os.environ):
        tell("restart_put_off", fault)
        await asyncio.sleep(PUT_OFF_SECONDS)


def main() -> None:
    """Starts the program, or says in one message why not."""
    from app.serving import start_program

    start_program("webhooks", _serve)


if __name__ == "__main__":
    main()
