"""Passing a conversation on: to a colleague or back to waiting, with a second advocate, held, blocked (A2, A4, R8).

Each is a command to the worker, whose answer decides.
"""

from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from console.access import access_conversation_by_id
from console.beside_page import list_colleagues
from console.context import Visit
from console.guards import Guard, RouteRow
from console.ports import Command, Listed, StoreError
from hotline.messages import ConversationId
from storage.desk import Action


async def transfer(visit: Visit) -> Response:
    """Offers the conversation to a colleague (``to``), or puts it back in waiting if ``to`` is empty."""
    listed = await _access_as_holder(visit)
    name = await _pick_colleague(visit, "to", may_be_empty=True)
    answer = await _submit(visit, "transfer", listed.id, name)
    if answer != "done":
        return _back(listed.id, answer)
    return RedirectResponse(f"/waiting?notice={'transfer_asked' if name else 'put_back'}", 303)


async def pair(visit: Visit) -> Response:
    """Brings in a second advocate (``to``), who reads and writes too."""
    listed = await _access_as_holder(visit)
    name = await _pick_colleague(visit, "to", may_be_empty=False)
    return _back(listed.id, await _submit(visit, "pair", listed.id, name), "paired")


async def unpair(visit: Visit) -> Response:
    """The second advocate leaves the conversation, by their own word or the holder's."""
    conversation = ConversationId(visit.request.path_params["conversation"])
    listed = await visit.console.desk.find(conversation)
    me = visit.advocate.name
    if listed is None or me not in {listed.advocate, listed.partner}:
        raise HTTPException(404)
    answer = await _submit(visit, "unpair", listed.id)
    if listed.advocate != me:
        return RedirectResponse(f"/waiting?notice={'unpaired' if answer == 'done' else answer}", 303)
    return _back(listed.id, answer, "unpaired")


async def accept(visit: Visit) -> Response:
    """Takes a conversation that a colleague passes on, within the cap (A5)."""
    conversation = await _access_as_offered(visit)
    if await is_full(visit):
        return RedirectResponse("/waiting?notice=full", 303)
    answer = await _submit(visit, "accept", conversation)
    where = f"/conversations/{conversation}" if answer == "done" else f"/waiting?notice={answer}"
    return RedirectResponse(where, 303)


async def decline(visit: Visit) -> Response:
    """Says no to a conversation, offered or waiting, without a reason (A5)."""
    conversation = ConversationId(visit.request.path_params["conversation"])
    if await visit.console.desk.find(conversation) is None:
        raise HTTPException(404)
    answer = await _submit(visit, "decline", conversation)
    return RedirectResponse(f"/waiting?notice={'declined' if answer == 'done' else answer}", 303)


async def hold(visit: Visit) -> Response:
    """Keeps the sealed window and the address while a report is made; ``end`` says that it is done: 0 minutes (A4)."""
    listed = await _access_as_holder(visit)
    minutes = "0" if visit.form.get("end") == "yes" else str(visit.console.beside.hold_minutes)
    return _back(
        listed.id, await _submit(visit, "hold", listed.id, minutes), "held" if minutes != "0" else "hold_ended"
    )


async def block(visit: Visit) -> Response:
    """Asks to block a probe, or confirms what somebody else asked: the worker wants two people (R8)."""
    conversation = ConversationId(visit.request.path_params["conversation"])
    listed = await visit.console.desk.find(conversation)
    me = visit.advocate.name
    asked_by_other = listed is not None and listed.block_by not in {None, me}
    if listed is None or not (asked_by_other or listed.advocate == me):
        raise HTTPException(404)
    answer = await _submit(visit, "block", listed.id)
    if asked_by_other:
        return RedirectResponse(f"/waiting?notice={'blocked' if answer == 'done' else answer}", 303)
    return _back(listed.id, answer, "block_asked")


async def is_full(visit: Visit) -> bool:
    """True if this advocate holds as many conversations as one may (A5)."""
    listed = await visit.console.desk.list_open()
    most = min(visit.console.beside.most_open, visit.advocate.open_cap)
    return sum(one.advocate == visit.advocate.name for one in listed) >= most


async def _access_as_holder(visit: Visit) -> Listed:
    listed = await access_conversation_by_id(visit)
    if listed.advocate != visit.advocate.name:
        raise HTTPException(404)
    return listed


async def _access_as_offered(visit: Visit) -> ConversationId:
    conversation = ConversationId(visit.request.path_params["conversation"])
    listed = await visit.console.desk.find(conversation)
    if listed is None or listed.transfer_to != visit.advocate.name:
        raise HTTPException(404)
    return conversation


async def _pick_colleague(visit: Visit, field: str, *, may_be_empty: bool) -> str:
    name = visit.form.get(field, "")
    if not name and may_be_empty:
        return ""
    if name not in {one.name for one in await list_colleagues(visit)}:
        raise HTTPException(400)
    return name


async def _submit(visit: Visit, kind: Action, conversation: ConversationId, detail: str = "") -> str:
    try:
        return await visit.console.desk.submit(Command(kind, conversation, visit.advocate.name, detail=detail))
    except (TimeoutError, StoreError):
        return "slow"


def _back(conversation: ConversationId, answer: str, done: str = "") -> Response:
    return RedirectResponse(f"/conversations/{conversation}/window?notice={done if answer == 'done' else answer}", 303)


type _Handler = Callable[[Visit], Awaitable[Response]]
_ACTIONS: tuple[tuple[str, _Handler, Guard], ...] = (
    ("transfer", transfer, Guard("release")),
    ("pair", pair, Guard("claim")),
    ("unpair", unpair, Guard("claim")),
    ("accept", accept, Guard("claim", trained=True)),
    ("decline", decline, Guard("claim")),
    ("hold", hold, Guard("close")),
    ("block", block, Guard("close")),
)

ROWS: tuple[RouteRow, ...] = tuple(
    (f"/conversations/{{conversation}}/{name}", handler, ("POST",), guard) for name, handler, guard in _ACTIONS
)
