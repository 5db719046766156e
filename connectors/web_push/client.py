"""Pushes to staff browsers: nothing in them, signed, never to a machine of our own network, no redirects (A6)."""

import asyncio
import socket
from collections.abc import Callable
from typing import override

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from connectors.errors import SendError
from storage.push_endpoints import check_endpoint, is_loopback, is_public

TIMEOUT_SECONDS = 4.0
TTL_SECONDS = 300
TOPIC = "page"
"""Pushes that wait for a sleeping phone collapse into one; the word says nothing."""

GONE = frozenset({404, 410})


class PublicResolver(AbstractResolver):
    """Resolves names to public addresses alone; what is checked is what is connected to (no rebinding)."""

    def __init__(self, *, practice: bool) -> None:
        self._allows: Callable[[str], bool] = is_loopback if practice else is_public
        self._resolver = aiohttp.ThreadedResolver()

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The allowed addresses. Raises OSError if there is none."""
        found = [one for one in await self._resolver.resolve(host, port, family) if self._allows(one["host"])]
        if not found:
            raise OSError("no public address")
        return found

    @override
    async def close(self) -> None:
        """Nothing to close."""
        await self._resolver.close()


class PushClient:
    """Sends pushes over one session, opened at the first."""

    def __init__(self, authorize: Callable[[str], str], *, practice: bool) -> None:
        """``authorize`` gives the Authorization header for an endpoint."""
        self._authorize = authorize
        self._practice = practice
        self._session: aiohttp.ClientSession | None = None

    async def send(self, endpoint: str) -> None:
        """Hands one push to its service. Raises SendError; code ``gone`` if the subscription has ended."""
        try:
            check_endpoint(endpoint, practice=self._practice)
        except ValueError:
            raise SendError("endpoint", retryable=False, alert=True) from None
        headers = {
            "Authorization": self._authorize(endpoint), "TTL": str(TTL_SECONDS), "Urgency": "high", "Topic": TOPIC,
        }  # fmt: skip
        try:
            async with self._open().post(endpoint, headers=headers, data=b"", allow_redirects=False) as answer:
                status, retry_after = answer.status, answer.headers.get("Retry-After", "")
        except TimeoutError:
            raise SendError("timeout", retryable=True) from None
        except (aiohttp.ClientError, OSError, ValueError):
            raise SendError("connection", retryable=True) from None
        if status in GONE:
            raise SendError("gone", retryable=False)
        if not 200 <= status < 300:
            wait = float(retry_after) if retry_after.isdecimal() else 0.0
            retryable = status == 429 or status >= 500
            raise SendError(str(status), retryable=retryable, alert=not retryable, retry_after_seconds=wait)

    async def aclose(self) -> None:
        """Closes connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
            await asyncio.sleep(0)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=PublicResolver(practice=self._practice), use_dns_cache=False, limit=32
                ),
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                auto_decompress=False,
            )
        return self._session
