"""A password's lock on a reader key, as browsers build it: for the practice advocate alone, whose key is made at start.

Everybody else's key is made in their own browser and never opened here (P2).
"""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.readers import ReaderPrivateKey

_NONCE_BYTES = 12


def build_password_lock(wrapping_key: bytes, private: ReaderPrivateKey) -> bytes:
    """Nonce (12 bytes) and the private half under AES-256-GCM, bound to the kind of lock and the public half."""
    nonce = os.urandom(_NONCE_BYTES)
    context = f"porchlight/v1/lock|password|{private.public().hex()}".encode()
    return nonce + AESGCM(wrapping_key).encrypt(nonce, private.raw, context)
