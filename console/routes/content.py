"""Words, numbers, places and rules: lists, the form of an entry, and a check while somebody types (G1)."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from console.content_apply import CONFIRMED, apply_form
from console.content_cards import find_uneven
from console.content_fields import FormFault
from console.content_forms import (
    KINDS,
    LANGUAGES,
    MOST_FIELDS,
    Part,
    build_parts,
    list_kinds,
    name_form,
    show_values,
)
from console.content_new import NEW_KINDS, lay_new, list_files
from console.content_page import DONE, MOST_LISTED, pick_notice
from console.context import Visit
from console.editing import Sample, View
from console.guards import Guard, RouteRow
from hotline.content_review import Draft
from hotline.errors import ContentError
from hotline.verify_queue import list_due
from storage.content_live import check_note
from storage.content_texts import write_document

LONGEST_SAMPLE = 600


async def show_content(visit: Visit) -> Response:
    """Kinds, drafts on their way, and what is due; ``?notice=`` is a code."""
    editing = visit.console.editing
    view, drafts = await editing.read(), await editing.desk.show_all()
    today, flags = visit.console.clock.now().date(), await visit.console.beside.counts.read_flags()
    return visit.console.pages.respond(
        "content.html",
        visit.language,
        visit=visit,
        counts={kind: len(rows) for kind, rows in list_kinds(view.documents).items()},
        drafts=drafts,
        due=len(list_due(view.documents, editing.region, today, flagged={entry for entry, _ in flags})),
        version=view.version,
        notice=pick_notice(visit.request.query_params.get("notice", "")),
        done=DONE,
    )


async def show_kind(visit: Visit) -> Response:
    """Every entry of a kind; ``?find=`` narrows it, ``?notice=`` is a code. Raises HTTPException 404."""
    kind = visit.request.path_params["kind"]
    if kind not in KINDS:
        raise HTTPException(404)
    find = visit.request.query_params.get("find", "").strip()[:60]
    view = await visit.console.editing.read()
    words, called = find.lower().split(), visit.console.pages.words(visit.language)["content"]["part"]
    rows = [
        row
        for row in list_kinds(view.documents)[kind]
        if all(word in f"{row.entry} {row.label} {row.detail} {called.get(row.word, '')}".lower() for word in words)
    ]
    return visit.console.pages.respond(
        "content_list.html",
        visit.language,
        visit=visit,
        kind=kind,
        rows=rows[:MOST_LISTED],
        more=len(rows) - MOST_LISTED,
        can_add=kind in NEW_KINDS,
        files=list_files(view, kind),
        find=find,
        notice=pick_notice(visit.request.query_params.get("notice", "")),
        done=DONE,
    )


async def show_entry(visit: Visit) -> Response:
    """The form of ``?kind=`` and ``?entry=``, over the draft of ``?draft=`` if given, or empty with ``?new=yes``.

    A new one whose id cannot be leads back to the list. Raises HTTPException 404.
    """
    asked, editing = visit.request.query_params, visit.console.editing
    draft_id, draft = asked.get("draft", ""), None
    kind, entry = asked.get("kind", ""), asked.get("entry", "")
    if asked.get("document") and kind == "screening":
        entry = f"{asked['document']}~entries/{entry}"
    try:
        if draft_id:
            shown, view = await editing.read_under(draft_id)
            draft = shown.draft
            if draft.conflicts:
                # A form saves a whole document; what somebody must choose in it would count as chosen.
                return RedirectResponse(f"/content/drafts/{draft_id}", 303)
        else:
            view = await editing.read()
        if asked.get("new") == "yes":
            try:
                view = lay_new(view, kind, entry, editing.region, asked.get("document", ""))
            except LookupError:
                if kind in NEW_KINDS:
                    return RedirectResponse(f"/content/of/{kind}?notice=no_id", 303)
                raise
        parts = build_parts(kind, entry, view.documents)
    except (ContentError, LookupError):
        raise HTTPException(404) from None
    begun = () if draft else await editing.find_drafts({(part.path, part.entry) for part in parts})
    return _show_form(visit, kind, entry, parts, view, draft, begun=begun)


def _show_form(
    visit: Visit,
    kind: str,
    entry: str,
    parts: tuple[Part, ...],
    view: View,
    draft: Draft | None,
    fault: FormFault | None = None,
    begun: Sequence[Draft] = (),
) -> Response:
    typed = visit.form if fault else {}
    values = {**show_values(parts, view.documents), **typed}
    hidden = {
        "kind": kind,
        "entry": entry,
        "draft": draft.id if draft else typed.get("draft", ""),
        "revision": str(draft.revision) if draft else typed.get("revision", ""),
        "base_version": typed.get("base_version", str(view.version)),
        **{name: typed.get(name, "") or visit.request.query_params.get(name, "") for name in ("new", "document")},
    }
    return visit.console.pages.respond(
        "content_entry.html",
        visit.language,
        422 if fault else 200,
        visit=visit,
        kind=kind,
        entry=entry,
        listed=name_form(kind, entry, parts, view.documents),
        parts=parts,
        values=values,
        hidden=hidden,
        note=typed.get("note", draft.note if draft else ""),
        fault=fault,
        begun=begun,
        confirmed=CONFIRMED,
    )


async def save_entry(visit: Visit) -> Response:
    """Saves a draft; what two people write at once becomes two drafts, never one. Raises HTTPException 404."""
    form, desk = visit.form, visit.console.editing.desk
    kind, entry, draft_id = form.get("kind", ""), form.get("entry", ""), form.get("draft", "")
    try:
        view, draft = await _open(visit)
        parts = build_parts(kind, entry, view.documents, form)
    except (ContentError, LookupError):
        raise HTTPException(404) from None
    try:
        texts = _write(visit, kind, parts, view)
        note = _read_note(form)
    except FormFault as fault:
        return _show_form(visit, kind, entry, parts, view, draft, fault)
    if not texts:
        return RedirectResponse("/content?notice=nothing_changed", 303)
    author, base = visit.advocate.name, _read_number(form, "base_version")
    if draft_id:
        saved = await desk.edit(
            draft_id, author, texts, note, revision=_read_number(form, "revision"), base_version=max(base, 1)
        )
        return _send_to_draft(visit, saved.draft.id, "apart" if saved.apart else "saved")
    # What is still the files becomes version 1 here, so that the draft is over what its author saw.
    await desk.load_live()
    begun = await desk.begin(author, texts, note, base_version=max(base, 1))
    return _send_to_draft(visit, begun.id, "saved")


def _send_to_draft(visit: Visit, draft_id: str, notice: str) -> Response:
    visit.request.state.audit_object = draft_id
    return RedirectResponse(f"/content/drafts/{draft_id}?notice={notice}", 303)


async def _open(visit: Visit) -> tuple[View, Draft | None]:
    """What the form was opened on: the draft as its author saw it, or the live set of that version."""
    form, editing = visit.form, visit.console.editing
    base = await editing.read_at(_read_number(form, "base_version"))
    draft = await editing.desk.sets.find_draft(form.get("draft", "")) if form.get("draft") else None
    if form.get("new") == "yes":
        kind, entry = form.get("kind", ""), form.get("entry", "")
        return lay_new(base, kind, entry, editing.region, form.get("document", "")), None
    if draft is None or draft.revision != _read_number(form, "revision"):
        return base, None
    return await editing.lay_over(draft, await editing.read_at(draft.base_version)), draft


def _write(visit: Visit, kind: str, parts: tuple[Part, ...], view: View) -> Mapping[str, str]:
    changed = _apply(visit, kind, parts, view)
    return {path: write_document(document, view.texts.get(path, "")) for path, document in changed.items()}


def _apply(visit: Visit, kind: str, parts: tuple[Part, ...], view: View) -> Mapping[str, Any]:
    day = visit.console.clock.now().date()
    return apply_form(kind, parts, view.documents, visit.form, by=visit.advocate.name, day=day)


def _read_note(form: Mapping[str, str]) -> str:
    try:
        return check_note(form.get("note", ""))
    except ContentError:
        raise FormFault("note", "no_note") from None


def _read_number(form: Mapping[str, str], name: str) -> int:
    said = form.get(name, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0


async def check_entry(visit: Visit) -> Response:
    """What the one checker says of what stands in the form now, and how it would look. Nothing is kept."""
    form, editing = visit.form, visit.console.editing
    kind, entry, fault, trial, busy = form.get("kind", ""), form.get("entry", ""), None, None, False
    uneven: tuple[str, ...] = ()
    try:
        view, _ = await _open(visit)
        parts = build_parts(kind, entry, view.documents, form)
        changed = _apply(visit, kind, parts, view)
        uneven = find_uneven([changed.get(one.path, view.documents[one.path]) for one in parts if kind == "cards"])
        texts = {path: write_document(document, view.texts.get(path, "")) for path, document in changed.items()}
        whole = {**view.texts, **texts}
        trial = await editing.try_out(whole, kind, entry, await _read_sample(visit, kind, whole))
        busy = trial is None
    except FormFault as found:
        fault = found
    except (ContentError, LookupError):
        raise HTTPException(404) from None
    values: dict[str, Any] = {"trial": trial, "fault": fault, "busy": busy, "uneven": uneven}
    return visit.console.pages.respond("parts/content_trial.html", visit.language, **values)


async def _read_sample(visit: Visit, kind: str, texts: Mapping[str, str]) -> Sample | None:
    """What somebody tries against screening, with the served documents that the form would change."""
    said = visit.form.get("sample", "").strip()[:LONGEST_SAMPLE]
    if kind != "screening" or not said:
        return None
    live = (await visit.console.editing.read()).texts
    return Sample(said, {path: live.get(path) for path, text in texts.items() if live.get(path) != text})


async def serve_rules(visit: Visit) -> Response:
    """What the browser counts and warns by while somebody types, as the chat's box does (A2, G1)."""
    words = visit.console.pages.words(visit.language)
    said = {**words["composing"], **{key: words["reply"][key] for key in ("parts_one", "parts_many", "characters")}}
    return JSONResponse({**visit.console.beside.composing, "words": said, "languages": LANGUAGES})


async def serve_token(visit: Visit) -> Response:
    """The token of this login, for a form that was opened in an earlier one: what was typed there is not lost."""
    return JSONResponse({"token": visit.token})


ROWS: tuple[RouteRow, ...] = (
    ("/content", show_content, ("GET",), Guard("approve_content")),
    ("/content/of/{kind}", show_kind, ("GET",), Guard("approve_content")),
    ("/content/entry", show_entry, ("GET",), Guard("edit_content")),
    ("/content/entry", save_entry, ("POST",), Guard("edit_content", most_fields=MOST_FIELDS)),
    ("/content/check", check_entry, ("POST",), Guard("edit_content", most_fields=MOST_FIELDS)),
    ("/content/token", serve_token, ("GET",), Guard("edit_content", passive=True)),
    ("/content/rules", serve_rules, ("GET",), Guard("edit_content", passive=True)),
)
