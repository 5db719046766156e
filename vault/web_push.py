"""VAPID (RFC 8292): signs that a push comes from us. The only import of py_vapid."""

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from vault.errors import KeyFileError

_LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class VapidKey:
    """Our key for push services: P-256, the private half as 32 bytes in URL-safe base64."""

    private: str = field(repr=False)

    @classmethod
    def create(cls) -> "VapidKey":
        """A new random key."""
        secret = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        return cls(_spell(secret.to_bytes(32, "big")))

    @property
    def public(self) -> str:
        """The public half as browsers take it: an uncompressed point in URL-safe base64. Raises KeyFileError."""
        return _spell(self._load().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def sign(self, endpoint: str, subject: str, now: datetime) -> str:
        """The Authorization header for one push: good for its service alone, for an hour. Raises KeyFileError.

        ``subject`` is where the push service may write to us: ``https://host`` or ``mailto:``.
        """
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int((now + _LASTS).timestamp()),
            "sub": subject,
        }
        return str(self._load().sign(claims)["Authorization"])

    def _load(self) -> Vapid02:
        try:
            # The library takes any number as a key; a cut one would be a key that anybody can guess.
            if len(base64.urlsafe_b64decode(self.private + "=" * (-len(self.private) % 4))) != 32:
                raise ValueError("not 32 bytes")
            return Vapid02.from_raw(self.private.encode())
        except (ValueError, TypeError):
            raise KeyFileError("VAPID_PRIVATE_KEY is damaged; make a new one with: porchlight keys vapid") from None


def _spell(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
