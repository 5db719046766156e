"""What the pages for content are rendered from: forms, differences and conflicts as text people read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console.content_forms import LANGUAGES, find_kind
from console.content_plain import find_part, find_word, group_entry
from hotline.content_merge import MISSING, Conflict, Entry, name_entry
from hotline.content_review import Change
from storage.content_texts import write_document

NOTICES = (
    "saved", "apart", "nothing_changed", "approved", "own_draft", "own_lift", "moved_on", "vetoed", "lifted",
    "discarded", "live", "lacking", "gone", "pulled", "confirmed", "unconfirmed", "rolled_back", "refused",
    "busy", "wrong", "no_id",
)  # fmt: skip
DONE = (
    "saved",
    "approved",
    "vetoed",
    "lifted",
    "discarded",
    "live",
    "pulled",
    "confirmed",
    "unconfirmed",
    "rolled_back",
)
MOST_LISTED = 120


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of an entry before and after, as text; ``field`` is its way there, empty for the entry as a whole."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change of a draft, with where its form is; ``language`` is that of its document, empty for none.

    ``word`` is the key of what such an entry is called by people, ``rest`` which one of them it is.
    """

    name: str
    kind: str
    entry: str
    language: str
    differences: Sequence[Difference]
    word: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """An entry that two people changed; ``number`` is its place among the draft's conflicts.

    ``words`` is True if all they disagree about is one field of plain words: then the sides are those words alone.
    Else they hold what differs. ``joined`` is the whole with both sides' changes, to be written over.
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
    joined: str
    word: str = ""
    rest: str = ""


def pick_notice(asked: str) -> str:
    """A notice that the console has words for, or nothing."""
    return asked if asked in NOTICES else ""


def describe_change(change: Change) -> ChangeRow:
    """The change as people judge it: only what differs."""
    kind, entry = find_kind(change.path, change.entry)
    # Several entries of one form: which of them it is must be said.
    own = change.entry if group_entry(change.path, change.entry) != name_entry(change.entry) else ()
    differences = tuple(_list_differences(change.before, change.after, _drop_part(change.path, own)))
    called = find_word(change.path, change.entry)
    return ChangeRow(change.name, kind, entry, _find_language(change.path), differences, *called)


def _drop_part(path: str, entry: Entry) -> Entry:
    """The entry without what its heading says already; what is left leads to it inside its form."""
    return tuple(step for step in entry if step != find_part(path, entry)[0])


def _find_language(path: str) -> str:
    return next((part for part in path.split("/") if part in LANGUAGES), "")


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
        key, sides = find_words(one), (one.base, one.ours, one.theirs)
        shown = [side[key] for side in sides] if key else _keep_differing(sides)
        base, ours, theirs = map(tell, shown)
        kind, entry = find_kind(one.path, one.entry)
        where, joined = (kind, entry, _find_language(one.path)), ours if key else tell(_join(*sides))
        row = ConflictRow(number, name, *where, bool(key), base, ours, theirs, joined, *find_word(one.path, one.entry))
        rows.setdefault(one.path, []).append(row)
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
    if value is MISSING or value is None or value == {}:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.strip() if isinstance(value, str) else write_document(value).strip().removesuffix("\n...")
