"""Going back to older words without going back to older numbers (D3, G2).

One person goes back, and a number may have been changed because it was wrong: none comes back that is not live.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from hotline.content_acts import NUMBERS
from hotline.content_entries import put_entry
from hotline.content_merge import MISSING, Entry, list_entries, name_entry
from hotline.content_review import find_numbers, is_only_confirmed, list_dialled
from hotline.line_records import CLOSED

_NO_NUMBERS = ("screening/", "keywords", "telling")
"""Documents whose digits are heard and never said."""
_PLACES = "directory/"
_NOT_DIALLED = ("service_at_locations", "porchlight", "organization")
_SHORTEST, _LONGEST = 3, 10


def keep_numbers(documents: Mapping[str, Any], live: Mapping[str, Any]) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Older documents with the numbers of the live ones, and the names of the entries that stay as they are live.

    A line or place whose number is another by now stays whole; one of which only the confirmation differs keeps that
    of today, taken back or not. A line that came since stays, and one that is gone since comes back closed. Any other
    entry stays if it would bring a number that is nowhere live.
    """
    known = frozenset(_list_digits(one for path, one in live.items() if not path.startswith(_NO_NUMBERS)))
    changed, kept = dict(documents), []
    for path, document in documents.items():
        now = live.get(path)
        before, after = list_entries(now, like=(document,)), list_entries(document, like=(now,))
        for entry, value in after.items():
            served = before.get(entry, MISSING)
            if _stays(path, entry, value, served, known):
                changed[path] = put_entry(changed[path], entry, served)
                kept += [] if is_only_confirmed(served, value) else [f"{path}: {name_entry(entry)}"]
    if NUMBERS in changed and NUMBERS in live:
        changed[NUMBERS] = _keep_lines(changed[NUMBERS], live[NUMBERS])
    return changed, tuple(kept)


def _stays(path: str, entry: Entry, old: Any, live: Any, known: frozenset[str]) -> bool:
    if old == live or live is MISSING or path.startswith(_NO_NUMBERS):
        return False
    if path == NUMBERS and entry[:1] not in (("lines",), ("phrases",), ("review",)):
        return True
    if is_only_confirmed(live, old):
        return True
    if path == NUMBERS and entry[:1] == ("lines",):
        return list_dialled(old) != list_dialled(live) or _is_lasting(old) != _is_lasting(live)
    if path.startswith(_PLACES):
        if list_dialled(old) != list_dialled(live):
            return True
        old = {key: one for key, one in old.items() if key not in _NOT_DIALLED} if isinstance(old, Mapping) else old
    return not known.issuperset(_list_digits([old]))


def _is_lasting(line: Any) -> bool:
    return isinstance(line, Mapping) and line.get("never_hidden") is True


def _keep_lines(document: Any, live: Any) -> Any:
    """The lines that are live, and of what is gone since only what replies may still name, closed."""
    changed = deepcopy(document)
    lines, served = changed.get("lines") or {}, live.get("lines") or {}
    for name in lines.keys() - served.keys():
        lines[name] = {**lines[name], "status": CLOSED, "never_hidden": False}
    changed["lines"] = {**lines, **{name: deepcopy(one) for name, one in served.items() if name not in lines}}
    return changed


def _list_digits(values: Iterable[Any]) -> Iterator[str]:
    """Numbers that may be dialled, without a leading 1 of the country."""
    for value in values:
        yield from (one[-_LONGEST:] for one in find_numbers(value) if one.isdecimal() and len(one) >= _SHORTEST)
