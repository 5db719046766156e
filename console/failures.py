"""What a failed request gets: a plain page, or one line for an open page, never a word of what was sent."""

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.pages import Pages
from console.ports import StoreError

LOG = logging.getLogger("porchlight.console")
SPOKEN = (400, 401, 403, 404, 405, 409, 413, 429, 500, 503)


def build_failure(pages: Pages, request: Request, status: int) -> Response:
    """The answer for a status. An open page shows it in its notice line and keeps everything else."""
    wanted = getattr(request.state, "language", None) or request.headers.get("accept-language", "")
    language = pages.pick_language(wanted)
    key = f"s{status if status in SPOKEN else (500 if status >= 500 else 400)}"
    if "hx-request" in request.headers:
        answer: HTMLResponse = pages.respond("parts/notice.html", language, status, key=key)
        answer.headers.update({"HX-Retarget": "#notice", "HX-Reswap": "innerHTML"})
        return answer
    return pages.respond("failure.html", language, status, key=key)


class Failures:
    """Turns exceptions into plain answers and logs the kind of error alone (P6)."""

    def __init__(self, app: ASGIApp, *, pages: Pages) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI call."""
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            status = self._status(error)
            if status >= 500:
                LOG.error("console_failed", extra={"error_type": type(error).__name__})
            if scope["type"] == "http" and not started:
                await build_failure(self._pages, Request(scope), status)(scope, receive, send)

    def _status(self, error: Exception) -> int:
        if isinstance(error, HTTPException):
            return error.status_code
        return 503 if isinstance(error, TimeoutError | ConnectionError | StoreError) else 500
