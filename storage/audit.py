"""The audit over the store: entries are only ever added, one after another, each bound to the one before (A6).

The console's own rights on the store let it add and read, and neither change nor remove (``app/store_acl.py``).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC

from hotline.audit import AuditEntry, Break, Linked, check_entry, encode_entry, find_break, format_line, parse_line
from hotline.ports import Clock
from storage.connection import Store
from vault.keyring import Keyring
from vault.purposes import Purpose

AUDIT = "audit"
_CHUNK = 500
_TRIES = 50

# Added only if the newest entry is still the one that the new MAC covers: two programs never write the same number.
_APPEND = """
if (redis.call('LINDEX', KEYS[1], -1) or '') ~= ARGV[1] then return 0 end
return redis.call('RPUSH', KEYS[1], ARGV[2])
"""


class AuditLost(Exception):
    """The audit is shorter than this program has seen it, or so busy that nothing could be added."""


class Audit:
    """Who did what when. ``saw_head(seq, mac)`` is told the newest entry after each day's first one."""

    def __init__(
        self, store: Store, keyring: Keyring, clock: Clock, saw_head: Callable[[int, str], None] | None = None
    ) -> None:
        self._store = store
        self._append = store.script(_APPEND)
        self._keyring = keyring
        self._clock = clock
        self._saw_head = saw_head
        self._turn = asyncio.Lock()
        self._newest: Linked | None = None

    async def note(self, actor: str, action: str, object: str = "") -> None:
        """Adds an entry. Raises ContentError for anything but codes and names, StoreError, AuditLost."""
        async with self._turn:
            for _ in range(_TRIES):
                if await self._try_note(actor, action, object):
                    return
        raise AuditLost("busy")

    async def _try_note(self, actor: str, action: str, name: str) -> bool:
        line = await self._store.call("LINDEX", AUDIT, -1)
        before = parse_line(line) if line else None
        if self._newest and (before is None or before.entry.seq < self._newest.entry.seq):
            raise AuditLost("cut off")
        if before:
            # Under a key that we do not know yet: the file is read anew, so that no entry goes back to an older key.
            self._keyring.rank(before.mac)
        seq, previous = (before.entry.seq, before.mac) if before else (0, "")
        at = self._clock.now().astimezone(UTC).replace(microsecond=0)
        entry = check_entry(AuditEntry(seq + 1, at, actor, action, name))
        linked = Linked(entry, self._keyring.authenticate(Purpose.AUDIT, encode_entry(entry, previous)))
        if not await self._append.run([AUDIT], [line or b"", format_line(linked)]):
            return False
        last_day = self._newest.entry.at.date() if self._newest else None
        self._newest = linked
        if self._saw_head and last_day != at.date():
            self._saw_head(entry.seq, linked.mac)
        return True

    async def find_newest(self) -> Linked | None:
        """The newest entry, or None."""
        line = await self._store.call("LINDEX", AUDIT, -1)
        return parse_line(line) if line else None

    async def read_back(self, before: int | None = None) -> AsyncIterator[AuditEntry]:
        """Entries from the newest (or from the one before number ``before``) back to the first; MACs unchecked."""
        end = (int(await self._store.call("LLEN", AUDIT)) if before is None else before - 1) - 1
        while end >= 0:
            start = max(0, end - _CHUNK + 1)
            for line in reversed(await self._store.call("LRANGE", AUDIT, start, end)):
                yield parse_line(line).entry
            end = start - 1

    async def read_lines(self) -> Sequence[bytes]:
        """Every stored line, oldest first."""
        lines: list[bytes] = []
        while chunk := await self._store.call("LRANGE", AUDIT, len(lines), len(lines) + _CHUNK - 1):
            lines += chunk
        return lines

    def verify(self, lines: Sequence[str | bytes], known: tuple[int, str] | None = None) -> Break | None:
        """Where these lines are not what was written, or None; ``known`` is an entry written down elsewhere."""
        oldest_allowed: int | None = None

        def is_ours(mac: str, data: bytes) -> bool:
            nonlocal oldest_allowed
            rank = self._keyring.rank(mac)
            if rank is None or (oldest_allowed is not None and rank > oldest_allowed):
                return False  # after a rotation nothing is written under the older key: whoever has it forges
            oldest_allowed = rank
            return self._keyring.is_authentic(Purpose.AUDIT, mac, data)

        return find_break(lines, is_ours, known)
