"""A store in memory: the few commands that staff need, with expiry by a clock that tests move.

Held against a real one by tests/storage (contacts, shifts) and by test_contract.py (accounts).
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from datetime import datetime
from typing import Any

from storage.account_rows import utc_now


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


class MemoryStore:
    """What ``storage.connection.Store`` promises, for one event loop. An unknown command fails the test."""

    def __init__(self, now: Callable[[], datetime] = utc_now) -> None:
        self._now = now
        self._rows: dict[str, Any] = {}
        self._ends: dict[str, float] = {}

    async def call(self, *parts: object) -> Any:
        await asyncio.sleep(0)  # as with a server: others come in between
        return self.apply(*parts)

    async def call_all(self, commands: Iterable[Sequence[object]]) -> list[Any]:
        await asyncio.sleep(0)
        return [self.apply(*command) for command in commands]

    def apply(self, *parts: object) -> Any:
        """One command, at once."""
        name, key, *rest = parts
        self._drop_old()
        answer = getattr(self, f"_{str(name).lower()}")(str(key), *rest)
        if self._rows.get(str(key)) in ({}, set()):
            self._del(str(key))
        return answer

    def keys(self, prefix: str) -> list[str]:
        self._drop_old()
        return [key for key in self._rows if key.startswith(prefix)]

    def entries(self, queue: str) -> list[dict[str, str]]:
        """Everything in the partitions of a stream, decoded."""
        found = [entry for key in self.keys(f"{queue}:") for entry in self._rows[key]]
        return [{name.decode(): value.decode() for name, value in entry.items()} for entry in found]

    def _drop_old(self) -> None:
        at = self._now().timestamp()
        for key in [key for key, end in self._ends.items() if end <= at]:
            self._del(key)

    def _get(self, key: str) -> bytes | None:
        return self._rows.get(key)

    def _set(self, key: str, value: object, *options: object) -> str | None:
        if "NX" in options and key in self._rows:
            return None
        self._del(key)
        self._rows[key] = _bytes(value)
        if "EX" in options:
            self._expire(key, options[options.index("EX") + 1])
        return "OK"

    def _getdel(self, key: str) -> bytes | None:
        value = self._rows.get(key)
        self._del(key)
        return value

    def _del(self, *keys: object) -> int:
        for key in keys:
            self._ends.pop(str(key), None)
        return sum(self._rows.pop(str(key), None) is not None for key in keys)

    def _exists(self, key: str) -> int:
        return int(key in self._rows)

    def _expire(self, key: str, seconds: Any) -> int:
        if key not in self._rows:
            return 0
        self._ends[key] = self._now().timestamp() + int(seconds)
        return 1

    def _incr(self, key: str) -> int:
        self._rows[key] = str(int(self._rows.get(key, 0)) + 1).encode()
        return int(self._rows[key])

    def _hset(self, key: str, *pairs: object) -> int:
        row = self._rows.setdefault(key, {})
        row.update({_bytes(name): _bytes(value) for name, value in zip(pairs[::2], pairs[1::2], strict=True)})
        return len(pairs) // 2

    def _hsetnx(self, key: str, name: object, value: object) -> int:
        return 0 if _bytes(name) in self._rows.get(key, {}) else self._hset(key, name, value)

    def _hget(self, key: str, name: object) -> bytes | None:
        return self._rows.get(key, {}).get(_bytes(name))

    def _hgetall(self, key: str) -> dict[bytes, bytes]:
        return dict(self._rows.get(key, {}))

    def _hkeys(self, key: str) -> list[bytes]:
        return list(self._hgetall(key))

    def _hdel(self, key: str, *names: object) -> int:
        return sum(self._rows.get(key, {}).pop(_bytes(name), None) is not None for name in names)

    def _hincrby(self, key: str, name: object, by: int) -> int:
        value = int(self._hget(key, name) or 0) + by
        self._hset(key, name, value)
        return value

    def _sadd(self, key: str, *members: object) -> int:
        self._rows.setdefault(key, set()).update(map(_bytes, members))
        return len(members)

    def _srem(self, key: str, *members: object) -> int:
        found = self._rows.get(key, set()) & set(map(_bytes, members))
        self._rows.get(key, set()).difference_update(found)
        return len(found)

    def _smembers(self, key: str) -> set[bytes]:
        return set(self._rows.get(key, set()))

    def _sismember(self, key: str, member: object) -> int:
        return int(_bytes(member) in self._rows.get(key, set()))

    def _scard(self, key: str) -> int:
        return len(self._rows.get(key, set()))

    def _xadd(self, key: str, _id: object, *pairs: object) -> bytes:
        stream = self._rows.setdefault(key, [])
        stream.append({_bytes(name): _bytes(value) for name, value in zip(pairs[::2], pairs[1::2], strict=True)})
        return f"{len(stream)}-0".encode()


class Prefixed(MutableMapping[str, Any]):
    """The rows of one kind, so that a test can look at them, or take them all away."""

    def __init__(self, store: MemoryStore, prefix: str) -> None:
        self._store, self._prefix = store, prefix

    def __getitem__(self, key: str) -> Any:
        return self._store._rows[self._prefix + key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._store._rows[self._prefix + key] = value

    def __delitem__(self, key: str) -> None:
        self._store.apply("DEL", self._prefix + key)

    def __iter__(self) -> Iterator[str]:
        return iter([key.removeprefix(self._prefix) for key in self._store.keys(self._prefix)])

    def __len__(self) -> int:
        return len(self._store.keys(self._prefix))
