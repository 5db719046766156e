"""Accounts of staff and their logins (A6). Names are aliases; passwords are Argon2id hashes made elsewhere."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field

from storage.connection import Store

LOGIN_SECONDS = 30 * 60
FAILURE_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Account:
    """Someone on our side. ``name`` is what they log in with, ``alias`` what others see."""

    name: str
    alias: str
    password_hash: str = field(repr=False)
    roles: tuple[str, ...] = ("advocate",)
    language: str = "en"


class StoreAccounts:
    """Keeps accounts and logins."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def put(self, account: Account) -> None:
        """Adds an account, or replaces it."""
        await self._store.call(
            "HSET", f"account:{account.name}", "alias", account.alias, "password", account.password_hash,
            "roles", json.dumps(account.roles), "language", account.language,
        )  # fmt: skip

    async def find(self, name: str) -> Account | None:
        """The account of a name."""
        row = await self._store.call("HGETALL", f"account:{name}")
        if not row:
            return None
        text = {key.decode(): value.decode() for key, value in row.items()}
        return Account(name, text["alias"], text["password"], tuple(json.loads(text["roles"])), text["language"])

    async def create_login(self, name: str) -> str:
        """A new random session id of 256 bits; only its hash is kept."""
        identifier = secrets.token_urlsafe(32)
        await self._store.call("SET", _login_key(identifier), name, "EX", LOGIN_SECONDS)
        return identifier

    async def find_login(self, login_id: str) -> Account | None:
        """Who is logged in under a session id, or None if it ended or expired. Looking does not prolong it."""
        name = await self._store.call("GET", _login_key(login_id))
        return await self.find(name.decode()) if name else None

    async def touch_login(self, login_id: str) -> None:
        """Starts the half hour anew: a person did something."""
        await self._store.call("EXPIRE", _login_key(login_id), LOGIN_SECONDS)

    async def end_login(self, login_id: str) -> None:
        """Logs out."""
        await self._store.call("DEL", _login_key(login_id))

    async def count_failure(self, name: str, peer: str) -> int:
        """One more failed login; how many of late for this name and peer."""
        key = _failure_key(name, peer)
        count, _ = await self._store.call_all([("INCR", key), ("EXPIRE", key, FAILURE_SECONDS)])
        return int(count)

    async def clear_failures(self, name: str, peer: str) -> None:
        """A login succeeded."""
        await self._store.call("DEL", _failure_key(name, peer))


def _login_key(login_id: str) -> str:
    return "login:" + hashlib.sha256(login_id.encode()).hexdigest()


def _failure_key(name: str, peer: str) -> str:
    return "failures:" + hashlib.sha256(f"{name}|{peer}".encode()).hexdigest()[:32]
