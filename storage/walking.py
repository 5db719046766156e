"""Walks whole instances, for commands of the operator: never in the path of a message."""

from collections.abc import AsyncIterator, Collection, Iterable

from storage.connection import Store
from storage.data_map import find_stored
from storage.stored import Stored

_AT_ONCE = 1000


async def walk(store: Store) -> AsyncIterator[list[str]]:
    """Every key's name, some at a time; a name may come twice. Raises StoreError."""
    cursor = 0
    while True:
        cursor, names = await store.call("SCAN", cursor, "COUNT", _AT_ONCE)
        if names:
            yield [name.decode("utf-8", "replace") for name in names]
        if int(cursor) == 0:
            return


async def find_names(store: Store, instance: str, rows: Collection[Stored]) -> dict[str, list[str]]:
    """Names of all keys of these rows of the data map, by the row's pattern."""
    found: dict[str, set[str]] = {row.pattern: set() for row in rows}
    async for names in walk(store):
        for name in names:
            row = find_stored(instance, name)
            if row is not None and row.pattern in found:
                found[row.pattern].add(name)
    return {pattern: sorted(names) for pattern, names in found.items()}


def in_chunks(names: Iterable[str], size: int = 500) -> Iterable[list[str]]:
    """The same names, so many at a time."""
    chunk: list[str] = []
    for name in names:
        chunk.append(name)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
