"""Codes of an app (TOTP, RFC 6238): one step early or late is right, and each is right once (A6)."""

import hmac
import io
from datetime import datetime

import pyotp
import segno

from console.ports import Accounts

STEP_SECONDS = 30


def create_secret() -> str:
    """A new random secret, base32."""
    return pyotp.random_base32()


def find_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, one step around now, or None; every step is compared."""
    totp = pyotp.TOTP(secret)
    current = int(now.timestamp()) // STEP_SECONDS
    digits = "".join(code.split()).encode("utf-8", "surrogatepass")
    found = None
    for step in (current - 1, current, current + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), digits):
            found = step
    return found


async def verify_code(accounts: Accounts, name: str, code: str, now: datetime) -> bool:
    """True if this is the person's code of now and nobody has used it."""
    secret = await accounts.find_totp(name)
    step = find_step(secret, code, now) if secret else None
    return step is not None and await accounts.claim_code(name, step)


def draw_secret(secret: str, name: str, hotline_name: str) -> str:
    """The secret for an app's camera, as SVG without style attributes; black on white in dark mode too."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=hotline_name)
    drawn = io.BytesIO()
    segno.make(uri, error="m").save(
        drawn, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False, svgns=False, nl=False
    )
    return drawn.getvalue().decode()
