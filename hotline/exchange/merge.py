"""Sets what comes beside what is here: what to take, what to ask about, no better verified record lost (G4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotline.exchange.compare import ADDITION_PREFIX, ORGANIZATION_PREFIX, find_differences, list_facts
from hotline.exchange.entry import Entry, ExchangeError
from hotline.exchange.reading import Reading, read_service

_WHO = ADDITION_PREFIX + "who"
_FALLBACKS = ("description", "organization.name", "organization.description")


@dataclass(frozen=True, slots=True)
class Change:
    """One field: its path, what stands here, what comes. Both are empty where a place is confidential."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Merge:
    """``taken`` may be taken as a draft; ``asked`` is for a person, with the reasons."""

    taken: tuple[Change, ...] = ()
    asked: tuple[Change, ...] = ()
    reasons: tuple[str, ...] = ()


def merge(entry: Entry, record: Mapping[str, Any], reading: Reading, *, verified: bool, whole: bool = False) -> Merge:
    """What a record would change in a place that is here.

    Unknown never replaces known. Where the record came once before, three are compared: only what changed there since
    is taken, and what changed on both sides is asked about. Of a place that somebody confirmed or vetted
    (``verified``), that is confidential here, or says so now, everything is asked about.
    """
    ours = list_facts(entry.organization, entry.service, whole=whole)
    theirs = _list_given(record, reading, ours, whole=whole)
    taken, asked = _compare(ours, theirs, _list_earlier(entry, record, ours))
    if entry.is_confidential:
        hidden = tuple(Change(change.path, None, None) for change in (*taken, *asked))
        return Merge(asked=hidden, reasons=("it is confidential here: nothing of it is taken",) if hidden else ())
    if reading.secret:
        return Merge(asked=(*taken, *asked), reasons=("it says that its place is not public: make it confidential?",))
    if asked:
        return Merge(asked=(*taken, *asked), reasons=("changed here and there since it last came",))
    if taken and verified:
        return Merge(asked=tuple(taken), reasons=("somebody confirmed what stands here; nobody here confirmed this",))
    return Merge(taken=tuple(taken))


def _list_given(record: Mapping[str, Any], reading: Reading, ours: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """Their facts, without what only stands in for something missing."""
    facts = list_facts(reading.organization, reading.service, whole=whole)
    for path in _FALLBACKS:
        parent, _, key = path.rpartition(".")
        given = record.get(parent) if parent else record
        if not isinstance(given, Mapping) or not given.get(key):
            facts.pop(path, None)
    extension = record.get("porchlight")
    for path in [path for path in facts if path.startswith(ADDITION_PREFIX)]:
        key = path.removeprefix(ADDITION_PREFIX)
        if not isinstance(extension, Mapping) or key not in extension or facts[path] == "unknown":
            del facts[path]
    if _WHO in facts and isinstance(facts[_WHO], Mapping):
        known = {facet: answer for facet, answer in facts[_WHO].items() if answer != "unknown"}
        facts[_WHO] = {**ours.get(_WHO, {}), **known}
    return facts


def _list_earlier(entry: Entry, record: Mapping[str, Any], ours: Mapping[str, Any]) -> Mapping[str, Any] | None:
    kept = entry.additions.get("hsds")
    if not isinstance(kept, Mapping) or not kept.get("id") or kept["id"] != record.get("id"):
        return None
    try:
        return _list_given(kept, read_service(kept), ours, whole=False)
    except ExchangeError:
        return None


def _compare(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], earlier: Mapping[str, Any] | None
) -> tuple[list[Change], list[Change]]:
    taken: list[Change] = []
    asked: list[Change] = []
    for path in find_differences(ours, theirs):
        change = Change(path, ours.get(path), theirs.get(path))
        stays = earlier is None or path.startswith(ADDITION_PREFIX) or path in _FALLBACKS
        if stays and path not in theirs:
            continue
        if earlier is None:
            taken.append(change)
        elif theirs.get(path) != earlier.get(path):
            (taken if ours.get(path) == earlier.get(path) else asked).append(change)
    return taken, asked


def apply(entry: Entry, changes: tuple[Change, ...], reading: Reading) -> tuple[dict[str, Any], dict[str, Any]]:
    """The organization and the service of a place with the changes made."""
    organization, service = dict(entry.organization), dict(entry.service)
    service["porchlight"] = dict(entry.additions)
    for change in changes:
        for prefix, target, source in (
            (ORGANIZATION_PREFIX, organization, reading.organization),
            (ADDITION_PREFIX, service["porchlight"], {}),
            ("", service, reading.service),
        ):
            if change.path.startswith(prefix):
                key = change.path.removeprefix(prefix)
                _set(target, key, source.get(key, change.after) if change.after is not None else None)
                break
    return organization, service


def _set(target: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        target.pop(key, None)
    else:
        target[key] = value
