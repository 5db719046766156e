"""Opening hours: open, closed or not known, in the place's own time zone, on holidays and past midnight (D5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hotline.errors import ContentError
from hotline.records import Record

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LOOKS_AHEAD = timedelta(days=14)

_EVER = "24/7"
_FIELDS = ("freq", "byday", "opens_at", "closes_at", "notes")
_DAY_MINUTES = 24 * 60
_WEEK_MINUTES = 7 * _DAY_MINUTES


class Door(Enum):
    """What is known of a place's door at a moment."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of one place as an OpenStreetMap ``opening_hours`` expression; None if nobody knows them.

    All moments are aware; answers are UTC.
    """

    expression: str | None
    time_zone: str
    country: str = "US"

    @property
    def always(self) -> bool:
        """True if the place is known never to close."""
        return self.expression == _EVER

    def door(self, now: datetime) -> Door:
        """Open, closed, or not known: unknown hours, or a holiday that the hours say nothing of (D5)."""
        if self.expression is None:
            return Door.UNKNOWN
        state = _read(self.expression, self.time_zone, self.country).state(self.local(now))[0]
        return Door(str(state))

    def find_closing(self, now: datetime) -> datetime | None:
        """When a place that is open now stops being known to be open, or None if it never does or is not open."""
        if self.expression is None or self.always or self.door(now) is not Door.OPEN:
            return None
        return self._find_change(now, wanted=False)

    def find_opening(self, now: datetime) -> datetime | None:
        """When a place that is not open now is next known to open, within 14 days, else None."""
        if self.expression is None or self.door(now) is Door.OPEN:
            return None
        return self._find_change(now, wanted=True)

    def local(self, moment: datetime) -> datetime:
        """The moment on the clock of the place."""
        return moment.astimezone(ZoneInfo(self.time_zone))

    def _find_change(self, now: datetime, *, wanted: bool) -> datetime | None:
        read = _read(self.expression or "", self.time_zone, self.country)
        local = self.local(now)
        for starts_at, _, state, _ in read.intervals(local, local + LOOKS_AHEAD):
            # The first span reaches back to now, and its state is never the wanted one.
            if (Door(str(state)) is Door.OPEN) is wanted:
                # An hour that the clock repeats comes twice; the first one after now is meant.
                moments = (starts_at.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
                return min((moment for moment in moments if moment > now), default=None)
        return None


def build_hours(
    schedules: Sequence[Record], *, time_zone: str, holidays: Iterable[str] = (), on_holidays: str = "unknown"
) -> Hours:
    """Hours from HSDS schedules (``byday``, ``opens_at``, ``closes_at``); none at all means unknown.

    ``closes_at`` before ``opens_at`` is past midnight. ``holidays`` are selectors such as ``PH`` or ``Oct Fr[-1]``; on
    them the hours hold (``same``), the door is shut (``closed``), or nothing is known (``unknown``).
    Raises ContentError for days or times that are none, and for hours that overlap (D8).
    """
    if not schedules:
        return Hours(None, time_zone)
    spans = [span for schedule in schedules for span in _build_spans(schedule)]
    _check_overlap(spans, schedules[0].where)
    if sum(closes - opens for _, opens, closes in spans) == _WEEK_MINUTES:
        return Hours(_EVER, time_zone)
    # Joined with commas: after a semicolon a later rule would cut off what the evening before runs past midnight.
    rules = ", ".join(f"{day.title()} {_clock(opens)}-{_clock(closes)}" for day, opens, closes in spans)
    if on_holidays != "same":
        word = "off" if on_holidays == "closed" else "unknown"
        rules = "; ".join([rules, *(f"{selector} {word}" for selector in holidays)])
    hours = Hours(rules, time_zone)
    _check_expression(hours, schedules[0].where)
    return hours


def parse_time_zone(record: Record) -> str:
    """The record's ``time_zone``. Raises ContentError unless it is a name of the tz database."""
    try:
        return ZoneInfo(record.text("time_zone")).key
    except (ZoneInfoNotFoundError, ValueError):
        raise record.refuse("time_zone", "a name such as America/Los_Angeles") from None


def _build_spans(schedule: Record) -> Iterable[tuple[str, int, int]]:
    schedule.allow(_FIELDS)
    if schedule.text("freq", "WEEKLY") != "WEEKLY":
        raise schedule.refuse("freq", "WEEKLY")
    opens, closes = _minutes(schedule.clock("opens_at")), _minutes(schedule.clock("closes_at"))
    if opens in (closes, _DAY_MINUTES):
        raise schedule.refuse("closes_at", "after opens_at, or before it if past midnight")
    for day in schedule.text("byday").split(","):
        if day not in DAYS:
            raise schedule.refuse("byday", "days such as MO,TU")
        yield day, opens, closes if closes > opens else closes + _DAY_MINUTES


def _check_overlap(spans: Iterable[tuple[str, int, int]], where: str) -> None:
    taken: set[int] = set()
    for day, opens, closes in spans:
        start = DAYS.index(day) * _DAY_MINUTES
        minutes = {(start + minute) % _WEEK_MINUTES for minute in range(opens, closes)}
        if taken & minutes:
            raise ContentError(f"{where}: hours overlap")
        taken |= minutes


def _check_expression(hours: Hours, where: str) -> None:
    from opening_hours import ParserError  # type: ignore[attr-defined]

    try:
        hours.door(datetime(2026, 1, 1, tzinfo=UTC))
    except ParserError:
        raise ContentError(f"{where}: hours or holidays cannot be read") from None


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _clock(minutes: int) -> str:
    minutes = minutes if minutes <= _DAY_MINUTES else minutes - _DAY_MINUTES
    return f"{minutes // 60:02}:{minutes % 60:02}"


@lru_cache(maxsize=1024)
def _read(expression: str, time_zone: str, country: str) -> Any:
    # Imported here: it takes some 60 ms, which programs that never serve a place should not pay.
    from opening_hours import OpeningHours

    return OpeningHours(expression, timezone=ZoneInfo(time_zone), country=country)
