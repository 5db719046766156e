"""The console's ports in memory: the same promises as the store's, without a store."""

import asyncio
import itertools
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from argon2 import PasswordHasher

from console.opening import ServerOpener
from console.ports import IDLE_SECONDS, Account, Answer, Command, Event, Listed, LoadFacts, WindowEntry
from hotline.audit import AuditEntry, Linked, check_entry
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


@dataclass
class FakePerson:
    """What ``list_people`` gives of one person."""

    name: str
    alias: str
    roles: tuple[str, ...]
    language: str = "en"
    state: str = "active"
    training: dict[str, date] = field(default_factory=dict)
    last_seen: date | None = None
    check_number: str = ""


class FakeAccounts:
    """People and logins in memory, hashed ids left out: the process is its own secret."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.people: dict[str, Account] = {}
        self.logins: dict[str, tuple[str, datetime]] = {}
        self.failures: dict[tuple[str, str], int] = {}
        self.states: dict[str, str] = {}
        self.training: dict[str, dict[str, date]] = {}
        self.refreshed: list[str] = []

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
        return None if self.states.get(name) else self.people.get(name)

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

    async def list_people(self) -> Sequence[FakePerson]:
        return [self._person(account) for _, account in sorted(self.people.items())]

    def _person(self, account: Account) -> FakePerson:
        state, training = self.states.get(account.name, "active"), self.training.get(account.name, {})
        key = "41 07 93 55 20" if state == "active" else ""
        return FakePerson(
            account.name, account.alias, account.roles, account.language, state, training, self._clock.now().date(), key
        )

    async def create_invitation(self, name: str, roles: tuple[str, ...], language: str, by: str) -> str:
        if name in self.people:
            raise ValueError("taken")
        self.add(name, *roles, language=language)
        self.states[name] = "invited"
        return f"token-for-{name}-by-{by}"

    async def put_roles(self, name: str, roles: tuple[str, ...]) -> None:
        self.people[name] = replace(self.people[name], roles=roles)

    async def suspend(self, name: str) -> None:
        self.states[name] = "suspended"

    async def restore(self, name: str) -> None:
        self.states.pop(name, None)

    async def reset(self, name: str) -> str:
        self.states[name] = "invited"
        return f"token-for-{name}"

    async def set_training(self, name: str, course: str, valid_until: date | None) -> None:
        dates = self.training.setdefault(name, {})
        dates.pop(course, None)
        if valid_until:
            dates[course] = valid_until

    async def refresh_reader(self, name: str) -> None:
        self.refreshed.append(name)


class FakeAudit:
    """The audit without its chain."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.entries: list[AuditEntry] = []

    async def note(self, actor: str, action: str, object: str = "") -> None:
        entry = AuditEntry(len(self.entries) + 1, self._clock.now(), actor, action, object)
        self.entries.append(check_entry(entry))

    async def read_back(self, before: int | None = None) -> AsyncIterator[AuditEntry]:
        for entry in reversed(self.entries[: None if before is None else max(0, before - 1)]):
            yield entry

    async def find_newest(self) -> Linked | None:
        return Linked(self.entries[-1], "0a" * 36) if self.entries else None

    def list_acts(self) -> list[tuple[str, str, str]]:
        """Who, what and on what, oldest first, without the logins."""
        return [(one.actor, one.action, one.object) for one in self.entries if one.action != "login"]


class FakeLoad:
    """The facts that a test sets."""

    def __init__(self) -> None:
        self.facts = LoadFacts()

    async def read(self) -> LoadFacts:
        return self.facts


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
