"""Flags on places: a reason code from an advocate, counts for whoever keeps the directory; no words (A2)."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from console.context import Visit
from console.guards import Guard, RouteRow
from hotline.outcomes import FLAG_REASONS


async def flag(visit: Visit) -> Response:
    """Counts a flag. Raises HTTPException 400 for a place or a reason that is none."""
    resource, reason = visit.form.get("resource", ""), visit.form.get("reason", "")
    if resource not in visit.console.beside.resources or reason not in FLAG_REASONS:
        raise HTTPException(400)
    await visit.console.beside.counts.flag(resource, reason)
    return visit.console.pages.respond("parts/done.html", visit.language, text="flagged")


async def show_flags(visit: Visit) -> Response:
    """Which places were flagged, how often and for what."""
    names = visit.console.beside.resources
    found: dict[str, list[tuple[str, int]]] = {}
    counts: Mapping[tuple[str, str], int] = await visit.console.beside.counts.read_flags()
    for (resource, reason), count in sorted(counts.items()):
        found.setdefault(resource, []).append((reason, count))
    rows = [(resource, names.get(resource, resource), reasons) for resource, reasons in found.items()]
    return visit.console.pages.respond("flags.html", visit.language, visit=visit, rows=rows)


async def clear_flags(visit: Visit) -> Response:
    """Forgets a place's flags once somebody has looked into them."""
    await visit.console.beside.counts.clear_flags(visit.form.get("resource", ""))
    return RedirectResponse("/flags", 303)


ROWS: tuple[RouteRow, ...] = (
    ("/flag", flag, ("POST",), Guard("reply")),
    ("/flags", show_flags, ("GET",), Guard("see_flags")),
    ("/flags/clear", clear_flags, ("POST",), Guard("see_flags")),
)
