"""The audit's page: who, what, when; by person and by action, never by who wrote or what (A6, A9)."""

from itertools import chain

from starlette.responses import Response

from console.audit_table import NOTED, OWN_ACTIONS
from console.context import Visit
from console.guards import Guard, RouteRow
from console.ports import AuditEntry

PAGE_ENTRIES = 100
MOST_READ = 20_000
"""Entries that one page looks through at most, newest first; it then says that there may be more."""
ACTIONS = tuple(sorted({noted.action for noted in NOTED.values()} | set(OWN_ACTIONS)))


async def show_audit(visit: Visit) -> Response:
    """The newest entries, or those before ``?before=``, of one ``?person=`` and one ``?action=`` if they are given."""
    query = visit.request.query_params
    people = sorted(one.name for one in await visit.console.people.list_people())
    person = query.get("person", "") if query.get("person") in people else ""
    action = query.get("action", "") if query.get("action") in ACTIONS else ""
    before = int(query["before"]) if query.get("before", "").isascii() and query.get("before", "").isdigit() else None
    shown: list[AuditEntry] = []
    last, read = 0, 0
    async for entry in visit.console.audit.read_back(before):
        last, read = entry.seq, read + 1
        if person in {"", entry.actor, entry.object} and action in {"", entry.action.split(":")[0]}:
            shown.append(entry)
        if len(shown) >= PAGE_ENTRIES or read >= MOST_READ:
            break
    known = set(chain(people, (entry.actor for entry in shown)))
    return visit.console.pages.respond(
        "audit.html", visit.language, visit=visit, shown=shown, people=people, actions=ACTIONS, person=person,
        action=action, older=last if last > 1 else 0, known=known, newest=await visit.console.audit.find_newest(),
    )  # fmt: skip


ROWS: tuple[RouteRow, ...] = (("/audit", show_audit, ("GET",), Guard("read_audit")),)
