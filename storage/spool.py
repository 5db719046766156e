"""What came in while the store was away: sealed entries on this machine's disk, handed on in their order (X4).

Whoever has the folder has what the store's own inbox holds, and no more: keyed hashes, and texts sealed to the inbox.
"""

import asyncio
import base64
import contextlib
import json
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from hotline.messages import AddressHash
from storage.inbox import STATUS, SealedEntry
from storage.spool_file import MOST_BYTES, Record, SpoolFile, SpoolFull

_MOST_PROCESSES = 16
_ROOM_FOR_TEXTS = 0.5
"""Below this share of room, what became of our own messages is not kept any more: texts need it."""


class Spool:
    """The spool of one process in a folder (0700) that processes may share. Opening raises OSError.

    It takes over what a process that is gone has left behind.
    """

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES, *, reserve: bool = False) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file, others = _open_files(folder, most_bytes, reserve=reserve)
        self._syncing, self._synced, self._written = asyncio.Lock(), 0, 0
        self.sound = True
        """False once the disk did not take something: what is handed over then goes to the store or nowhere."""
        for other in others:
            _move(other, self._file)
        self.broken = self._file.broken + sum(other.broken for other in others)
        entries = map(self._read, self._file.waiting)
        self._lanes = Counter(entry.lane for entry in entries if entry)

    def __len__(self) -> int:
        return len(self._file.waiting)

    def oldest_seconds(self) -> float:
        """How long the first entry has waited; 0 if there is none."""
        return max(0.0, time.time() - self._file.waiting[0].since) if self._file.waiting else 0.0

    def holds(self, lane: AddressHash) -> bool:
        """True while something of this lane waits here: what comes later in it must wait behind."""
        return self._lanes[lane] > 0

    async def keep(self, entry: SealedEntry) -> None:
        """Comes back once the entry is on disk. Raises OSError, SpoolFull among them: then it must be refused."""
        if entry.kind == STATUS and self._file.room < _ROOM_FOR_TEXTS:
            raise SpoolFull("the room left is for texts")
        self._check_sound()
        self._file.append(_payload(entry), time.time())
        self._lanes[entry.lane] += 1
        self._written += 1
        await self._sync(self._written)

    async def hand_on(self, put: Callable[[SealedEntry], Awaitable[object]]) -> int:
        """Gives every entry to ``put``, oldest first, and removes it once that returns; how many went.

        Raises what ``put`` raises; what has not gone waits on. A disk that does not take that it has gone holds up
        nothing: at the worst it comes once more after a start, and is known by its mark.
        """
        gone = 0
        while self._file.waiting:
            record = self._file.waiting[0]
            entry = self._read(record)
            if entry:
                await put(entry)
                self._lanes[entry.lane] -= 1
                if not self._lanes[entry.lane]:
                    del self._lanes[entry.lane]
                gone += 1
            with self._doubting():
                self._file.remove(record)
        self._lanes.clear()
        if gone:
            with self._doubting():
                await asyncio.to_thread(self._file.sync)
        return gone

    @contextlib.contextmanager
    def _doubting(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            self.sound = False

    def _check_sound(self) -> None:
        if not self.sound:
            raise OSError("the disk of the spool did not take what was written")

    async def _sync(self, written: int) -> None:
        """Entries that come together are brought to disk together."""
        async with self._syncing:
            if self._synced < written:
                # A kernel forgets what it could not write: a later success would say nothing about it, nor about
                # what was written meanwhile and waits here.
                self._check_sound()
                upto = self._written
                with self._doubting():
                    await asyncio.to_thread(self._file.sync)
                self._check_sound()
                self._synced = upto

    def _read(self, record: Record) -> SealedEntry | None:
        """None for one that was written over meanwhile: by a wipe."""
        payload = self._file.read(record)
        if payload is None:
            return None
        lane, kind, sealed, seen = json.loads(payload)
        return SealedEntry(lane, kind, base64.b64decode(sealed), tuple(seen))

    def close(self) -> None:
        """Lets another process have it."""
        self._file.close()


def empty_spools(folder: Path) -> int:
    """Writes over whatever waits in a folder's spools, also those of running processes; how much that was (a wipe).

    Raises OSError.
    """
    gone = 0
    for path in sorted(folder.glob("spool-*")):
        file = SpoolFile(path, lock=False)
        try:
            gone += file.erase()
            file.sync()
        finally:
            file.close()
    return gone


def _payload(entry: SealedEntry) -> bytes:
    sealed = base64.b64encode(entry.sealed).decode()
    return json.dumps([entry.lane, entry.kind, sealed, entry.seen], separators=(",", ":")).encode()


def _open_files(folder: Path, most_bytes: int, *, reserve: bool) -> tuple[SpoolFile, list[SpoolFile]]:
    """The first file that is nobody's, and whatever else is nobody's and has something in it."""
    mine: SpoolFile | None = None
    others: list[SpoolFile] = []
    for number in range(_MOST_PROCESSES):
        path = folder / f"spool-{number}"
        if mine and not path.exists():
            continue
        try:
            file = SpoolFile(path, most_bytes, reserve=reserve and mine is None)
        except BlockingIOError:
            continue
        except OSError:
            if mine is None:
                raise
            # What cannot be opened keeps nobody from having a spool.
            continue
        if mine is None:
            mine = file
        elif file.waiting:
            others.append(file)
        else:
            file.close()
    if mine is None:
        raise SpoolFull("every spool of the folder is in use")
    return mine, others


def _move(other: SpoolFile, mine: SpoolFile) -> None:
    """What there is no room for stays where it lies, for the next start."""
    moved: list[Record] = []
    with contextlib.suppress(OSError):
        for record in other.waiting:
            payload = other.read(record)
            if payload is not None:
                mine.append(payload, record.since)
            moved.append(record)
    mine.sync()
    with contextlib.suppress(OSError):
        for record in moved:
            other.remove(record)
    other.close()


class RememberedKey:
    """The inbox's last public half in a file, so that texts can be sealed while the keys instance is away."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> bytes | None:
        """What was last written; None if nothing was, or if it cannot be read."""
        try:
            return self._path.read_bytes()
        except OSError:
            return None

    def write(self, value: bytes) -> None:
        """Puts a value in the place of the last one. Raises OSError."""
        new = self._path.with_suffix(".new")
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(value)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)
