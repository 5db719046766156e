"""Reads posted forms: URL-encoded, small, and never quoted back."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

LARGEST_BYTES = 64 * 1024
LARGEST_LONG_BYTES = 200 * 1024
"""Of a form that holds whole records: the proxy lets little more through."""
MOST_FIELDS = 20


async def read_form(
    request: Request, most_fields: int = MOST_FIELDS, most_bytes: int = LARGEST_BYTES
) -> Mapping[str, str]:
    """The form's fields, the first of each name. Raises HTTPException 413 or 400, without its content."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise HTTPException(413)
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=most_fields, errors="strict")
    except ValueError:
        raise HTTPException(400) from None
    return dict(reversed(pairs))
