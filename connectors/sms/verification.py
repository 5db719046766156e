"""Twilio's signature over the URL that it called and the form that it sent (X1)."""

import base64
import hmac
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import urlparse

from twilio.request_validator import (  # type: ignore[import-untyped]
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    add_port,
    get_signature_algorithm,
    remove_port,
)

from connectors.contract import WebhookRequest
from connectors.errors import PayloadError
from connectors.sms.form import Form, form_of

_DIGESTS = {HMAC_SHA1: "sha1", HMAC_SHA256: "sha256"}
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
        fields = _run_together(form_of(request))
        signed = [(url + fields).encode() for url in _spell_ports(request.url)]
    except (PayloadError, ValueError):
        return False
    given = signature.encode("ascii")
    # All of them, always: the time taken must not tell which token matched.
    matches = [_is_of(token, text, algorithm, given) for token in tokens if token for text in signed]
    return any(matches)


def _run_together(form: Form) -> str:
    """What Twilio signs behind the URL: each name with each of its different values, all in order.

    Written once for every token and spelling; the library's own validator, which writes it anew for each, costs five
    times as much. A test holds the two beside each other.
    """
    parts: list[str] = []
    for name, values in sorted(form.items()):
        for value in sorted(set(values)) if len(values) > 1 else values:
            parts += (name, value)
    return "".join(parts)


def _spell_ports(url: str) -> tuple[str, str]:
    """The URL without its port and with it: Twilio signs either. Raises ValueError."""
    # A query is whatever somebody wrote: it is not kept.
    return _spell_ports_anew(url) if "?" in url else _spell_known_ports(url)


def _spell_ports_anew(url: str) -> tuple[str, str]:
    parsed = urlparse(url)
    return remove_port(parsed), add_port(parsed)


_spell_known_ports = lru_cache(maxsize=8)(_spell_ports_anew)


def _is_of(token: str, text: bytes, algorithm: str, given: bytes) -> bool:
    return hmac.compare_digest(base64.b64encode(hmac.digest(token.encode(), text, _DIGESTS[algorithm])), given)


def _find_algorithm(headers: Mapping[str, str]) -> str | None:
    # Asked before the validator, which would write a stranger's header into our log.
    algorithm = str(get_signature_algorithm(headers.get(SIGNATURE_SETTINGS_HEADER.lower(), ""))).upper()
    return algorithm if algorithm in {HMAC_SHA1, HMAC_SHA256} else None
