"""Webhooks as Twilio posts them: form fields, signed with the account's token (Twilio, "Webhooks security")."""

import secrets
from collections.abc import Mapping
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]


class Signer:
    """Signs form posts with one auth token; without a token it signs nothing."""

    def __init__(self, auth_token: str) -> None:
        self._validator = RequestValidator(auth_token) if auth_token else None

    def sign(self, url: str, fields: Mapping[str, str]) -> tuple[dict[str, str], bytes]:
        """Headers and body of the post that calls ``url``."""
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "User-Agent": "TwilioProxy/1.1"}
        if self._validator:
            headers["X-Twilio-Signature"] = self._validator.compute_signature(url, fields)
        return headers, urlencode(fields).encode()


def build_text(account_sid: str, sender: str, number: str, text: str) -> dict[str, str]:
    """The fields of one incoming text, blank ones included."""
    sid = "SM" + secrets.token_hex(16)
    return {
        "ToCountry": "US", "ToState": "NV", "SmsMessageSid": sid, "NumMedia": "0", "ToCity": "", "FromZip": "",
        "SmsSid": sid, "FromState": "", "SmsStatus": "received", "FromCity": "", "Body": text, "FromCountry": "US",
        "To": number, "ToZip": "", "NumSegments": "1", "MessageSid": sid, "AccountSid": account_sid, "From": sender,
        "ApiVersion": "2010-04-01",
    }  # fmt: skip


def build_status(account_sid: str, sid: str, recipient: str, number: str, status: str) -> dict[str, str]:
    """The fields of one status callback."""
    return {
        "SmsSid": sid, "SmsStatus": status, "MessageStatus": status, "To": recipient, "MessageSid": sid,
        "AccountSid": account_sid, "From": number, "ApiVersion": "2010-04-01",
    }  # fmt: skip
