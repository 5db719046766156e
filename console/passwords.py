"""Passwords: Argon2id off the event loop, and the same time for a name that nobody has."""

import anyio
import anyio.to_thread
from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

LONGEST = 1024
"""Characters of a password that are looked at; longer ones are wrong."""


class PasswordChecker:
    """Checks passwords with RFC 9106's low-memory profile, two at a time (64 MiB each)."""

    def __init__(self, hasher: PasswordHasher | None = None, at_once: int = 2) -> None:
        """``hasher`` is for tests alone; programs keep the profile."""
        self._hasher = hasher or PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)
        self._nobody = self._hasher.hash("nobody has this password")
        self._limiter = anyio.CapacityLimiter(at_once)

    async def verify_password(self, password_hash: str | None, password: str) -> bool:
        """True if the password belongs to the hash. Without a hash it takes as long and is False."""
        expected = self._nobody if password_hash is None else password_hash
        matches = await anyio.to_thread.run_sync(self._matches, expected, password, limiter=self._limiter)
        return matches and password_hash is not None

    def _matches(self, expected: str, password: str) -> bool:
        try:
            return self._hasher.verify(expected, password[:LONGEST]) and len(password) <= LONGEST
        except (VerificationError, InvalidHashError):
            return False
