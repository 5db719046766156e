"""Who must agree before a change of content goes live, and what is still missing for it (G2, D2, D3, D7)."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from hotline.content_merge import MISSING, Conflict, Entry, list_entries, name_entry
from hotline.errors import ContentError

REVIEWER = re.compile(r"survivor-[0-9a-f]{8}")
"""A survivor reviewer: a role and a random id, never a name (G2)."""

_CRISIS_KEYS = ("crisis_", "high_", "handoff_", "unreadable_message", "overdose", "self_harm")
"""Besides what is sent in danger: who can come and what to call meanwhile, which stands right below it."""
_CRISIS_DOCUMENTS = ("screening/", "keywords", "telling", "regions/")
"""Besides crisis replies: what finds a crisis, what a texter's own way out is, and how soon somebody is called."""
CONFIRMING = frozenset({"assured_date", "verified_by", "expires_on"})
"""Who answers for a line or place, since when, and until when: of a place partly among what we add to it."""
_NUMBERED = frozenset({"number", "phones", "tty", "line"})
_NUMBER = re.compile(r"(?<!\d)\d[\d\s().-]*")
_SAID_LINE = re.compile(r"\{(\w+)\.(?:how|digits)\}")


class Weight(StrEnum):
    """Why a change needs two approvals instead of one."""

    CRISIS = "crisis"
    NUMBER = "number"
    VETTING = "vetting"
    ADDRESS = "address"
    """A place's address is no longer confidential (D4)."""


APPROVALS = {False: 1, True: 2}
"""Accounts that must approve besides the authors: one, or two where the change has a weight; three people then."""

type Lack = Literal["nothing_changed", "conflicts", "vetoed", "one_more", "two_more", "confirm_anew"]
"""Why a draft is not published."""


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of one document, before and after; ``MISSING`` where it is not there."""

    path: str
    entry: Entry
    before: Any
    after: Any

    @property
    def name(self) -> str:
        """Document and entry in words."""
        return f"{self.path}: {name_entry(self.entry)}" if self.entry else self.path


@dataclass(frozen=True, slots=True)
class Approval:
    """An account's yes to exactly these changes."""

    by: str
    digest: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """Changes on their way: texts of whole documents, each with the text that it was begun from.

    ``texts`` and ``bases``: path to YAML, None for a document that is not there (any more). ``base_version`` is the
    live version of the last look. ``origin``: ``edit``, ``upgrade`` or ``import``. ``revision`` counts savings.
    """

    id: str
    revision: int
    origin: str
    note: str
    authors: tuple[str, ...]
    base_version: int
    texts: Mapping[str, str | None]
    bases: Mapping[str, str | None]
    changed_at: datetime
    approvals: tuple[Approval, ...] = ()
    vetoes: tuple[str, ...] = ()
    lifts: tuple[str, ...] = ()
    """Vetoes that were taken back: the reviewer, and the account that wrote it down."""
    conflicts: tuple[Conflict, ...] = field(default=(), repr=False)
    """What could not be joined when the live set moved on; empty again once the author has chosen."""


def find_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every entry that differs, by path; documents as parsed, None or no key for one that is not there."""
    changes = []
    for path in sorted({*before, *after}):
        one, other = before.get(path), after.get(path)
        old, new = list_entries(one, like=(other,)), list_entries(other, like=(one,))
        for entry in dict.fromkeys((*old, *new)):
            was, now = old.get(entry, MISSING), new.get(entry, MISSING)
            if _plain(was) != _plain(now):
                changes.append(Change(path, entry, was, now))
    return tuple(changes)


def compute_digest(changes: Iterable[Change]) -> str:
    """16 hex digits of what a draft changes, from what to what; other people's entries beside it do not count."""
    told = [[one.path, _plain(one.entry), _plain(one.before), _plain(one.after)] for one in changes]
    return hashlib.sha256(json.dumps(sorted(told, key=json.dumps)).encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    """A value as JSON can hold it without two different ones becoming one: dates and booleans keep their kind."""
    if isinstance(value, Mapping):
        return {"map": [[_plain(key), _plain(one)] for key, one in value.items()]}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, str) else {type(value).__name__: str(value)}


def find_weights(changes: Iterable[Change]) -> frozenset[Weight]:
    """Why these changes need two approvals; empty if one is enough."""
    together = tuple(changes)
    hiding = frozenset(change.path for change in together if _hides_address(change))
    return frozenset(weight for change in together for weight in _weigh(change, hiding))


def _weigh(change: Change, hiding: Collection[str]) -> Iterator[Weight]:
    if is_crisis(change):
        yield Weight.CRISIS
    if _touches_number(change, hiding):
        yield Weight.NUMBER
    before, after = _ours(change.before), _ours(change.after)
    if before.get("vetting") != after.get("vetting") or _is_many_places(change):
        yield Weight.VETTING
    hidden = before.get("address_confidential", False)
    if hidden is not False and after.get("address_confidential", hidden) is False:
        yield Weight.ADDRESS


def _is_many_places(change: Change) -> bool:
    """True where places cannot be told apart: any of them may have another vetting or address now."""
    if not change.path.startswith("directory/") or change.path == "directory/words":
        return False
    return change.entry in ((), ("services",))


def _hides_address(change: Change) -> bool:
    """True for a place whose address was open, and is confidential or not known to be open."""
    before, after = _ours(change.before), _ours(change.after)
    return before.get("address_confidential") is False and after.get("address_confidential", False) is not False


def _touches_number(change: Change, hiding: Collection[str]) -> bool:
    """``hiding``: documents in which a place hides. With its address its digits go, and that must be quick (D4)."""
    if change.path == "numbers":
        return not _is_confirming(change)
    before, after = find_numbers(_without_gone_record(change)), find_numbers(change.after)
    beside = change.path in hiding and change.entry[:1] == ("organization",)
    if _hides_address(change) or beside:
        words = isinstance(change.before, str) and isinstance(change.after, str)
        same = words or list_dialled(change.before) == list_dialled(change.after)
        return not same or bool(Counter(after) - Counter(before))
    return before != after


def _without_gone_record(change: Change) -> Any:
    """What was there before, without the record from elsewhere that is dropped: nobody is told its digits."""
    ours = _ours(change.before)
    if "hsds" not in ours or not isinstance(change.after, Mapping) or "hsds" in _ours(change.after):
        return change.before
    return {**change.before, "porchlight": {key: one for key, one in ours.items() if key != "hsds"}}


def is_crisis(change: Change) -> bool:
    """True for what a texter in danger reads or is found by: a survivor reviewer can veto it (G2)."""
    if change.path.startswith(_CRISIS_DOCUMENTS):
        return True
    if not change.path.startswith("replies/"):
        return False
    # A whole file that comes or goes, or an entry of an unusual form, may hold one.
    return len(change.entry) < 2 or str(change.entry[1]).startswith(_CRISIS_KEYS)


def _ours(value: Any) -> Mapping[str, Any]:
    ours = value.get("porchlight") if isinstance(value, Mapping) else None
    return ours if isinstance(ours, Mapping) else {}


def _is_confirming(change: Change) -> bool:
    if not is_only_confirmed(change.before, change.after):
        return False
    # A line that is never hidden is put last by its expiry: that is no mere confirming (D3).
    lasting = change.before.get("never_hidden") and change.after.get("expires_on") is not None
    return not (lasting and change.before.get("expires_on", MISSING) != change.after.get("expires_on", MISSING))


def is_only_confirmed(before: Any, after: Any) -> bool:
    """True if nothing but who confirmed an entry, when, and how long it holds is another, or nothing at all."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return False
    return _without_confirmation(before) == _without_confirmation(after)


def _without_confirmation(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of a place they stand among what we add to it, but for the day."""
    rest = {key: one for key, one in value.items() if key not in CONFIRMING}
    ours = {key: one for key, one in _ours(value).items() if key not in CONFIRMING}
    return {**rest, "porchlight": ours} if "porchlight" in value else rest


def find_numbers(value: Any) -> list[str]:
    """Everything in a value that may be dialled: fields of numbers as they stand, runs of three digits, named lines."""
    return sorted(_list_numbers(value))


def _list_numbers(value: Any, *, named: bool = False) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _list_numbers(one, named=named or key in _NUMBERED)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _list_numbers(one, named=named)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        if named:
            yield str(value)
        found = ("".join(filter(str.isdigit, run)) for run in _NUMBER.findall(str(value)))
        yield from (digits for digits in found if len(digits) >= 3)
        yield from _SAID_LINE.findall(str(value))


def find_stale_confirmations(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Lines and places whose number changes while the old confirmation is kept: nobody has phoned the new one (D3)."""
    return tuple(change for change in changes if _keeps_confirmation(change))


def _keeps_confirmation(change: Change) -> bool:
    if not isinstance(change.before, Mapping) or not isinstance(change.after, Mapping):
        return False
    assured = change.after.get("assured_date")
    same = assured is not None and assured == change.before.get("assured_date")
    return same and list_dialled(change.before) != list_dialled(change.after)


def list_dialled(value: Any) -> list[str]:
    """The numbers of a line or place: its ways, its phones, and the line that it is called at."""
    if not isinstance(value, Mapping):
        return find_numbers(value)
    ways = {**value, "line": _ours(value).get("line", "")}
    return find_numbers({key: ways[key] for key in ("call", "text", "phones", "line") if key in ways})


def check_reviewer(reviewer: str) -> str:
    """The reviewer's id. Raises ContentError for anything that could be a name."""
    if not REVIEWER.fullmatch(reviewer):
        raise ContentError("a survivor reviewer is a role and a random id, such as survivor-0a1b2c3d, never a name")
    return reviewer


def find_lacks(
    draft: Draft, changes: Collection[Change], *, may_approve: Callable[[str], bool] = lambda name: True
) -> tuple[Lack, ...]:
    """What keeps these changes of a draft from being published; empty if nothing does.

    An approval counts once an account, never an author's, and only for exactly these changes. ``may_approve`` says
    whether an account may still approve today.
    """
    lacks: list[Lack] = []
    if not changes:
        lacks.append("nothing_changed")
    if draft.conflicts:
        lacks.append("conflicts")
    if draft.vetoes and any(map(is_crisis, changes)):
        lacks.append("vetoed")
    if find_stale_confirmations(changes):
        lacks.append("confirm_anew")
    given = list_approvers(draft, changes)
    missing = APPROVALS[bool(find_weights(changes))] - sum(map(may_approve, given))
    if missing > 0:
        lacks.append("one_more" if missing == 1 else "two_more")
    return tuple(lacks)


def list_approvers(draft: Draft, changes: Iterable[Change]) -> tuple[str, ...]:
    """Accounts whose yes counts for exactly these changes, sorted."""
    digest = compute_digest(changes)
    return tuple(sorted({one.by for one in draft.approvals if one.digest == digest} - set(draft.authors)))
