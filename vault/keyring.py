"""The server's long-lived keys: they wrap short-lived keys and seal staff fields, never a texter's words at rest."""

import hashlib
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vault.errors import SealBroken
from vault.purposes import Purpose

_VERSION = b"\x01"
_KEY_ID_BYTES = 4
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class ServerKey:
    """One 32-byte server secret and its four-byte id."""

    id: bytes
    secret: bytes = field(repr=False)

    def derive(self, purpose: Purpose) -> bytes:
        """The 32-byte key for one purpose (HKDF-SHA256, RFC 5869)."""
        return HKDF(SHA256(), 32, salt=None, info=b"porchlight/v1/" + purpose.encode()).derive(self.secret)


class Keyring:
    """Seals under the newest server key and opens under any that is still kept (rotation, P9).

    AES-256-GCM-SIV (RFC 8452): these keys live long, and a repeated nonce must not give anything away.
    A sealed value is version (1 byte), key id (4), nonce (12), ciphertext with tag.
    """

    def __init__(self, keys: Sequence[ServerKey]) -> None:
        if not keys:
            raise ValueError("a keyring needs at least one key")
        self._newest = keys[0]
        self._oldest = keys[-1]
        self._by_id = {key.id: key for key in keys}
        self._ciphers: dict[tuple[bytes, Purpose], AESGCMSIV] = {}
        self._mac_keys: dict[tuple[bytes, Purpose], bytes] = {}

    def seal(self, purpose: Purpose, plaintext: bytes, context: str) -> bytes:
        """Seals ``plaintext`` so that it opens for this purpose and context alone."""
        nonce = os.urandom(_NONCE_BYTES)
        cipher = self._cipher(self._newest, purpose)
        return _VERSION + self._newest.id + nonce + cipher.encrypt(nonce, plaintext, _bound(purpose, context))

    def open(self, purpose: Purpose, sealed: bytes, context: str) -> bytes:
        """The plaintext. Raises SealBroken for a wrong purpose, context or key, or a changed byte."""
        key_id = sealed[1 : 1 + _KEY_ID_BYTES]
        body = sealed[1 + _KEY_ID_BYTES :]
        key = self._by_id.get(key_id)
        if sealed[:1] != _VERSION or key is None or len(body) < _NONCE_BYTES:
            raise SealBroken(purpose)
        try:
            return self._cipher(key, purpose).decrypt(
                body[:_NONCE_BYTES], body[_NONCE_BYTES:], _bound(purpose, context)
            )
        except InvalidTag:
            raise SealBroken(purpose) from None

    def authenticate(self, purpose: Purpose, data: bytes) -> str:
        """HMAC-SHA256 of ``data`` under the newest key: the key's id and the MAC, 72 hex digits."""
        return self._newest.id.hex() + self._mac(self._newest, purpose, data)

    def is_authentic(self, purpose: Purpose, mac: str, data: bytes) -> bool:
        """True if ``authenticate`` made this MAC under a key that is still kept; constant time."""
        digits = 2 * _KEY_ID_BYTES
        key = next((key for key in self._by_id.values() if key.id.hex() == mac[:digits]), None)
        return key is not None and hmac.compare_digest(
            self._mac(key, purpose, data).encode(), mac[digits:].encode("utf-8", "surrogatepass")
        )

    def _mac(self, key: ServerKey, purpose: Purpose, data: bytes) -> str:
        derived = self._mac_keys.get((key.id, purpose))
        if derived is None:
            derived = self._mac_keys[key.id, purpose] = key.derive(purpose)
        return hmac.new(derived, data, hashlib.sha256).hexdigest()

    def digest(self, purpose: Purpose, message: bytes) -> bytes:
        """HMAC-SHA256 of a message, 32 bytes; under the oldest key, so that rotation does not change it."""
        return hmac.new(self._oldest.derive(purpose), message, hashlib.sha256).digest()

    def _cipher(self, key: ServerKey, purpose: Purpose) -> AESGCMSIV:
        found = self._ciphers.get((key.id, purpose))
        if found is None:
            found = self._ciphers[key.id, purpose] = AESGCMSIV(key.derive(purpose))
        return found


def _bound(purpose: Purpose, context: str) -> bytes:
    return f"{purpose}|{context}".encode()
