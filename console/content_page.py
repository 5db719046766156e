"""What the pages for content are rendered from: forms, differences and conflicts as text people read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console.content_forms import LANGUAGES, find_kind
from hotline.content_merge import MISSING, Conflict, name_entry
from hotline.content_review import Change
from storage.content_texts import write_document

NOTICES = (
    "saved", "apart", "nothing_changed", "approved", "own_draft", "moved_on", "vetoed", "lifted", "discarded", "live",
    "lacking", "gone", "pulled", "confirmed", "rolled_back", "refused", "busy", "wrong",
)  # fmt: skip
DONE = ("saved", "approved", "vetoed", "lifted", "discarded", "live", "pulled", "confirmed", "rolled_back")
MOST_LISTED = 120


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of an entry before and after, as text; ``field`` is empty for the entry as a whole."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change of a draft, with where its form is; ``language`` is that of its document, empty for none."""

    name: str
    kind: str
    entry: str
    language: str
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """An entry that two people changed; ``number`` is its place among the draft's conflicts.

    ``words`` is True if all they disagree about is one field of plain words: then the sides are those words alone.
    """

    number: int
    name: str
    kind: str
    entry: str
    language: str
    words: bool
    base: str
    ours: str
    theirs: str


def pick_notice(asked: str) -> str:
    """A notice that the console has words for, or nothing."""
    return asked if asked in NOTICES else ""


def describe_change(change: Change) -> ChangeRow:
    """The change as people judge it: only what differs."""
    kind, entry = find_kind(change.path, change.entry)
    return ChangeRow(change.name, kind, entry, _find_language(change.path), _list_differences(change))


def _find_language(path: str) -> str:
    return next((part for part in path.split("/") if part in LANGUAGES), "")


def _list_differences(change: Change) -> Sequence[Difference]:
    before, after = change.before, change.after
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return [Difference("", tell(before), tell(after))]
    keys = [key for key in (*before, *(key for key in after if key not in before)) if before.get(key) != after.get(key)]
    return [
        Difference(name_entry((key,)), tell(before.get(key, MISSING)), tell(after.get(key, MISSING))) for key in keys
    ]


def describe_conflicts(conflicts: Sequence[Conflict]) -> Mapping[str, Sequence[ConflictRow]]:
    """The three sides of every conflict, by document: each document is settled by itself."""
    rows: dict[str, list[ConflictRow]] = {}
    for number, one in enumerate(conflicts):
        name = f"{one.path}: {name_entry(one.entry)}" if one.entry else one.path
        key = find_words(one)
        sides = [tell(side[key] if key else side) for side in (one.base, one.ours, one.theirs)]
        where = (*find_kind(one.path, one.entry), _find_language(one.path))
        rows.setdefault(one.path, []).append(ConflictRow(number, name, *where, bool(key), *sides))
    return rows


def find_words(conflict: Conflict) -> str:
    """The one field of plain words that the three sides disagree about, whatever their reviews say; empty if more."""
    sides = (conflict.base, conflict.ours, conflict.theirs)
    if not all(isinstance(side, Mapping) for side in sides):
        return ""
    keys = {key: [side.get(key, MISSING) for side in sides] for side in sides for key in side if key != "review"}
    differ = [key for key, values in keys.items() if any(value != values[0] for value in values)]
    plain = len(differ) == 1 and all(isinstance(value, str) for value in keys[differ[0]])
    return str(differ[0]) if plain else ""


def tell(value: Any) -> str:
    """A value as people read it: plain text as it is, else YAML; nothing for what is not there."""
    if value is MISSING or value is None:
        return ""
    return value.strip() if isinstance(value, str) else write_document(value).strip().removesuffix("\n...")
