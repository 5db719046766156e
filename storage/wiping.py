"""Wipes everything about texters out of both instances, keys first, and looks afterwards whether anything is left (P3).

Workers are kept out by their own fence: whoever holds the leases is the only one whose turns are written. Texts that
come in meanwhile are sealed to a new pair of the inbox and wait; they are answered afterwards, as a stranger's.
"""

import asyncio
import re
import secrets
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from storage.connection import Store, StoreError
from storage.content_keys import ContentKeys
from storage.data_map import DATA_MAP, find_stored
from storage.keyspace import DEDUPE_SECONDS, PARTITIONS
from storage.ownership import LEASE_MILLISECONDS
from storage.stored import OF_TEXTERS, DataClass, Stored
from storage.walking import in_chunks
from vault.keyring import Keyring

WIPED = "wiped"
_MARK_SECONDS = 3600
_KEPT = frozenset({"lease:*", "workers", WIPED, "page-alert", "clocks", "inbox-public"})
"""Rows of operation that name no conversation; the inbox's public half is replaced."""

_HOLD_MILLISECONDS = 30_000
_REWRITE_SECONDS = 120.0
_WATCH_SECONDS = 0.5
_CHUNK = 1 << 22
_LONGEST_NAME = 200


def _is_wiped(row: Stored) -> bool:
    return row.data_class in OF_TEXTERS or (row.data_class is DataClass.OPERATION and row.pattern not in _KEPT)


WIPED_STORE = tuple(row for row in DATA_MAP if row.instance == "store" and _is_wiped(row))
WIPED_KEYS = tuple(row for row in DATA_MAP if row.instance == "keys" and _is_wiped(row))


class WipeFailed(Exception):
    """Something could not be wiped; the message says what to do."""


@dataclass(slots=True)
class Wiping:
    """What was removed, by pattern, and what the verification found. ``names`` are held only to look for them."""

    removed: dict[str, int] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    names: set[bytes] = field(default_factory=set, repr=False)
    keys_gone_seconds: float = 0.0
    newcomers: int = 0


class Wiper:
    """One wipe. ``keyring`` is None if the server key is lost: texts are then refused until a worker is there."""

    def __init__(self, store: Store, keys: Store, keyring: Keyring | None) -> None:
        self._store = store
        self._keys = keys
        self._content_keys = ContentKeys(keys, keyring) if keyring else None
        self._fresh = ""
        self._began = 0.0
        self.found = Wiping()

    async def wipe(self) -> Wiping:
        """Removes everything of texters. Raises StoreError; what it got to is gone, and it can be run again."""
        started, self._began = time.monotonic(), time.time()
        await self._store.call("SET", WIPED, secrets.token_hex(8), "EX", _MARK_SECONDS)
        await self._hold_leases()
        held = time.monotonic()
        await self._replace_inbox_key()
        await self._remove("keys", self._keys, WIPED_KEYS)
        self.found.keys_gone_seconds = time.monotonic() - started
        await self._remove("store", self._store, WIPED_STORE)
        # A worker that began a turn before has noticed by then that its leases are gone.
        await asyncio.sleep(max(0.0, held + 1.2 * LEASE_MILLISECONDS / 1000 - time.monotonic()))
        await self._hold_leases()
        await self._remove("keys", self._keys, WIPED_KEYS)
        again = [row for row in WIPED_STORE if row.pattern not in {"inbox:*", "seen:*"}]
        await self._remove("store", self._store, again)
        return self.found

    async def rewrite_file(self) -> None:
        """Has the append-only file written anew from what is left, and waits. Raises WipeFailed, StoreError."""
        deadline, asked = time.monotonic() + _REWRITE_SECONDS, False
        while time.monotonic() < deadline:
            state = await self._store.read_persistence()
            if state["aof_enabled"] != "1":
                return
            if state["aof_rewrite_in_progress"] == state["aof_rewrite_scheduled"] == "0":
                if asked and state["aof_last_bgrewrite_status"] == "ok":
                    return
                await self._store.call("BGREWRITEAOF")
                asked = True
            await self._hold_leases()
            await asyncio.sleep(0.1)
        raise WipeFailed("the store did not rewrite its file in time; is its disk full? Then run the wipe again")

    async def verify(self, folders: Collection[Path]) -> None:
        """Walks both instances and searches the append-only files; ``found.left`` says what should not be there."""
        for instance, store, rows in (("keys", self._keys, WIPED_KEYS), ("store", self._store, WIPED_STORE)):
            patterns = {row.pattern for row in rows}
            async for names in store.walk():
                for name in names:
                    row = find_stored(instance, name)
                    if row is None:
                        self.found.left.append(f"{instance}: a key that the data map does not know")
                    elif row.pattern in patterns and not await self._is_new(name):
                        self.found.left.append(f"{instance}: {row.pattern}")
        for path in _files(folders):
            if found := await asyncio.to_thread(_search, path, self.found.names):
                self.found.left.append(f"{path.name}: {found} names of what was wiped")

    async def let_workers_in(self) -> None:
        """Workers may take conversations again."""
        await self._store.call("DEL", *(f"lease:{partition}" for partition in range(PARTITIONS)))

    async def _hold_leases(self) -> None:
        await self._store.call_all(
            [("SET", f"lease:{partition}", WIPED, "PX", _HOLD_MILLISECONDS) for partition in range(PARTITIONS)]
        )

    async def _replace_inbox_key(self) -> None:
        if self._content_keys is None:
            await self._keys.call("UNLINK", "inbox-public")
            return
        await self._content_keys.rotate_inbox()
        public = await self._keys.call("GET", "inbox-public")
        self._fresh = f"inbox-key:{public.split(b':', 1)[0].decode()}"

    async def _remove(self, instance: str, store: Store, rows: Iterable[Stored]) -> None:
        patterns = {row.pattern for row in rows}
        async for names in store.walk():
            by_pattern: dict[str, list[str]] = {}
            for name in names:
                row = find_stored(instance, name)
                if row is not None and row.pattern in patterns and name != self._fresh:
                    by_pattern.setdefault(row.pattern, []).append(name)
            for pattern, found in by_pattern.items():
                for chunk in in_chunks(found):
                    count = await store.call("UNLINK", *chunk)
                    self.found.removed[pattern] = self.found.removed.get(pattern, 0) + int(count)
                if instance == "store":
                    self.found.names.update(name.encode() for name in found if ":" in name)

    async def _is_new(self, name: str) -> bool:
        """True for what came in after the wipe began: it waits for a worker, sealed to the inbox's new key."""
        if name == self._fresh:
            return True
        if name.startswith("inbox:"):
            entries = await self._store.call("XRANGE", name, "-", "+")
            old = [one for one, _ in entries if int(one.split(b"-")[0]) < self._began * 1000 - 1]
            self.found.newcomers += len(entries)
            # Whoever writes again, and a provider that tells of a message from before, comes under the same keyed hash.
            again = [parts[b"a"] for _, parts in entries]
            self.found.names = {name for name in self.found.names if not any(lane in name for lane in again)}
            return not old
        if name.startswith("seen:"):
            left = int(await self._store.call("PTTL", name)) / 1000
            return left > DEDUPE_SECONDS - (time.time() - self._began) - 1
        return False


async def watch_for_wipe(store: Store) -> None:
    """Returns once everything about texters is being wiped."""
    before: bytes | None = None
    known = False
    while True:
        try:
            mark = await store.call("GET", WIPED)
        except (StoreError, OSError, TimeoutError):
            mark = before
        else:
            if known and mark is not None and mark != before:
                return
            before, known = mark, True
        await asyncio.sleep(_WATCH_SECONDS)


def _files(folders: Iterable[Path]) -> Iterable[Path]:
    for folder in folders:
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file())


_BEGINNING = re.compile(b"|".join(re.escape(row.pattern[:-1].encode()) for row in WIPED_STORE if "*" in row.pattern))
_HASH = re.compile(rb"(?=([0-9a-f]{32}))")
_NUMBERED = re.compile(rb"[a-z-]+:(?:[a-z]+:)?\d{1,2}")
"""Streams and lists by partition: their names come again with the next texter."""


def _search(path: Path, names: set[bytes]) -> int:
    """How often a name of what was wiped, or a keyed hash out of one, stands in a file."""
    wanted = {name for name in names if not _NUMBERED.fullmatch(name)}
    hashes = {found[0] for name in wanted if (found := re.search(rb"[0-9a-f]{32}$", name))}
    lengths = sorted({len(name) for name in wanted})
    count, rest = 0, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text = rest + chunk
            # Lengths are tried, since what stands behind a name in the file may look like a part of it.
            starts = [match.start() for match in _BEGINNING.finditer(text)]
            count += sum(1 for start in starts for length in lengths if text[start : start + length] in wanted)
            count += sum(1 for match in _HASH.finditer(text) if match[1] in hashes)
            rest = text[-_LONGEST_NAME:]
    return count
