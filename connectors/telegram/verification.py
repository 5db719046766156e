"""Telegram's secret header (X2)."""

import hmac
import re
from collections.abc import Mapping

SECRET_HEADER = "x-telegram-bot-api-secret-token"

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def verify_secret(headers: Mapping[str, str], secret: str) -> bool:
    """True if the request carries the secret given to ``setWebhook``, compared in constant time; never raises (X2).

    An empty secret matches nothing.
    """
    given = headers.get(SECRET_HEADER, "").encode("utf-8", "backslashreplace")
    return bool(secret) and hmac.compare_digest(given, secret.encode("utf-8", "backslashreplace"))


def is_secret(secret: str) -> bool:
    """True if Telegram would take this as a ``secret_token``: 1-256 of A-Z, a-z, 0-9, ``_`` and ``-``."""
    return _SECRET.fullmatch(secret) is not None
