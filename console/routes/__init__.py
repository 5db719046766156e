"""Every route of the console, one file a page; nothing is reachable that is not in ROWS."""

from console.guards import RouteRow
from console.routes import (
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
    passing,
    replies,
    start,
    waiting,
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
    *beside.ROWS,
    *passing.ROWS,
    *clocks.ROWS,
    *care.ROWS,
    *flags.ROWS,
)
