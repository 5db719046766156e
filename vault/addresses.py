"""Keyed hashes: how an address or a provider's id is looked up without being stored (P4)."""

import hmac
from collections.abc import Callable, Sequence

from hotline.messages import Address, AddressHash, ChannelName, ExternalId


class AddressKeys:
    """The secrets for hashing addresses, newest first; old ones stay so that a STOP is never forgotten (P4).

    ``ids``: each secret's id, eight hex digits. ``look(at_once)`` gives secrets and ids anew if they changed where they
    are kept, else None; it is asked before each use.
    """

    def __init__(
        self,
        secrets: Sequence[bytes],
        ids: Sequence[str] = (),
        look: Callable[[bool], tuple[Sequence[bytes], Sequence[str]] | None] | None = None,
    ) -> None:
        self._secrets, self._ids = tuple(secrets), tuple(ids)
        self._look = look

    @property
    def secrets(self) -> tuple[bytes, ...]:
        """Every secret that is kept, newest first."""
        self._refresh()
        return self._secrets

    def pairs(self) -> tuple[tuple[bytes, str], ...]:
        """Every secret that is kept and its id, newest first; the id is empty where it has none."""
        self._refresh()
        return tuple(zip(self._secrets, self._ids or [""] * len(self._secrets), strict=True))

    def hash_address(self, channel: ChannelName, address: Address) -> AddressHash:
        """The address under the newest key: HMAC-SHA256, 32 hex digits."""
        self._refresh()
        return _hash(self._secrets[0], channel, address)

    def hash_address_under_all(
        self, channel: ChannelName, address: Address, known: str | None = None
    ) -> tuple[AddressHash, ...]:
        """The address under every key that is still kept, newest first.

        ``known`` is a hash of this address by another program: if none of our keys makes it, that program has a newer
        key, and we look for it before we give up.
        """
        self._refresh()
        found = self._hash_all(channel, address)
        if known is None or known in found:
            return found
        self._refresh(at_once=True)
        return self._hash_all(channel, address)

    def id_of(self, channel: ChannelName, address: Address, known: str) -> str:
        """The id of the key that makes this hash of this address; empty if none of ours does."""
        hashes = self.hash_address_under_all(channel, address, known)
        return dict(zip(hashes, self._ids, strict=False)).get(AddressHash(known), "")

    def hash_external_id(self, channel: ChannelName, external_id: ExternalId) -> str:
        """A provider's id, for a lane's name; under the oldest key, so that rotation does not change it."""
        self._refresh()
        return _digest(self._secrets[-1], "external-id", channel, external_id)

    def hash_external_id_under_all(self, channel: ChannelName, external_id: ExternalId) -> tuple[str, ...]:
        """A provider's id under every key, newest first: marks under all of them are found whichever key is known."""
        self._refresh()
        return tuple(_digest(secret, "external-id", channel, external_id) for secret in self._secrets)

    def _hash_all(self, channel: ChannelName, address: Address) -> tuple[AddressHash, ...]:
        return tuple(_hash(secret, channel, address) for secret in self._secrets)

    def _refresh(self, *, at_once: bool = False) -> None:
        found = self._look(at_once) if self._look else None
        if found:
            self._secrets, self._ids = tuple(found[0]), tuple(found[1])


def _hash(secret: bytes, channel: ChannelName, address: Address) -> AddressHash:
    return AddressHash(_digest(secret, "address", channel, address))


def _digest(secret: bytes, *parts: str) -> str:
    return hmac.digest(secret, "|".join(parts).encode(), "sha256").hex()[:32]
