"""Login proofs: Argon2id off the event loop, and the same time for a name that nobody has.

The browser makes a proof of the password with scrypt; the password itself never comes here.
"""

import re

import anyio
import anyio.to_thread
from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

_PROOF = re.compile(r"[0-9a-f]{64}")


def is_proof(text: str) -> bool:
    """True for 32 bytes in hex, as the browser makes them."""
    return _PROOF.fullmatch(text) is not None


class PasswordChecker:
    """Checks proofs with RFC 9106's low-memory profile, two at a time (64 MiB each)."""

    def __init__(self, hasher: PasswordHasher | None = None, at_once: int = 2) -> None:
        """``hasher`` is for tests alone; programs keep the profile."""
        self._hasher = hasher or PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)
        self._nobody = self._hasher.hash("nobody has this password")
        self._limiter = anyio.CapacityLimiter(at_once)

    async def verify_proof(self, password_hash: str | None, proof: str) -> bool:
        """True if the proof belongs to the hash. Without a hash it takes as long and is False."""
        expected = password_hash or self._nobody
        matches = await anyio.to_thread.run_sync(self._matches, expected, proof[:64], limiter=self._limiter)
        return matches and bool(password_hash) and is_proof(proof)

    async def hash_proof(self, proof: str) -> str:
        """The Argon2id hash to keep of a new proof."""
        return await anyio.to_thread.run_sync(self._hasher.hash, proof, limiter=self._limiter)

    def _matches(self, expected: str, proof: str) -> bool:
        try:
            return self._hasher.verify(expected, proof)
        except (VerificationError, InvalidHashError):
            return False
