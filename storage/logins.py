"""Logins: random, kept as a hash, bound to a browser, ended at once by whoever may (A6)."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from storage.account_rows import Account, AccountRows

LOGIN_SECONDS = 30 * 60
"""A login that nobody uses for this long is gone."""
LONGEST_LOGIN_SECONDS = 12 * 3600
"""No login lasts longer, however much it is used: a night shift."""
FAILURE_SECONDS = 3600
_HALF_BYTES = 32


@dataclass(frozen=True, slots=True)
class Login:
    """One login, as its owner sees it. ``id`` is the hash of the secret and opens nothing."""

    id: str
    created_at: datetime
    label: str


class Logins(AccountRows):
    """Keeps logins and counts failed ones."""

    async def create_login(self, name: str, agent: str = "", label: str = "") -> str:
        """A new random session id of 256 bits; only its hash is kept. It is good for this browser's ``agent`` alone."""
        identifier = secrets.token_urlsafe(32)
        account = await self.find(name)
        key = login_hash(identifier)
        await self._store.call_all([
            ("HSET", f"login:{key}", "name", name, "created", int(self._now().timestamp()), "label", label,
             "agent", _agent_hash(agent), "revision", account.revision if account else 0),
            ("EXPIRE", f"login:{key}", LOGIN_SECONDS),
            ("SADD", f"logins:{name}", key),
            ("EXPIRE", f"logins:{name}", LONGEST_LOGIN_SECONDS),
        ])  # fmt: skip
        return identifier

    async def find_login(self, login_id: str, agent: str = "") -> Account | None:
        """Who is logged in, or None if it ended, expired, was revoked or comes from another browser.

        Looking does not prolong it.
        """
        row = await self._store.call("HGETALL", f"login:{login_hash(login_id)}")
        if not row or self._left_seconds(row) <= 0 or row[b"agent"].decode() != _agent_hash(agent):
            return None
        account = await self.find(row[b"name"].decode())
        if account is None or account.state != "active" or account.revision != int(row[b"revision"]):
            return None
        return account

    async def touch_login(self, login_id: str) -> None:
        """Starts the half hour anew, never beyond the absolute limit: a person did something."""
        key = login_hash(login_id)
        row = await self._store.call("HGETALL", f"login:{key}")
        if not row:
            return
        seconds = max(1, min(LOGIN_SECONDS, self._left_seconds(row)))
        await self._store.call("EXPIRE", f"login:{key}", seconds)
        if self._memory:
            await self._memory.call("EXPIRE", f"half:{key}", seconds)

    async def end_login(self, login_id: str) -> None:
        """Logs out; the key's half goes with it."""
        await self._end(login_hash(login_id))

    async def list_logins(self, name: str) -> Sequence[Login]:
        """This person's logins, newest first."""
        found = []
        for member in await self._store.call("SMEMBERS", f"logins:{name}"):
            row = await self._store.call("HGETALL", f"login:{member.decode()}")
            if row and self._left_seconds(row) > 0:
                at = datetime.fromtimestamp(int(row[b"created"]), UTC)
                found.append(Login(member.decode(), at, row[b"label"].decode()))
        return sorted(found, key=lambda login: login.created_at, reverse=True)

    async def end_login_of(self, name: str, login: str) -> bool:
        """Ends one of this person's logins by the id that ``list_logins`` gave; False if it is not theirs."""
        if not await self._store.call("SISMEMBER", f"logins:{name}", login):
            return False
        await self._end(login)
        return True

    async def end_logins(self, name: str, keep: str | None = None) -> None:
        """Ends every login of a person, but for the session id ``keep``; one that is being made ends too."""
        if not await self._store.call("EXISTS", f"account:{name}"):
            return
        revision = await self._store.call("HINCRBY", f"account:{name}", "revision", 1)
        kept = login_hash(keep) if keep else None
        for member in await self._store.call("SMEMBERS", f"logins:{name}"):
            if member.decode() != kept:
                await self._end(member.decode())
        if kept and await self._store.call("EXISTS", f"login:{kept}"):
            await self._store.call("HSET", f"login:{kept}", "revision", revision)

    async def make_half(self, login_id: str) -> bytes:
        """The server's half of the key's seal for this login, 32 random bytes in memory alone; made when missing."""
        key = f"half:{login_hash(login_id)}"
        await self._keys.call("SET", key, secrets.token_bytes(_HALF_BYTES), "NX", "EX", LOGIN_SECONDS)
        return bytes(await self._keys.call("GET", key))

    async def find_half(self, login_id: str) -> bytes | None:
        """The half, or None."""
        half = await self._keys.call("GET", f"half:{login_hash(login_id)}")
        return bytes(half) if half else None

    async def count_failure(self, name: str, peer: str) -> int:
        """One more failed login; how many of late for this name and peer."""
        key = _failure_key(name, peer)
        count, _ = await self._store.call_all([("INCR", key), ("EXPIRE", key, FAILURE_SECONDS)])
        return int(count)

    async def clear_failures(self, name: str, peer: str) -> None:
        """A login succeeded."""
        await self._store.call("DEL", _failure_key(name, peer))

    def _left_seconds(self, row: dict[bytes, bytes]) -> int:
        return int(row[b"created"]) + LONGEST_LOGIN_SECONDS - int(self._now().timestamp())

    async def _end(self, key: str) -> None:
        name = await self._store.call("HGET", f"login:{key}", "name")
        await self._store.call("DEL", f"login:{key}")
        if name:
            await self._store.call("SREM", f"logins:{name.decode()}", key)
        if self._memory:
            await self._memory.call("DEL", f"half:{key}")


def login_hash(login_id: str) -> str:
    """What the store keeps of a session id."""
    return hashlib.sha256(login_id.encode()).hexdigest()


def _agent_hash(agent: str) -> str:
    return hashlib.sha256(agent.encode()).hexdigest()[:32]


def _failure_key(name: str, peer: str) -> str:
    return "failures:" + hashlib.sha256(f"{name}|{peer}".encode()).hexdigest()[:32]
