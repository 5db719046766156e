"""A store in memory for the commands that the calendar and people's ways need; held against a real one by tests."""

import time
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from console.paging import PagingDesk
from storage.contacts import StoreContacts
from storage.page_links import PageLinks
from storage.page_queue import PageQueue
from storage.shifts import StoreShifts
from vault.keyring import Keyring, ServerKey

STAFF_KEYRING = Keyring([ServerKey(b"staf", bytes(range(32)))])
PUSH_KEY = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"


class MiniStore:
    """Strings, hashes, sets and streams, with expiry."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self._until: dict[str, float] = {}

    async def call_all(self, commands: Iterable[Sequence[Any]]) -> list[Any]:
        return [await self.call(*command) for command in commands]

    async def call(self, name: str, key: str, *parts: Any) -> Any:
        if self._until.get(key, time.monotonic() + 1) <= time.monotonic():
            self.values.pop(key, None)
            self._until.pop(key)
        answer = getattr(self, f"_{name.lower()}")(key, *(_bytes(part) for part in parts))
        if self.values.get(key) in ({}, set()):
            del self.values[key]
        return answer

    def _get(self, key: str) -> bytes | None:
        return self.values.get(key)

    def _set(self, key: str, value: bytes, *expiry: bytes) -> bytes:
        self.values[key] = value
        if expiry:
            self._until[key] = time.monotonic() + float(expiry[1])
        return b"OK"

    def _incr(self, key: str) -> int:
        self.values[key] = _bytes(int(self.values.get(key, b"0")) + 1)
        return int(self.values[key])

    def _expire(self, key: str, seconds: bytes) -> int:
        self._until[key] = time.monotonic() + float(seconds)
        return int(key in self.values)

    def _del(self, key: str, *others: bytes) -> int:
        return sum(self.values.pop(one, None) is not None for one in (key, *(other.decode() for other in others)))

    def _exists(self, key: str) -> int:
        return int(key in self.values)

    def _hset(self, key: str, *flat: bytes) -> int:
        self.values.setdefault(key, {}).update(dict(zip(flat[::2], flat[1::2], strict=True)))
        return len(flat) // 2

    def _hdel(self, key: str, *fields: bytes) -> int:
        return sum(self.values.get(key, {}).pop(field, None) is not None for field in fields)

    def _hgetall(self, key: str) -> dict[bytes, bytes]:
        return dict(self.values.get(key, {}))

    def _sadd(self, key: str, *members: bytes) -> int:
        self.values.setdefault(key, set()).update(members)
        return len(members)

    def _srem(self, key: str, *members: bytes) -> int:
        self.values.get(key, set()).difference_update(members)
        return len(members)

    def _smembers(self, key: str) -> set[bytes]:
        return set(self.values.get(key, set()))

    def _xadd(self, key: str, _id: bytes, *flat: bytes) -> bytes:
        self.values.setdefault(key, []).append(dict(zip(flat[::2], flat[1::2], strict=True)))
        return f"{len(self.values[key])}-0".encode()

    def entries(self, queue: str) -> list[dict[str, str]]:
        """Everything in the partitions of a stream, decoded."""
        found = [entry for key, entries in self.values.items() if key.startswith(f"{queue}:") for entry in entries]
        return [{name.decode(): value.decode() for name, value in entry.items()} for entry in found]


def build_paging(store: MiniStore, **changes: Any) -> PagingDesk:
    """The paging parts of a console over this store."""
    return PagingDesk(
        **{
            "contacts": StoreContacts(store, STAFF_KEYRING),  # type: ignore[arg-type]
            "shifts": StoreShifts(store),  # type: ignore[arg-type]
            "queue": PageQueue(store),  # type: ignore[arg-type]
            "links": PageLinks(store),  # type: ignore[arg-type]
            "zone": ZoneInfo("America/Los_Angeles"),
            "push_key": PUSH_KEY,
            "bot_name": "practice_line_bot",
            "practice": True,
        }
        | changes
    )


def _bytes(part: Any) -> bytes:
    return part if isinstance(part, bytes) else str(part).encode()
