"""The providers of both sides: Twilio's Messages API and Telegram's Bot API on loopback, lean, in the load maker.

The practice phone speaks the same format but keeps every message for its page; here only the last ones are kept, for a
sender that asks whether it has sent already. So the provider costs both sides the same little, and the receipt of a
reply is stamped by the clock that stamped its webhook.
"""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable
from email.utils import formatdate
from typing import Self

import aiohttp
from aiohttp import web

from benchmarks.signing import Signer, build_status

type Receive = Callable[[str, str, float], None]
"""Told of every message to a texter: address, text, CLOCK_MONOTONIC at its receipt."""

_MESSAGES = "/2010-04-01/Accounts/{account}/Messages"
_BOT = "/telegram/bot{token}/{method}"
_MOST_KEPT = 2000
QUIET_SECONDS = 0.7
STATUS_DELAYS = (("sent", 0.05), ("delivered", 0.25))


class Provider:
    """Takes every message with 201 and, where a callback is asked for, reports it sent and delivered as Twilio does.

    ``answer_seconds`` is how long a send takes to answer: 0 here, some 100 ms from afar.
    """

    def __init__(self, receive: Receive) -> None:
        self.url = ""
        self.answer_seconds = 0.0
        self.sends = self.callbacks = self.callbacks_refused = self.other_calls = 0
        self.last_send_at = time.monotonic()
        self._receive = receive
        self._kept: deque[dict[str, str]] = deque(maxlen=_MOST_KEPT)
        self._signers: dict[str, Signer] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Listens on a free loopback port; ``url`` says which."""
        app = web.Application()
        app.router.add_post(_MESSAGES + ".json", self._create)
        app.router.add_get(_MESSAGES + ".json", self._list)
        app.router.add_post(_MESSAGES + "/{sid}.json", self._change)
        app.router.add_delete(_MESSAGES + "/{sid}.json", self._change)
        app.router.add_post(_BOT, self._call_bot)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64, keepalive_timeout=3))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stops listening and drops callbacks that are still to come."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.close()
        await self._runner.cleanup()

    @property
    def is_quiet(self) -> bool:
        """True when nobody has sent for a while and no callback is under way."""
        return not self._tasks and time.monotonic() - self.last_send_at > QUIET_SECONDS

    @property
    def telegram_url(self) -> str:
        """Where the Bot API is."""
        return f"{self.url}/telegram"

    def know(self, account_sid: str, auth_token: str) -> None:
        """Makes callbacks of an account signed with its token."""
        self._signers[account_sid] = Signer(auth_token)

    async def _create(self, request: web.Request) -> web.Response:
        fields = await request.post()
        at = self.last_send_at = time.monotonic()
        self.sends += 1
        recipient, text = str(fields["To"]), str(fields.get("Body", ""))
        self._receive(recipient, text, at)
        sid, account = "SM" + secrets.token_hex(16), request.match_info["account"]
        message = {"sid": sid, "account_sid": account, "status": "queued", "to": recipient, "body": text}
        self._kept.append({**message, "date_created": formatdate()})
        callback, sender = str(fields.get("StatusCallback", "")), str(fields.get("From", ""))
        if callback:
            task = asyncio.create_task(self._report(callback, account, sid, recipient, sender))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if self.answer_seconds:
            await asyncio.sleep(self.answer_seconds)
        return web.json_response(message, status=201)

    async def _report(self, url: str, account: str, sid: str, recipient: str, sender: str) -> None:
        for status, delay in STATUS_DELAYS:
            await asyncio.sleep(delay)
            headers, body = self._signers[account].sign(url, build_status(account, sid, recipient, sender, status))
            try:
                async with self._http.post(url, data=body, headers=headers) as answer:
                    await answer.read()
                    self.callbacks_refused += answer.status != 200
            except aiohttp.ClientError:
                self.callbacks_refused += 1
            self.callbacks += 1

    async def _list(self, request: web.Request) -> web.Response:
        self._note_call()
        found = [message for message in self._kept if message["to"] == request.query.get("To", "")]
        return web.json_response({"messages": found[::-1], "next_page_uri": None})

    async def _change(self, request: web.Request) -> web.Response:
        self._note_call()
        if request.method == "DELETE":
            return web.Response(status=204)
        return web.json_response({"sid": request.match_info["sid"], "status": "delivered", "body": ""})

    async def _call_bot(self, request: web.Request) -> web.Response:
        if request.match_info["method"] != "sendMessage":
            self._note_call()
            return web.json_response({"ok": True, "result": True})
        fields = await request.post()
        at = self.last_send_at = time.monotonic()
        self.sends += 1
        chat, text = str(fields["chat_id"]), str(fields["text"])
        self._receive(chat, text, at)
        if self.answer_seconds:
            await asyncio.sleep(self.answer_seconds)
        message = {"message_id": self.sends, "date": int(time.time()), "chat": {"id": int(chat), "type": "private"}}
        return web.json_response({"ok": True, "result": {**message, "text": text}})

    def _note_call(self) -> None:
        """Look-ups and erasures, which go on at a few a second long after the last reply."""
        self.other_calls += 1
