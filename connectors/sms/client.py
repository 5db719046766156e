"""Twilio's REST client, asynchronous, pointed where we say, and silent.

Importing this costs half a second, so only what sends imports it (docs/decisions/0010-twilio.md).
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, override
from urllib.parse import urlsplit, urlunsplit

import aiohttp
from twilio.http.async_http_client import AsyncTwilioHttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from connectors.errors import SendError
from connectors.sms.failures import build_send_error, parse_error_code

DEFAULT_API_URL = "https://api.twilio.com"
TIMEOUT_SECONDS = 8.0


class TwilioTransport(AsyncTwilioHttpClient):  # type: ignore[misc]
    """Twilio's HTTP client with our base URL, a time limit, and SendError for every answer that is not a success.

    Made inside the running loop; one session, so connections are reused. The library's own ``request`` is replaced:
    it ignores the time limit, keeps the last body in memory and logs the number that a search is for.
    """

    def __init__(self, api_url: str) -> None:
        super().__init__(pool_connections=True)
        self._api_url = api_url.rstrip("/")

    @override
    async def request(
        self,
        method: str,
        url: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One request. Raises SendError: Twilio's own code, ``timeout`` or ``connection``."""
        headers = dict(headers or {})
        if auth is not None:
            headers["Authorization"] = aiohttp.encode_basic_auth(*auth)
        limit = aiohttp.ClientTimeout(total=timeout or TIMEOUT_SECONDS)
        try:
            async with self.session.request(
                method.upper(),
                build_url(self._api_url, url),
                params=params,
                data=data,
                headers=headers,
                timeout=limit,
                allow_redirects=False,
            ) as answer:
                text = await answer.text(errors="replace")
        except TimeoutError:
            raise SendError("timeout", retryable=True) from None
        except (aiohttp.ClientError, OSError):
            raise SendError("connection", retryable=True) from None
        if not 200 <= answer.status < 300:
            raise build_send_error(
                answer.status, parse_error_code(text), answer.headers.get("Retry-After", "")
            ) from None
        return Response(answer.status, text, answer.headers)


def build_url(api_url: str, url: str) -> str:
    """``url`` as the library built it, with scheme, host and path prefix of ``api_url``; the default changes none."""
    if api_url == DEFAULT_API_URL:
        return url
    base, asked = urlsplit(api_url), urlsplit(url)
    return urlunsplit((base.scheme, base.netloc, base.path.rstrip("/") + asked.path, asked.query, ""))


def build_client(account_sid: str, auth_token: str, api_url: str) -> Client:
    """A client of Twilio's for the running loop; close it with ``await client.http_client.close()``."""
    silence_libraries()
    return Client(account_sid, auth_token, http_client=TwilioTransport(api_url))


@asynccontextmanager
async def translated_errors() -> AsyncIterator[None]:
    """Whatever goes wrong inside leaves as a SendError that carries no words."""
    try:
        yield
    except SendError:
        raise
    except Exception as error:
        raise SendError(f"unexpected:{type(error).__name__}", retryable=True, alert=True) from None


def silence_libraries() -> None:
    """Keeps request lines, which hold numbers, out of every log (P6)."""
    for name in ("twilio", "aiohttp.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
