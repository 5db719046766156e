"""What is live: its history with one click back, what to phone this week, and pulling a place now (D3, D7, G2)."""

from collections.abc import Mapping

from starlette.responses import RedirectResponse, Response

from console.content_forms import KINDS
from console.content_page import DONE, pick_notice
from console.context import Visit
from console.guards import Guard, RouteRow
from hotline.errors import ContentError
from hotline.verify_queue import list_due
from storage.content_live import Moved, check_note

MOST_VERSIONS = 100


async def show_history(visit: Visit) -> Response:
    """Every version in words: who, when, what, approved by whom; the newest first."""
    history = await visit.console.editing.desk.sets.read_history()
    return visit.console.pages.respond(
        "content_history.html",
        visit.language,
        visit=visit,
        history=history[:MOST_VERSIONS],
        notice=pick_notice(visit.request.query_params.get("notice", "")),
        done=DONE,
    )


async def roll_back(visit: Visit) -> Response:
    """Makes an old version live again; what was pulled since stays pulled (D7)."""
    version = _read_version(visit.form)
    note = visit.console.pages.words(visit.language)["content"]["back_note"].format(version=version)
    try:
        await visit.console.editing.desk.roll_back(visit.advocate.name, version, note)
    except ContentError:
        return RedirectResponse("/content/history?notice=refused", 303)
    except Moved:
        return RedirectResponse("/content/history?notice=busy", 303)
    return RedirectResponse("/content/history?notice=rolled_back", 303)


async def show_queue(visit: Visit) -> Response:
    """Lines and places to phone this week, what advocates flagged first, with what to ask."""
    editing = visit.console.editing
    view, flags = await editing.read(), await visit.console.beside.counts.read_flags()
    flagged: dict[str, list[tuple[str, int]]] = {}
    for (entry, reason), count in sorted(flags.items()):
        flagged.setdefault(entry, []).append((reason, count))
    due = list_due(view.documents, editing.region, visit.console.clock.now().date(), flagged=flagged)
    return visit.console.pages.respond(
        "content_verify.html",
        visit.language,
        visit=visit,
        due=due,
        flagged=flagged,
        version=_read_version(visit.request.query_params),
        notice=pick_notice(visit.request.query_params.get("notice", "")),
        done=DONE,
    )


async def confirm(visit: Visit) -> Response:
    """Somebody phoned, and all that we say of the line or place is true (D3); its flags have been looked into."""
    try:
        version = await visit.console.editing.desk.confirm(visit.advocate.name, visit.form.get("entry", ""))
        await visit.console.beside.counts.clear_flags(visit.form.get("entry", ""))
    except ContentError:
        return RedirectResponse("/content/verify?notice=refused", 303)
    except Moved:
        return RedirectResponse("/content/verify?notice=busy", 303)
    return RedirectResponse(f"/content/verify?notice=confirmed&version={version}", 303)


async def unconfirm(visit: Visit) -> Response:
    """A confirmation was a slip: it runs out as before, and stands in the queue again as if flagged (D3)."""
    try:
        entry = await visit.console.editing.desk.unconfirm(visit.advocate.name, _read_version(visit.form))
        # Its flags went with the confirmation, and nobody knows by now what they said.
        await visit.console.beside.counts.flag(entry, "other")
    except ContentError:
        return RedirectResponse("/content/verify?notice=refused", 303)
    except Moved:
        return RedirectResponse("/content/verify?notice=busy", 303)
    return RedirectResponse("/content/verify?notice=unconfirmed", 303)


def _read_version(said: Mapping[str, str]) -> int:
    version = said.get("version", "")
    return int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0


async def pull(visit: Visit) -> Response:
    """Closes a place or a line at once, by one person (D7)."""
    entry, asked = visit.form.get("entry", ""), visit.form.get("from", "")
    back = "/content/verify" if asked == "queue" else f"/content/of/{asked}" if asked in KINDS else "/content"
    words = visit.console.pages.words(visit.language)["content"]
    try:
        note = check_note(
            visit.form.get("note", "").strip() or words["pull_note" if asked == "queue" else "pull_unsaid"]
        )
        await visit.console.editing.desk.pull(visit.advocate.name, entry, note)
    except ContentError:
        return RedirectResponse(f"{back}?notice=refused", 303)
    except Moved:
        return RedirectResponse(f"{back}?notice=busy", 303)
    return RedirectResponse(f"{back}?notice=pulled", 303)


ROWS: tuple[RouteRow, ...] = (
    ("/content/history", show_history, ("GET",), Guard("approve_content")),
    ("/content/rollback", roll_back, ("POST",), Guard("approve_content")),
    ("/content/verify", show_queue, ("GET",), Guard("edit_content")),
    ("/content/verify", confirm, ("POST",), Guard("edit_content")),
    ("/content/verify/undo", unconfirm, ("POST",), Guard("edit_content")),
    ("/content/pull", pull, ("POST",), Guard("approve_content")),
)
