"""Checks a signature over P-256 (ES256, RFC 7518): verifying only, so nothing here is secret.

The phone's own arithmetic, so that it can disagree with the hotline's library (FIPS 186-5, 6.4.2).
"""

import base64
import binascii
import hashlib

_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_BASE = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)

Point = tuple[int, int] | None


def read_base64(text: str) -> bytes:
    """URL-safe base64 without padding. Raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None


def is_signed(message: bytes, signature: bytes, public: bytes) -> bool:
    """True if ``signature`` (r and s, 32 bytes each) over the message is the key's, an uncompressed point."""
    key = _read_point(public)
    if key is None or len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < _ORDER and 0 < s < _ORDER):
        return False
    digest = int.from_bytes(hashlib.sha256(message).digest(), "big")
    inverse = pow(s, -1, _ORDER)
    sum_ = _add(_multiply(_BASE, digest * inverse % _ORDER), _multiply(key, r * inverse % _ORDER))
    return sum_ is not None and sum_[0] % _ORDER == r


def _read_point(public: bytes) -> Point:
    if len(public) != 65 or public[0] != 4:
        return None
    x, y = int.from_bytes(public[1:33], "big"), int.from_bytes(public[33:], "big")
    return (x, y) if x < _P and y < _P and (y * y - x * x * x + 3 * x - _B) % _P == 0 else None


def _add(one: Point, other: Point) -> Point:
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % _P == 0:
        return None
    rise, run = (3 * x1 * x1 - 3, 2 * y1) if one == other else (y2 - y1, x2 - x1)
    slope = rise * pow(run, -1, _P)
    x = (slope * slope - x1 - x2) % _P
    return x, (slope * (x1 - x) - y1) % _P


def _multiply(point: Point, times: int) -> Point:
    result: Point = None
    while times:
        if times & 1:
            result = _add(result, point)
        point = _add(point, point)
        times >>= 1
    return result
