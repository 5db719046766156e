"""Turns shifts into what a page shows: local days and hours, people by alias, gaps in words (A6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from console.wording import Words
from hotline.shifts import Shift, find_week

_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """One shift as a page shows it."""

    id: str
    who: str
    duty: str
    span: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the week shown and what begins on it; the first holds what began before as well."""

    title: str
    rows: Sequence[ShiftRow]


def build_week(
    shifts: Sequence[Shift], monday: date, zone: ZoneInfo, words: Words, aliases: Mapping[str, str]
) -> list[Day]:
    """The seven days of a week with all shifts that touch it."""
    first, after = find_week(monday, zone)
    touching = [shift for shift in shifts if shift.from_at < after and shift.until_at > first]
    days = []
    for number in range(7):
        day = monday + timedelta(days=number)
        begun = [s for s in touching if max(s.from_at.astimezone(zone).date(), monday) == day]
        days.append(Day(spell_day(day, words), [build_shift_row(s, zone, words, aliases) for s in begun]))
    return days


def build_shift_row(shift: Shift, zone: ZoneInfo, words: Words, aliases: Mapping[str, str]) -> ShiftRow:
    """One row; a name without an account is shown as the name."""
    who = aliases.get(shift.name, shift.name)
    return ShiftRow(shift.id, who, words["duty"][shift.duty], spell_span((shift.from_at, shift.until_at), zone, words))


def spell_span(span: tuple[datetime, datetime], zone: ZoneInfo, words: Words) -> str:
    """From and until, by the clock on the wall; the second day is named where it is another."""
    begin, end = (at.astimezone(zone) for at in span)
    until = end.strftime(words["shifts"]["clock"])
    if end.date() != begin.date():
        until = f"{spell_day(end.date(), words)}, {until}"
    return f"{spell_day(begin.date(), words)}, {begin.strftime(words['shifts']['clock'])} – {until}"


def spell_day(day: date, words: Words) -> str:
    """A weekday and a date, as short as they can be read."""
    return str(words["shifts"]["date"]).format(weekday=words["weekday"][_DAYS[day.weekday()]], m=day.month, d=day.day)
