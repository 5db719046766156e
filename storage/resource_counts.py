"""Counts about places: given in a referral and agreed or not, or flagged with a reason code; never by whom or for whom.

O4 (counts without content), A2 (flag a resource).
"""

from collections.abc import Mapping
from datetime import date

from storage.connection import Store
from storage.keyspace import REFERRAL_SECONDS

_FLAGS = "flags"


class StoreResourceCounts:
    """Referrals by day and flags, as numbers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def record_referral(self, resource: str, agreed: bool, day: date) -> None:
        """One more referral of this place on that day, agreed to or not."""
        key = f"referrals:{day.isoformat()}"
        await self._store.call("HINCRBY", key, f"{resource}|{'agreed' if agreed else 'not_now'}", 1)
        await self._store.call("EXPIRE", key, REFERRAL_SECONDS)

    async def read_referrals(self, day: date) -> Mapping[tuple[str, bool], int]:
        """How often each place was agreed to (True) or not (False) on a day."""
        row = await self._store.call("HGETALL", f"referrals:{day.isoformat()}")
        return {(name, how == "agreed"): count for (name, how), count in _split(row).items()}

    async def flag(self, resource: str, reason: str) -> None:
        """One more flag with this reason."""
        await self._store.call("HINCRBY", _FLAGS, f"{resource}|{reason}", 1)

    async def read_flags(self) -> Mapping[tuple[str, str], int]:
        """How often each place was flagged for each reason."""
        return _split(await self._store.call("HGETALL", _FLAGS))

    async def clear_flags(self, resource: str) -> None:
        """Forgets a place's flags once somebody has looked into them."""
        fields = [f"{name}|{reason}" for name, reason in await self.read_flags() if name == resource]
        if fields:
            await self._store.call("HDEL", _FLAGS, *fields)


def _split(row: Mapping[bytes, bytes]) -> Mapping[tuple[str, str], int]:
    parts = {field.decode().rpartition("|"): int(count) for field, count in row.items()}
    return {(name, code): count for (name, _, code), count in parts.items()}
