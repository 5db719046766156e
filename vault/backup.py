"""A backup's seal: to a public key whose private half lies elsewhere; in pieces, so that none may be lost or moved.

A file is a magic line, a header line, the sealed file key (HPKE, RFC 9180), and pieces: length (4 bytes), then the
piece under AES-256-GCM. The piece's number is its nonce and its place is bound in, with a mark on the last one, so that
a file that was cut, stitched or reordered does not open.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from vault.errors import BackupBroken

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_MAGIC = b"porchlight-backup-1\n"
_PUBLIC, _PRIVATE = "plb-public-", "plb-private-"
_LONGEST_PIECE = 1 << 20
_LONGEST_HEADER = 4096


@dataclass(frozen=True, slots=True)
class BackupKey:
    """Opens backups; never kept on the machine that makes them. ``raw``: 32 bytes."""

    raw: bytes = field(repr=False)

    @classmethod
    def create(cls) -> "BackupKey":
        """A new random key."""
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> "BackupKey":
        """The key that ``spell`` wrote down. Raises ValueError."""
        return cls(_read(text, _PRIVATE))

    def spell(self) -> str:
        """The private half as one writes it down."""
        return _PRIVATE + base64.urlsafe_b64encode(self.raw).decode().rstrip("=")

    def spell_public(self) -> str:
        """The public half, for the settings: it opens nothing."""
        raw = X25519PrivateKey.from_private_bytes(self.raw).public_key().public_bytes_raw()
        return _PUBLIC + base64.urlsafe_b64encode(raw).decode().rstrip("=")


class BackupWriter:
    """Seals pieces (each at most 1 MiB) in their order; ``header`` stands in the open and is bound in.

    Raises ValueError for a key that is none, or a line break in the header. Without ``finish`` the file does not open.
    """

    def __init__(self, file: BinaryIO, public: str, header: bytes) -> None:
        if b"\n" in header or len(header) > _LONGEST_HEADER:
            raise ValueError("a backup's header is one line")
        secret = AESGCM.generate_key(256)
        head = _MAGIC + header + b"\n"
        recipient = X25519PublicKey.from_public_bytes(_read(public, _PUBLIC))
        wrapped = bytes(_SUITE.encrypt(secret, recipient, info=head))
        self._file, self._cipher, self._number = file, AESGCM(secret), 0
        file.write(head + len(wrapped).to_bytes(4) + wrapped)

    def write(self, piece: bytes) -> None:
        """Seals one more piece."""
        self._seal(piece, last=False)

    def finish(self, piece: bytes) -> None:
        """Seals the last piece."""
        self._seal(piece, last=True)

    def _seal(self, piece: bytes, *, last: bool) -> None:
        if len(piece) > _LONGEST_PIECE:
            raise ValueError("a piece of a backup has a mebibyte at most")
        sealed = self._cipher.encrypt(_nonce(self._number, last=last), piece, None)
        self._number += 1
        self._file.write(len(sealed).to_bytes(4) + sealed)


def read_header(file: BinaryIO) -> bytes:
    """What stands in the open; not yet checked. Raises BackupBroken for a file that is no backup."""
    if file.read(len(_MAGIC)) != _MAGIC:
        raise BackupBroken("this is no backup of Porchlight")
    line = file.readline(_LONGEST_HEADER + 1)
    if not line.endswith(b"\n"):
        raise BackupBroken("the backup is cut off")
    return line[:-1]


def read_backup(file: BinaryIO, key: BackupKey) -> Iterator[bytes]:
    """The pieces, in order. Raises BackupBroken for another key, a changed byte, and an end that is missing."""
    head = _MAGIC + read_header(file) + b"\n"
    try:
        wrapped = _read_sized(file)
        secret = bytes(_SUITE.decrypt(wrapped, X25519PrivateKey.from_private_bytes(key.raw), info=head))
    except (InvalidTag, ValueError):
        raise BackupBroken("the backup was made for another key, or was changed") from None
    cipher, number = AESGCM(secret), 0
    while True:
        sealed = _read_sized(file)
        try:
            last, piece = _open_piece(cipher, number, sealed)
        except InvalidTag:
            raise BackupBroken("the backup was changed") from None
        yield piece
        if last:
            break
        number += 1
    if file.read(1):
        raise BackupBroken("something was added to the backup")


def _open_piece(cipher: AESGCM, number: int, sealed: bytes) -> tuple[bool, bytes]:
    try:
        return False, cipher.decrypt(_nonce(number, last=False), sealed, None)
    except InvalidTag:
        return True, cipher.decrypt(_nonce(number, last=True), sealed, None)


def _nonce(number: int, *, last: bool) -> bytes:
    # The key is new with every file, so that counting is enough (as STREAM does); the last piece has its own nonce.
    return number.to_bytes(11) + bytes([last])


def _read_sized(file: BinaryIO) -> bytes:
    size = int.from_bytes(file.read(4))
    if size > _LONGEST_PIECE + 64:
        raise BackupBroken("the backup was changed")
    sealed = file.read(size)
    if not size or len(sealed) != size:
        raise BackupBroken("the backup is cut off")
    return sealed


def _read(text: str, beginning: str) -> bytes:
    spelled = text.strip().removeprefix(beginning)
    try:
        raw = base64.urlsafe_b64decode(spelled + "=" * (-len(spelled) % 4))
    except ValueError:
        raw = b""
    if not text.strip().startswith(beginning) or len(raw) != 32:
        raise ValueError(f"a backup's key begins with {beginning} and has 43 characters more")
    return raw
