"""Claim, keep, give back, close: each is a command to the worker, whose answer decides (H1, H2, H6, H7)."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from console.access import access_conversation_by_id
from console.context import Visit
from console.guards import Guard, RouteRow
from console.ports import Command, StoreError
from console.routes.passing import is_full
from hotline.messages import ConversationId
from hotline.outcomes import HARD_OUTCOMES, OUTCOMES
from hotline.screening.result import Level
from storage.desk import Action


async def claim(visit: Visit) -> Response:
    """Takes a waiting conversation and opens its note; the list with a reason if somebody was faster."""
    conversation = ConversationId(visit.request.path_params["conversation"])
    if await is_full(visit):
        return RedirectResponse("/waiting?notice=full", 303)
    answer = await _submit(visit, "claim", conversation)
    if answer == "done":
        return RedirectResponse(f"/conversations/{conversation}", 303)
    return RedirectResponse(f"/waiting?notice={answer}", 303)


async def release(visit: Visit) -> Response:
    """Gives the conversation back to the bot; the worker tells the texter (H7)."""
    listed = await access_conversation_by_id(visit)
    answer = await _submit(visit, "release", listed.id)
    return RedirectResponse(f"/waiting?notice={'released' if answer == 'done' else answer}", 303)


async def close(visit: Visit) -> Response:
    """Ends the conversation with an outcome code and erases its words; after a hard one, a quiet minute (A5)."""
    outcome = visit.form.get("outcome", "other")
    if outcome not in OUTCOMES:
        raise HTTPException(400)
    listed = await access_conversation_by_id(visit)
    answer = await _submit(visit, "close", listed.id, outcome)
    hard = outcome in HARD_OUTCOMES or listed.level is Level.IMMINENT
    if answer == "done" and hard:
        return RedirectResponse("/debrief", 303)
    return RedirectResponse(f"/waiting?notice={'closed' if answer == 'done' else answer}", 303)


async def renew(visit: Visit) -> Response:
    """Keeps the lease while the page is open. Raises HTTPException 409 once it is lost."""
    conversation = ConversationId(visit.request.path_params["conversation"])
    if not await visit.console.desk.renew(conversation, visit.advocate.name):
        raise HTTPException(409)
    return Response(status_code=204)


async def _submit(visit: Visit, kind: Action, conversation: ConversationId, detail: str = "") -> str:
    try:
        return await visit.console.desk.submit(Command(kind, conversation, visit.advocate.name, detail=detail))
    except (TimeoutError, StoreError):
        return "slow"


ROWS: tuple[RouteRow, ...] = (
    ("/conversations/{conversation}/claim", claim, ("POST",), Guard("claim", trained=True)),
    ("/conversations/{conversation}/release", release, ("POST",), Guard("release")),
    ("/conversations/{conversation}/close", close, ("POST",), Guard("close")),
    ("/conversations/{conversation}/renew", renew, ("POST",), Guard("claim", passive=True)),
)
