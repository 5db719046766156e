"""Code words that texters chose: the key is a slow hash of address and word, and there is nothing else (C9)."""

from collections.abc import Sequence

from storage.commit import Writes
from storage.connection import Store
from storage.keyspace import CODE_WORD_SECONDS


class CodeWords:
    """Looks code words up; keeping one is part of a turn's commit."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def is_known(self, hashes: Sequence[str]) -> bool:
        """True if one of the hashes was kept. Raises StoreError."""
        return bool(await self._store.call("EXISTS", *map(_key, hashes)))


def keep_code_word(writes: Writes, hashed: str) -> None:
    """Keeps a chosen word for 90 days, or for 90 days more."""
    writes.add("SET", _key(hashed), "1", "EX", CODE_WORD_SECONDS)


def _key(hashed: str) -> str:
    return f"code-word:{hashed}"
