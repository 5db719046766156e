"""How staff may be paged: each way's address sealed under the staff key, opened to page and to mask it (A6, P4)."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hotline.messages import Address
from storage.commit import Writes
from storage.connection import Store
from storage.records import time_text
from vault.errors import SealBroken
from vault.keyring import Keyring
from vault.purposes import Purpose

BROWSER, PHONE, CHAT = "browser", "sms", "telegram"
KINDS = (BROWSER, PHONE, CHAT)
PAGEABLE = "pageable"
MOST_WAYS = 6
PROOF_SECONDS = 600
TRIES_SECONDS = 3600
MOST_CODES, MOST_GUESSES = 5, 5


class TooMany(Exception):
    """More ways, codes or guesses than one person needs."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to page one person. An unproved one is never paged; ``trouble`` is why the last page failed."""

    name: str
    id: str
    kind: str
    proved: bool
    added_at: datetime
    address: Address | None = field(repr=False)
    """None if it could not be opened: the staff key is another one."""
    trouble: str = ""

    @property
    def ending(self) -> str:
        """The last two digits: enough to know it again, too little to use."""
        return self.address[-2:] if self.address and self.kind != BROWSER else ""


class StoreContacts:
    """Ways to page people, and the codes that prove a phone."""

    def __init__(self, store: Store, keyring: Keyring) -> None:
        self._store = store
        self._keyring = keyring

    async def list_ways(self, name: str) -> Sequence[Way]:
        """Every way to page a person, the oldest first."""
        rows, troubles = await self._store.call_all(
            [("HGETALL", f"contacts:{name}"), ("HGETALL", f"contact-trouble:{name}")]
        )
        known = {key.decode(): code.decode() for key, code in troubles.items()}
        ways = [self._parse(name, key.decode(), row, known) for key, row in rows.items()]
        return sorted(ways, key=lambda way: (way.added_at, way.id))

    async def list_people(self) -> tuple[str, ...]:
        """Names of all who have a way, proved or not."""
        return tuple(sorted(name.decode() for name in await self._store.call("SMEMBERS", PAGEABLE)))

    async def add(self, name: str, kind: str, address: Address, at: datetime, *, proved: bool) -> Way:
        """Keeps a way, or finds the one with this very address. Raises TooMany."""
        ways = await self.list_ways(name)
        if same := next((way for way in ways if (way.kind, way.address) == (kind, address)), None):
            return same
        if len(ways) >= MOST_WAYS:
            raise TooMany
        way = Way(name, secrets.token_hex(6), kind, proved, at, address)
        await self._store.call_all([("HSET", f"contacts:{name}", way.id, self._text(way)), ("SADD", PAGEABLE, name)])
        return way

    def keep(self, writes: Writes, name: str, kind: str, address: Address, at: datetime) -> Way:
        """Adds a proved way to a commit, without looking at those that are there; the worker's own adding."""
        way = Way(name, secrets.token_hex(6), kind, True, at, address)
        writes.add("HSET", f"contacts:{name}", way.id, self._text(way))
        writes.add("SADD", PAGEABLE, name)
        return way

    async def remove(self, name: str, identifier: str) -> bool:
        """Takes a way of this person out; False if it was not theirs or not there."""
        gone = await self._store.call("HDEL", f"contacts:{name}", identifier)
        await self._store.call_all(
            [
                ("HDEL", f"contact-trouble:{name}", identifier),
                ("DEL", f"contact-proof:{name}:{identifier}", f"contact-tries:{name}:{identifier}"),
            ]
        )
        if not await self._store.call("EXISTS", f"contacts:{name}"):
            await self._store.call("SREM", PAGEABLE, name)
        return bool(gone)

    async def forget(self, name: str) -> None:
        """Erases every way of an account that is reset, and what is counted of it."""
        for identifier in await self._store.call("HKEYS", f"contacts:{name}"):
            await self.remove(name, identifier.decode())
        await self._store.call("DEL", f"contact-tries:{name}")

    async def note_trouble(self, way: Way, code: str) -> None:
        """Remembers why the last page by this way failed, for its owner to see; an empty code is success."""
        if code:
            await self._store.call("HSET", f"contact-trouble:{way.name}", way.id, code)
        elif way.trouble:
            await self._store.call("HDEL", f"contact-trouble:{way.name}", way.id)

    async def create_proof(self, way: Way) -> None:
        """A new six-digit code for a phone, sealed, for ten minutes. Raises TooMany after five in an hour."""
        if await self._count(f"contact-tries:{way.name}") > MOST_CODES:
            raise TooMany
        code = f"{secrets.randbelow(10**6):06d}"
        sealed = self._keyring.seal(Purpose.STAFF, code.encode(), f"{way.name}|proof|{way.id}")
        await self._store.call_all(
            [
                ("SET", f"contact-proof:{way.name}:{way.id}", sealed, "EX", PROOF_SECONDS),
                ("DEL", f"contact-tries:{way.name}:{way.id}"),
            ]
        )

    async def read_proof(self, name: str, identifier: str) -> str | None:
        """The code that is to be sent, or None once it has run out."""
        sealed = await self._store.call("GET", f"contact-proof:{name}:{identifier}")
        try:
            opened = self._keyring.open(Purpose.STAFF, sealed, f"{name}|proof|{identifier}") if sealed else None
        except SealBroken:
            return None
        return opened.decode() if opened else None

    async def prove(self, name: str, identifier: str, code: str) -> bool:
        """True if this is the code that was sent; the way counts from now on. Raises TooMany after five guesses."""
        if await self._count(f"contact-tries:{name}:{identifier}") > MOST_GUESSES:
            await self._store.call("DEL", f"contact-proof:{name}:{identifier}")
            raise TooMany
        wanted = await self.read_proof(name, identifier)
        way = next((one for one in await self.list_ways(name) if one.id == identifier), None)
        if wanted is None or way is None or not hmac.compare_digest(wanted.encode(), code.encode()):
            return False
        proved = Way(name, way.id, way.kind, True, way.added_at, way.address)
        await self._store.call_all(
            [
                ("HSET", f"contacts:{name}", way.id, self._text(proved)),
                ("DEL", f"contact-proof:{name}:{identifier}", f"contact-tries:{name}:{identifier}"),
            ]
        )
        return True

    async def _count(self, key: str) -> int:
        count, _ = await self._store.call_all([("INCR", key), ("EXPIRE", key, TRIES_SECONDS)])
        return int(count)

    def _text(self, way: Way) -> bytes:
        head = f"{way.kind}|{'proved' if way.proved else ''}|{time_text(way.added_at)}|".encode()
        sealed = self._keyring.seal(Purpose.STAFF, (way.address or "").encode(), _context(way.name, way.kind, way.id))
        return head + sealed

    def _parse(self, name: str, identifier: str, row: bytes, troubles: dict[str, str]) -> Way:
        kind, proved, at, sealed = row.split(b"|", 3)
        try:
            opened = self._keyring.open(Purpose.STAFF, sealed, _context(name, kind.decode(), identifier))
            address = Address(opened.decode())
        except SealBroken:
            address = None
        added_at = datetime.fromisoformat(at.decode())
        return Way(name, identifier, kind.decode(), bool(proved), added_at, address, troubles.get(identifier, ""))


def _context(name: str, kind: str, identifier: str) -> str:
    return f"{name}|{kind}|{identifier}"
