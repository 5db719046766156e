"""One connection with many calls under way: what is asked at a time goes out together, answers come in its order.

A connection for each call, as the client library has it, costs a worker more processor time than its cryptography.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import hiredis
from redis._parsers.base import BaseParser
from redis.asyncio.connection import SSLConnection, parse_url
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import InvalidResponse
from redis.exceptions import TimeoutError as TooSlow

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 10.0
_LOOK_SECONDS = 0.5

type Part = str | bytes | int | float


def pack(parts: Sequence[Part]) -> bytes:
    """One command as it goes over the wire."""
    return cast(bytes, hiredis.pack_command(cast(Any, tuple(parts))))


@dataclass(frozen=True, slots=True)
class Target:
    """Where a store is and how to log in. ``tls`` is None for a plain connection."""

    path: str = ""
    host: str = "localhost"
    port: int = 6379
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    greeting: tuple[tuple[Part, ...], ...] = field(default=(), repr=False)


def parse_target(url: str) -> Target:
    """A ``unix://``, ``redis://`` or ``rediss://`` URL, with the client library's own options. Raises ValueError."""
    options: dict[str, Any] = dict(parse_url(url))
    greeting: list[tuple[Part, ...]] = []
    if options.get("password"):
        login = [options[name] for name in ("username", "password") if options.get(name)]
        greeting.append(("AUTH", *login))
    if options.get("db"):
        greeting.append(("SELECT", options["db"]))
    tls = None
    if options.pop("connection_class", None) is SSLConnection:
        tls = SSLConnection(**options).ssl_context.get()
    return Target(
        options.get("path", ""), options.get("host", "localhost"), options.get("port", 6379), tls, tuple(greeting)
    )


class _Asked:
    """What was asked in one piece and is not answered whole yet."""

    __slots__ = ("answers", "at", "done", "left")

    def __init__(self, done: asyncio.Future[list[Any]], left: int, at: float) -> None:
        self.done, self.left, self.at = done, left, at
        self.answers: list[Any] = []


class Wire(asyncio.Protocol):
    """A connection. When it ends, or an answer takes 10 seconds, every call under way fails: its outcome is unknown."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.closed = False
        self._asked: deque[_Asked] = deque()
        self._transport: asyncio.Transport | None = None
        self._reader = hiredis.Reader(protocolError=InvalidResponse, replyError=BaseParser.parse_error)
        self._look: asyncio.TimerHandle | None = None
        self._overdue: _Asked | None = None

    def ask(self, packed: bytes, count: int) -> asyncio.Future[list[Any]]:
        """Sends ``count`` commands; the answers, errors among them as values. Raises StoreError when awaited."""
        done: asyncio.Future[list[Any]] = self.loop.create_future()
        if self.closed or self._transport is None:
            done.set_exception(NotConnected("the connection has ended"))
            return done
        self._asked.append(_Asked(done, count, self.loop.time()))
        if self._look is None:
            self._look = self.loop.call_later(_LOOK_SECONDS, self._look_for_slow)
        self._transport.write(packed)
        return done

    def close(self) -> None:
        """Ends the connection at once."""
        self._end(NotConnected("the connection was closed"))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio's."""
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Asyncio's: the server went away."""
        self._end(NotConnected(f"the connection was lost ({type(exc).__name__})" if exc else "the server closed it"))

    def data_received(self, data: bytes) -> None:
        """Asyncio's: hands out what is whole."""
        self._reader.feed(data)
        try:
            while self._asked and (answer := self._reader.gets()) is not False:
                asked = self._asked[0]
                asked.answers.append(answer)
                asked.left -= 1
                if not asked.left:
                    self._asked.popleft()
                    if not asked.done.done():
                        asked.done.set_result(asked.answers)
        except InvalidResponse as error:
            self._end(error)
        if not self._asked and self._reader.has_data():
            # It would be the next caller's answer, and each one after it that of the call before.
            self._end(NotConnected("the store said what nobody asked"))

    def _look_for_slow(self) -> None:
        self._look = None
        if not self._asked:
            return
        first = self._asked[0]
        if first is self._overdue:
            self._end(TooSlow("the store took too long"))
            return
        # Looked at twice: after a stop of our own process the answer may lie there, and is read before the second look.
        self._overdue = first if self.loop.time() - first.at >= ANSWER_SECONDS else None
        self._look = self.loop.call_later(_LOOK_SECONDS, self._look_for_slow)

    def _end(self, error: Exception) -> None:
        self.closed = True
        if self._transport is not None:
            self._transport.abort()
        if self._look is not None:
            self._look.cancel()
        while self._asked:
            asked = self._asked.popleft()
            if not asked.done.done():
                # One for each: an exception that several tasks raise would gather all their frames.
                asked.done.set_exception(type(error)(*error.args))


async def open_wire(target: Target) -> Wire:
    """A connection that is logged in. Raises StoreError."""
    loop = asyncio.get_running_loop()
    wire = Wire(loop)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            if target.path:
                await loop.create_unix_connection(lambda: wire, target.path)
            else:
                await loop.create_connection(lambda: wire, target.host, target.port, ssl=target.tls)
        for part in target.greeting:
            raise_first(await wire.ask(pack(part), 1))
    except (OSError, TimeoutError) as error:
        wire.close()
        raise NotConnected(f"the store cannot be reached ({type(error).__name__})") from None
    except BaseException:
        wire.close()
        raise
    return wire


def raise_first(answers: Sequence[Any]) -> None:
    """Raises the first of the answers that is an error."""
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
