"""The audit and the load in memory, for tests of the administrator's and the supervisor's pages."""

from collections.abc import AsyncIterator

from hotline.audit import AuditEntry, Linked, check_entry
from storage.load import LoadFacts
from tests.console.fakes import FakeClock


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
