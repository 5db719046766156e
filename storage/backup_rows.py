"""What a backup holds: the rows that the data map marks so, each as one or more lines of JSON; never texters' words.

Lines are ``[key, kind, expires_at, values]``: ``expires_at`` is Unix milliseconds or null, ``values`` base64, flat.
"""

import base64
import json
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from storage.audit import AUDIT
from storage.connection import Store
from storage.data_map import DATA_MAP, find_stored
from storage.stored import Stored
from storage.walking import find_names

HELD = tuple(row for row in DATA_MAP if row.backup)
_VALUES_A_LINE = 200
_READ = {"string": ("GET",), "hash": ("HGETALL",), "set": ("SMEMBERS",), "zset": ("ZRANGE", 0, -1, "WITHSCORES")}
_OF_ONE_PERSON = ("account", "contacts", "locks", "passkeys")
_LEFT_OUT = frozenset({b"invitation"})
"""Fields of an account that lead to what no backup holds."""


class NotEmpty(Exception):
    """The store holds something; restoring over it has to be asked for."""


@dataclass(frozen=True, slots=True)
class BackupRow:
    """A key, or a part of a long one."""

    key: str
    kind: str
    expires_at: int | None
    values: Sequence[bytes] = field(repr=False)

    def line(self) -> bytes:
        """As it stands in a backup."""
        values = [base64.b64encode(value).decode() for value in self.values]
        return json.dumps([self.key, self.kind, self.expires_at, values], separators=(",", ":")).encode() + b"\n"


def parse_row(line: bytes) -> BackupRow:
    """The row of a line. Raises ValueError for anything that a backup does not hold."""
    key, kind, expires_at, values = json.loads(line)
    row = find_stored("store", key)
    if row is None or not row.backup or row.kind != kind:
        raise ValueError("the backup holds something that no backup holds")
    return BackupRow(key, kind, expires_at, [base64.b64decode(value) for value in values])


async def read_rows(store: Store) -> AsyncIterator[BackupRow]:
    """Everything that a backup holds, the rows of the data map in their order. Raises StoreError."""
    names = await find_names(store, "store", HELD)
    for stored in HELD:
        for key in names[stored.pattern]:
            async for row in _read_key(store, stored, key):
                yield row


async def _read_key(store: Store, stored: Stored, key: str) -> AsyncIterator[BackupRow]:
    if stored.kind == "list":
        start = 0
        while lines := await store.call("LRANGE", key, start, start + _VALUES_A_LINE - 1):
            yield BackupRow(key, "list", None, lines)
            start += len(lines)
        return
    command, *more = _READ[stored.kind]
    answer = await store.call(command, key, *more)
    left = int(await store.call("PTTL", key))
    expires_at = int(time.time() * 1000) + left if left > 0 else None
    values = _flatten(answer, stored)
    for start in range(0, len(values), _VALUES_A_LINE):
        yield BackupRow(key, stored.kind, expires_at, values[start : start + _VALUES_A_LINE])


def _flatten(answer: object, stored: Stored) -> list[bytes]:
    if isinstance(answer, dict):
        pairs = [(name, value) for name, value in answer.items() if not _is_left_out(stored, name)]
        return [part for pair in pairs for part in pair]
    if isinstance(answer, list | set):
        return [one if isinstance(one, bytes) else str(one).encode() for one in answer]
    return [answer] if isinstance(answer, bytes) else []


def _is_left_out(stored: Stored, name: bytes) -> bool:
    return stored.pattern == "account:*" and name in _LEFT_OUT


@dataclass(slots=True)
class Restored:
    """What came back, by pattern, and what did not. ``accounts`` came back suspended."""

    written: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    accounts: list[str] = field(default_factory=list)
    audit: str = ""


class Restorer:
    """Writes rows into a store: what is there wins, opt-outs are joined, and nobody comes in before they are confirmed.

    ``present`` is read once, before the first row.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._present: frozenset[str] = frozenset()
        self._accounts: frozenset[str] = frozenset()
        self._owners: dict[str, bool] = {}
        self._audit: list[bytes] = []
        self.done = Restored()

    async def prepare(self, *, over: bool) -> None:
        """Looks at what is there. Raises NotEmpty unless ``over`` is asked for or nothing is there, StoreError."""
        names = await find_names(self._store, "store", HELD)
        self._present = frozenset(key for keys in names.values() for key in keys)
        if self._present and not over:
            raise NotEmpty("the store is not empty; restore into an empty one, or say --over: what is there wins")
        self._accounts = frozenset(key.removeprefix("account:") for key in names["account:*"])

    async def write(self, row: BackupRow) -> None:
        """Brings one row back, or leaves it out. Raises StoreError."""
        stored = find_stored("store", row.key)
        if row.key == AUDIT:
            self._audit += row.values
        elif stored and await self._write(stored.pattern, row):
            self.done.written[stored.pattern] = self.done.written.get(stored.pattern, 0) + 1
        elif stored:
            self.done.left_out[stored.pattern] = self.done.left_out.get(stored.pattern, 0) + 1

    async def finish(self) -> Restored:
        """Brings the audit back: all of it into a store without one, or its end if what is there is its beginning."""
        there = [line async for row in _read_key(self._store, _AUDIT_ROW, AUDIT) for line in row.values]
        common = min(len(there), len(self._audit))
        if there[:common] != self._audit[:common]:
            self.done.audit = "the audit that is there is another one; it stays, and the backup's is left out"
        elif missing := self._audit[len(there) :]:
            for start in range(0, len(missing), _VALUES_A_LINE):
                await self._store.call("RPUSH", AUDIT, *missing[start : start + _VALUES_A_LINE])
            self.done.audit = f"{len(missing)} entries of the audit came back"
        else:
            self.done.audit = "the audit that is there is whole"
        return self.done

    async def _write(self, pattern: str, row: BackupRow) -> bool:
        family, _, rest = row.key.partition(":")
        if row.expires_at is not None and row.expires_at <= time.time() * 1000:
            return False
        if pattern == "opted-out:*":
            await self._store.call("SET", row.key, row.values[0], "NX")
            return True
        if pattern == "readers":
            return False  # nobody reads before they are confirmed; then they stand on the roster again
        if pattern in {"accounts", "pageable"}:
            members = [name for name in row.values if name.decode() not in self._accounts]
            if members:
                await self._store.call("SADD", row.key, *members)
            return bool(members)
        if family in _OF_ONE_PERSON and rest in self._accounts:
            return False
        if family == "passkey" and await self._is_of_present(row):
            return False
        if row.key in self._present:
            return False
        await self._put(row)
        if family == "account":
            await self._store.call("HSET", row.key, "state", "suspended")
            self.done.accounts.append(rest)
        return True

    async def _is_of_present(self, row: BackupRow) -> bool:
        fields = dict(zip(row.values[::2], row.values[1::2], strict=True))
        return fields.get(b"name", b"").decode() in self._accounts

    async def _put(self, row: BackupRow) -> None:
        match row.kind:
            case "string":
                await self._store.call("SET", row.key, row.values[0])
            case "hash":
                await self._store.call("HSET", row.key, *row.values)
            case "set":
                await self._store.call("SADD", row.key, *row.values)
            case "zset":
                flat = [part for pair in zip(row.values[1::2], row.values[::2], strict=True) for part in pair]
                await self._store.call("ZADD", row.key, *flat)
        if row.expires_at is not None:
            await self._store.call("PEXPIREAT", row.key, row.expires_at)


_AUDIT_ROW = next(row for row in HELD if row.pattern == AUDIT)
