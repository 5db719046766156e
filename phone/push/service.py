"""The push service: takes pushes for any subscription, checks who sent them, and notes what it saw."""

import asyncio
import json
import re
import time
from collections import deque
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from phone.connections import drop, hold
from phone.push.signatures import is_signed, read_base64
from phone.world import World

CHANNEL = "push"
LARGEST_BODY = 4096
LONGEST_TOKEN_SECONDS = 24 * 3600
REMEMBERED = 10_000
_AUTHORIZATION = re.compile(r"vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), ?k=([\w-]+)", re.IGNORECASE)
_TOPIC = re.compile(r"[\w-]{1,32}")


class PushService:
    """One push service for every invented browser; a subscription is any word in the path."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._pushes: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)

    def build_routes(self) -> list[Route]:
        """The service itself."""
        return [Route("/{subscription}", self.take_push, methods=["POST"])]

    def build_practice_routes(self) -> list[Route]:
        """What tests look at: ``GET /practice/pushes?subscription=``, method, headers and length of each push."""
        return [Route("/pushes", self.list_pushes, methods=["GET"])]

    async def take_push(self, request: Request) -> Response:
        """201, or what RFC 8030 and 8292 say of a push that is not right, or a planned fault."""
        subscription = request.path_params["subscription"]
        body = await request.body()
        problem = await self._find_problem(request, body)
        self._pushes.append(
            {
                "subscription": subscription,
                "method": request.method,
                "headers": dict(request.headers),
                "length": len(body),
                "status": problem or 201,
                "at_monotonic": time.monotonic(),
            }
        )
        if problem:
            self._world.receipts.add(CHANNEL, "send", str(problem), subscription)
            return Response(status_code=problem)
        fault = self._world.take_fault(CHANNEL, "send", subscription)
        if fault:
            return await self._fail(request, fault.kind, fault.seconds)
        self._world.receipts.add(CHANNEL, "send", "accepted", subscription)
        return Response(status_code=201, headers={"Location": f"{request.url}/m", "TTL": request.headers["ttl"]})

    async def list_pushes(self, request: Request) -> Response:
        """Every push to a subscription, refused ones too, the oldest first."""
        wanted = request.query_params.get("subscription")
        return JSONResponse({"pushes": [one for one in self._pushes if wanted in {None, one["subscription"]}]})

    async def _fail(self, request: Request, kind: str, seconds: float) -> Response:
        if kind == "timeout":
            return await hold(request, seconds)
        if kind == "drop":
            return await drop(request)
        headers = {"Retry-After": str(int(seconds))} if kind == "429" else {}
        return Response(status_code=int(kind), headers=headers)

    async def _find_problem(self, request: Request, body: bytes) -> int | None:
        """The status for a push that no service would take."""
        if not request.headers.get("ttl", "").isdecimal():
            return 400
        if not _TOPIC.fullmatch(request.headers.get("topic", "none")):
            return 400
        if len(body) > LARGEST_BODY:
            return 413
        if body and request.headers.get("content-encoding") != "aes128gcm":
            return 400
        origin = f"{request.url.scheme}://{request.url.netloc}"
        # Checking a signature takes some milliseconds here; others are served meanwhile.
        known = self._world.settings.push_key
        return await asyncio.to_thread(find_refusal, request.headers.get("authorization", ""), origin, known)


def find_refusal(authorization: str, origin: str, known_key: str) -> int | None:
    """401 for no or a broken token, 403 for one that is not ours, or not for here (RFC 8292, 4.2)."""
    found = _AUTHORIZATION.fullmatch(authorization)
    if not found:
        return 401
    head, claims, signature, key = found.groups()
    try:
        token = json.loads(read_base64(claims))
        algorithm = json.loads(read_base64(head))["alg"]
        good = is_signed(f"{head}.{claims}".encode(), read_base64(signature), read_base64(key))
        left = float(token["exp"]) - time.time()
        subject = str(token.get("sub", "mailto:"))
    except (ValueError, KeyError, TypeError):
        return 401
    if algorithm != "ES256" or not good or not subject.startswith(("mailto:", "https:")):
        return 403
    in_time = 0 < left <= LONGEST_TOKEN_SECONDS
    return None if token.get("aud") == origin and in_time and key == (known_key or key) else 403
