"""Claim, keep, give back, close: each is a command to the worker, whose answer decides (H1, H2, H6, H7)."""

from typing import Literal

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from console.access import access_conversation_by_id
from console.context import Visit
from console.guards import Guard, RouteRow
from console.ports import Command, StoreError
from hotline.messages import ConversationId


async def claim(visit: Visit) -> Response:
    """Takes a waiting conversation and opens its note; the list with a reason if somebody was faster."""
    conversation = ConversationId(visit.request.path_params["conversation"])
    answer = await _submit(visit, "claim", conversation)
    if answer == "done":
        return RedirectResponse(f"/conversations/{conversation}", 303)
    return RedirectResponse(f"/waiting?notice={answer}", 303)


async def release(visit: Visit) -> Response:
    """Gives the conversation back to the bot; the worker tells the texter (H7)."""
    return await _finish(visit, "release", "released")


async def close(visit: Visit) -> Response:
    """Ends the conversation; the worker erases its words."""
    return await _finish(visit, "close", "closed")


async def renew(visit: Visit) -> Response:
    """Keeps the lease while the page is open. Raises HTTPException 409 once it is lost."""
    conversation = ConversationId(visit.request.path_params["conversation"])
    if not await visit.console.desk.renew(conversation, visit.advocate.name):
        raise HTTPException(409)
    return Response(status_code=204)


async def _finish(visit: Visit, kind: Literal["release", "close"], notice: str) -> Response:
    listed = await access_conversation_by_id(visit)
    answer = await _submit(visit, kind, listed.id)
    return RedirectResponse(f"/waiting?notice={notice if answer == 'done' else answer}", 303)


async def _submit(visit: Visit, kind: Literal["claim", "release", "close"], conversation: ConversationId) -> str:
    try:
        return await visit.console.desk.submit(Command(kind, conversation, visit.advocate.name))
    except (TimeoutError, StoreError):
        return "slow"


ROWS: tuple[RouteRow, ...] = (
    ("/conversations/{conversation}/claim", claim, ("POST",), Guard("claim", trained=True)),
    ("/conversations/{conversation}/release", release, ("POST",), Guard("release")),
    ("/conversations/{conversation}/close", close, ("POST",), Guard("close")),
    ("/conversations/{conversation}/renew", renew, ("POST",), Guard("claim", passive=True)),
)
