"""Every route of the console, one file a page; nothing is reachable that is not in ROWS."""

from console.guards import RouteRow
from console.routes import (
    acknowledge,
    beside,
    care,
    clocks,
    conversation,
    events,
    flags,
    handoff,
    health,
    leaving,
    login,
    paging,
    passing,
    replies,
    shifts,
    start,
    waiting,
    wraps,
)

ROWS: tuple[RouteRow, ...] = (
    *health.ROWS,
    *login.ROWS,
    *leaving.ROWS,
    *start.ROWS,
    *waiting.ROWS,
    *events.ROWS,
    *conversation.ROWS,
    *handoff.ROWS,
    *replies.ROWS,
    *wraps.ROWS,
    *acknowledge.ROWS,
    *shifts.ROWS,
    *paging.ROWS,
    *beside.ROWS,
    *passing.ROWS,
    *clocks.ROWS,
    *care.ROWS,
    *flags.ROWS,
)
