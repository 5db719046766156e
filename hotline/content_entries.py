"""One entry of a document taken out and put back, so that a form changes it and nothing beside it (G1)."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from hotline.content_merge import MISSING, Entry, list_entries
from hotline.errors import ContentError

_NAMES = ("key", "id")


def find_entry(document: Any, entry: Entry) -> Any:
    """The entry's value, or MISSING; ``()`` is the document as a whole."""
    if entry == ():
        return MISSING if document is None else document
    return list_entries(document).get(entry, MISSING)


def put_entry(document: Any, entry: Entry, value: Any) -> Any:
    """A copy of the document in which the entry is ``value``, or gone if that is MISSING.

    A new entry comes last in its part. Raises ContentError where the document has no part for it.
    """
    if entry == ():
        return None if value is MISSING else deepcopy(value)
    if not isinstance(document, Mapping):
        raise ContentError("a document without entries can only be changed as a whole")
    changed = deepcopy(dict(document))
    if len(entry) == 1:
        _put(changed, entry[0], value)
        return changed
    part = changed.get(entry[0])
    if isinstance(part, list):
        changed[entry[0]] = _put_into_list(part, entry[1], value)
    elif isinstance(part, dict):
        _put(part, entry[1], value)
    elif part is None:
        changed[entry[0]] = {} if value is MISSING else {entry[1]: deepcopy(value)}
    else:
        raise ContentError("that part of the document has no entries")
    return changed


def _put(part: dict[Any, Any], key: Any, value: Any) -> None:
    if value is MISSING:
        part.pop(key, None)
    else:
        part[key] = deepcopy(value)


def _put_into_list(part: list[Any], name: Any, value: Any) -> list[Any]:
    named = [_name(item) for item in part]
    at = named.index(name) if name in named else len(part)
    return [*part[:at], *([] if value is MISSING else [deepcopy(value)]), *part[at + 1 :]]


def _name(item: Any) -> Any:
    return next((item[name] for name in _NAMES if isinstance(item, Mapping) and name in item), None)
