"""Keyed hashes: how an address or a provider's id is looked up without being stored (P4)."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

from hotline.messages import Address, AddressHash, ChannelName, ExternalId


@dataclass(frozen=True, slots=True)
class AddressKeys:
    """The secrets for hashing addresses, newest first; old ones stay so that a STOP is never forgotten (P4)."""

    secrets: Sequence[bytes] = field(repr=False)

    def hash_address(self, channel: ChannelName, address: Address) -> AddressHash:
        """The address under the newest key: HMAC-SHA256, 32 hex digits."""
        return _hash(self.secrets[0], channel, address)

    def hash_address_under_all(self, channel: ChannelName, address: Address) -> tuple[AddressHash, ...]:
        """The address under every key that is still kept, newest first."""
        return tuple(_hash(secret, channel, address) for secret in self.secrets)

    def hash_external_id(self, channel: ChannelName, external_id: ExternalId) -> str:
        """A provider's id, for telling a repeated delivery (X4); under the oldest key, so rotation forgets none."""
        return _digest(self.secrets[-1], "external-id", channel, external_id)


def _hash(secret: bytes, channel: ChannelName, address: Address) -> AddressHash:
    return AddressHash(_digest(secret, "address", channel, address))


def _digest(secret: bytes, *parts: str) -> str:
    return hmac.new(secret, "|".join(parts).encode(), hashlib.sha256).hexdigest()[:32]
