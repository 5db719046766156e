"""A confirmation that was a slip, taken back: the line or place runs out as it would have without it (D3)."""

from collections.abc import Mapping
from typing import Any

from hotline.content_entries import find_entry, put_entry
from hotline.content_review import CONFIRMING, find_changes, is_only_confirmed, list_dialled
from hotline.errors import ContentError


def unconfirm(before: Mapping[str, Any], confirmed: Mapping[str, Any], live: Mapping[str, Any]) -> tuple[str, str, Any]:
    """Id, path and new state of the document in which what ``confirmed`` said over ``before`` is taken back.

    Nothing but the confirmation changes. Raises ContentError if these two differ in more or in nothing, and if the
    line or place was confirmed again, got another number, or is gone since.
    """
    changes = find_changes(before, confirmed)
    if len(changes) != 1 or not is_only_confirmed(changes[0].before, changes[0].after):
        raise ContentError("that version confirmed nothing")
    change = changes[0]
    now = find_entry(live.get(change.path), change.entry)
    if _find_confirmation(now) != _find_confirmation(change.after) or list_dialled(now) != list_dialled(change.after):
        raise ContentError("it was confirmed or changed again since")
    document = put_entry(live[change.path], change.entry, _put_back(now, change.before))
    return str(change.entry[-1]), change.path, document


def _find_confirmation(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return None
    return [{key: one.get(key) for key in CONFIRMING} for one in (value, value.get("porchlight") or {})]


def _put_back(now: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    changed = {key: one for key, one in now.items() if key not in CONFIRMING}
    changed |= {key: one for key, one in before.items() if key in CONFIRMING}
    if isinstance(now.get("porchlight"), Mapping):
        changed["porchlight"] = _put_back(now["porchlight"], before.get("porchlight") or {})
    return changed
