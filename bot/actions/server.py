"""Serves the actions to Rasa alone: ``POST /webhook?token=...`` on loopback.

The SDK's own server has no token and echoes the whole tracker, words included, in its errors; this one says only that
it failed.
"""

import hmac
import json
import logging
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.recycling import Recycling

SHORTEST_TOKEN = 32
LARGEST_BODY = 400_000
"""Bytes: the longest text that the channel takes, several times over in one tracker."""

log = logging.getLogger("porchlight.actions")


class ActionsSettingsError(ValueError):
    """The action server cannot start; the message names the setting."""


def _fail(status: int, error: str) -> JSONResponse:
    return JSONResponse({"error": error}, status)


async def _read_call(request: Request) -> dict[str, Any] | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    try:
        call = json.loads(bytes(body))
    except (ValueError, RecursionError):
        return None
    return call if isinstance(call, dict) and isinstance(call.get("tracker"), dict) else None


async def _run(action: Action, call: Mapping[str, Any]) -> Response:
    dispatcher = CollectingDispatcher()
    try:
        tracker = Tracker.from_dict(call["tracker"])
        events = await action.run(dispatcher, tracker, call.get("domain") or {})
    except Exception as error:
        # The exception's message and frames may hold the tracker: its type is all that is told.
        log.error("action failed: %s", type(error).__name__)
        return _fail(500, "failed")
    return JSONResponse({"events": events or [], "responses": dispatcher.messages})


def build_application(actions: Mapping[str, Action], token: str, recycling: Recycling) -> Starlette:
    """The webhook, ``/healthz`` (alive) and ``/readyz`` (it has actions to run).

    Raises ActionsSettingsError without a token of 32 characters.
    """
    if len(token) < SHORTEST_TOKEN:
        raise ActionsSettingsError(f"PORCHLIGHT_ACTIONS_TOKEN must have at least {SHORTEST_TOKEN} characters")
    expected = token.encode()

    async def webhook(request: Request) -> Response:
        if not hmac.compare_digest(request.query_params.get("token", "").encode(), expected):
            return _fail(403, "forbidden")
        recycling.begin()
        try:
            call = await _read_call(request)
            if call is None:
                return _fail(422, "unreadable")
            action = actions.get(str(call.get("next_action")))
            return _fail(404, "no such action") if action is None else await _run(action, call)
        finally:
            recycling.end()

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def readyz(_request: Request) -> Response:
        return PlainTextResponse("ready\n") if actions else PlainTextResponse("actions\n", 503)

    return Starlette(
        routes=[
            Route("/webhook", webhook, methods=["POST"]),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
        ]
    )
