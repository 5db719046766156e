"""Which lines and places somebody should phone this week, by the day on which their confirmation runs out (D2, D3)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from hotline.content_acts import NUMBERS, list_places, list_pulled
from hotline.verification import FRESH_DAYS
from hotline.vetting import RENEWED_DAYS

WEEK = timedelta(days=7)

type Owed = Literal["flagged", "never", "over", "soon", "vetting"]
"""An advocate flagged it; never confirmed; ran out; runs out within the week; the yearly vetting is due."""

_ORDER: tuple[Owed, ...] = ("flagged", "over", "soon", "vetting", "never")


@dataclass(frozen=True, slots=True)
class Due:
    """A line or place to phone. ``until`` is the last day of what stands now, None if nothing ever stood."""

    kind: Literal["lines", "places"]
    entry: str
    name: str
    numbers: tuple[str, ...]
    owed: Owed
    until: date | None
    can_close: bool
    """False for a line that is never hidden: one person cannot take it away (D3)."""


def list_due(
    documents: Mapping[str, Any], region: str, today: date, *, flagged: Collection[str] = ()
) -> tuple[Due, ...]:
    """Everything that is served in this region and whose confirmation or vetting ends within the week, or has ended.

    What advocates ``flagged`` comes first (D7), then what ran out, then by day; lines before places, for they are given
    to everybody.
    """
    found = [*_list_lines(documents, today, flagged), *_list_places(documents, region, today, flagged)]
    return tuple(sorted(found, key=lambda one: (_ORDER.index(one.owed), one.until or date.min, one.kind, one.entry)))


def _list_lines(documents: Mapping[str, Any], today: date, flagged: Collection[str]) -> Iterator[Due]:
    pulled = list_pulled(documents)
    for key, line in ((documents.get(NUMBERS) or {}).get("lines") or {}).items():
        if key in pulled:
            continue
        owed, until = _find_owed(line.get("assured_date"), line.get("expires_on"), today)
        owed = "flagged" if key in flagged else owed
        if owed:
            ways = (line.get("call") or {}, line.get("text") or {})
            numbers = tuple(dict.fromkeys(str(way["number"]) for way in ways if "number" in way))
            name = str((line.get("name") or {}).get("en", key))
            yield Due("lines", key, name, numbers, owed, until, not line.get("never_hidden", False))


def _list_places(documents: Mapping[str, Any], region: str, today: date, flagged: Collection[str]) -> Iterator[Due]:
    served = (f"directory/{region}/", "directory/national/")
    for path, place in list_places(documents):
        ours = place.get("porchlight") or {}
        if not path.startswith(served) or place.get("status") != "active" or ours.get("publish") is False:
            continue
        owed, until = _find_owed(place.get("assured_date"), ours.get("expires_on"), today)
        if not owed:
            owed, until = _find_vetting_owed((ours.get("vetting") or {}).get("vetted_on"), today)
        owed = "flagged" if place.get("key") in flagged else owed
        if owed:
            numbers = tuple(str(phone["number"]) for phone in place.get("phones") or () if "number" in phone)
            yield Due("places", str(place.get("key")), str(place.get("name")), numbers, owed, until, can_close=True)


def _find_owed(assured: Any, expires: Any, today: date) -> tuple[Owed | None, date | None]:
    if not isinstance(assured, date):
        return "never", None
    ends = [assured + timedelta(days=FRESH_DAYS), *([expires] if isinstance(expires, date) else [])]
    return _place_in_time(min(ends), today)


def _find_vetting_owed(vetted: Any, today: date) -> tuple[Owed | None, date | None]:
    until = vetted + timedelta(days=RENEWED_DAYS) if isinstance(vetted, date) else None
    return ("vetting", until) if until is None or until <= today + WEEK else (None, None)


def _place_in_time(until: date, today: date) -> tuple[Owed | None, date | None]:
    if until < today:
        return "over", until
    return ("soon", until) if until <= today + WEEK else (None, None)
