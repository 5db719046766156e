"""A new reply, line, place or term: an empty entry in the documents, so that its form is that of any other (G1)."""

import re
from typing import Any

from console.content_forms import LANGUAGES
from console.content_specs import WHO
from console.editing import View
from hotline.content_acts import NUMBERS, list_places
from hotline.content_entries import put_entry

NEW_KINDS = ("replies", "lines", "places", "screening")
_NAME = re.compile("[a-z][a-z0-9_]{2,59}")
_TERM = re.compile("(screening/[a-z_]+)~entries/([a-z]{2}-[a-z0-9-]{2,56})")
_UNKNOWN = "unknown"


def lay_new(view: View, kind: str, name: str, region: str, document: str = "") -> View:
    """The set with an empty entry of that name in it; ``document`` is the file of a reply, the same in each language.

    Raises LookupError for a name that is taken or is none.
    """
    if kind == "screening":
        return _lay_term(view, name)
    if kind == "replies":
        return _lay_reply(view, name, document)
    taken = {str(place.get("key")) for _, place in list_places(view.documents)}
    taken |= set((view.documents.get(NUMBERS) or {}).get("lines") or {})
    if kind not in NEW_KINDS or not _NAME.fullmatch(name) or name in taken:
        raise LookupError(name)
    if kind == "lines":
        path, added = NUMBERS, put_entry(view.documents[NUMBERS], ("lines", name), _build_line())
    else:
        path = f"directory/{region}/{name}"
        if path in view.documents:
            raise LookupError(name)
        added = _build_organization(name)
    return View(view.version, view.texts, {**view.documents, path: added})


def list_files(view: View, kind: str) -> tuple[str, ...]:
    """Documents of the kind among which somebody who adds an entry has to choose; none for some kinds."""
    if kind == "screening":
        return list_term_files(view)
    first = f"replies/{LANGUAGES[0]}/"
    found = (path.removeprefix(first) for path in view.documents if kind == "replies" and path.startswith(first))
    return tuple(sorted(found))


def _lay_reply(view: View, name: str, document: str) -> View:
    known = {key for path, one in view.documents.items() if path.startswith("replies/") for key in one["replies"]}
    if not _NAME.fullmatch(name) or name in known or document not in list_files(view, "replies"):
        raise LookupError(name)
    paths = [f"replies/{language}/{document}" for language in LANGUAGES]
    added = {path: put_entry(view.documents[path], ("replies", name), {"text": ""}) for path in paths}
    return View(view.version, view.texts, {**view.documents, **added})


def list_term_files(view: View) -> tuple[str, ...]:
    """Documents that hold screening terms."""
    found = (path for path, one in view.documents.items() if path.startswith("screening/") and one.get("entries"))
    return tuple(sorted(found))


def _lay_term(view: View, name: str) -> View:
    """A term that weighs nothing until somebody says what it means."""
    found = _TERM.fullmatch(name)
    if found is None or found[1] not in list_term_files(view):
        raise LookupError(name)
    path, term = found[1], found[2]
    if any(one.get("id") == term for file in list_term_files(view) for one in view.documents[file]["entries"]):
        raise LookupError(name)
    blank: dict[str, Any] = {"id": term, "class": "EXP", "weight": "weak", "meaning": "", "phrases": []}
    document = put_entry(view.documents[path], ("entries", term), blank)
    return View(view.version, view.texts, {**view.documents, path: document})


def _build_line() -> dict[str, Any]:
    return {
        "name": {}, "ease": 5, "needs": [], "note": {}, "hours": _UNKNOWN, "may_report": _UNKNOWN, "evidence": "known",
        "source": "facts", "assured_date": None, "verified_by": None,
    }  # fmt: skip


def _build_organization(name: str) -> dict[str, Any]:
    """Everything of it unknown, its address confidential until somebody asked (D4)."""
    ours = {
        "publish": True, "needs": [], "address_confidential": _UNKNOWN, "walk_in": _UNKNOWN, "call_first": True,
        "on_holidays": _UNKNOWN, "who": dict.fromkeys(WHO, _UNKNOWN), "parent_contact": _UNKNOWN,
        "shares_with_police": _UNKNOWN, "faith_based": _UNKNOWN, "returns_after_running": _UNKNOWN,
        "evidence": "known", "source": "facts", "verified_by": None, "expires_on": None,
        "vetting": {"factors": {}, "vetted_on": None, "approved_by": []},
    }  # fmt: skip
    service = {"key": name, "name": "", "status": "active", "assured_date": None, "porchlight": ours}
    return {"review": {"state": "drafted"}, "organization": {"name": "", "description": ""}, "services": [service]}
