"""HTTP basic authentication as Twilio asks for it: the account's id and its token."""

import base64
import binascii
import hmac

from starlette.requests import Request

from phone.settings import Settings


def is_authenticated(request: Request, settings: Settings) -> bool:
    """True if the header holds the account's id and token and the path names the same account; never raises."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        given = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return False
    expected = f"{settings.account_sid}:{settings.auth_token}".encode()
    same_account = request.path_params["account"] == settings.account_sid
    return scheme.lower() == "basic" and hmac.compare_digest(given, expected) and same_account
