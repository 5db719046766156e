"""The console's ports in memory: the same promises as the store's, without a store."""

import asyncio
import itertools
import secrets
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

from argon2 import PasswordHasher

from app.staff import derive_password
from console.ports import Account, Answer, Command, Event, Listed, WindowEntry
from hotline.conversations import Owner
from hotline.messages import SMS, ConversationId
from hotline.reply_checks import find_problem
from hotline.screening.result import Level
from storage.account_rows import build_row
from storage.accounts import StoreAccounts
from storage.connection import Store
from tests.console.fakes_seals import FakeSeals
from tests.console.memory_store import MemoryStore, Prefixed
from vault.keyring import Keyring, ServerKey

KNOWN = frozenset({"988", "741741", "8883737888", "7025550100"})
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


class FakeDesk:
    """Waiting list, windows, worker and event log in one process."""

    def __init__(self, clock: FakeClock, seals: FakeSeals) -> None:
        self._clock = clock
        self._seals = seals
        self._ids = itertools.count(1)
        self._log: list[Event] = []
        self._news = asyncio.Condition()
        self.open: dict[ConversationId, Listed] = {}
        self.windows: dict[ConversationId, list[WindowEntry]] = {}
        self.present: dict[str, int] = {}
        self.resting: set[str] = set()
        self.commands: list[Command] = []
        self.said: list[str] = []
        """Replies that went out, opened."""
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
        if command.kind == "acknowledge":
            return "done" if listed.owner is Owner.WAITING else "gone"
        if command.kind == "claim":
            return await self._claim(listed, command)
        if command.kind in {"accept", "decline", "block"}:
            return await self._answer(listed, command)
        if command.advocate not in {listed.advocate, listed.partner}:
            return "not_yours"
        return await (self._reply if command.kind == "reply" else self._act)(listed, command)

    async def _act(self, listed: Listed, command: Command) -> Answer:
        if command.kind in {"pair", "unpair", "hold"}:
            await self.put(replace(listed, partner=command.detail or None) if command.kind != "hold" else listed)
            return "done"
        if command.kind == "transfer":
            waiting = replace(listed, owner=Owner.WAITING, advocate=None)
            await self.put(replace(listed, transfer_to=command.detail) if command.detail else waiting)
            return "done"
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

    async def _answer(self, listed: Listed, command: Command) -> Answer:
        if command.kind == "accept":
            await self.put(replace(listed, advocate=command.advocate, transfer_to=None))
        elif command.kind == "decline":
            await self.put(replace(listed, transfer_to=None))
        elif listed.block_by in {None, command.advocate}:
            await self.put(replace(listed, block_by=command.advocate))
        else:
            del self.open[listed.id]
        return "done"

    async def _reply(self, listed: Listed, command: Command) -> Answer:
        if listed.silent and "near" not in command.confirmed:
            return "confirm"
        words = self._seals.open_reply(command)
        if words is None:
            return "unreadable"
        known = KNOWN.__contains__
        if problem := find_problem(words, known, number_checked="number" in command.confirmed):
            return cast(Answer, problem)
        self.said.append(words.strip())
        await self.add(listed.id, "advocate", words.strip(), "queued")
        return "done"

    async def renew(self, conversation: ConversationId, advocate: str) -> bool:
        self.renewed.append(conversation)
        listed = self.open.get(conversation)
        return listed is not None and listed.advocate == advocate

    async def set_present(self, advocate: str, seconds: int) -> None:
        self.present[advocate] = 0 if advocate in self.resting else seconds

    async def present_names(self) -> Sequence[str]:
        return sorted(name for name, seconds in self.present.items() if seconds > 0)

    async def set_break(self, advocate: str, resting: bool) -> None:
        if resting:
            self.resting.add(advocate)
            self.present[advocate] = 0
        else:
            self.resting.discard(advocate)

    async def is_on_break(self, advocate: str) -> bool:
        return advocate in self.resting

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
        at, number = self._clock.now(), secrets.token_hex(6) if status else ""
        epoch, sealed = self._seals.seal(conversation, who, at, number, text)
        entry = WindowEntry(at, who, sealed, status, epoch, number)
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
