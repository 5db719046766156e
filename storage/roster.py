"""The roster: whose public keys a conversation's words are sealed to (P2)."""

from collections.abc import Mapping

from storage.connection import Store

ROSTER = "readers"


class Roster:
    """Account names and their public keys (X25519, 32 raw bytes). Whoever stands here reads what comes from now on."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def read(self) -> Mapping[str, bytes]:
        """Every reader's public key by account name."""
        row = await self._store.call("HGETALL", ROSTER)
        return {name.decode(): bytes(public) for name, public in row.items()}

    async def put(self, name: str, public: bytes) -> None:
        """Adds a reader or replaces their key. Raises ValueError for anything but 32 bytes."""
        if len(public) != 32:
            raise ValueError("a public key has 32 bytes")
        await self._store.call("HSET", ROSTER, name, public)

    async def remove(self, name: str) -> None:
        """From the next message on nothing is sealed to this reader any more."""
        await self._store.call("HDEL", ROSTER, name)
