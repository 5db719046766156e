"""Load and wait, for a supervisor: live, numbers alone (A5)."""

from datetime import datetime, time
from typing import Any

from starlette.responses import Response

from console.context import Visit
from console.guards import Guard, RouteRow
from console.loading import build_load, count_today


async def show_load(visit: Visit) -> Response:
    """The whole page."""
    return visit.console.pages.respond("load.html", visit.language, **await _values(visit))


async def show_load_now(visit: Visit) -> Response:
    """The numbers alone, asked for by the open page when something changed."""
    return visit.console.pages.respond("parts/load.html", visit.language, **await _values(visit))


async def _values(visit: Visit) -> dict[str, Any]:
    console = visit.console
    now = console.clock.now()
    listed, facts = await console.desk.list_open(), await console.load.read()
    names = {*facts.present, *facts.on_break, *(one.advocate for one in listed if one.advocate)}
    found = [await console.accounts.find(name) for name in sorted(names)]
    aliases = {account.name: account.alias for account in found if account}
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    counts = await count_today(console.audit.read_back(), midnight)
    return {"visit": visit, "load": build_load(listed, facts, aliases, counts, now), "now": now}


ROWS: tuple[RouteRow, ...] = (
    ("/load", show_load, ("GET",), Guard("see_load")),
    ("/load/now", show_load_now, ("GET",), Guard("see_load", passive=True)),
)
