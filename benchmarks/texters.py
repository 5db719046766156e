"""Invented texters: each text is a signed webhook, each answer what the provider receives for their number."""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import aiohttp

from benchmarks.provider import Provider
from benchmarks.questions import Script
from benchmarks.wires import SmsWire, TelegramWire, Wire

LIMIT_SECONDS = 30.0
"""How long a texter waits for an answer."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where texts of one side are posted. ``signed_url`` is what the provider signs; no token, no signature.

    With a ``webhook_secret`` it is Telegram's door. ``find_groups`` names the process groups of the side as they are
    now.
    """

    name: str
    url: str
    signed_url: str
    scripts: tuple[Script, ...]
    account_sid: str
    number: str
    auth_token: str = field(default="", repr=False)
    find_groups: Callable[[], Collection[int]] = field(default=tuple, repr=False)
    webhook_secret: str = field(default="", repr=False)

    def build_wire(self) -> Wire:
        """How texts are written for this door."""
        if self.webhook_secret:
            return TelegramWire(self.webhook_secret)
        return SmsWire(self.signed_url, self.account_sid, self.number, self.auth_token)


@dataclass(slots=True)
class Exchange:
    """One text and what came back; moments are CLOCK_MONOTONIC seconds, status 0 is no answer to the webhook."""

    asked_at: float
    status: int = 0
    acked_at: float = 0.0
    receipts: list[tuple[float, str]] = field(default_factory=list, repr=False)
    wanted: tuple[str, ...] | None = field(default=None, repr=False)

    @property
    def outcome(self) -> str:
        """answered (every message of the known answer), otherwise (other words), unanswered, or refused."""
        if self.receipts:
            return "answered" if self.wanted in {None, self.texts} else "otherwise"
        return "unanswered" if 200 <= self.status < 300 else "refused"

    @property
    def texts(self) -> tuple[str, ...]:
        """The words of the answer."""
        return tuple(text for _, text in self.receipts)

    @property
    def answered_at(self) -> float:
        """When its last message was received: an answer counts when it is whole."""
        return self.receipts[-1][0]


class Mailboxes:
    """Hands what the provider receives to the texter who waits for it."""

    def __init__(self) -> None:
        self.strays = 0
        self._open: dict[str, asyncio.Queue[tuple[float, str]]] = {}

    def receive(self, address: str, text: str, at: float) -> None:
        """For Provider; what nobody waits for is counted as a stray."""
        queue = self._open.get(address)
        if queue is None:
            self.strays += 1
        else:
            queue.put_nowait((at, text))

    def open(self, address: str) -> asyncio.Queue[tuple[float, str]]:
        """The queue of one texter's messages."""
        return self._open.setdefault(address, asyncio.Queue())

    def close(self, address: str) -> None:
        """The texter has gone."""
        self._open.pop(address, None)


class Texters:
    """Everybody who texts one side. ``answers`` holds, once learned, the words of every answer by script and turn."""

    def __init__(self, door: Door, http: aiohttp.ClientSession, mailboxes: Mailboxes) -> None:
        self.door = door
        self.mailboxes = mailboxes
        self.answers: dict[tuple[int, int], tuple[str, ...]] = {}
        self._http = http
        self._wire = door.build_wire()

    def new_address(self) -> str:
        """An address that nobody has."""
        return self._wire.new_address()

    def new_conversation(self) -> "Conversation":
        """The next texter, with the scripts in turn."""
        address = self.new_address()
        return Conversation(self, address, int(address[-7:]) % len(self.door.scripts))

    async def learn(self, quiet_seconds: float = 1.5) -> None:
        """Plays every script once, slowly, and keeps the answers. Raises RuntimeError if a question gets none."""
        await asyncio.gather(*(self._learn_script(n, quiet_seconds) for n in range(len(self.door.scripts))))

    async def _learn_script(self, script: int, quiet_seconds: float) -> None:
        address = self.new_address()
        for turn, question in enumerate(self.door.scripts[script]):
            exchange = await self.ask(address, question, None, quiet_seconds)
            if exchange.outcome != "answered":
                raise RuntimeError(f"{self.door.name} gives no answer to {question!r} (HTTP {exchange.status})")
            self.answers[script, turn] = exchange.texts
        self.mailboxes.close(address)

    async def ask(
        self, address: str, question: str, wanted: tuple[str, ...] | None, quiet_seconds: float = 0.0
    ) -> Exchange:
        """Posts one text and waits until ``wanted`` is whole or other words come.

        Where the answer is not known yet, it is whole after ``quiet_seconds`` without another message.
        """
        queue = self.mailboxes.open(address)
        headers, body = self._wire.write(address, question)
        exchange = Exchange(time.monotonic(), wanted=wanted)
        post = asyncio.create_task(self._post(exchange, headers, body))
        try:
            while wanted is None or (exchange.texts != wanted and exchange.texts == wanted[: len(exchange.receipts)]):
                known = wanted is not None or not exchange.receipts
                async with asyncio.timeout(LIMIT_SECONDS if known else quiet_seconds):
                    exchange.receipts.append(await queue.get())
        except TimeoutError:
            pass
        await post
        return exchange

    async def _post(self, exchange: Exchange, headers: Mapping[str, str], body: bytes) -> None:
        try:
            async with self._http.post(self.door.url, data=body, headers=headers) as answer:
                await answer.read()
                exchange.status = answer.status
        except (aiohttp.ClientError, TimeoutError):
            exchange.status = 0
        exchange.acked_at = time.monotonic()


class Conversation:
    """One texter's script, asked turn by turn."""

    def __init__(self, texters: Texters, address: str, script: int) -> None:
        self._texters, self._address, self._script = texters, address, script
        self._questions: Sequence[str] = texters.door.scripts[script]
        self._turn = 0

    @property
    def has_more(self) -> bool:
        """True while there is a question left."""
        return self._turn < len(self._questions)

    async def ask_next(self) -> Exchange:
        """The next question; after anything but the known answer the texter gives up."""
        turn, self._turn = self._turn, self._turn + 1
        wanted = self._texters.answers[self._script, turn]
        exchange = await self._texters.ask(self._address, self._questions[turn], wanted)
        if exchange.outcome != "answered":
            self._turn = len(self._questions)
        if not self.has_more:
            self._texters.mailboxes.close(self._address)
        return exchange


def build_http() -> aiohttp.ClientSession:
    """The session of all texters: as many connections as are needed, kept no longer than either server keeps them."""
    timeout = aiohttp.ClientTimeout(total=2 * LIMIT_SECONDS)
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=3)
    return aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())


async def wait_quiet(provider: Provider, longest_seconds: float = 20.0) -> float:
    """Waits until neither side sends any more; seconds that this took. What is sent is erased at its pace meanwhile."""
    began = time.monotonic()
    while not provider.is_quiet and time.monotonic() - began < longest_seconds:
        await asyncio.sleep(0.1)
    return time.monotonic() - began
