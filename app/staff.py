"""Accounts of staff from the command line: added with a password, invited, reset, listed (A6)."""

import hashlib
import secrets
import unicodedata
from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from app.settings import Settings
from storage.account_rows import check_name
from storage.accounts import PASSWORD_COST, Account, Lock, StoreAccounts
from storage.connection import Store
from storage.contacts import StoreContacts
from storage.shifts import StoreShifts
from vault.key_files import load_keyring
from vault.locks import build_password_lock
from vault.readers import ReaderPrivateKey

ROLES = ("advocate", "supervisor", "admin", "outreach")
LANGUAGES = ("en", "es")
_MOST_MEMORY = 1 << 28


def derive_password(password: str, salt: str, cost: int) -> tuple[str, bytes]:
    """The login proof (hex) and the wrapping key, as the browser makes them (scrypt, RFC 7914; ``salt`` in hex)."""
    normal = unicodedata.normalize("NFKC", password).encode()
    made = hashlib.scrypt(normal, salt=bytes.fromhex(salt), n=cost, r=8, p=1, dklen=64, maxmem=_MOST_MEMORY)
    return made[:32].hex(), made[32:]


def hash_password(password: str, salt: str, cost: int = PASSWORD_COST) -> str:
    """The Argon2id hash (RFC 9106) that the console checks a login proof against."""
    from argon2 import PasswordHasher
    from argon2.profiles import RFC_9106_LOW_MEMORY

    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY).hash(derive_password(password, salt, cost)[0])


async def add_account(
    store_url: str,
    name: str,
    password: str,
    roles: tuple[str, ...],
    language: str,
    cost: int = PASSWORD_COST,
) -> None:
    """Adds an account, or gives it a new password and takes second steps, key and logins away.

    ``cost`` is scrypt's N. Raises ValueError for a name, role or language we do not have.
    """
    check_staff(name, roles, language)
    salt = secrets.token_hex(16)
    store = Store(store_url)
    try:
        accounts = StoreAccounts(store)
        await accounts.reset(name)
        before = await accounts.find(name)
        training = before.training if before else {}
        hashed = hash_password(password, salt, cost)
        await accounts.put(Account(name, name, hashed, roles, language, salt=salt, cost=cost, training=training))
    finally:
        await store.aclose()


async def make_practice_key(store_url: str, name: str, password: str) -> None:
    """A reader key behind the password's lock, as the browser makes it at a first login; invented texters only."""
    store = Store(store_url)
    try:
        accounts = StoreAccounts(store)
        account = await accounts.find(name)
        if account is None or account.public:
            return
        private = ReaderPrivateKey.create()
        wrapped = build_password_lock(derive_password(password, account.salt, account.cost)[1], private)
        lock = Lock(secrets.token_hex(8), "password", account.salt, wrapped.hex(), datetime.now(UTC).isoformat())
        await accounts.put_reader_key(name, private.public(), [lock])
    finally:
        await store.aclose()


async def invite(store_url: str, name: str, roles: tuple[str, ...], language: str) -> str:
    """An invitation's token, good once within 48 hours. Raises ValueError, also for an account that is active."""
    check_staff(name, roles, language)
    store = Store(store_url)
    try:
        return await StoreAccounts(store).create_invitation(name, roles, language, "command line")
    finally:
        await store.aclose()


async def reset(settings: Settings, name: str, *, keep_recovery: bool) -> None:
    """Takes everything that lets a person in, then their ways to be paged and shifts, as the console's reset does.

    Raises ValueError for a name that nobody has; KeyFileError without the staff key, once they are out.
    """
    store = Store(settings.redis_url.reveal())
    try:
        accounts = StoreAccounts(store)
        if await accounts.find(name) is None:
            raise ValueError(f"there is no {name}")
        await accounts.reset(name, keep_recovery=keep_recovery)
        await StoreShifts(store).forget(name)
        await StoreContacts(store, load_keyring(settings.staff_key_file)).forget(name)
    finally:
        await store.aclose()


async def confirm(store_url: str, name: str, required: Collection[str]) -> None:
    """Ends a suspension, as after a restored backup. Raises ValueError for a name that is not suspended."""
    store = Store(store_url)
    try:
        accounts = StoreAccounts(store, required=required)
        account = await accounts.find(name)
        if account is None or account.state != "suspended":
            raise ValueError(f"{name} is not suspended")
        await accounts.restore(name)
    finally:
        await store.aclose()


async def list_accounts(store_url: str) -> Sequence[str]:
    """One line an account: name, state, roles, second step, key."""
    store = Store(store_url)
    try:
        return [_describe(account) for account in await StoreAccounts(store).list_all()]
    finally:
        await store.aclose()


def check_staff(name: str, roles: tuple[str, ...], language: str) -> None:
    """Raises ValueError for a name, role or language we do not have."""
    check_name(name)
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        raise ValueError(f"roles are {', '.join(ROLES)}")
    if language not in LANGUAGES:
        raise ValueError("the console speaks en and es")


def _describe(account: Account) -> str:
    steps = [*(["codes"] if account.has_totp else []), *(["passkey"] if account.passkeys else [])]
    has_key = "key" if account.public else "no key"
    return (
        f"{account.name}  {account.state}  {','.join(account.roles)}  {'+'.join(steps) or 'password alone'}  {has_key}"
    )


def new_password() -> str:
    """A random password that can be read out: four groups of four."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))
