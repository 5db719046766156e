"""The practice line: invented texters answer in the page alone; nothing is sent, counted or stored (A7)."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.context import Visit
from console.guards import Guard, RouteRow


async def show_choice(visit: Visit) -> Response:
    """The invented texters to pick from, and which courses are missing before a real one may be taken."""
    missing: tuple[str, ...] = ()
    if visit.console.training.enforced and visit.allows("claim"):
        missing = await visit.console.training.list_missing(visit.advocate.name)
    scenarios = visit.console.scenarios[visit.language]
    return visit.console.pages.respond(
        "practice_choice.html", visit.language, visit=visit, scenarios=scenarios, missing=missing
    )


async def show_practice(visit: Visit) -> Response:
    """One invented texter. Raises HTTPException 404."""
    wanted = visit.request.path_params["scenario"]
    scenario = next((one for one in visit.console.scenarios[visit.language] if one.id == wanted), None)
    if scenario is None:
        raise HTTPException(404)
    return visit.console.pages.respond("practice.html", visit.language, visit=visit, scenario=scenario)


ROWS: tuple[RouteRow, ...] = (
    ("/practice-line", show_choice, ("GET",), Guard("practise")),
    ("/practice-line/{scenario}", show_practice, ("GET",), Guard("practise")),
)
