"""Key files: JSON, mode 0600, outside the data folder (P9)."""

import base64
import json
import os
import stat
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from vault.addresses import AddressKeys
from vault.errors import KeyFileError
from vault.file_modes import is_lent_by_root
from vault.keyring import Keyring, ServerKey

type Tell = Callable[[str], None]

_LOOK_SECONDS = 1.0


def tell_nobody(_file: str) -> None:
    """For whoever holds the file's keys for a moment only."""


def create_key_file(path: Path, created_at: datetime) -> None:
    """Writes a new file with one random key. Raises KeyFileError if it is there already: keys are never overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFileError(f"{path.name} exists already; keys are rotated, never overwritten") from None
    _write(handle, {"version": 1, "keys": [_new_key(created_at)]})


def rotate_key_file(path: Path, created_at: datetime) -> str:
    """Puts a new random key in front and returns its id; the old ones stay for opening and look-up."""
    new = _new_key(created_at)
    _replace(path, [new, *_read(path)])
    return new["id"]


def prune_key_file(path: Path, dropped: Collection[str]) -> None:
    """Takes old keys out, by id. Raises KeyFileError for the newest, which is in use."""
    keys = _read(path)
    if keys[0]["id"] in dropped:
        raise KeyFileError(f"the newest key of {path.name} is in use; rotate first")
    _replace(path, [key for key in keys if key["id"] not in dropped])


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key of a file without its secret, for people to see. ``id``: eight hex digits."""

    id: str
    created_at: datetime


def list_keys(path: Path) -> list[KeyRow]:
    """Every key of a file, newest first, without secrets. Raises KeyFileError."""
    return [KeyRow(key["id"], datetime.fromisoformat(key["created_at"])) for key in _read(path)]


def load_keyring(path: Path, tell: Tell = tell_nobody) -> Keyring:
    """The server's keyring, which follows the file. Raises KeyFileError saying what is wrong with it.

    ``tell`` is called with the file's name when it cannot be read any more: the keys in memory go on serving.
    """
    watched = _WatchedFile(path, tell)

    def look(at_once: bool) -> list[ServerKey] | None:
        rows = watched.look(at_once)
        return [_server_key(row) for row in rows] if rows else None

    return Keyring([_server_key(row) for row in watched.first], look)


def load_address_keys(path: Path, tell: Tell = tell_nobody) -> AddressKeys:
    """The address-hash keys, which follow the file as ``load_keyring`` does. Raises KeyFileError."""
    watched = _WatchedFile(path, tell)

    def look(at_once: bool) -> tuple[list[bytes], list[str]] | None:
        rows = watched.look(at_once)
        return _secrets_and_ids(rows) if rows else None

    return AddressKeys(*_secrets_and_ids(watched.first), look)


class _WatchedFile:
    """A key file under a running program: looked at once a second at most, or at once when something is unknown."""

    def __init__(self, path: Path, tell: Tell) -> None:
        self._path, self._tell = path, tell
        self._seen = self._signature()
        self.first = _read(path)
        self._next_look = time.monotonic() + _LOOK_SECONDS
        self._told = False

    def look(self, at_once: bool) -> list[dict[str, str]] | None:
        """The keys, if the file is another one than at the last look and can be read."""
        now = time.monotonic()
        if now < self._next_look and not at_once:
            return None
        self._next_look = now + _LOOK_SECONDS
        seen = self._signature()
        if seen == self._seen and not self._told:
            return None
        try:
            rows = _read(self._path)
        except KeyFileError:
            if not self._told:
                self._tell(self._path.stem)
            self._told = True
            return None
        self._seen, self._told = seen, False
        return rows

    def _signature(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return (found.st_ino, found.st_mtime_ns, found.st_size)


def _server_key(row: dict[str, str]) -> ServerKey:
    return ServerKey(bytes.fromhex(row["id"]), base64.b64decode(row["secret"]))


def _secrets_and_ids(rows: list[dict[str, str]]) -> tuple[list[bytes], list[str]]:
    return [base64.b64decode(row["secret"]) for row in rows], [row["id"] for row in rows]


def _replace(path: Path, keys: list[dict[str, str]]) -> None:
    """In one step, and for the same readers as before: programs read the old file or the new one, never a half."""
    before, temporary = path.stat(), path.with_suffix(".new")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFileError(
            f"{temporary.name} is there: another rotation is at work, or was broken off; if so, remove it"
        ) from None
    if (before.st_uid, before.st_gid) != (os.getuid(), os.getgid()):
        os.fchown(handle, before.st_uid, before.st_gid)
    os.fchmod(handle, stat.S_IMODE(before.st_mode))
    _write(handle, {"version": 1, "keys": keys})
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _new_key(created_at: datetime) -> dict[str, str]:
    return {
        "id": os.urandom(4).hex(),
        "created_at": created_at.isoformat(),
        "secret": base64.b64encode(os.urandom(32)).decode(),
    }


def _write(handle: int, document: dict[str, Any]) -> None:
    with os.fdopen(handle, "w") as file:
        json.dump(document, file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> list[dict[str, str]]:
    try:
        found = path.stat()
        text = path.read_text()
    except OSError as error:
        raise KeyFileError(
            f"cannot read the key file {path.name}: {error.strerror}; run: porchlight keys init"
        ) from None
    if stat.S_IMODE(found.st_mode) & 0o077 and not is_lent_by_root(found):
        raise KeyFileError(f"the key file {path.name} is open to others; run: chmod 600 {path.name}")
    try:
        keys: list[dict[str, str]] = json.loads(text)["keys"]
        if any(len(base64.b64decode(key["secret"])) != 32 or len(bytes.fromhex(key["id"])) != 4 for key in keys):
            raise ValueError("a key has the wrong length")
    except (ValueError, KeyError, TypeError):
        raise KeyFileError(f"the key file {path.name} is damaged") from None
    if not keys:
        raise KeyFileError(f"the key file {path.name} holds no key")
    return keys
