"""Care for advocates: a break that hands conversations on, and a quiet minute after a hard one (A5)."""

from starlette.responses import RedirectResponse, Response

from console.context import Visit
from console.guards import Guard, RouteRow
from console.ports import Command, StoreError


async def show_break(visit: Visit) -> Response:
    """The page of a break: no list, no stream, nothing that counts as being there."""
    resting = await visit.console.desk.is_on_break(visit.advocate.name)
    return visit.console.pages.respond("break.html", visit.language, visit=visit, resting=resting)


async def take_break(visit: Visit) -> Response:
    """Ends presence and puts every conversation of this advocate back in waiting, first in line."""
    desk, me = visit.console.desk, visit.advocate.name
    await desk.set_break(me, True)
    for listed in await desk.list_open():
        if listed.advocate == me:
            try:
                await desk.submit(Command("transfer", listed.id, me))
            except (TimeoutError, StoreError):
                # The lease runs out by itself: nobody renews it from the page of a break (H6).
                continue
    return RedirectResponse("/break", 303)


async def end_break(visit: Visit) -> Response:
    """Back on shift."""
    await visit.console.desk.set_break(visit.advocate.name, False)
    return RedirectResponse("/waiting", 303)


async def show_debrief(visit: Visit) -> Response:
    """Questions to think about after a hard conversation; nothing is asked and nothing kept."""
    wellbeing = [entry.get(visit.language, entry["en"]) for entry in visit.console.beside.region.wellbeing]
    return visit.console.pages.respond("debrief.html", visit.language, visit=visit, wellbeing=wellbeing)


ROWS: tuple[RouteRow, ...] = (
    ("/break", show_break, ("GET",), Guard("claim")),
    ("/break", take_break, ("POST",), Guard("claim")),
    ("/break/end", end_break, ("POST",), Guard("claim")),
    ("/debrief", show_debrief, ("GET",), Guard("see_waiting")),
)
