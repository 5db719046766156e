"""Walks whole instances, for commands of the operator: never in the path of a message."""

from collections.abc import Collection, Iterable

from storage.connection import Store
from storage.data_map import find_stored
from storage.stored import Stored


async def find_names(store: Store, instance: str, rows: Collection[Stored]) -> dict[str, list[str]]:
    """Names of all keys of these rows of the data map, by the row's pattern. Raises StoreError."""
    found: dict[str, set[str]] = {row.pattern: set() for row in rows}
    async for names in store.walk():
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
