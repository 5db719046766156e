"""Passkeys by the WebAuthn standard: user verification always, kept on the device, asked for without a name (A6)."""

import hashlib
import json
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from console.ports import Account, Passkey

_VERIFIED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class Registered:
    """What a new passkey brought: its id (base64url), public key (COSE) and counter."""

    id: str
    public: bytes
    count: int


class PasskeyChecker:
    """Asks and checks for one host; a passkey made here is good nowhere else."""

    def __init__(self, host: str, origin: str, name: str) -> None:
        self._host = host
        self._origin = origin
        self._name = name

    def ask_new(self, account: Account, known: list[str]) -> tuple[str, str]:
        """Options (JSON) for the browser to make a passkey, and the challenge to remember; none twice on a device."""
        options = generate_registration_options(
            rp_id=self._host,
            rp_name=self._name,
            user_id=hashlib.sha256(f"porchlight passkey|{account.name}".encode()).digest(),
            user_name=account.name,
            user_display_name=account.alias,
            exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, require_resident_key=True, user_verification=_VERIFIED
            ),
        )
        return options_to_json(options), bytes_to_base64url(options.challenge)

    def check_new(self, credential: str, challenge: str) -> Registered | None:
        """The new passkey, or None if anything about it is not as it should be."""
        try:
            found = verify_registration_response(
                credential=credential,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self._host,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError):
            return None
        return Registered(bytes_to_base64url(found.credential_id), found.credential_public_key, found.sign_count)

    def ask_login(self) -> tuple[str, str]:
        """Options (JSON) for a login without a name, and the challenge to remember."""
        options = generate_authentication_options(rp_id=self._host, user_verification=_VERIFIED)
        return options_to_json(options), bytes_to_base64url(options.challenge)

    def check_login(self, credential: str, challenge: str, passkey: Passkey) -> int | None:
        """The new counter, or None: wrong signature, no verified user, a counter that went back (a copy)."""
        try:
            found = verify_authentication_response(
                credential=credential,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self._host,
                expected_origin=self._origin,
                credential_public_key=passkey.public,
                credential_current_sign_count=passkey.count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError):
            return None
        return found.new_sign_count


def read_passkey_id(credential: str) -> str:
    """The id that a browser's answer names; empty if it names none."""
    try:
        document = json.loads(credential)
    except ValueError:
        return ""
    found = document.get("id", "") if isinstance(document, dict) else ""
    return found if isinstance(found, str) and 0 < len(found) <= 1400 else ""


def build_passkey_checker(console_url: str, hotline_name: str) -> PasskeyChecker | None:
    """The checker for the console's host, or None for an IP address, where browsers refuse passkeys."""
    parts = urlsplit(console_url)
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return PasskeyChecker(host, f"{parts.scheme}://{parts.netloc}", hotline_name)
    return None
