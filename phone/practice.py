"""The practice API: what tests, the page and ``porchlight talk`` do to the handsets (described in ``phone``)."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from phone.bodies import read_json
from phone.deliveries import Delivery
from phone.errors import PracticeError
from phone.sms.provider import SmsProvider
from phone.telegram.provider import TelegramProvider
from phone.world import World

SIDES = frozenset({"hotline", "texter", "carrier", "all"})
LONGEST_WAIT_SECONDS = 60.0
PING_SECONDS = 20.0


class Practice:
    """The practice API over one world and its two providers."""

    def __init__(self, world: World, sms: SmsProvider, telegram: TelegramProvider) -> None:
        self.world = world
        self._sms = sms
        self._telegram = telegram

    def build_routes(self) -> list[Route]:
        """Every route of the practice API."""
        table: list[tuple[str, str, Callable[[Request], Awaitable[Response]]]] = [
            ("POST", "/texts", self.write_text),
            ("POST", "/updates", self.post_update),
            ("GET", "/messages", self.list_messages),
            ("GET", "/copies", self.list_copies),
            ("POST", "/copies/delete", self.delete_copies),
            ("POST", "/faults", self.plan_fault),
            ("DELETE", "/faults", self.clear_faults),
            ("GET", "/received", self.list_received),
            ("POST", "/reset", self.reset),
            ("GET", "/events", self.watch),
        ]
        return [Route(path, handler, methods=[method]) for method, path, handler in table]

    async def write_text(self, request: Request) -> Response:
        """A text from a handset, answered when the webhook has been."""
        body = await read_json(request)
        channel, address = read_conversation(body)
        text, kind = _read(body, "text", str, ""), _read(body, "kind", str, "text")
        external_id = None if body.get("external_id") is None else str(body["external_id"])
        if channel == "sms":
            by_service = _read(body, "service_sid", bool, False)
            sid, delivery = await self._sms.write(address, text, kind, external_id, by_service=by_service)
        else:
            sid, delivery = await self._telegram.write(address, text, kind, external_id)
        return JSONResponse(_describe(delivery) | {"external_id": sid})

    async def post_update(self, request: Request) -> Response:
        """A raw webhook of the provider's, signed and posted once."""
        body = await read_json(request)
        channel = body.pop("channel", None)
        if channel == "telegram":
            return JSONResponse(_describe(await self._telegram.post(body, tries=1)))
        if channel != "sms":
            raise PracticeError("channel must be sms or telegram")
        path = body.pop("_path", None)
        url = self._sms.number.sms_url if path is None else f"{self.world.settings.public_url}{path}"
        fields = {
            name: [str(v) for v in value] if isinstance(value, list) else str(value) for name, value in body.items()
        }
        return JSONResponse(_describe(await self._sms.post(f"{url.partition('#')[0]}#rc=0", fields)))

    async def list_messages(self, request: Request) -> Response:
        """What a handset shows, waiting for something new if asked to."""
        query = request.query_params
        handset = self.world.handsets.open(*read_conversation(query))
        after, side = _read_number(query.get("after", "0")), query.get("side", "hotline")
        if side not in SIDES:
            raise PracticeError("side must be hotline, texter, carrier or all")
        wait = min(_read_number(query.get("wait_seconds", "0")), LONGEST_WAIT_SECONDS)
        deadline = asyncio.get_running_loop().time() + wait
        while not (messages := handset.list_after(int(after), side)):
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0 or self.world.events.closing.is_set():
                break
            try:
                await asyncio.wait_for(handset.news.wait(), left)
            except TimeoutError:
                break
            handset = self.world.handsets.open(handset.channel, handset.address)
        return JSONResponse({"messages": messages})

    async def list_copies(self, request: Request) -> Response:
        """What the provider still holds of a conversation, whatever the handset shows."""
        channel, address = read_conversation(request.query_params)
        held = self._sms.list_copies(address) if channel == "sms" else self._telegram.list_copies(address)
        return JSONResponse({"copies": held})

    async def delete_copies(self, request: Request) -> Response:
        """Somebody deletes what the provider holds of a conversation by hand."""
        channel, address = read_conversation(await read_json(request))
        if channel == "sms":
            self._sms.delete_copies(address)
        else:
            self._telegram.delete_copies(address)
        return JSONResponse({"ok": True})

    async def plan_fault(self, request: Request) -> Response:
        """The next calls of a provider's go wrong."""
        body = await read_json(request)
        seconds = body.get("seconds")
        self.world.faults.plan(
            _read(body, "channel", str, ""),
            str(body.get("kind", "")),
            count=_read(body, "count", int, 1),
            address=None if body.get("address") is None else str(body["address"]),
            seconds=float(seconds) if isinstance(seconds, int | float) else None,
            on=_read(body, "on", str, "send"),
        )
        return JSONResponse({"ok": True})

    async def clear_faults(self, request: Request) -> Response:
        """Everything works again."""
        self.world.faults.clear()
        return JSONResponse({"ok": True})

    async def list_received(self, request: Request) -> Response:
        """Calls that the providers got."""
        query = request.query_params
        after = int(_read_number(query.get("after", "0")))
        return JSONResponse(self.world.receipts.report(query.get("channel"), after))

    async def reset(self, request: Request) -> Response:
        """Everything is forgotten but where the webhooks go."""
        self.world.reset()
        self._sms.reset()
        self._telegram.reset()
        return JSONResponse({"ok": True})

    async def watch(self, request: Request) -> Response:
        """The events of two handsets, or of all, as a stream."""
        query = request.query_params
        watched = [(channel, query[channel]) for channel in ("sms", "telegram") if channel in query]

        async def stream() -> AsyncIterator[str]:
            events = self.world.events
            with events.watch(*watched) as queue:
                yield "event: ready\ndata: {}\n\n"
                while not events.closing.is_set():
                    event = await events.wait(queue, PING_SECONDS)
                    yield f"data: {json.dumps(event)}\n\n" if event else ": still here\n\n"

        return StreamingResponse(stream(), media_type="text/event-stream")


def read_conversation(source: Any) -> tuple[str, str]:
    """Channel and address of a body or query. Raises PracticeError."""
    channel, address = source.get("channel"), str(source.get("address") or "").strip()
    if channel not in {"sms", "telegram"}:
        raise PracticeError("channel must be sms or telegram")
    if not address or len(address) > 32:
        raise PracticeError("address must be a number or chat id")
    return channel, address


def _describe(delivery: Delivery) -> dict[str, Any]:
    moments = {"sent_monotonic": delivery.sent_monotonic, "answered_monotonic": delivery.answered_monotonic}
    return {"status": delivery.status, "tries": delivery.tries} | moments


def _read[T](body: dict[str, Any], name: str, kind: type[T], default: T) -> T:
    value = body.get(name, default)
    if not isinstance(value, kind):
        raise PracticeError(f"{name} must be of type {kind.__name__}")
    return value


def _read_number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < 1e12:
        raise PracticeError("after and wait_seconds must be numbers, 0 or more")
    return number
