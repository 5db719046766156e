"""Webhooks exactly as Twilio posts them: sorted fields signed with the account's token (Twilio "Webhooks security")."""

import secrets
from collections.abc import Mapping
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from phone.deliveries import Post

Fields = Mapping[str, str | list[str]]


class RepeatedFields(dict[str, list[str]]):
    """Fields as the validator of Twilio's library reads repeated ones."""

    def getall(self, name: str) -> list[str]:
        """Every value of a field."""
        return self[name]


class Signer:
    """Signs form posts with one auth token."""

    def __init__(self, auth_token: str) -> None:
        self._validator = RequestValidator(auth_token)

    def sign(self, url: str, fields: Fields) -> Post:
        """The post for ``url`` (signed without its fragment); a list repeats its field."""
        listed = RepeatedFields((name, value if isinstance(value, list) else [value]) for name, value in fields.items())
        signature: str = self._validator.compute_signature(url.partition("#")[0], listed)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "X-Twilio-Signature": signature,
            "I-Twilio-Idempotency-Token": secrets.token_hex(16),
        }
        return Post(headers, urlencode(listed, doseq=True).encode())
