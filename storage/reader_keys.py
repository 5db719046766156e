"""People's reader keys: the public half, and the private half behind locks that only they open (P2)."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal

from storage.account_rows import AccountRows

MOST_LOCKS = 12


type LockKind = Literal["password", "passkey", "recovery"]


@dataclass(frozen=True, slots=True)
class Lock:
    """The private key, wrapped in the browser. ``salt`` and ``wrapped`` are hex; a nonce begins ``wrapped``."""

    id: str
    kind: LockKind
    salt: str = field(repr=False)
    wrapped: str = field(repr=False)
    created_at: str = ""
    label: str = ""


class ReaderKeys(AccountRows):
    """Keeps what the browser made; nothing here opens a lock."""

    async def list_locks(self, name: str) -> Sequence[Lock]:
        """Every lock on this person's key."""
        row = await self._store.call("HGETALL", f"locks:{name}")
        return sorted((Lock(**json.loads(value)) for value in row.values()), key=lambda lock: lock.created_at)

    async def put_reader_key(self, name: str, public: bytes, locks: Sequence[Lock]) -> bool:
        """A person's first key; False if they have one already (another tab was faster), which stays.

        Raises ValueError for anything but 32 bytes, or no lock.
        """
        if len(public) != 32 or not locks:
            raise ValueError("a public key has 32 bytes and at least one lock")
        for lock in locks:
            await self._store.call("HSET", f"locks:{name}", lock.id, json.dumps(asdict(lock)))
        if not await self._store.call("HSETNX", f"account:{name}", "public", public.hex()):
            await self._store.call("HDEL", f"locks:{name}", *(lock.id for lock in locks))
            return False
        former = await self._store.call("HGET", f"account:{name}", "former")
        if former and former.decode() != public.hex():
            await self._drop_locks(name, "recovery", keep={lock.id for lock in locks})
        await self._store.call("HDEL", f"account:{name}", "former")
        await self._note_recovery(name)
        await self.refresh_reader(name)
        return True

    async def find_former_key(self, name: str) -> bytes | None:
        """The public key from before a reset, which the printed code still opens."""
        former = await self._store.call("HGET", f"account:{name}", "former")
        return bytes.fromhex(former.decode()) if former else None

    async def add_lock(self, name: str, lock: Lock) -> bool:
        """One more way to open the key; False beyond MOST_LOCKS. A new printed code or password ends the old one."""
        others = await self.list_locks(name)
        replaced = {one.id for one in others if one.kind == lock.kind and lock.kind != "passkey"}
        if len(others) - len(replaced) >= MOST_LOCKS:
            return False
        await self._store.call("HSET", f"locks:{name}", lock.id, json.dumps(asdict(lock)))
        if replaced:
            await self._store.call("HDEL", f"locks:{name}", *replaced)
        await self._note_recovery(name)
        return True

    async def drop_key(self, name: str, *, keep_recovery: bool) -> None:
        """Takes the key away, and the person off the roster; the printed code may keep its lock for coming back."""
        public = await self._store.call("HGET", f"account:{name}", "public")
        await self._store.call("HDEL", f"account:{name}", "public", "recovery")
        await self._store.call("HDEL", "readers", name)
        await self._drop_locks(name, "password")
        await self._drop_locks(name, "passkey")
        if not keep_recovery:
            await self._store.call("HDEL", f"account:{name}", "former")
            await self._drop_locks(name, "recovery")
        elif public:
            await self._store.call("HSET", f"account:{name}", "former", public)

    async def _drop_locks(self, name: str, kind: LockKind, keep: set[str] | None = None) -> None:
        for lock in await self.list_locks(name):
            if lock.kind == kind and lock.id not in (keep or set()):
                await self._store.call("HDEL", f"locks:{name}", lock.id)

    async def _note_recovery(self, name: str) -> None:
        printed = any(lock.kind == "recovery" for lock in await self.list_locks(name))
        await self._set(name, recovery="1" if printed else "")
