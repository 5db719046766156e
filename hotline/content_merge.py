"""Two people's work on one document joined entry by entry, so that neither loses any (G2, G3). Pure data, no YAML.

An entry is what a person edits as one thing: one reply, one line, one place, one rule of screening.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

type Entry = tuple[Any, ...]
"""Where an entry stands: a key of the document, and a key or id below it; ``()`` is the document as a whole."""

_NAMES = ("key", "id")


class _Missing:
    """Stands for an entry that is not there; nothing that YAML can hold is equal to it."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Any = _Missing()


@dataclass(frozen=True, slots=True)
class Conflict:
    """An entry that both sides changed, each to something else. ``path`` is filled in by who knows the document."""

    entry: Entry
    base: Any
    ours: Any
    theirs: Any
    path: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of it. In ``document`` a conflict shows ours; None if the document is gone."""

    document: Any
    conflicts: tuple[Conflict, ...]


def name_entry(entry: Entry) -> str:
    """The entry in words for people: ``replies/welcome``; the YAML 1.1 readings of on and no are given back."""
    spelled = {True: "on", False: "no"}
    return "/".join(spelled[part] if isinstance(part, bool) else str(part) for part in entry)


def list_entries(document: Any, *, like: tuple[Any, ...] = ()) -> dict[Entry, Any]:
    """Every entry of a document and its value. ``like``: other states of it, to be cut where all can be cut."""
    if document is MISSING or document is None:
        return {}
    if not isinstance(document, Mapping) or not all(isinstance(other, Mapping) or _is_none(other) for other in like):
        return {(): document}
    return dict(_cut(document, like))


def _cut(document: Mapping[Any, Any], like: tuple[Any, ...]) -> Iterator[tuple[Entry, Any]]:
    for key, value in document.items():
        others = [other[key] for other in like if isinstance(other, Mapping) and key in other]
        if value and isinstance(value, Mapping) and all(isinstance(other, Mapping) for other in others):
            yield from (((key, below), one) for below, one in value.items())
        elif value and all(_find_name(one) == _find_name(value) is not None for one in (value, *others)):
            name = _find_name(value)
            yield from (((key, one[name]), one) for one in value)
        else:
            yield (key,), value


def _find_name(value: Any) -> str | None:
    """The field that names each item of a list, if one does, each by a name of its own."""
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        return None
    for name in _NAMES:
        names = [item.get(name) for item in value]
        if names and all(isinstance(one, str) for one in names) and len(set(names)) == len(names):
            return name
    return None


def _is_none(document: Any) -> bool:
    return document is None or document is MISSING


def merge(base: Any, ours: Any, theirs: Any) -> Merged:
    """Three-way: what only one side changed is taken from it; what both changed alike, too; the rest is a conflict.

    None stands for a document that is not there. Nothing that either side wrote is left out of the answer.
    """
    if theirs in (ours, base):
        return Merged(ours, ())
    if ours == base:
        return Merged(theirs, ())
    if ours is None or theirs is None:
        return Merged(ours, (Conflict((), base, ours, theirs),))
    states = [list_entries(one, like=(base, ours, theirs)) for one in (base, ours, theirs)]
    taken: dict[Entry, Any] = {}
    conflicts: list[Conflict] = []
    for entry in dict.fromkeys((*states[1], *states[2])):
        was, our, their = (state.get(entry, MISSING) for state in states)
        if their in (our, was):
            taken[entry] = our
        elif our == was:
            taken[entry] = their
        else:
            taken[entry] = our
            conflicts.append(Conflict(entry, was, our, their))
    return Merged(_build(taken, ours, theirs), tuple(conflicts))


def follow_conflicts(
    old: tuple[Conflict, ...], new: tuple[Conflict, ...], live: Mapping[str, Any]
) -> tuple[Conflict, ...]:
    """Conflicts that wait, after ``live`` moved on once more and was joined with ``new`` ones: one for each entry.

    What was before both stays, so that three sides are three people's; what both say alike by now is settled.
    """
    joined = {(one.path, one.entry): one for one in new}
    kept = []
    for one in old:
        again = joined.pop((one.path, one.entry), None)
        now = list_entries(live.get(one.path)).get(one.entry, MISSING)
        if again and again.theirs != one.base:
            kept.append(replace(one, ours=again.ours, theirs=again.theirs))
        elif not again and now != one.ours:
            kept.append(one)
    return (*kept, *joined.values())


def _build(taken: Mapping[Entry, Any], ours: Any, theirs: Any) -> Any:
    """The document out of its entries, in our order, with what they added at the end of its part."""
    if () in taken:
        return taken[()]
    built: dict[Any, Any] = {}
    for entry, value in taken.items():
        if value is MISSING:
            continue
        if len(entry) == 1 and not value:
            # An emptied part must not take away what the other side added to it.
            built.setdefault(entry[0], value)
        elif len(entry) == 1:
            built[entry[0]] = value
        elif isinstance(ours.get(entry[0], theirs.get(entry[0])), list):
            built.setdefault(entry[0], []).append(value)
        else:
            built.setdefault(entry[0], {})[entry[1]] = value
    return built
