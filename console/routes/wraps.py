"""Healing: an open page hands on older epochs to readers who lack them, sealed to each in the browser (P2)."""

import base64
import json

from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.access import access_conversation_by_id
from console.context import Visit
from console.guards import Guard, RouteRow
from console.page_keys import MOST_MISSING
from console.ports import Wrap


async def put_wraps(visit: Visit) -> Response:
    """Keeps ``wraps``, JSON [[epoch, name, base64]], where one is missing. Raises HTTPException 400, 404."""
    listed = await access_conversation_by_id(visit)
    await visit.console.seals.put_wraps(listed.id, _parse(visit.form.get("wraps", "[]")))
    return Response(status_code=204)


def _parse(text: str) -> list[Wrap]:
    try:
        rows = json.loads(text)[:MOST_MISSING]
        return [Wrap(str(epoch), str(name), base64.b64decode(wrap, validate=True)) for epoch, name, wrap in rows]
    except (ValueError, TypeError, KeyError):
        raise HTTPException(400) from None


ROWS: tuple[RouteRow, ...] = (
    ("/conversations/{conversation}/wraps", put_wraps, ("POST",), Guard("read_window", passive=True)),
)
