"""The inbox's key pair: the internet-facing program seals to it and can open nothing (architecture §2)."""

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from vault.errors import SealBroken
from vault.purposes import Purpose

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_INFO = b"porchlight/v1/" + Purpose.INBOX.encode()
EPOCH_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class InboxPublicKey:
    """The half that seals. ``epoch`` names the key pair: sixteen hex digits."""

    epoch: str
    raw: bytes

    def seal(self, plaintext: bytes, context: str) -> bytes:
        """Seals for the worker alone (HPKE base mode, RFC 9180): epoch, encapsulated key, ciphertext."""
        key = X25519PublicKey.from_public_bytes(self.raw)
        return self.epoch.encode() + bytes(_SUITE.encrypt(plaintext, key, info=_INFO + b"|" + context.encode()))


@dataclass(frozen=True, slots=True)
class InboxPrivateKey:
    """The half that opens; kept wrapped in the memory-only instance (P3)."""

    epoch: str
    raw: bytes = field(repr=False)
    _key: X25519PrivateKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Takes the key in once; every text that comes is opened with it."""
        object.__setattr__(self, "_key", X25519PrivateKey.from_private_bytes(self.raw))

    @classmethod
    def create(cls, epoch: str) -> "InboxPrivateKey":
        """A new random key pair."""
        return cls(epoch, X25519PrivateKey.generate().private_bytes_raw())

    def public(self) -> InboxPublicKey:
        """The half that may be handed out."""
        return InboxPublicKey(self.epoch, self._key.public_key().public_bytes_raw())

    def open(self, sealed: bytes, context: str) -> bytes:
        """The plaintext. Raises SealBroken for another key pair, another context or a changed byte."""
        try:
            return bytes(_SUITE.decrypt(sealed[EPOCH_CHARACTERS:], self._key, info=_INFO + b"|" + context.encode()))
        except (InvalidTag, ValueError):
            raise SealBroken(Purpose.INBOX) from None


def epoch_of(sealed: bytes) -> str:
    """The name of the key pair that a sealed inbox value needs."""
    return sealed[:EPOCH_CHARACTERS].decode("ascii", "replace")
