"""A draft on its way: what it changes, who must still agree, conflicts, and the moment it goes live (G2, D2, D3)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from console.content_apply import lock_addresses
from console.content_fields import Field, FormFault, put_values
from console.content_forms import MOST_CHOICES
from console.content_page import DONE, describe_change, describe_conflicts, find_words, pick_notice
from console.context import Visit
from console.forms import LARGEST_LONG_BYTES
from console.guards import Guard, RouteRow
from hotline.content_entries import put_entry
from hotline.content_merge import MISSING, Conflict
from hotline.content_review import REVIEWER, Draft, is_crisis
from hotline.errors import ContentError
from storage.content_live import Moved
from storage.content_texts import parse_text, write_document

_OWN = Field("own", (), "yaml")
_SIDES = ("ours", "theirs", "own")


async def show_draft(visit: Visit) -> Response:
    """Before and after of every change, what is lacking, and the buttons that fit. Raises HTTPException 404."""
    return await _show(visit)


async def _show(
    visit: Visit,
    faults: tuple[str, ...] = (),
    status: int = 200,
    notice: str = "",
    typed: Mapping[str, str] = MappingProxyType({}),
    lost: tuple[str, ...] = (),
) -> Response:
    """The page. ``typed`` stands in the form of the conflicts again; ``lost`` is shown beside it, to be copied."""
    desk = visit.console.editing.desk
    try:
        shown = await desk.show(visit.request.path_params["draft"])
    except ContentError:
        raise HTTPException(404) from None
    return visit.console.pages.respond(
        "content_draft.html",
        visit.language,
        status,
        visit=visit,
        shown=shown,
        draft=shown.draft,
        changes=[describe_change(change) for change in shown.changes],
        conflicts=describe_conflicts(shown.draft.conflicts),
        own=visit.advocate.name in shown.draft.authors,
        approved=visit.advocate.name in shown.approvers,
        crisis=any(map(is_crisis, shown.changes)),
        faults=faults,
        notice=pick_notice(notice or visit.request.query_params.get("notice", "")),
        done=DONE,
        typed=typed,
        lost=lost,
    )


async def approve(visit: Visit) -> Response:
    """A yes to exactly what was seen; nobody approves what they wrote."""
    draft_id, desk = visit.request.path_params["draft"], visit.console.editing.desk
    draft = await desk.sets.find_draft(draft_id)
    if draft is None:
        return _back("", "gone")
    if visit.advocate.name in draft.authors:
        return _back(draft_id, "own_draft")
    try:
        await desk.approve(draft_id, visit.advocate.name, visit.form.get("digest", ""))
    except ContentError:
        return _back(draft_id, "moved_on")
    except Moved:
        return _back(draft_id, "busy")
    return _back(draft_id, "approved")


async def veto(visit: Visit) -> Response:
    """A survivor reviewer's no, or its end, written down by whoever spoke with them."""
    draft_id, reviewer = visit.request.path_params["draft"], visit.form.get("reviewer", "").strip()
    lift, desk = bool(visit.form.get("lift")), visit.console.editing.desk
    if not REVIEWER.fullmatch(reviewer):
        return _back(draft_id, "wrong")
    draft = await desk.sets.find_draft(draft_id)
    if lift and draft and visit.advocate.name in draft.authors:
        return _back(draft_id, "own_lift")
    try:
        await desk.veto(draft_id, reviewer, by=visit.advocate.name, lift=lift)
    except ContentError:
        return _back(draft_id, "refused")
    except Moved:
        return _back(draft_id, "busy")
    return _back(draft_id, "lifted" if lift else "vetoed")


async def discard(visit: Visit) -> Response:
    """Gives the draft up, as it was seen."""
    draft_id, revision = visit.request.path_params["draft"], visit.form.get("revision", "")
    seen = int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 10 else 0
    if await visit.console.editing.desk.discard(draft_id, seen):
        return _back("", "discarded")
    return _back(draft_id, "moved_on")


async def publish(visit: Visit) -> Response:
    """Asks the whole checker, and makes it live; with faults the page says them, and nothing is live."""
    draft_id = visit.request.path_params["draft"]
    try:
        published = await visit.console.editing.desk.publish(draft_id)
    except ContentError:
        return _back("", "gone")
    except Moved:
        return _back(draft_id, "busy")
    if published.faults:
        return await _show(visit, published.faults, 422)
    return _back("", "live") if published.version else _back(draft_id, "lacking")


async def choose(visit: Visit) -> Response:
    """Settles the conflicts of one document: ours, theirs, or words of one's own. Others wait; nothing is lost."""
    draft_id, desk = visit.request.path_params["draft"], visit.console.editing.desk
    draft = await desk.sets.find_draft(draft_id)
    if draft is None:
        return _back("", "gone")
    if str(draft.revision) != visit.form.get("revision"):
        # The conflicts may be others by now, so what was typed cannot stand in their boxes.
        lost = tuple(said for name, said in visit.form.items() if name.startswith("own_") and said.strip())
        return await _show(visit, status=409, notice="moved_on", lost=lost)
    try:
        texts = _settle(draft, visit.form)
    except (FormFault, ContentError):
        return await _show(visit, status=422, notice="wrong", typed=visit.form)
    saved = await desk.edit(
        draft_id,
        visit.advocate.name,
        texts,
        draft.note,
        revision=draft.revision,
        base_version=draft.base_version,
    )
    visit.request.state.audit_object = saved.draft.id
    return _back(saved.draft.id, "apart" if saved.apart else "saved")


def _settle(draft: Draft, form: Mapping[str, str]) -> dict[str, str | None]:
    path = form.get("path", "")
    settled = [(at, one) for at, one in enumerate(draft.conflicts) if one.path == path]
    if not settled:
        raise FormFault("path", "no_choice")
    text = draft.texts[path]
    document: Any = None if text is None else parse_text(path, text)
    for at, conflict in settled:
        value = _choose(conflict, form.get(f"choice_{at}", ""), form.get(f"own_{at}", ""))
        document = put_entry(document, conflict.entry, value)
    return {path: None if document is None else write_document(lock_addresses(path, document), text or "")}


def _choose(conflict: Conflict, choice: str, own: str) -> Any:
    if choice not in _SIDES:
        raise FormFault("choice", "no_choice")
    if choice == "own":
        # A plain text stays one, even where YAML would read a number or a list out of it.
        words = own.replace("\r\n", "\n").strip()
        if key := find_words(conflict):
            return {**conflict.ours, key: words}
        if isinstance(conflict.ours, str):
            return words
        return put_values(MISSING, (_OWN,), {"own": own})
    value = conflict.ours if choice == "ours" else conflict.theirs
    return MISSING if value is None and conflict.entry == () else value


def _back(draft_id: str, notice: str) -> Response:
    return RedirectResponse(
        f"/content/drafts/{draft_id}?notice={notice}" if draft_id else f"/content?notice={notice}", 303
    )


# An import's conflicts hold records as they came, each once as the person's own words.
_CHOOSING = Guard("edit_content", most_fields=MOST_CHOICES, most_bytes=LARGEST_LONG_BYTES)

ROWS: tuple[RouteRow, ...] = (
    ("/content/drafts/{draft}", show_draft, ("GET",), Guard("approve_content")),
    ("/content/drafts/{draft}/approve", approve, ("POST",), Guard("approve_content")),
    ("/content/drafts/{draft}/veto", veto, ("POST",), Guard("approve_content")),
    ("/content/drafts/{draft}/discard", discard, ("POST",), Guard("edit_content")),
    ("/content/drafts/{draft}/publish", publish, ("POST",), Guard("approve_content")),
    ("/content/drafts/{draft}/choose", choose, ("POST",), _CHOOSING),
)
