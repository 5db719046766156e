"""The console's ports in memory: the same promises as the store's, without a store."""

import asyncio
import itertools
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher

from console.opening import ServerOpener
from console.ports import IDLE_SECONDS, Account, Answer, Command, Event, Listed, WindowEntry
from hotline.conversations import Owner
from hotline.messages import SMS, ConversationId
from hotline.screening.result import Level
from vault.content import ContentKey
from vault.purposes import Purpose

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct horse porch"


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


class FakeAccounts:
    """People and logins in memory, hashed ids left out: the process is its own secret."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.people: dict[str, Account] = {}
        self.logins: dict[str, tuple[str, datetime]] = {}
        self.failures: dict[tuple[str, str], int] = {}
        self.shut: set[str] = set()

    def add(self, name: str, *roles: str, language: str = "en") -> Account:
        account = Account(name, f"Alias {name.title()}", CHEAP.hash(PASSWORD), roles, language)
        self.people[name] = account
        return account

    async def find(self, name: str) -> Account | None:
        return self.people.get(name)

    async def create_login(self, name: str) -> str:
        login_id = secrets.token_urlsafe(32)
        self.logins[login_id] = (name, self._clock.now())
        return login_id

    async def find_login(self, login_id: str) -> Account | None:
        name, touched_at = self.logins.get(login_id, ("", self._clock.now()))
        if self._clock.now() - touched_at >= timedelta(seconds=IDLE_SECONDS):
            return None
        return None if name in self.shut else self.people.get(name)

    async def touch_login(self, login_id: str) -> None:
        if login_id in self.logins:
            self.logins[login_id] = (self.logins[login_id][0], self._clock.now())

    async def end_login(self, login_id: str) -> None:
        self.logins.pop(login_id, None)

    async def count_failure(self, name: str, peer: str) -> int:
        await asyncio.sleep(0)
        self.failures[name, peer] = self.failures.get((name, peer), 0) + 1
        return self.failures[name, peer]

    async def clear_failures(self, name: str, peer: str) -> None:
        self.failures.pop((name, peer), None)


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
