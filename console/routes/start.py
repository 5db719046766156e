"""The first page after login, by role."""

from starlette.responses import RedirectResponse, Response

from console.context import Visit
from console.guards import LOGGED_IN, RouteRow


async def show_start(visit: Visit) -> Response:
    """The waiting list for those who may see it, people for an administrator, print for outreach; a plain page else."""
    if visit.allows("see_waiting"):
        return RedirectResponse("/waiting", 303)
    if visit.allows("manage_people"):
        return RedirectResponse("/people", 303)
    if visit.allows("print_cards"):
        return RedirectResponse("/outreach", 303)
    return visit.console.pages.respond("nothing.html", visit.language, visit=visit)


ROWS: tuple[RouteRow, ...] = (("/", show_start, ("GET",), LOGGED_IN),)
