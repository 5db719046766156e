"""Seals a conversation's lines to its epoch, and the epoch to the people who may read (P2, P3); HPKE, RFC 9180."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from vault.errors import SealBroken
from vault.purposes import Purpose

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
FINGERPRINT_BYTES = 8
"""Begins every wrap: whose key it was made for, so that a wrap for a lost key is not taken for a good one."""


@dataclass(frozen=True, slots=True)
class LinePlace:
    """Where a line stands: all of it is bound into the seal, so that a line opens nowhere else."""

    conversation: str
    epoch: str
    who: str
    at: str
    number: str

    def info(self) -> bytes:
        """HPKE's ``info``; no part but the last may hold a bar, and none does."""
        parts = ("porchlight/v1/window", self.conversation, self.epoch, self.who, self.at, self.number)
        return "|".join(parts).encode()


@dataclass(frozen=True, slots=True)
class ReaderPrivateKey:
    """A private half, 32 raw bytes: an epoch's while it is being wrapped, or a reader's in tests and drills."""

    raw: bytes = field(repr=False)

    @classmethod
    def create(cls) -> "ReaderPrivateKey":
        """A new random key."""
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    def public(self) -> bytes:
        """The public half, 32 raw bytes."""
        return X25519PrivateKey.from_private_bytes(self.raw).public_key().public_bytes_raw()


def seal_line(public: bytes, place: LinePlace, text: str) -> bytes:
    """One line to the epoch's public key: encapsulated key (32 bytes) and ciphertext with tag."""
    return _seal(public, place.info(), text.encode())


def open_line(private: ReaderPrivateKey, place: LinePlace, sealed: bytes) -> str:
    """The words. Raises SealBroken for another epoch, another place or a changed byte."""
    return _open(private, place.info(), sealed).decode()


def wrap_epoch(private: ReaderPrivateKey, reader: bytes, conversation: str, epoch: str, name: str) -> bytes:
    """An epoch's private half for one reader: fingerprint of the reader's key (8 bytes), then the sealed 32 bytes."""
    return key_fingerprint(reader) + _seal(reader, _wrap_info(conversation, epoch, name), private.raw)


def open_wrap(reader: ReaderPrivateKey, conversation: str, epoch: str, name: str, wrap: bytes) -> ReaderPrivateKey:
    """What ``wrap_epoch`` wrapped. Raises SealBroken for another reader, epoch or conversation."""
    return ReaderPrivateKey(_open(reader, _wrap_info(conversation, epoch, name), wrap[FINGERPRINT_BYTES:]))


def key_fingerprint(public: bytes) -> bytes:
    """Tells keys apart; it hides nothing and proves nothing."""
    return hashlib.sha256(public).digest()[:FINGERPRINT_BYTES]


def roster_digest(readers: Mapping[str, bytes]) -> str:
    """Changes whenever anybody comes, goes or takes another key; 32 hex digits."""
    digest = hashlib.sha256()
    for name, public in sorted(readers.items()):
        digest.update(len(name.encode()).to_bytes(4) + name.encode() + public)
    return digest.hexdigest()[:32]


def _wrap_info(conversation: str, epoch: str, name: str) -> bytes:
    return f"porchlight/v1/wrap|{conversation}|{epoch}|{name}".encode()


def _seal(public: bytes, info: bytes, plain: bytes) -> bytes:
    return bytes(_SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(public), info=info))


def _open(private: ReaderPrivateKey, info: bytes, sealed: bytes) -> bytes:
    try:
        return bytes(_SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(private.raw), info=info))
    except (InvalidTag, ValueError):
        raise SealBroken(Purpose.WINDOW) from None
