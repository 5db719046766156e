"""Every route of the console, one file a page; nothing is reachable that is not in ROWS."""

from console.guards import RouteRow
from console.routes import (
    audit,
    conversation,
    events,
    handoff,
    health,
    leaving,
    load,
    login,
    people,
    practice_line,
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
    *people.ROWS,
    *load.ROWS,
    *audit.ROWS,
    *practice_line.ROWS,
)
