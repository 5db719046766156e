"""What a provider sends, read with bounds before anybody has checked who sent it (X1)."""

from collections.abc import Iterable, Mapping

from starlette.requests import Request

MOST_BYTES = 256 * 1024
"""The largest body that is read; no provider's is a tenth of it."""

_MOST_DIGITS = 12


def is_too_long(headers: Mapping[str, str]) -> bool:
    """True if the request says itself that its body is larger than any provider's. The server checks its digits."""
    length = headers.get("content-length", "0")
    return len(length) > _MOST_DIGITS or (length.isdecimal() and int(length) > MOST_BYTES)


def read_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """By lower-case name; of one that came several times its first."""
    found: dict[str, str] = {}
    for name, value in headers:
        found.setdefault(name.decode("latin-1"), value.decode("latin-1"))
    return found


async def read_body(request: Request) -> bytes | None:
    """The body, or None if it is larger than any provider's or does not come."""
    parts, size = [], 0
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)
