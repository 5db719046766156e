"""Requests that end without an answer: the provider's connection closed under the caller, or held until it gives up."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

TRANSPORT = "phone.transport"


class DroppableProtocol(HttpToolsProtocol):
    """uvicorn's protocol that also hands each request its connection."""

    def on_message_begin(self) -> None:
        """Puts the transport into the new request's scope."""
        super().on_message_begin()
        scope: dict[str, Any] = self.scope  # type: ignore[assignment]
        scope["extensions"] = {TRANSPORT: {"transport": self.transport}}


async def drop(request: Request) -> Response:
    """Closes the connection before a byte of the answer; the response that comes back is never sent."""
    connection: dict[str, Any] = request.scope.get("extensions", {}).get(TRANSPORT, {})
    transport = connection.get("transport")
    if transport is None:
        raise RuntimeError("faults that drop a connection need phone.connections.DroppableProtocol")
    transport.abort()
    await asyncio.sleep(0)
    return Response(status_code=500)


async def hold(request: Request, seconds: float) -> Response:
    """Answers nothing for ``seconds`` or until the caller goes, then closes the connection."""
    waiting = asyncio.create_task(_wait_until_gone(request))
    await asyncio.wait({waiting}, timeout=seconds)
    waiting.cancel()
    return await drop(request)


async def _wait_until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
