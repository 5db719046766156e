"""The only way in: ``POST /turn`` for whoever has the token, and ``GET /``, ``/healthz``, ``/readyz`` for health.

Everything that Rasa hides behind an empty 200 is an error here: 400 a body that is no turn · 403 wrong token ·
413 too long · 502 nothing to say, or a custom action failed · 503 no model, or about to be recycled · 504 too slow.
"""

import asyncio
import hmac
import inspect
import logging
import random
import uuid
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.domain import Domain
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.engine.answers import EmptyAnswerError, build_answer
from bot.engine.kept_session import close_session
from bot.engine.redaction import Event, describe_exception
from bot.engine.state import StateError, build_tracker, pack_state
from bot.engine.surroundings import check_token
from bot.engine.turn_requests import LARGEST_BODY, RequestError, TurnRequest, parse_turn
from bot.engine.turns import TurnTrackerStore, close_turn, open_turn
from bot.recycling import Recycling, build_recycling

TIMEOUT_SECONDS = 2.5
_LOOK_EVERY_SECONDS = 1.0

log = logging.getLogger("porchlight.engine")


def is_ready(app: Sanic) -> bool:
    """True if a model is loaded and our own store is in use; Rasa carries on without either, saying nothing."""
    agent = getattr(app.ctx, "agent", None)
    if agent is None or agent.processor is None:
        return False
    store = agent.tracker_store
    while hasattr(store, "_tracker_store"):
        store = store._tracker_store
    return isinstance(store, TurnTrackerStore)


def find_fault(app: Sanic, recycling: Recycling) -> str:
    """``model`` if none is loaded, ``recycling`` if the process is about to end; empty if it takes texts."""
    if not is_ready(app):
        return "model"
    return "recycling" if recycling.due else ""


def _refuse(status: int, error: str) -> HTTPResponse:
    log.error(Event(f"engine.turn.{error}", status=status))
    return response.json({"error": error}, status=status)


def find_said(asked: TurnRequest, domain: Domain) -> str:
    """What Rasa is to hear: the text, or the intent of a topic that the texter picked from a question.

    The choice is the worker's; a text of the texter's own never begins with a slash (K8).
    """
    return f"/{asked.choice}" if asked.choice in domain.intent_properties else asked.text


class TurnChannel(InputChannel):
    """Rasa as a function of state and text."""

    def __init__(self, token: str, timeout_seconds: float, recycling: Recycling) -> None:
        self._token = check_token("PORCHLIGHT_RASA_TOKEN", token).encode()
        self._timeout_seconds = timeout_seconds
        self._recycling = recycling

    @classmethod
    def name(cls) -> str:
        """The channel's name in trackers."""
        return "turn"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "TurnChannel":
        """From credentials.yml. Raises SettingsError if the token is short or missing."""
        given = credentials or {}
        spread = random.uniform(0.8, 1.0)  # noqa: S311 - keeps processes from ending together, guards nothing
        seconds = float(given.get("timeout_seconds", TIMEOUT_SECONDS))
        return cls(str(given.get("token") or ""), seconds, build_recycling(spread=spread))

    def blueprint(self, on_new_message: Any) -> Blueprint:
        """``/turn``, and what tells of its health."""
        routes = Blueprint("turn", inspect.getmodule(self).__name__)

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            ready = not find_fault(request.app, self._recycling)
            return response.json({"ready": ready}, status=200 if ready else 503)

        @routes.route("/healthz", methods=["GET"])
        async def alive(_request: Request) -> HTTPResponse:
            return response.text("alive\n")

        @routes.route("/readyz", methods=["GET"])
        async def readiness(request: Request) -> HTTPResponse:
            fault = find_fault(request.app, self._recycling)
            return response.text(f"{fault or 'ready'}\n", status=503 if fault else 200)

        @routes.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            if not self._is_allowed(request):
                return _refuse(403, "forbidden")
            if find_fault(request.app, self._recycling):
                return _refuse(503, "not_ready")
            self._recycling.begin()
            try:
                return await self._answer(request, on_new_message)
            finally:
                self._recycling.end()

        @routes.listener("after_server_start")
        async def watch(app: Sanic, _loop: Any) -> None:
            app.config.REQUEST_MAX_SIZE = LARGEST_BODY
            app.ctx.watch = asyncio.get_running_loop().create_task(self._end_when_due(app))

        @routes.listener("before_server_stop")
        async def stop_watching(app: Sanic, _loop: Any) -> None:
            app.ctx.watch.cancel()

        @routes.listener("after_server_stop")
        async def close_actions(app: Sanic, _loop: Any) -> None:
            # Not before: turns that are still being answered need it.
            await close_session(getattr(getattr(app.ctx, "agent", None), "action_endpoint", None))

        return routes

    def _is_allowed(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        return given.startswith("Bearer ") and hmac.compare_digest(given[7:].encode(), self._token)

    async def _end_when_due(self, app: Sanic) -> None:
        while not self._recycling.ready_to_end:
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
        log.warning(Event("engine.recycled"))
        app.stop()

    async def _answer(self, request: Request, on_new_message: Any) -> HTTPResponse:
        try:
            asked = parse_turn(request.body)
            return response.json(await self._run(asked, request.app.ctx.agent, on_new_message))
        except (RequestError, StateError):
            return _refuse(400, "bad_request")
        except TimeoutError:
            return _refuse(504, "timeout")
        except EmptyAnswerError:
            return _refuse(502, "nothing_said")
        except Exception as error:
            log.error(Event(f"engine.turn.failed ({describe_exception(error)})"))
            return response.json({"error": "failed"}, status=500)

    async def _run(self, asked: TurnRequest, agent: Any, on_new_message: Any) -> dict[str, Any]:
        own_id = uuid.uuid4().hex
        tracker = build_tracker(own_id, asked.state, asked.given, agent.domain)
        before = len(tracker.events)
        turn = open_turn(own_id, tracker)
        output = CollectingOutputChannel()
        message = UserMessage(find_said(asked, agent.domain), output, own_id, input_channel=self.name())
        try:
            await asyncio.wait_for(on_new_message(message), self._timeout_seconds)
            if turn.failed:
                raise EmptyAnswerError("a custom action failed")
            answer = build_answer(output.messages, turn.tracker.latest_message)
            return {"turn_id": asked.turn_id, **answer, "state": pack_state(turn.tracker, before, agent.domain)}
        finally:
            close_turn(own_id)
