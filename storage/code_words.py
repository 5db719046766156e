"""Code words that texters chose: the key is a slow hash of address and word, the value says which address key (C9)."""

from collections.abc import Iterable

from storage.commit import Writes
from storage.connection import Store
from storage.keyspace import CODE_WORD_SECONDS


class CodeWords:
    """Looks code words up; keeping one is part of a turn's commit."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def is_known(self, hashes: Iterable[str]) -> bool:
        """True if one of the hashes was kept. Raises StoreError."""
        return bool(await self._store.call("EXISTS", *map(_key, hashes)))


def keep_code_word(writes: Writes, hashed: str, key_id: str = "") -> None:
    """Keeps a chosen word for 90 days, or for 90 days more, and the id of the address key, which must stay."""
    writes.add("SET", _key(hashed), key_id or "1", "EX", CODE_WORD_SECONDS)


def _key(hashed: str) -> str:
    return f"code-word:{hashed}"
