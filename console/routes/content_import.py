"""Places from elsewhere: first what taking them in would do, then one draft as for every change (G2, G4)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response

from console.content_page import tell
from console.context import Visit
from console.forms import LARGEST_LONG_BYTES
from console.guards import Guard, RouteRow
from hotline.errors import PorchlightError
from hotline.exchange.entry import ExchangeError
from hotline.exchange.plan import Item, Kind, Plan
from storage.content_import import Given, land, plan_over
from storage.exchange_files import parse_list, parse_services

FORMS = ("hsds", "csv")
MOST_RECORDS = 200
"""Of a posted list; a longer one is taken in on the command line."""
_LEFT = "left"
_KINDS = ("add", "change", "conflict", _LEFT, "same", "refused")
_MOST_SHOWN = 60
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """What becomes of one record, for the page: fields with what stands here and what comes.

    ``kind`` is that of the item, or ``left`` for a conflict that nobody can settle by choosing.
    """

    item: Item
    kind: str
    changes: tuple[tuple[str, str, str], ...]


async def show_import(visit: Visit) -> Response:
    """The empty form."""
    return _show(visit)


async def try_import(visit: Visit) -> Response:
    """What it would add and change, and what somebody has to choose; nothing is kept."""
    try:
        live = await visit.console.editing.desk.look()
        plan = await plan_over(live, _read(visit), visit.console.clock.now().date())
    except PorchlightError as error:
        return _show(visit, fault=str(error))
    return _show(visit, plan)


async def draft_import(visit: Visit) -> Response:
    """All of it as one draft of whoever sends it; others approve."""
    editing = visit.console.editing
    try:
        plan, draft = await land(editing.desk, visit.advocate.name, _read(visit), visit.console.clock.now().date())
    except PorchlightError as error:
        return _show(visit, fault=str(error))
    if draft is None:
        return _show(visit, plan)
    return RedirectResponse(f"/content/drafts/{draft.id}?notice=saved", 303)


def _read(visit: Visit) -> Given:
    """The services of the form. Raises ExchangeError or ContentError for what cannot be read."""
    form = visit.form
    name = form.get("name", "").strip() or form.get("format", "")
    text = form.get("list", "")
    if form.get("format") == "csv":
        services, _ = parse_list(text, form.get("mapping", ""), name)
    else:
        services = parse_services(text, name)
    if len(services) > MOST_RECORDS:
        raise ExchangeError(f"more than {MOST_RECORDS} records: take this list in on the command line")
    return Given(services, name, visit.console.editing.region)


def _show(visit: Visit, plan: Plan | None = None, fault: str = "") -> Response:
    items = [item for item in plan.items if item.kind is not Kind.SAME] if plan else []
    return visit.console.pages.respond(
        "content_import.html",
        visit.language,
        422 if fault else 200,
        visit=visit,
        plan=plan,
        counts=_count(plan) if plan else {},
        rows=[_describe(item) for item in items[:_MOST_SHOWN]],
        more=len(items) - _MOST_SHOWN,
        lands=plan is not None and bool(plan.documents or plan.choices),
        typed={name: visit.form.get(name, "") for name in ("format", "list", "mapping", "name")},
        forms=FORMS,
        fault=fault,
    )


def _count(plan: Plan) -> Mapping[str, int]:
    found = Counter(_name_kind(item) for item in plan.items)
    return {kind: found[kind] for kind in _KINDS if found[kind]}


def _name_kind(item: Item) -> str:
    return _LEFT if item.kind is Kind.CONFLICT and item.choice is None else item.kind.value


def _describe(item: Item) -> Shown:
    changes = ((change.path, _cut(tell(change.before)), _cut(tell(change.after))) for change in item.changes)
    return Shown(item, _name_kind(item), tuple(changes))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


_GUARD = Guard("edit_content", most_bytes=LARGEST_LONG_BYTES)

ROWS: tuple[RouteRow, ...] = (
    ("/content/import", show_import, ("GET",), Guard("edit_content")),
    ("/content/import", try_import, ("POST",), _GUARD),
    ("/content/import/draft", draft_import, ("POST",), _GUARD),
)
