"""The console's ports in memory: the same promises as the store's, without a store."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

from argon2 import PasswordHasher

from app.staff import derive_password
from console.opening import ServerOpener
from console.ports import Account, Answer, Command, Event, Listed, WindowEntry
from hotline.conversations import Owner
from hotline.messages import SMS, ConversationId
from hotline.screening.result import Level
from storage.account_rows import build_row
from storage.accounts import StoreAccounts
from storage.connection import Store
from tests.console.memory_store import MemoryStore, Prefixed
from vault.content import ContentKey
from vault.keyring import Keyring, ServerKey
from vault.purposes import Purpose

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct horse porch"
SALT = "5a" * 16
COST = 1 << 10
STAFF_KEYS = Keyring([ServerKey(b"test", bytes(range(32)))])


def build_proof(password: str, salt: str = SALT, cost: int = COST) -> str:
    """What a browser makes of a password: the first half of scrypt's 64 bytes."""
    return derive_password(password, salt, cost)[0]


PASSWORD_HASH = CHEAP.hash(build_proof(PASSWORD))


class FakeClock:
    """Time that only moves when told."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def pass_seconds(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class FakeKeys:
    """Content keys, by conversation."""

    def __init__(self) -> None:
        self.keys: dict[ConversationId, ContentKey] = {}

    def seal(self, conversation: ConversationId, text: str) -> bytes:
        key = self.keys.setdefault(conversation, ContentKey.create(conversation))
        return key.seal(Purpose.WINDOW, text.encode())

    async def get_key(self, conversation: ConversationId) -> bytes | None:
        key = self.keys.get(conversation)
        return key.secret if key else None


def open_sealed(conversation: ConversationId, key: bytes, sealed: bytes) -> bytes:
    return ContentKey(conversation, key).open(Purpose.WINDOW, sealed)


def build_opener(keys: FakeKeys) -> ServerOpener:
    return ServerOpener(keys.get_key, open_sealed)


class FakeDesk:
    """Waiting list, windows, worker and event log in one process."""

    def __init__(self, clock: FakeClock, keys: FakeKeys) -> None:
        self._clock = clock
        self._keys = keys
        self._ids = itertools.count(1)
        self._log: list[Event] = []
        self._news = asyncio.Condition()
        self.open: dict[ConversationId, Listed] = {}
        self.windows: dict[ConversationId, list[WindowEntry]] = {}
        self.present: dict[str, int] = {}
        self.commands: list[Command] = []
        self.renewed: list[ConversationId] = []
        self.slow = False

    async def list_open(self) -> Sequence[Listed]:
        since = self._clock.now()
        return sorted(self.open.values(), key=lambda one: (-one.level, one.waiting_since or since))

    async def find(self, conversation: ConversationId) -> Listed | None:
        return self.open.get(conversation)

    async def read_window(self, conversation: ConversationId) -> Sequence[WindowEntry]:
        return tuple(self.windows.get(conversation, ()))

    async def submit(self, command: Command) -> Answer:
        self.commands.append(command)
        if self.slow:
            raise TimeoutError
        listed = self.open.get(command.conversation)
        if listed is None:
            return "gone"
        if command.kind == "claim":
            return await self._claim(listed, command)
        if listed.advocate != command.advocate:
            return "not_yours"
        if command.kind == "reply":
            return await self._reply(listed, command)
        if command.kind == "release":
            await self.put(replace(listed, owner=Owner.WITH_BOT, advocate=None))
        del self.open[listed.id]
        await self.tell("waiting")
        return "done"

    async def _claim(self, listed: Listed, command: Command) -> Answer:
        if listed.advocate not in (None, command.advocate):
            return "taken"
        await self.put(replace(listed, owner=Owner.WITH_ADVOCATE, advocate=command.advocate, agreed=True))
        return "done"

    async def _reply(self, listed: Listed, command: Command) -> Answer:
        if listed.silent and "near" not in command.confirmed:
            return "confirm"
        await self.add(listed.id, "advocate", command.text, "queued")
        return "done"

    async def renew(self, conversation: ConversationId, advocate: str) -> bool:
        self.renewed.append(conversation)
        listed = self.open.get(conversation)
        return listed is not None and listed.advocate == advocate

    async def set_present(self, advocate: str, seconds: int) -> None:
        self.present[advocate] = seconds

    async def events(self, after: str | None) -> AsyncIterator[Event]:
        place = len(self._log) if after is None else int(after)
        while True:
            async with self._news:
                await self._news.wait_for(lambda: len(self._log) > place)  # noqa: B023
                event = self._log[place]
            place += 1
            yield event

    async def tell(self, kind: str, conversation: ConversationId | None = None) -> None:
        async with self._news:
            self._log.append(Event(str(next(self._ids)), kind, conversation))  # type: ignore[arg-type]
            self._news.notify_all()

    async def put(self, listed: Listed) -> None:
        self.open[listed.id] = listed
        await self.tell("waiting")
        await self.tell("window", listed.id)

    async def add(self, conversation: ConversationId, who: str, text: str, status: str | None = None) -> None:
        entry = WindowEntry(self._clock.now(), who, self._keys.seal(conversation, text), status)
        self.windows.setdefault(conversation, []).append(entry)
        await self.tell("window", conversation)

    async def set_status(self, conversation: ConversationId, place: int, status: str) -> None:
        window = self.windows[conversation]
        window[place] = replace(window[place], status=status)
        await self.tell("window", conversation)


class FakeAccounts(StoreAccounts):
    """Accounts as they are, over a store in memory; passwords cost next to nothing."""

    def __init__(self, clock: FakeClock, *, required: Collection[str] = ()) -> None:
        self.store, self.memory = MemoryStore(clock.now), MemoryStore(clock.now)
        super().__init__(
            cast(Store, self.store), cast(Store, self.memory), STAFF_KEYS, required=required, now=clock.now
        )
        self.logins = Prefixed(self.store, "login:")
        self.failures = Prefixed(self.store, "failures:")

    def add(self, name: str, *roles: str, language: str = "en", **more: object) -> Account:
        account = Account(name, f"Alias {name.title()}", PASSWORD_HASH, roles, language, salt=SALT, cost=COST)
        account = replace(account, **more)  # type: ignore[arg-type]
        self.store.apply("HSET", f"account:{name}", *(part for pair in build_row(account).items() for part in pair))
        self.store.apply("SADD", "accounts", name)
        return account


def build_listed(conversation: str, now: datetime, **changes: object) -> Listed:
    """A waiting conversation of level high."""
    listed = Listed(
        id=ConversationId(conversation),
        channel=SMS,
        language="en",
        level=Level.HIGH,
        reasons=("suicide",),
        owner=Owner.WAITING,
        waiting_since=now - timedelta(seconds=95),
        advocate=None,
        agreed=False,
        silent=False,
        offered=("welcome", "high_suicide"),
        last_at=now,
        undelivered=False,
    )
    return replace(listed, **changes)  # type: ignore[arg-type]
