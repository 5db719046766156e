"""Clocks that advocates start: a kind and a time, nothing of a conversation (A4)."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from console.context import Visit
from console.guards import Guard, RouteRow
from hotline.clocks import DURATIONS, is_pressing, parse_kind


async def show_clocks(visit: Visit) -> Response:
    """Every running clock of the team."""
    return visit.console.pages.respond("clocks.html", visit.language, **await _values(visit))


async def show_strip(visit: Visit) -> Response:
    """The clocks that press, for a strip on every page; empty if there is none."""
    return visit.console.pages.respond("parts/clock_strip.html", visit.language, **await _values(visit))


async def start(visit: Visit) -> Response:
    """Starts a clock. Raises HTTPException 400 for a kind that is none."""
    try:
        kind = parse_kind(visit.form.get("kind", ""))
    except ValueError:
        raise HTTPException(400) from None
    await visit.console.beside.clocks.start(kind, visit.console.clock.now())
    if "hx-request" in visit.request.headers:
        answer = visit.console.pages.respond("parts/done.html", visit.language, text="clock_started")
        answer.headers["HX-Trigger"] = "clocks"
        return answer
    return RedirectResponse("/clocks", 303)


async def end(visit: Visit) -> Response:
    """Ends a clock, done or not needed; one that is gone already is no matter."""
    await visit.console.beside.clocks.end(visit.form.get("clock", ""), visit.console.clock.now())
    return RedirectResponse("/clocks", 303)


async def _values(visit: Visit) -> dict[str, Any]:
    now = visit.console.clock.now()
    running = await visit.console.beside.clocks.read(now)
    rows = [(clock, is_pressing(clock, now), clock.due <= now) for clock in running]
    return {"visit": visit, "now": now, "clocks": rows, "kinds": [kind for kind in DURATIONS if kind != "debrief"]}


ROWS: tuple[RouteRow, ...] = (
    ("/clocks", show_clocks, ("GET",), Guard("see_waiting")),
    ("/clocks/strip", show_strip, ("GET",), Guard("see_waiting", passive=True)),
    ("/clocks/start", start, ("POST",), Guard("see_waiting")),
    ("/clocks/end", end, ("POST",), Guard("see_waiting")),
)
