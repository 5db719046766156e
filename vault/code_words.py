"""A code word as it is looked up: a slow hash of address and word that says nothing of either (C9)."""

import hashlib
import hmac

from hotline.messages import Address, ChannelName
from vault.addresses import AddressKeys

_COST = 1 << 14
"""scrypt's N: 16 MiB and some 50 ms for each guess on one quiet core (RFC 7914)."""
_MOST_MEMORY = 32 * 1024 * 1024


def hash_code_word(keys: AddressKeys, channel: ChannelName, address: Address, word: str) -> dict[str, str]:
    """64 hex digits under every address key that is kept, newest first, to the key's id; as slow for any word.

    The salt is made from the address under the address key, so that nobody who has the store alone can try words, and
    nobody who has the key too can see without trying words whether an address has one.
    """
    return {_hash(secret, channel, address, word): key_id for secret, key_id in keys.pairs()}


def _hash(secret: bytes, channel: ChannelName, address: Address, word: str) -> str:
    salt = hmac.new(secret, "|".join(("code-word", channel, address)).encode(), hashlib.sha256).digest()
    return hashlib.scrypt(word.encode(), salt=salt, n=_COST, r=8, p=1, maxmem=_MOST_MEMORY, dklen=32).hex()
