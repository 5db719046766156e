"""Webhooks on their way to the hotline: posted over loopback only, tried again as a provider would."""

import asyncio
import importlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from phone.settings import Settings, is_loopback_url

if TYPE_CHECKING:
    import aiohttp

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
MOST_TRIES = 5
NO_ANSWER = 0
EVERYTHING = frozenset({"all"})


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where to post and when to try again: ``retries`` times after ct (no connection), rt (no answer), 4xx, 5xx."""

    url: str
    retries: int = MOST_TRIES - 1
    retry_on: frozenset[str] = EVERYTHING


@dataclass(frozen=True, slots=True)
class Post:
    """One request's headers and body, the same at every try."""

    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How it went: the last HTTP status (0 if no answer came), tries, the monotonic moments of post and end."""

    status: int
    tries: int
    sent_monotonic: float
    answered_monotonic: float

    @property
    def taken(self) -> bool:
        """True if the hotline answered that it has the message."""
        return 200 <= self.status < 300


def parse_webhook(url: str) -> Webhook:
    """A webhook URL with Twilio's connection overrides in its fragment (``#rc=5&rp=all``; default one retry of ``ct``).

    Source: Twilio, "Webhooks (HTTP callbacks): connection overrides". The fragment is neither sent nor signed.
    """
    bare, _, fragment = url.partition("#")
    overrides = dict(part.partition("=")[::2] for part in fragment.split("&"))
    retries = int(overrides["rc"]) if overrides.get("rc", "").isdigit() else 1
    return Webhook(bare, min(retries, MOST_TRIES - 1), frozenset((overrides.get("rp") or "ct").split(",")))


class Deliveries:
    """Posts webhooks; the HTTP library is imported beside the start, so that the emulators answer sooner."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opening = asyncio.Lock()
        self._session: aiohttp.ClientSession | None = None

    def find_target(self, url: str) -> str | None:
        """The loopback URL that stands for ``url``: its delivery URL for the hotline's public URL; else None."""
        public, bare = self._settings.public_url, url.partition("#")[0]
        if bare == public or bare.startswith((f"{public}/", f"{public}?")):
            return self._settings.deliver_url + bare[len(public) :]
        return bare if is_loopback_url(bare) else None

    async def deliver(self, webhook: Webhook, post: Post) -> Delivery:
        """Posts until the hotline takes it or the tries are used up; never raises for what the network does."""
        target = self.find_target(webhook.url)
        tries, status, started = 0, NO_ANSWER, time.monotonic()
        while target is not None:
            tries += 1
            status, failure = await self._post(target, post)
            if not failure or tries > webhook.retries or not webhook.retry_on & {failure, "all"}:
                break
            delays = self._settings.retry_delays_seconds
            await asyncio.sleep(delays[min(tries, len(delays)) - 1])
        return Delivery(status, tries, started, time.monotonic())

    async def _post(self, target: str, post: Post) -> tuple[int, str]:
        session = await self.open()
        import aiohttp  # session is open, so this costs nothing

        try:
            async with session.post(target, data=post.body, headers=post.headers, allow_redirects=False) as response:
                await response.read()
                status = response.status
        except aiohttp.ClientConnectorError:
            return NO_ANSWER, "ct"
        except (aiohttp.ClientError, TimeoutError, OSError):
            return NO_ANSWER, "rt"
        if 200 <= status < 300:
            return status, ""
        return status, "5xx" if status >= 500 else "4xx"

    async def open(self) -> "aiohttp.ClientSession":
        """The one HTTP session, opened at first use."""
        async with self._opening:
            if self._session is None:
                await asyncio.to_thread(importlib.import_module, "aiohttp")
                import aiohttp

                timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS)
                connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=10)
                jar = aiohttp.DummyCookieJar()
                self._session = aiohttp.ClientSession(
                    connector=connector, timeout=timeout, cookie_jar=jar, trust_env=False, auto_decompress=False
                )
            return self._session

    async def aclose(self) -> None:
        """Closes connections."""
        if self._session is not None:
            await self._session.close()
