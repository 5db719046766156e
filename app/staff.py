"""Accounts of staff: made from the command line, with Argon2id password hashes (RFC 9106)."""

import re
import secrets

from storage.accounts import Account, StoreAccounts
from storage.connection import Store

ROLES = ("advocate", "supervisor", "admin", "outreach")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,30}")


def hash_password(password: str) -> str:
    """The Argon2id hash that the console checks a login against."""
    from argon2 import PasswordHasher
    from argon2.profiles import RFC_9106_LOW_MEMORY

    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY).hash(password)


async def add_account(store_url: str, name: str, password: str, roles: tuple[str, ...], language: str) -> None:
    """Adds an account or gives it a new password. Raises ValueError for a name, role or language we do not have."""
    if not _NAME.fullmatch(name):
        raise ValueError("a name has 2 to 31 small letters, digits, dots or dashes; an alias, not a real name")
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        raise ValueError(f"roles are {', '.join(ROLES)}")
    if language not in {"en", "es"}:
        raise ValueError("the console speaks en and es")
    store = Store(store_url)
    try:
        await StoreAccounts(store).put(Account(name, name, hash_password(password), roles, language))
    finally:
        await store.aclose()


def new_password() -> str:
    """A random password that can be read out: four groups of four."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))
