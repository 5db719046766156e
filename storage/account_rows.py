"""Accounts of staff: who they are, what they may do, and what of it lies in the store (A6). Names are aliases."""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal, cast

from hotline.training import may_read
from storage.connection import Store
from vault.keyring import Keyring

PASSWORD_COST = 1 << 17
"""scrypt's N for new passwords: 128 MiB and most of a second in a browser (RFC 7914)."""
OPEN_CAP = 4
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,30}")

type State = Literal["invited", "active", "suspended"]


@dataclass(frozen=True, slots=True)
class Account:
    """Someone on our side. ``name`` is what they log in with, ``alias`` what others see.

    ``password_hash`` is Argon2id of the login proof, or empty; ``salt`` (hex) and ``cost`` are scrypt's. ``public`` is
    the reader key (32 bytes), ``recovery`` says that a printed code opens it. ``training``: course to its last day.
    """

    name: str
    alias: str
    password_hash: str = field(default="", repr=False)
    roles: tuple[str, ...] = ("advocate",)
    language: str = "en"
    state: State = "active"
    salt: str = field(default="", repr=False)
    cost: int = PASSWORD_COST
    training: Mapping[str, str] = field(default_factory=dict)
    open_cap: int = OPEN_CAP
    has_totp: bool = False
    passkeys: int = 0
    public: bytes | None = None
    recovery: bool = False
    revision: int = 0

    @property
    def has_second_factor(self) -> bool:
        """True with a passkey or an app's codes."""
        return self.has_totp or self.passkeys > 0


def check_name(name: str) -> None:
    """Raises ValueError for a name that is none of ours."""
    if not _NAME.fullmatch(name):
        raise ValueError("a name has 2 to 31 small letters, digits, dots or dashes; an alias, not a real name")


def utc_now() -> datetime:
    """The system's time."""
    return datetime.now(UTC)


class AccountRows:
    """Reads and writes accounts. ``keys`` is the memory-only instance; without it nobody is logged in or ended there.

    ``required``: the courses without which nobody reads (A7); none in practice.
    """

    def __init__(
        self,
        store: Store,
        keys: Store | None = None,
        keyring: Keyring | None = None,
        *,
        required: Collection[str] = (),
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store = store
        self._memory = keys
        self._ring = keyring
        self._required = required
        self._now = now

    async def put(self, account: Account) -> None:
        """Adds an account, or replaces what a person may set; keys, passkeys and codes stay."""
        row = [part for pair in build_row(account).items() for part in pair]
        await self._store.call_all([
            ("HSET", f"account:{account.name}", *row),
            ("SADD", "accounts", account.name),
        ])  # fmt: skip

    async def find(self, name: str) -> Account | None:
        """The account of a name."""
        row, passkeys = await self._store.call_all([
            ("HGETALL", f"account:{name}"), ("SCARD", f"passkeys:{name}"),
        ])  # fmt: skip
        return _parse_row(name, {key.decode(): value.decode() for key, value in row.items()}, passkeys) if row else None

    async def list_all(self) -> Sequence[Account]:
        """Every account, by name."""
        names = sorted(name.decode() for name in await self._store.call("SMEMBERS", "accounts"))
        return [account for name in names if (account := await self.find(name))]

    async def set_language(self, name: str, language: str) -> None:
        """The console's language for this person."""
        await self._set(name, language=language)

    async def set_training(self, name: str, dates: Mapping[str, str]) -> None:
        """Courses and until when each is valid (ISO date); who may read follows at once (A7)."""
        await self._set(name, training=json.dumps(dict(dates)))
        await self.refresh_reader(name)

    async def set_open_cap(self, name: str, cap: int) -> None:
        """How many conversations this person holds at once at most (A5)."""
        await self._set(name, open_cap=str(cap))

    async def set_roles(self, name: str, roles: Sequence[str]) -> None:
        """What this person may do from now on; who may read follows at once."""
        await self._set(name, roles=json.dumps(list(roles)))
        await self.refresh_reader(name)

    async def refresh_reader(self, name: str) -> None:
        """Puts the person on the roster or takes them off: active, advocate, with a key, trained (P2, A7)."""
        account = await self.find(name)
        if account is not None and account.public is not None and self._is_reader(account):
            await self._store.call("HSET", "readers", name, account.public)
        else:
            await self._store.call("HDEL", "readers", name)

    def _is_reader(self, account: Account) -> bool:
        dates = {course: date.fromisoformat(until) for course, until in account.training.items()}
        trained = may_read(dates, self._required, self._now().date())
        return account.state == "active" and "advocate" in account.roles and trained

    async def _set(self, name: str, **fields: str) -> None:
        if await self._store.call("EXISTS", f"account:{name}"):
            await self._store.call("HSET", f"account:{name}", *(part for pair in fields.items() for part in pair))

    @property
    def _keys(self) -> Store:
        if self._memory is None:
            raise RuntimeError("this program was given no memory-only instance")
        return self._memory

    @property
    def _keyring(self) -> Keyring:
        if self._ring is None:
            raise RuntimeError("this program was given no staff key")
        return self._ring


def build_row(account: Account) -> dict[str, str]:
    """What ``put`` writes."""
    return {
        "alias": account.alias, "password": account.password_hash, "roles": json.dumps(account.roles),
        "language": account.language, "state": account.state, "salt": account.salt, "cost": str(account.cost),
        "training": json.dumps(dict(account.training)), "open_cap": str(account.open_cap),
    }  # fmt: skip


def _parse_row(name: str, row: Mapping[str, str], passkeys: Any) -> Account:
    return Account(
        name=name,
        alias=row["alias"],
        password_hash=row["password"],
        roles=tuple(json.loads(row["roles"])),
        language=row["language"],
        state=cast(State, row.get("state", "active")),
        salt=row.get("salt", ""),
        cost=int(row.get("cost", PASSWORD_COST)),
        training=json.loads(row.get("training", "{}")),
        open_cap=int(row.get("open_cap", OPEN_CAP)),
        has_totp="totp" in row,
        passkeys=int(passkeys),
        public=bytes.fromhex(row["public"]) if row.get("public") else None,
        recovery=row.get("recovery") == "1",
        revision=int(row.get("revision", 0)),
    )
