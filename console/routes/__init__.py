"""Every route of the console, one file a page; nothing is reachable that is not in ROWS."""

from console.guards import RouteRow
from console.routes import conversation, events, handoff, health, leaving, login, replies, start, waiting, wraps

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
)
