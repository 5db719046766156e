"""The server's long-lived keys: they wrap short-lived keys and seal staff fields, never a texter's words at rest."""

import hashlib
import hmac
import os
from collections.abc import Callable, Sequence
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
    ``look(at_once)`` gives the keys anew if they changed where they are kept, else None: it is asked before each use,
    and at once for a value under a key that is not known, so that programs may take a new key up in any order.
    """

    def __init__(
        self, keys: Sequence[ServerKey], look: Callable[[bool], Sequence[ServerKey] | None] | None = None
    ) -> None:
        self._look = look
        self._take(keys)

    def _take(self, keys: Sequence[ServerKey]) -> None:
        if not keys:
            raise ValueError("a keyring needs at least one key")
        self._newest = keys[0]
        self._oldest = keys[-1]
        self._by_id = {key.id: key for key in keys}
        self._ciphers: dict[tuple[bytes, Purpose], AESGCMSIV] = {}
        self._mac_keys: dict[tuple[bytes, Purpose], bytes] = {}

    def _refresh(self, *, at_once: bool = False) -> None:
        keys = self._look(at_once) if self._look else None
        if keys:
            self._take(keys)

    def _find(self, key_id: bytes) -> ServerKey | None:
        self._refresh()
        if key_id not in self._by_id:
            self._refresh(at_once=True)
        return self._by_id.get(key_id)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all keys that are kept, newest first; eight hex digits each."""
        self._refresh()
        return tuple(key_id.hex() for key_id in self._by_id)

    def seal(self, purpose: Purpose, plaintext: bytes, context: str) -> bytes:
        """Seals ``plaintext`` so that it opens for this purpose and context alone."""
        self._refresh()
        nonce = os.urandom(_NONCE_BYTES)
        cipher = self._cipher(self._newest, purpose)
        return _VERSION + self._newest.id + nonce + cipher.encrypt(nonce, plaintext, _bound(purpose, context))

    def open(self, purpose: Purpose, sealed: bytes, context: str) -> bytes:
        """The plaintext. Raises SealBroken for a wrong purpose, context or key, or a changed byte."""
        key_id = sealed[1 : 1 + _KEY_ID_BYTES]
        body = sealed[1 + _KEY_ID_BYTES :]
        key = self._find(key_id)
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
        self._refresh()
        return self._newest.id.hex() + self._mac(self._newest, purpose, data)

    def is_authentic(self, purpose: Purpose, mac: str, data: bytes) -> bool:
        """True if ``authenticate`` made this MAC under a key that is still kept; constant time."""
        digits = 2 * _KEY_ID_BYTES
        key = self._find(_key_id(mac))
        return key is not None and hmac.compare_digest(
            self._mac(key, purpose, data).encode(), mac[digits:].encode("utf-8", "surrogatepass")
        )

    def rank(self, mac: str) -> int | None:
        """How old the key is that made this MAC: 0 is the newest; None for one that is not kept."""
        found = self._find(_key_id(mac))
        return list(self._by_id).index(found.id) if found else None

    def _mac(self, key: ServerKey, purpose: Purpose, data: bytes) -> str:
        derived = self._mac_keys.get((key.id, purpose))
        if derived is None:
            derived = self._mac_keys[key.id, purpose] = key.derive(purpose)
        return hmac.new(derived, data, hashlib.sha256).hexdigest()

    def digest(self, purpose: Purpose, message: bytes) -> bytes:
        """HMAC-SHA256 of a message, 32 bytes; under the oldest key, so that rotation does not change it."""
        self._refresh()
        return hmac.new(self._oldest.derive(purpose), message, hashlib.sha256).digest()

    def _cipher(self, key: ServerKey, purpose: Purpose) -> AESGCMSIV:
        found = self._ciphers.get((key.id, purpose))
        if found is None:
            found = self._ciphers[key.id, purpose] = AESGCMSIV(key.derive(purpose))
        return found


def key_id_of(sealed: bytes) -> str:
    """The id of the key that a value was sealed under, eight hex digits; empty for what was not sealed so."""
    return sealed[1 : 1 + _KEY_ID_BYTES].hex() if sealed[:1] == _VERSION else ""


def _key_id(mac: str) -> bytes:
    try:
        return bytes.fromhex(mac[: 2 * _KEY_ID_BYTES])
    except ValueError:
        return b""


def _bound(purpose: Purpose, context: str) -> bytes:
    return f"{purpose}|{context}".encode()
