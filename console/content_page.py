"""What the pages for content are rendered from: forms, differences and conflicts as text people read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console.content_forms import find_kind
from hotline.content_merge import MISSING, Conflict, Entry, name_entry
from hotline.content_review import Change
from storage.content_texts import write_document

NOTICES = (
    "saved", "apart", "nothing_changed", "approved", "own_draft", "moved_on", "vetoed", "lifted", "discarded", "live",
    "lacking", "gone", "pulled", "confirmed", "rolled_back", "refused", "busy", "wrong", "no_id",
)  # fmt: skip
DONE = ("saved", "approved", "vetoed", "lifted", "discarded", "live", "pulled", "confirmed", "rolled_back")
MOST_LISTED = 120


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of an entry before and after, as text; ``field`` is its way there, empty for the entry as a whole."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change of a draft, with where its form is."""

    name: str
    kind: str
    entry: str
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """An entry that two people changed; ``number`` is its place among the draft's conflicts.

    The three sides hold what differs between them; ``joined`` is the whole with both's changes, to be written over.
    """

    number: int
    name: str
    base: str
    ours: str
    theirs: str
    joined: str


def pick_notice(asked: str) -> str:
    """A notice that the console has words for, or nothing."""
    return asked if asked in NOTICES else ""


def describe_change(change: Change) -> ChangeRow:
    """The change as people judge it: only what differs."""
    differences = tuple(_list_differences(change.before, change.after, ()))
    return ChangeRow(change.name, *find_kind(change.path, change.entry), differences)


def _list_differences(before: Any, after: Any, at: Entry) -> Iterator[Difference]:
    """Down to what differs: most of a place stands in one field of its own, of which nobody finds one answer."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        yield Difference(name_entry(at), tell(before), tell(after))
        return
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key, MISSING), after.get(key, MISSING)
        if one != other:
            yield from _list_differences(one, other, (*at, key))


def describe_conflicts(conflicts: Sequence[Conflict]) -> Mapping[str, Sequence[ConflictRow]]:
    """The three sides of every conflict, by document: each document is settled by itself."""
    rows: dict[str, list[ConflictRow]] = {}
    for number, one in enumerate(conflicts):
        name = f"{one.path}: {name_entry(one.entry)}" if one.entry else one.path
        base, ours, theirs = map(tell, _keep_differing((one.base, one.ours, one.theirs)))
        rows.setdefault(one.path, []).append(
            ConflictRow(number, name, base, ours, theirs, tell(_join(one.base, one.ours, one.theirs)))
        )
    return rows


def _join(base: Any, ours: Any, theirs: Any) -> Any:
    """Both sides' changes field by field, ours where both changed one: a place that was closed meanwhile stays so."""
    if base in (ours, theirs):
        return ours if theirs == base else theirs
    if not isinstance(ours, Mapping) or not isinstance(theirs, Mapping):
        return ours
    base = base if isinstance(base, Mapping) else {}
    keys = dict.fromkeys((*ours, *theirs))
    joined = {key: _join(*(one.get(key, MISSING) for one in (base, ours, theirs))) for key in keys}
    return {key: value for key, value in joined.items() if value is not MISSING}


def _keep_differing(sides: tuple[Any, ...]) -> tuple[Any, ...]:
    """The sides without what all of them say alike: nobody finds one word in three long columns."""
    if not all(isinstance(one, Mapping) for one in sides):
        return sides
    kept: tuple[dict[Any, Any], ...] = tuple({} for _ in sides)
    for key in dict.fromkeys(key for one in sides for key in one):
        found = tuple(one.get(key, MISSING) for one in sides)
        if any(one != found[0] for one in found):
            for side, value in zip(kept, _keep_differing(found), strict=True):
                side.update({} if value is MISSING else {key: value})
    return kept


def tell(value: Any) -> str:
    """A value as people read it: plain text as it is, else YAML; nothing for what is not there."""
    if value is MISSING or value is None or value == {}:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.strip() if isinstance(value, str) else write_document(value).strip().removesuffix("\n...")
