"""The waiting list: who waits, how long, why; codes in words, never a texter's words (H3, H5)."""

from typing import Any

from starlette.responses import Response

from console.context import Visit
from console.guards import Guard, RouteRow
from console.listing import build_board, build_row
from hotline.conversations import Owner

NOTICES = (
    "taken", "gone", "not_yours", "slow", "released", "closed", "coming", "transfer_asked", "put_back", "unpaired",
    "declined", "blocked", "full", "unknown", "second_person",
)  # fmt: skip


async def show_waiting(visit: Visit) -> Response:
    """The whole page; ``?notice=`` is a code from NOTICES."""
    notice = visit.request.query_params.get("notice", "")
    values = await _values(visit)
    return visit.console.pages.respond(
        "waiting.html", visit.language, notice=notice if notice in NOTICES else "", **values
    )


async def show_list(visit: Visit) -> Response:
    """The list alone, asked for by the open page when something changed."""
    return visit.console.pages.respond("parts/board.html", visit.language, **await _values(visit))


async def show_count(visit: Visit) -> Response:
    """How many wait, for the badge on every page."""
    listed = await visit.console.desk.list_open()
    count = sum(one.owner is Owner.WAITING for one in listed)
    return visit.console.pages.respond("parts/badge.html", visit.language, count=count)


async def _values(visit: Visit) -> dict[str, Any]:
    console = visit.console
    now = console.clock.now()
    words = console.pages.words(visit.language)
    listed = await console.desk.list_open()
    board = await build_board(listed, visit.advocate, console.accounts, words, now)
    me, mine = visit.advocate.name, listed if visit.allows("claim") else []
    return {
        "visit": visit,
        "board": board,
        "count": len(board.waiting),
        "now": now,
        "passed": [build_row(one, words, now) for one in mine if one.transfer_to == me],
        "block_asked": [build_row(one, words, now) for one in mine if one.block_by not in {None, me}],
    }


ROWS: tuple[RouteRow, ...] = (
    ("/waiting", show_waiting, ("GET",), Guard("see_waiting")),
    ("/waiting/list", show_list, ("GET",), Guard("see_waiting", passive=True)),
    ("/waiting/count", show_count, ("GET",), Guard("see_waiting", passive=True)),
)
