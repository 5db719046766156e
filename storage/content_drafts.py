"""A draft of content as one line of JSON; the same draft is always the same line, so that lines can be compared."""

import json
from datetime import date, datetime
from typing import Any

from hotline.content_merge import MISSING, Conflict
from hotline.content_review import Approval, Draft


def format_draft(draft: Draft) -> str:
    """The line of a draft."""
    fields = {
        "id": draft.id, "revision": draft.revision, "origin": draft.origin, "note": draft.note,
        "authors": draft.authors, "base_version": draft.base_version, "texts": draft.texts, "bases": draft.bases,
        "changed_at": draft.changed_at.isoformat(), "vetoes": draft.vetoes,
        "approvals": [[one.by, one.digest, one.at.isoformat()] for one in draft.approvals],
        "conflicts": [
            [one.path, *map(_tell, (one.entry, one.base, one.ours, one.theirs))] for one in draft.conflicts
        ],
        # Left out while there are none: the line of a draft that was saved before there could be any stays the same.
        **({"lifts": draft.lifts} if draft.lifts else {}),
    }  # fmt: skip
    return json.dumps(fields, sort_keys=True, separators=(",", ":"))


def parse_draft(line: bytes | str) -> Draft:
    """The draft of ``format_draft``. Raises ValueError or KeyError for anything else."""
    fields = json.loads(line)
    return Draft(
        id=fields["id"],
        revision=fields["revision"],
        origin=fields["origin"],
        note=fields["note"],
        authors=tuple(fields["authors"]),
        base_version=fields["base_version"],
        texts=fields["texts"],
        bases=fields["bases"],
        changed_at=datetime.fromisoformat(fields["changed_at"]),
        approvals=tuple(Approval(by, digest, datetime.fromisoformat(at)) for by, digest, at in fields["approvals"]),
        vetoes=tuple(fields["vetoes"]),
        lifts=tuple(fields.get("lifts", ())),
        conflicts=tuple(
            Conflict(tuple(_hear(entry)), _hear(base), _hear(ours), _hear(theirs), path)
            for path, entry, base, ours, theirs in fields["conflicts"]
        ),
    )


def _tell(value: Any) -> Any:
    """A value of YAML as JSON holds it and gives it back: dates, missing ones and keys that are no text included."""
    if value is MISSING:
        return {"is": "missing"}
    if isinstance(value, datetime | date):
        return {"is": "date" if type(value) is date else "moment", "value": value.isoformat()}
    if isinstance(value, dict):
        return {"is": "map", "value": [[_tell(key), _tell(one)] for key, one in value.items()]}
    return [_tell(one) for one in value] if isinstance(value, list | tuple) else value


def _hear(value: Any) -> Any:
    if isinstance(value, list):
        return [_hear(one) for one in value]
    if not isinstance(value, dict):
        return value
    match value["is"]:
        case "missing":
            return MISSING
        case "date":
            return date.fromisoformat(value["value"])
        case "moment":
            return datetime.fromisoformat(value["value"])
    return {_hear(key): _hear(one) for key, one in value["value"]}
