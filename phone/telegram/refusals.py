"""The Bot API's errors in its own shape (ok, error_code, description, parameters)."""

from typing import Any

from starlette.responses import JSONResponse

BLOCKED = (403, "Forbidden: bot was blocked by the user")
UNAUTHORIZED = (401, "Unauthorized")
NO_SUCH_METHOD = (404, "Not Found: method not found")
TEXT_EMPTY = (400, "Bad Request: message text is empty")
TEXT_LONG = (400, "Bad Request: message is too long")
CHAT_EMPTY = (400, "Bad Request: chat_id is empty")
CANNOT_DELETE = (400, "Bad Request: message can't be deleted for everyone")
NOTHING_TO_DELETE = (400, "Bad Request: message to delete not found")
TOO_MANY_IDS = (400, "Bad Request: too many message identifiers specified")
BAD_IDS = (400, "Bad Request: message identifiers are not specified")
BAD_WEBHOOK = (400, "Bad Request: bad webhook: an HTTPS URL must be provided for webhook")
BAD_SECRET = (400, "Bad Request: secret token contains unallowed characters")
SERVER_ERROR = (500, "Internal Server Error")
UNAVAILABLE = (503, "Service Unavailable")
FAULTS = {"500": SERVER_ERROR, "503": UNAVAILABLE, "blocked": BLOCKED}


def refuse(reason: tuple[int, str]) -> JSONResponse:
    """The answer for one of the reasons above."""
    status, description = reason
    return JSONResponse({"ok": False, "error_code": status, "description": description}, status)


def refuse_flood(seconds: float) -> JSONResponse:
    """429 with ``retry_after``, whole seconds as the Bot API gives them."""
    wait = max(1, round(seconds))
    body: dict[str, Any] = {"ok": False, "error_code": 429, "description": f"Too Many Requests: retry after {wait}"}
    return JSONResponse(body | {"parameters": {"retry_after": wait}}, 429, headers={"Retry-After": str(wait)})
