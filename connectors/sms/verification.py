"""Twilio's signature over the URL that it called and the form that it sent (X1)."""

import re
from collections.abc import Mapping, Sequence

from twilio.request_validator import (  # type: ignore[import-untyped]
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from connectors.contract import WebhookRequest
from connectors.errors import PayloadError
from connectors.sms.form import form_of

_SIGNATURES = {HMAC_SHA1: re.compile(r"[A-Za-z0-9+/]{27}="), HMAC_SHA256: re.compile(r"[A-Za-z0-9+/]{43}=")}


def has_signature(headers: Mapping[str, str]) -> bool:
    """True if there is a base64 digest of the length that Twilio's algorithm makes; says nothing of who made it."""
    algorithm = _find_algorithm(headers)
    signature = headers.get(SIGNATURE_HEADER.lower(), "")
    return algorithm is not None and _SIGNATURES[algorithm].fullmatch(signature) is not None


def verify_signature(request: WebhookRequest, tokens: Sequence[str]) -> bool:
    """True if Twilio signed this request with one of ``tokens``; never raises (X1).

    Auth tokens in rotation and SharedKey secrets (HMAC-SHA256) are tried alike; an empty token matches nothing.
    """
    signature = request.headers.get(SIGNATURE_HEADER.lower(), "")
    algorithm = _find_algorithm(request.headers)
    if algorithm is None or not has_signature(request.headers):
        return False
    try:
        form = form_of(request)
        # All of them, always: the time taken must not tell which token matched.
        matches = [RequestValidator(t).validate(request.url, form, signature, algorithm) for t in tokens if t]
    except (PayloadError, ValueError):
        return False
    return any(matches)


def _find_algorithm(headers: Mapping[str, str]) -> str | None:
    # Asked before the validator, which would write a stranger's header into our log.
    algorithm = str(get_signature_algorithm(headers.get(SIGNATURE_SETTINGS_HEADER.lower(), ""))).upper()
    return algorithm if algorithm in {HMAC_SHA1, HMAC_SHA256} else None
