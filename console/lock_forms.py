"""Locks as browsers send them: bounded, and opaque to us."""

import json
import re
import secrets
from datetime import datetime

from starlette.exceptions import HTTPException

from console.ports import Lock

_WRAPPED = re.compile(r"[0-9a-f]{120}")  # nonce 12, key 32, tag 16
_SALT = re.compile(r"[0-9a-f]{0,64}")
_SALT_OF_PASSWORD = re.compile(r"[0-9a-f]{32}")


def parse_lock(text: str, kinds: tuple[str, ...], now: datetime, *, lock_id: str = "", label: str = "") -> Lock:
    """The lock of a form's field. Raises HTTPException 400 for anything that is none."""
    try:
        document = json.loads(text)
        kind, salt, wrapped = document["kind"], document["salt"], document["wrapped"]
        if kind in kinds and _SALT.fullmatch(salt) and _WRAPPED.fullmatch(wrapped):
            return Lock(lock_id or secrets.token_hex(8), kind, salt, wrapped, now.isoformat(), label)
    except (ValueError, KeyError, TypeError):
        pass
    raise HTTPException(400)


def parse_public(text: str) -> bytes:
    """A public key, 32 bytes in hex. Raises HTTPException 400."""
    try:
        public = bytes.fromhex(text)
    except ValueError:
        public = b""
    if len(public) != 32:
        raise HTTPException(400)
    return public


def parse_salt(text: str) -> str:
    """scrypt's salt for a password, 16 bytes in hex. Raises HTTPException 400."""
    if not _SALT_OF_PASSWORD.fullmatch(text):
        raise HTTPException(400)
    return text
