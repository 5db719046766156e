"""One file of sealed entries, in the order in which they came: bounded, locked, and good after a kill at any byte (X4).

A record is a head (length, whether it waits, when it came, a checksum) and its bytes. One that was handed on is written
over with zeros where it lies; a file in which none waits begins anew.
"""

import fcntl
import os
import struct
import zlib
from collections import deque
from dataclasses import dataclass
from pathlib import Path

MOST_BYTES = 32 * 1024 * 1024
"""About 40,000 short texts."""

_HEAD = struct.Struct(">IBdI")
_GONE, _WAITS = 0, 1


class SpoolFull(OSError):
    """There is no room for another entry."""


@dataclass(frozen=True, slots=True)
class Record:
    """Where an entry lies, how long it is, and when it came (Unix seconds)."""

    at: int
    length: int
    since: float


class SpoolFile:
    """A spool that is this process's alone. Opening raises BlockingIOError if it is another's, else OSError.

    ``reserve`` takes the room on the disk beforehand, so that a disk that is full keeps no text out (Linux alone).
    """

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES, *, reserve: bool = False, lock: bool = True) -> None:
        self._most_bytes = most_bytes
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            if lock:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if reserve and hasattr(os, "posix_fallocate"):
                os.posix_fallocate(self._handle, 0, most_bytes)
            self.broken = 0
            """Records whose checksum was wrong: cut short before anybody was answered, or damaged."""
            self.waiting, self._end = self._scan()
        except BaseException:
            os.close(self._handle)
            raise

    def _scan(self) -> tuple[deque[Record], int]:
        waiting, at, size = deque[Record](), 0, os.fstat(self._handle).st_size
        while at + _HEAD.size <= size:
            length, state, since, _ = _HEAD.unpack(os.pread(self._handle, _HEAD.size, at))
            if not length or at + _HEAD.size + length > size:
                break
            record = Record(at, length, since)
            if self.read(record) is not None:
                waiting.append(record)
            elif state != _GONE:
                self.broken += 1
            at += _HEAD.size + length
        return waiting, at

    @property
    def room(self) -> float:
        """The share of the file that is free: 1 if nothing waits."""
        return 1 - self._end / self._most_bytes

    def append(self, payload: bytes, since: float) -> Record:
        """Writes an entry behind the others; it is on disk after ``sync``. Raises SpoolFull or OSError."""
        record = Record(self._end, len(payload), since)
        if not payload or record.at + _HEAD.size + record.length > self._most_bytes:
            raise SpoolFull("the spool is full")
        head = _HEAD.pack(record.length, _WAITS, since, zlib.crc32(payload))
        self._write(head + payload, record.at)
        self._end += len(head) + record.length
        self.waiting.append(record)
        return record

    def sync(self) -> None:
        """Comes back once everything that was written is on disk. Raises OSError."""
        os.fdatasync(self._handle) if hasattr(os, "fdatasync") else os.fsync(self._handle)

    def read(self, record: Record) -> bytes | None:
        """An entry's bytes; None if they are not what was written, or were written over. Raises OSError."""
        found = os.pread(self._handle, _HEAD.size + record.length, record.at)
        length, state, _, checksum = _HEAD.unpack(found[: _HEAD.size])
        payload = found[_HEAD.size :]
        whole = state == _WAITS and length == record.length and zlib.crc32(payload) == checksum
        return payload if whole else None

    def remove(self, record: Record) -> None:
        """Writes an entry over; the last to go leaves an empty file. It is out of the way even if OSError is raised."""
        self.waiting.remove(record)
        self._write_over(record)
        if not self.waiting:
            self._write(bytes(self._end), 0)
            self._end = 0

    def erase(self) -> int:
        """Writes over whatever waits, also under the eyes of the process whose file it is; how much that was."""
        for record in self.waiting:
            self._write_over(record)
        return len(self.waiting)

    def _write_over(self, record: Record) -> None:
        self._write(_HEAD.pack(record.length, _GONE, 0.0, 0) + bytes(record.length), record.at)

    def close(self) -> None:
        """Lets another process have it."""
        os.close(self._handle)

    def _write(self, data: bytes, at: int) -> None:
        if os.pwrite(self._handle, data, at) != len(data):
            raise OSError("a write to the spool was cut short")
