"""People, the audit and the load in memory, for tests of the administrator's and the supervisor's pages."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date

from console.people import Person
from hotline.audit import AuditEntry, Linked, check_entry
from storage.load import LoadFacts
from tests.console.fakes import FakeAccounts, FakeClock


class FakePeople:
    """``console.ports.People`` over the fake accounts."""

    def __init__(self, accounts: FakeAccounts) -> None:
        self._accounts = accounts
        self.states: dict[str, str] = {}
        self.training: dict[str, dict[str, date]] = {}
        self.refreshed: list[str] = []

    async def list_people(self) -> Sequence[Person]:
        found = [await self._build(name) for name in sorted(self._accounts.people)]
        for _ in range(20):
            await asyncio.sleep(0)  # as a store does: others come in between
        return found

    async def find_person(self, name: str) -> Person | None:
        return await self._build(name) if name in self._accounts.people else None

    async def _build(self, name: str) -> Person:
        account = self._accounts.people[name]
        state = self.states.get(name, "active")
        number = "4107 9355" if state == "active" else ""
        training = self.training.get(name, {})
        return Person(name, account.alias, account.roles, account.language, state, training, number)

    async def create_invitation(self, name: str, roles: tuple[str, ...], language: str, by: str) -> str:
        if name in self._accounts.people:
            raise ValueError("taken")
        self._accounts.add(name, *roles, language=language)
        self._set_state(name, "invited")
        return f"token-for-{name}-by-{by}"

    async def put_roles(self, name: str, roles: tuple[str, ...]) -> None:
        self._accounts.people[name] = replace(self._accounts.people[name], roles=roles)

    async def suspend(self, name: str) -> None:
        self._set_state(name, "suspended")

    async def restore(self, name: str) -> None:
        self._set_state(name, "")

    async def reset(self, name: str, by: str) -> str:
        self._set_state(name, "invited")
        return f"token-for-{name}-by-{by}"

    async def set_training(self, name: str, course: str, valid_until: date | None) -> None:
        dates = self.training.setdefault(name, {})
        dates.pop(course, None)
        if valid_until:
            dates[course] = valid_until

    async def refresh_reader(self, name: str) -> None:
        self.refreshed.append(name)

    def _set_state(self, name: str, state: str) -> None:
        self.states.pop(name, None)
        self._accounts.shut.discard(name)
        if state:
            self.states[name] = state
            self._accounts.shut.add(name)


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
