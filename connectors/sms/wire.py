"""Twilio's REST API as plain requests: a text is sent by this alone, the library is for all else (decision 0129)."""

import json
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import aiohttp

from connectors.contract import Confirm
from connectors.errors import SendError
from connectors.sms.failures import build_send_error, parse_error_code
from hotline.messages import ExternalId

DEFAULT_API_URL = "https://api.twilio.com"
TIMEOUT_SECONDS = 8.0
_ACCEPT = {"Accept": "application/json", "Accept-Charset": "utf-8"}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of success."""

    status: int
    text: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked. ``auth``: account and token."""

    method: str
    url: str = field(repr=False)
    params: Mapping[str, str] | None = field(default=None, repr=False)
    data: Mapping[str, str] | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    auth: tuple[str, str] | None = field(default=None, repr=False)
    seconds: float | None = None
    confirm: Confirm | None = field(default=None, repr=False)


async def ask_twilio(session: aiohttp.ClientSession, ask: Ask) -> Answer:
    """One request. Raises SendError for all but success: Twilio's own code, ``timeout`` or ``connection``."""
    headers = dict(ask.headers)
    if ask.auth is not None:
        headers["Authorization"] = aiohttp.encode_basic_auth(*ask.auth)
    body = None
    if ask.data is not None:
        # What aiohttp's own form comes to, for less of a core.
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(ask.data).encode()
    try:
        async with session.request(
            ask.method,
            ask.url,
            params=ask.params,
            data=body,
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=ask.seconds or TIMEOUT_SECONDS),
            allow_redirects=False,
            trace_request_ctx=ask.confirm,
        ) as answer:
            text = (await answer.read()).decode(errors="replace")
    except TimeoutError:
        raise SendError("timeout", retryable=True) from None
    except (aiohttp.ClientError, OSError):
        raise SendError("connection", retryable=True) from None
    if not 200 <= answer.status < 300:
        raise build_send_error(answer.status, parse_error_code(text), answer.headers.get("Retry-After", "")) from None
    return Answer(answer.status, text, answer.headers)


class SmsSender:
    """Creates messages of one account. Made inside the running loop; connections are reused."""

    def __init__(self, account_sid: str, auth_token: str, api_url: str) -> None:
        silence_requests()
        path = f"{DEFAULT_API_URL}/2010-04-01/Accounts/{quote(account_sid, safe='')}/Messages.json"
        self._url = build_url(api_url, path)
        self._headers = {**_ACCEPT, "Authorization": aiohttp.encode_basic_auth(account_sid, auth_token)}
        self._session = aiohttp.ClientSession(trace_configs=[_build_trace()])

    async def create(self, fields: Mapping[str, str], confirm: Confirm | None = None) -> ExternalId:
        """Twilio's id of a new message. Raises SendError, or what reading an answer without one raises."""
        asked = Ask("POST", self._url, None, fields, self._headers, confirm=confirm)
        answer = await ask_twilio(self._session, asked)
        return ExternalId(_read_id(answer.text))

    async def aclose(self) -> None:
        """Closes its connections."""
        await self._session.close()


def _build_trace() -> aiohttp.TraceConfig:
    """Asks a request's ``confirm`` once it has its connection, which may have taken seconds."""
    trace = aiohttp.TraceConfig()

    async def confirm(_session: aiohttp.ClientSession, context: SimpleNamespace, _headers: object) -> None:
        # Awaited before the headers are written, whatever its name says.
        if context.trace_request_ctx is not None:
            await context.trace_request_ctx()

    trace.on_request_headers_sent.append(confirm)
    return trace


def _read_id(text: str) -> str:
    sid = json.loads(text)["sid"]
    if not isinstance(sid, str):
        raise TypeError
    return sid


def build_url(api_url: str, url: str) -> str:
    """A ``url`` of Twilio's with scheme, host and path prefix of ``api_url``; the default changes none."""
    if api_url == DEFAULT_API_URL:
        return url
    base, asked = urlsplit(api_url), urlsplit(url)
    return urlunsplit((base.scheme, base.netloc, base.path.rstrip("/") + asked.path, asked.query, ""))


@asynccontextmanager
async def translated_errors() -> AsyncIterator[None]:
    """Whatever goes wrong inside leaves as a SendError that carries no words."""
    try:
        yield
    except SendError:
        raise
    except Exception as error:
        raise SendError(f"unexpected:{type(error).__name__}", retryable=True, alert=True) from None


def silence_requests() -> None:
    """Keeps request lines, which hold numbers, out of every log (P6)."""
    logging.getLogger("aiohttp.client").setLevel(logging.CRITICAL)
