"""Every route of the console, one file a page; nothing is reachable that is not in ROWS."""

from console.guards import RouteRow
from console.routes import (
    account,
    account_passkeys,
    conversation,
    events,
    handoff,
    health,
    joining,
    leaving,
    login,
    passkey_login,
    reader_key,
    replies,
    start,
    waiting,
)

ROWS: tuple[RouteRow, ...] = (
    *health.ROWS,
    *login.ROWS,
    *passkey_login.ROWS,
    *joining.ROWS,
    *reader_key.ROWS,
    *account.ROWS,
    *account_passkeys.ROWS,
    *leaving.ROWS,
    *start.ROWS,
    *waiting.ROWS,
    *events.ROWS,
    *conversation.ROWS,
    *handoff.ROWS,
    *replies.ROWS,
)
