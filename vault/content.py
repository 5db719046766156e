"""Content keys: one random key per conversation; deleting it is what erases the words (P3)."""

import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.errors import SealBroken
from vault.purposes import Purpose

_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class ContentKey:
    """A conversation's key. Seals with AES-256-GCM; purpose and conversation are bound in as associated data."""

    conversation: str
    secret: bytes = field(repr=False)

    @classmethod
    def create(cls, conversation: str) -> "ContentKey":
        """A new random key for a conversation."""
        return cls(conversation, AESGCM.generate_key(256))

    def seal(self, purpose: Purpose, plaintext: bytes) -> bytes:
        """Nonce (12 bytes) and ciphertext with tag."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self.secret).encrypt(nonce, plaintext, self._bound(purpose))

    def open(self, purpose: Purpose, sealed: bytes) -> bytes:
        """The plaintext. Raises SealBroken for another purpose, another conversation or a changed byte."""
        try:
            return AESGCM(self.secret).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self._bound(purpose))
        except (InvalidTag, ValueError):
            raise SealBroken(purpose) from None

    def _bound(self, purpose: Purpose) -> bytes:
        return f"porchlight/v1|{purpose}|{self.conversation}".encode()
