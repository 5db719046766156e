"""Key files: JSON, mode 0600, outside the data folder (P9)."""

import base64
import json
import os
import stat
from datetime import datetime
from pathlib import Path
from typing import Any

from vault.addresses import AddressKeys
from vault.errors import KeyFileError
from vault.keyring import Keyring, ServerKey


def create_key_file(path: Path, created_at: datetime) -> None:
    """Writes a new file with one random key. Raises KeyFileError if it is there already: keys are never overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFileError(f"{path.name} exists already; keys are rotated, never overwritten") from None
    _write(handle, {"version": 1, "keys": [_new_key(created_at)]})


def rotate_key_file(path: Path, created_at: datetime) -> None:
    """Puts a new random key in front; the old ones stay for opening and look-up."""
    document = {"version": 1, "keys": [_new_key(created_at), *_read(path)]}
    temporary = path.with_suffix(".new")
    _write(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), document)
    temporary.replace(path)


def load_keyring(path: Path) -> Keyring:
    """The server's keyring. Raises KeyFileError saying what is wrong with the file."""
    return Keyring([ServerKey(bytes.fromhex(key["id"]), base64.b64decode(key["secret"])) for key in _read(path)])


def load_address_keys(path: Path) -> AddressKeys:
    """The address-hash keys. Raises KeyFileError saying what is wrong with the file."""
    return AddressKeys(tuple(base64.b64decode(key["secret"]) for key in _read(path)))


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


def _is_credential_of_root(found: os.stat_result) -> bool:
    # systemd's LoadCredential= shows root:root 0440: the group bit is the mask of an ACL that names our user alone.
    return found.st_uid == found.st_gid == 0 and stat.S_IMODE(found.st_mode) == 0o440


def _read(path: Path) -> list[dict[str, str]]:
    try:
        found = path.stat()
        text = path.read_text()
    except OSError as error:
        raise KeyFileError(
            f"cannot read the key file {path.name}: {error.strerror}; run: porchlight keys init"
        ) from None
    if stat.S_IMODE(found.st_mode) & 0o077 and not _is_credential_of_root(found):
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
