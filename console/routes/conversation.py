"""One conversation: the content note first, then its window, live (A5, H5)."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from console.access import access_conversation_by_id
from console.beside_page import build_beside_values
from console.context import Visit
from console.guards import Guard, RouteRow
from console.listing import build_row
from console.page_keys import build_page_keys
from console.ports import Listed, WindowEntry

ENTRY_ID_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A sealed message with the id by which an open page knows it."""

    id: str
    entry: WindowEntry

    @property
    def sealed(self) -> str:
        """The sealed bytes in base64."""
        return base64.b64encode(self.entry.sealed).decode()


async def show_note(visit: Visit) -> Response:
    """What the conversation may speak of, before any of its words are opened."""
    listed = await access_conversation_by_id(visit)
    return visit.console.pages.respond("note.html", visit.language, **_values(visit, listed))


async def show_window(visit: Visit) -> Response:
    """The messages, the reply box and what an advocate may do."""
    listed = await access_conversation_by_id(visit)
    shown = _show(await visit.console.desk.read_window(listed.id))
    values = _values(visit, listed) | {"shown": shown, "after": shown[-1].id if shown else ""}
    values["keys"] = await build_page_keys(visit, listed.id)
    values |= await build_beside_values(visit, listed)
    return visit.console.pages.respond("window.html", visit.language, **values)


async def show_messages(visit: Visit) -> Response:
    """What came after the message ``?after=``, and every status anew; all of it if that message is not there."""
    listed = await access_conversation_by_id(visit)
    entries = await visit.console.desk.read_window(listed.id)
    known = [_entry_id(entry) for entry in entries]
    after = visit.request.query_params.get("after", "")
    fresh = known.index(after) + 1 if after in known else 0
    shown = _show(entries[fresh:])
    values = _values(visit, listed) | {
        "shown": shown,
        "after": known[-1] if known else "",
        "statuses": [(known[place], entries[place].status) for place in range(fresh)],
        "keys": await build_page_keys(visit, listed.id),
    }
    answer = visit.console.pages.respond("parts/messages.html", visit.language, **values)
    if not fresh:
        answer.headers["HX-Reswap"] = "innerHTML"
    return answer


def _show(entries: Sequence[WindowEntry]) -> list[Shown]:
    return [Shown(_entry_id(entry), entry) for entry in entries]


def _entry_id(entry: WindowEntry) -> str:
    # Sealing is randomised, so the sealed bytes name a message even when the window loses its oldest ones.
    return hashlib.sha256(entry.sealed).hexdigest()[:ENTRY_ID_LENGTH]


def _values(visit: Visit, listed: Listed) -> dict[str, Any]:
    console = visit.console
    now = console.clock.now()
    row = build_row(listed, console.pages.words(visit.language), now)
    return {"visit": visit, "row": row, "now": now}


ROWS: tuple[RouteRow, ...] = (
    ("/conversations/{conversation}", show_note, ("GET",), Guard("read_window")),
    ("/conversations/{conversation}/window", show_window, ("GET",), Guard("read_window")),
    ("/conversations/{conversation}/messages", show_messages, ("GET",), Guard("read_window", passive=True)),
)
