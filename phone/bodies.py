"""Bodies of requests: forms and JSON, as small clients and the providers' own libraries write them."""

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from phone.errors import PracticeError

WORDS = frozenset({"text", "caption"})
"""Fields that are somebody's words, even when they look like JSON."""


async def read_form(request: Request) -> dict[str, str]:
    """A urlencoded body as name → last value; blank values stay."""
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))


async def read_json(request: Request) -> dict[str, Any]:
    """A JSON object. Raises PracticeError."""
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise PracticeError("the body must be a JSON object")
    return body


async def read_fields(request: Request) -> dict[str, Any]:
    """Fields of a Bot API call from query, JSON or form; JSON in forms is opened. Raises PracticeError."""
    fields: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return fields | await read_json(request)
    if kind.startswith("multipart/form-data"):
        async with request.form() as form:
            return fields | {name: _open(name, value) for name, value in form.items() if isinstance(value, str)}
    return fields | {name: _open(name, value) for name, value in (await read_form(request)).items()}


def _open(name: str, value: str) -> Any:
    if name not in WORDS and (value[:1] in {"[", "{"} or value in {"true", "false"}):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
