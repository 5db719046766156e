"""Plans an import: what would be added, what changed, what a person has to decide, what cannot be read (G4).

Nothing is written here. Every addition and change has passed the checker of all content; whatever it refuses, one
number under two names or a ZIP of another state, waits for a person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from hotline.errors import ContentError
from hotline.exchange.additions import build_addition, find_neighbour_problem, name_document
from hotline.exchange.desk import Desk
from hotline.exchange.entry import ConfidentialPlace, Entry, ExchangeError
from hotline.exchange.merge import Change, Merge, apply, merge
from hotline.exchange.reading import Reading, read_service


class Kind(Enum):
    """What becomes of a record."""

    ADD = "add"
    CHANGE = "change"
    CONFLICT = "conflict"
    """A person decides; nothing of it is taken."""
    SAME = "same"
    REFUSED = "refused"
    """It cannot be read."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A place as it stands here and as it would be, for a person to choose; none of a confidential one (D4)."""

    here: Entry
    offered: Entry


@dataclass(frozen=True, slots=True)
class Item:
    """What becomes of one record: which place, by key and file if there is one, what would change, and why not.

    ``choice`` is given for a conflict that a person can settle by choosing; any other is settled in the place's form.
    """

    kind: Kind
    name: str
    key: str = ""
    document: str = ""
    changes: tuple[Change, ...] = ()
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    choice: Choice | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """The items in the order of the records, and the content files as they would be: new or changed ones alone."""

    items: tuple[Item, ...]
    documents: Mapping[str, Any] = field(repr=False)

    def count(self, kind: Kind) -> int:
        """How many records are of a kind."""
        return sum(item.kind is kind for item in self.items)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What a person has to choose."""
        return tuple(item.choice for item in self.items if item.choice)


def plan_import(
    records: Iterable[Mapping[str, Any]],
    documents: Mapping[str, Any],
    *,
    region: str,
    today: date,
    whole: bool = False,
) -> Plan:
    """What taking in ``records`` (services of HSDS) would do to ``documents``, which are the whole content.

    New places go to ``region``, unpublished and unverified, until a person has looked. ``whole``: the records are an
    export of an installation of our own, whose verification comes along. Raises ContentError if the content that is
    here does not stand by itself.
    """
    desk = Desk(documents, region)
    return Plan(tuple([_plan_one(record, desk, today, whole=whole) for record in records]), desk.changed)


_AGAIN = "another record of the same file speaks of it, and that one waits for a person"


def _plan_one(record: Mapping[str, Any], desk: Desk, today: date, *, whole: bool) -> Item:
    given = record.get("name")
    name = given[:80] if isinstance(given, str) and given.isprintable() else "a record"
    try:
        reading = read_service(record, whole=whole)
    except ExchangeError as error:
        return Item(Kind.REFUSED, name, reasons=(str(error),))
    entry = desk.find(record)
    try:
        if entry is None:
            return _plan_addition(record, reading, desk, today, name, whole=whole)
        return _plan_change(entry, record, reading, desk, name, whole=whole)
    except (ContentError, ConfidentialPlace) as error:
        # It names the field, never what stands there.
        here = (entry.key, entry.document) if entry else ("", "")
        return Item(Kind.CONFLICT, name, *here, reasons=(str(error),), notes=reading.notes)


def _plan_addition(
    record: Mapping[str, Any], reading: Reading, desk: Desk, today: date, name: str, *, whole: bool
) -> Item:
    document = name_document(record, reading, desk)
    problem = find_neighbour_problem(reading, desk)
    if problem:
        return Item(Kind.CONFLICT, name, document=document, reasons=(problem,), notes=reading.notes)
    entry = build_addition(record, reading, desk, document, today, whole=whole)
    desk.put(entry)
    asked = ["an address came with it: is it public?"] if reading.service.get("service_at_locations") else []
    asked += ["it says that its place is not public; only name, number and hours were taken"] if reading.secret else []
    return Item(Kind.ADD, name, entry.key, document, reasons=tuple(asked), notes=reading.notes)


def _plan_change(
    entry: Entry, record: Mapping[str, Any], reading: Reading, desk: Desk, name: str, *, whole: bool
) -> Item:
    merged = merge(entry, record, reading, verified=desk.is_verified(entry), whole=whole)
    here = (name, entry.key, entry.document)
    if desk.is_open(entry.key):
        return Item(Kind.CONFLICT, *here, reasons=(_AGAIN,), notes=reading.notes)
    if merged.asked:
        choice, problem = _offer(entry, merged, record, reading, desk, whole=whole)
        reasons = (*merged.reasons, *problem)
        return Item(Kind.CONFLICT, *here, changes=merged.asked, reasons=reasons, notes=reading.notes, choice=choice)
    organization, service = apply(entry, merged.taken, reading)
    changed = Entry(entry.document, organization, service)
    kept = desk.keep(changed, record, whole=whole)
    if not merged.taken and kept == entry.additions.get("hsds"):
        return Item(Kind.SAME, *here, notes=reading.notes)
    desk.put(desk.with_kept(changed, kept))
    return Item(Kind.CHANGE, *here, changes=merged.taken, notes=reading.notes)


def _offer(
    entry: Entry, merged: Merge, record: Mapping[str, Any], reading: Reading, desk: Desk, *, whole: bool
) -> tuple[Choice | None, tuple[str, ...]]:
    """The place with what comes, for a person to choose, if it may be so; else why not.

    Nobody here has phoned what comes: whoever chooses it chooses a place that wants to be confirmed anew (D3).
    """
    if entry.is_confidential or reading.secret:
        return None, ()
    organization, service = apply(entry, merged.asked, reading)
    service["assured_date"] = None
    service["porchlight"] |= {"verified_by": None, "expires_on": None}
    offered = Entry(entry.document, organization, service)
    offered = desk.with_kept(offered, desk.keep(offered, record, whole=whole))
    try:
        desk.check(offered)
    except (ContentError, ConfidentialPlace) as error:
        return None, (str(error),)
    desk.leave_open(entry.key)
    return Choice(entry, offered), ()
