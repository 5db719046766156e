"""One-time codes that tie a Telegram chat to an account: only their hash is kept, for ten minutes (A6)."""

import hashlib
import re
import secrets

from storage.connection import Store

LINK_SECONDS = 600
_LINK = re.compile(r"/start(?:@\w+)? page-([A-Za-z0-9_-]{22})")


class PageLinks:
    """Makes codes and knows whose they are."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def create(self, name: str) -> str:
        """A new code of 128 bits for this person."""
        code = secrets.token_urlsafe(16)
        await self._store.call("SET", link_key(code), name, "EX", LINK_SECONDS)
        return code

    async def find(self, code: str) -> str | None:
        """Whose code it is, or None if unknown, used or run out."""
        name = await self._store.call("GET", link_key(code))
        return name.decode() if name else None


def link_key(code: str) -> str:
    """Where a code's owner is kept; deleted when it is used."""
    return "contact-link:" + hashlib.sha256(code.encode()).hexdigest()[:32]


def find_link_code(text: str) -> str | None:
    """The code in a ``/start page-...`` of Telegram's, or None for anything else."""
    found = _LINK.fullmatch(text)
    return found[1] if found else None
