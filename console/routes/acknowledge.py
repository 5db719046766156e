""" "I am coming": one who was paged says so, and the others need not run; the worker's answer decides (H3)."""

from starlette.responses import RedirectResponse, Response

from console.context import Visit
from console.guards import Guard, RouteRow
from console.ports import Command, StoreError
from hotline.messages import ConversationId


async def acknowledge(visit: Visit) -> Response:
    """Acknowledges the page of a waiting conversation; back to the list with what came of it."""
    conversation = ConversationId(visit.request.path_params["conversation"])
    try:
        answer = await visit.console.desk.submit(Command("acknowledge", conversation, visit.advocate.name))
    except (TimeoutError, StoreError):
        return RedirectResponse("/waiting?notice=slow", 303)
    return RedirectResponse(f"/waiting?notice={'coming' if answer == 'done' else answer}", 303)


ROWS: tuple[RouteRow, ...] = (
    ("/conversations/{conversation}/acknowledge", acknowledge, ("POST",), Guard("acknowledge")),
)
