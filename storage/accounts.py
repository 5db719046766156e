"""Accounts from invitation to the end: joining, suspending, resetting (A6, P2)."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import replace

from storage.account_rows import OPEN_CAP, PASSWORD_COST, Account, check_name
from storage.logins import FAILURE_SECONDS, LOGIN_SECONDS, LONGEST_LOGIN_SECONDS, Login, Logins
from storage.passkeys import Passkey, Passkeys
from storage.reader_keys import Lock, LockKind

__all__ = [
    "FAILURE_SECONDS",
    "INVITATION_SECONDS",
    "LOGIN_SECONDS",
    "LONGEST_LOGIN_SECONDS",
    "OPEN_CAP",
    "PASSWORD_COST",
    "Account",
    "Lock",
    "LockKind",
    "Login",
    "Passkey",
    "StoreAccounts",
]

INVITATION_SECONDS = 48 * 3600


class StoreAccounts(Logins, Passkeys):
    """Everything that is kept of staff, but their addresses."""

    async def create_invitation(self, name: str, roles: Sequence[str], language: str, by: str) -> str:
        """A token that lets one person join once within 48 hours; only its hash is kept. A new one ends the last.

        Raises ValueError for an account that is active or suspended: those are reset first.
        """
        check_name(name)
        account = await self.find(name) or Account(name, name, state="invited")
        if account.state != "invited":
            raise ValueError(f"{name} is {account.state}; reset the account first")
        await self.put(replace(account, roles=tuple(roles), language=language))
        token = secrets.token_urlsafe(32)
        key = _token_hash(token)
        await self._set(name, invitation=key)
        value = json.dumps({"name": name, "by": by})
        await self._store.call("SET", f"invitation:{key}", value, "EX", INVITATION_SECONDS)
        return token

    async def find_invitation(self, token: str) -> Account | None:
        """Whose invitation this is, or None if unknown, used, replaced or older than 48 hours."""
        return await self._invited(await self._store.call("GET", f"invitation:{_token_hash(token)}"), token)

    async def take_invitation(self, token: str) -> Account | None:
        """As ``find_invitation``, for the first who asks: it is used up."""
        return await self._invited(await self._store.call("GETDEL", f"invitation:{_token_hash(token)}"), token)

    async def activate(self, name: str) -> None:
        """The person has joined."""
        await self._store.call("HDEL", f"account:{name}", "invitation")
        await self._set(name, state="active")

    async def set_password(self, name: str, password_hash: str, salt: str, cost: int) -> None:
        """Argon2id of the login proof, with scrypt's salt and cost. The caller ends other logins."""
        await self._set(name, password=password_hash, salt=salt, cost=str(cost))

    async def suspend(self, name: str) -> None:
        """From now on this person neither comes in nor reads what comes; what they are logged in to ends at once."""
        await self._set(name, state="suspended")
        await self.end_logins(name)
        await self.refresh_reader(name)

    async def restore(self, name: str) -> None:
        """Ends a suspension; key, password and passkeys are as they were. Who never joined is invited still."""
        account = await self.find(name)
        if account is not None and account.state == "suspended":
            has_joined = bool(account.password_hash) or account.passkeys > 0
            await self._set(name, state="active" if has_joined else "invited")
            await self.refresh_reader(name)

    async def reset(self, name: str, *, keep_recovery: bool = True) -> None:
        """Takes password, codes, passkeys, key and logins away; the person needs a new invitation.

        With ``keep_recovery`` the printed code still opens the old key once they have joined again; say False when
        the paper may be in wrong hands.
        """
        if await self.find(name) is None:
            return
        await self._set(name, state="invited", password="", salt="")
        await self._store.call("HDEL", f"account:{name}", "totp", "invitation")
        await self.end_logins(name)
        for passkey in await self.list_passkeys(name):
            await self.remove_passkey(name, passkey.id)
        await self.drop_key(name, keep_recovery=keep_recovery)

    async def find_salt(self, name: str, cost: int) -> tuple[str, int]:
        """scrypt's salt (hex) and cost for a name; for one without a password an invented salt and ``cost``."""
        invented = self.fake_salt(name)
        account = await self.find(name)
        return (account.salt, account.cost) if account and account.salt else (invented, cost)

    async def _invited(self, value: bytes | None, token: str) -> Account | None:
        if value is None:
            return None
        name = json.loads(value)["name"]
        account = await self.find(name)
        current = await self._store.call("HGET", f"account:{name}", "invitation")
        if account is None or account.state != "invited" or current is None:
            return None
        return account if secrets.compare_digest(current.decode(), _token_hash(token)) else None


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
