"""Both providers' APIs on loopback, as far as the connectors use them: an implementation, with faults on request."""

import asyncio
import itertools
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.connectors.payloads import ACCOUNT, BOT_TOKEN, HOTLINE

BASE = f"/2010-04-01/Accounts/{ACCOUNT}"


@dataclass
class Call:
    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]


@dataclass
class Fault:
    """One answer instead of the real one; ``hang`` answers nothing, ``drop`` cuts the connection."""

    status: int = 500
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    drop: bool = False


def twilio_fault(status: int, code: int, **headers: str) -> Fault:
    return Fault(status, {"code": code, "message": "The number +17025550123 said no", "status": status}, headers)


def telegram_fault(code: int, description: str, **parameters: Any) -> Fault:
    answer = {"ok": False, "error_code": code, "description": description}
    return Fault(code, {**answer, "parameters": parameters} if parameters else answer)


class FakeProvider:
    """``async with FakeProvider() as provider``: ``provider.url``, ``calls``, ``faults`` (used up in order)."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.sms: dict[str, dict[str, Any]] = {}
        self.media: dict[str, list[str]] = {}
        self.telegram: dict[int, str] = {}
        self.webhook: dict[str, str] = {}
        self.number_urls: dict[str, str] = {}
        self.service_urls: dict[str, str] = {}
        self.incomplete: set[str] = set()
        self.too_old: set[int] = set()
        self._peers: set[object] = set()
        self._numbers = itertools.count(1)
        self._server = TestServer(self._build_app())

    @property
    def connections(self) -> int:
        """How many connections the calls came over."""
        return len(self._peers)

    @property
    def url(self) -> str:
        return str(self._server.make_url("")).rstrip("/")

    async def __aenter__(self) -> Self:
        await self._server.start_server()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.close()

    def _build_app(self) -> web.Application:
        app = web.Application(middlewares=[self._record])
        app.add_routes(
            [
                web.post(f"{BASE}/Messages.json", self._create),
                web.get(f"{BASE}/Messages.json", self._list),
                web.get(f"{BASE}/Messages/{{sid}}.json", self._fetch),
                web.post(f"{BASE}/Messages/{{sid}}.json", self._redact),
                web.delete(f"{BASE}/Messages/{{sid}}.json", self._delete),
                web.get(f"{BASE}/Messages/{{sid}}/Media.json", self._list_media),
                web.delete(f"{BASE}/Messages/{{sid}}/Media/{{media}}.json", self._delete_media),
                web.get(f"{BASE}/IncomingPhoneNumbers.json", self._list_numbers),
                web.post(f"{BASE}/IncomingPhoneNumbers/{{sid}}.json", self._update_number),
                web.post("/v1/Services/{sid}", self._update_service),
                web.post(f"/bot{BOT_TOKEN}/{{method}}", self._bot),
            ]
        )
        return app

    @web.middleware
    async def _record(self, request: web.Request, handler: Any) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.calls.append(Call(request.method, request.path, dict(request.query), form, dict(request.headers)))
        self._peers.add(request.transport and request.transport.get_extra_info("peername"))
        if not self.faults:
            answer: web.StreamResponse = await handler(request)
            return answer
        fault = self.faults.pop(0)
        if fault.hang:
            await asyncio.sleep(30)
        if fault.drop and request.transport is not None:
            request.transport.close()
        text = fault.body if isinstance(fault.body, str) else json.dumps(fault.body)
        return web.Response(status=fault.status, text=text, headers=fault.headers)

    async def _create(self, request: web.Request) -> web.Response:
        form = self.calls[-1].form
        sid = f"SM{next(self._numbers):032x}"
        self.sms[sid] = {
            "sid": sid,
            "account_sid": ACCOUNT,
            "to": form["To"],
            "from": form.get("From"),
            "messaging_service_sid": form.get("MessagingServiceSid"),
            "body": form["Body"],
            "status": "queued",
            "direction": "outbound-api",
            "date_created": format_datetime(datetime.now(UTC)),
            "date_sent": None,
            "num_segments": "1",
            "error_code": None,
        }
        return web.json_response(self.sms[sid], status=201)

    async def _list(self, request: web.Request) -> web.Response:
        asked = {"to": request.query.get("To"), "from": request.query.get("From")}
        wanted = {name: number for name, number in asked.items() if number}
        found = [record for record in self.sms.values() if wanted.items() <= record.items()]
        return web.json_response({"messages": found[::-1], "next_page_uri": None, "page": 0, "page_size": 50})

    async def _fetch(self, request: web.Request) -> web.Response:
        record = self.sms.get(request.match_info["sid"])
        return web.json_response(record) if record else _gone()

    async def _redact(self, request: web.Request) -> web.Response:
        sid = request.match_info["sid"]
        if sid not in self.sms:
            return _gone()
        if sid in self.incomplete:
            return web.json_response({"code": 20009, "message": "not complete", "status": 409}, status=409)
        if self.calls[-1].form.get("Body") != "":
            return web.json_response({"code": 30400, "message": "no", "status": 400}, status=400)
        self.sms[sid]["body"] = ""
        return web.json_response(self.sms[sid])

    async def _delete(self, request: web.Request) -> web.Response:
        sid = request.match_info["sid"]
        if sid in self.incomplete:
            return web.json_response({"code": 20009, "message": "not complete", "status": 409}, status=409)
        return web.Response(status=204) if self.sms.pop(sid, None) else _gone()

    async def _list_media(self, request: web.Request) -> web.Response:
        sid = request.match_info["sid"]
        found = [{"sid": media, "parent_sid": sid, "account_sid": ACCOUNT} for media in self.media.get(sid, [])]
        return web.json_response({"media_list": found, "next_page_uri": None})

    async def _delete_media(self, request: web.Request) -> web.Response:
        self.media[request.match_info["sid"]].remove(request.match_info["media"])
        return web.Response(status=204)

    async def _list_numbers(self, request: web.Request) -> web.Response:
        wanted = request.query.get("PhoneNumber")
        found = (
            [{"sid": "PN" + "d4" * 16, "phone_number": HOTLINE, "account_sid": ACCOUNT}] if wanted == HOTLINE else []
        )
        return web.json_response({"incoming_phone_numbers": found, "next_page_uri": None})

    async def _update_number(self, request: web.Request) -> web.Response:
        self.number_urls = self.calls[-1].form
        return web.json_response({"sid": request.match_info["sid"], "account_sid": ACCOUNT})

    async def _update_service(self, request: web.Request) -> web.Response:
        self.service_urls = self.calls[-1].form
        return web.json_response({"sid": request.match_info["sid"], "account_sid": ACCOUNT})

    async def _bot(self, request: web.Request) -> web.Response:
        form = self.calls[-1].form
        match request.match_info["method"]:
            case "sendMessage":
                number = next(self._numbers)
                self.telegram[number] = form["text"]
                chat = {"id": int(form["chat_id"]), "type": "private"}
                sent = {"message_id": number, "date": 1795200000, "chat": chat, "text": form["text"]}
                return web.json_response({"ok": True, "result": sent})
            case "deleteMessages" if self.too_old & set(json.loads(form["message_ids"])):
                refused = {"ok": False, "error_code": 400, "description": "Bad Request: message can't be deleted"}
                return web.json_response(refused, status=400)
            case "deleteMessages":
                for number in json.loads(form["message_ids"]):
                    self.telegram.pop(number, None)
            case "setWebhook":
                self.webhook = form
        return web.json_response({"ok": True, "result": True})


def _gone() -> web.Response:
    return web.json_response({"code": 20404, "message": "not found", "status": 404}, status=404)
