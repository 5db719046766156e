"""The on-call calendar: who is on which rung of the ladder at a moment, and when nobody is (H3, A6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ON_SHIFT, ON_CALL, SUPERVISOR = "on_shift", "on_call", "supervisor"
RUNGS = (ON_SHIFT, ON_CALL, SUPERVISOR)
"""The ladder, from the foot up; also the duties that one is planned for."""

LONGEST = timedelta(days=14)
AHEAD = timedelta(days=366)
GAPS_AHEAD = timedelta(days=7)


class ShiftError(ValueError):
    """A shift cannot be planned like this; ``code`` names why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Shift:
    """One person's duty from one moment (UTC) up to, and without, another. Shifts may overlap."""

    id: str
    name: str
    duty: str
    from_at: datetime
    until_at: datetime

    def covers(self, at: datetime) -> bool:
        """True from the first moment until just before the end."""
        return self.from_at <= at < self.until_at


def build_shift(identifier: str, name: str, duty: str, spoken: tuple[str, str], zone: ZoneInfo, now: datetime) -> Shift:
    """A shift from what somebody typed: ``spoken`` are the local moments, ``2026-11-21T22:00``.

    Raises ShiftError: ``duty``, ``time``, ``no_such_hour``, ``backwards``, ``long``, ``over`` or ``far``.
    """
    if duty not in RUNGS:
        raise ShiftError("duty")
    from_at, until_at = (_parse_local(text, zone) for text in spoken)
    if until_at <= from_at:
        raise ShiftError("backwards")
    if until_at - from_at > LONGEST:
        raise ShiftError("long")
    if until_at <= now:
        raise ShiftError("over")
    if from_at > now + AHEAD:
        raise ShiftError("far")
    return Shift(identifier, name, duty, from_at, until_at)


def find_on_duty(shifts: Iterable[Shift], duty: str, at: datetime) -> tuple[str, ...]:
    """Names of all who are planned for a duty at a moment, each once, in order of name."""
    return tuple(sorted({shift.name for shift in shifts if shift.duty == duty and shift.covers(at)}))


def find_gaps(shifts: Iterable[Shift], now: datetime) -> list[tuple[datetime, datetime]]:
    """When, in the coming seven days, nobody is planned to be on call: spans in order, end not included."""
    reached, horizon = now, now + GAPS_AHEAD
    gaps = []
    for shift in sorted((one for one in shifts if one.duty == ON_CALL), key=lambda one: one.from_at):
        if shift.from_at >= horizon:
            break
        if shift.from_at > reached:
            gaps.append((reached, shift.from_at))
        reached = max(reached, shift.until_at)
    if reached < horizon:
        gaps.append((reached, horizon))
    return gaps


def find_monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def find_week(monday: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first moment of a local week and of the one after it."""
    first, after = (datetime.combine(day, time(), zone) for day in (monday, monday + timedelta(days=7)))
    return first.astimezone(UTC), after.astimezone(UTC)


def copy_week(shifts: Sequence[Shift], monday: date, zone: ZoneInfo) -> list[Shift]:
    """What the week before ``monday`` began, a week later at the same hours by the clock, without ids.

    What stands there already is left out.
    """
    first, after = find_week(monday - timedelta(days=7), zone)
    known = {replace(shift, id="") for shift in shifts}
    moved = {_move_week(shift, zone) for shift in shifts if first <= shift.from_at < after}
    return sorted(moved - known, key=lambda shift: (shift.from_at, shift.duty, shift.name))


def list_higher(rungs: Sequence[str]) -> tuple[str, ...]:
    """The rungs above the highest of these."""
    return RUNGS[max((RUNGS.index(rung) for rung in rungs), default=-1) + 1 :]


def _move_week(shift: Shift, zone: ZoneInfo) -> Shift:
    return replace(shift, id="", from_at=_later(shift.from_at, zone), until_at=_later(shift.until_at, zone))


def _later(at: datetime, zone: ZoneInfo) -> datetime:
    # By the clock on the wall: a shift that begins at ten begins at ten after the clocks change, too.
    return (at.astimezone(zone) + timedelta(days=7)).astimezone(UTC)


def _parse_local(text: str, zone: ZoneInfo) -> datetime:
    try:
        local = datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=zone)
        at = local.astimezone(UTC)
        if at.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            raise ShiftError("no_such_hour")
    except ShiftError:
        raise
    except (ValueError, OverflowError):
        raise ShiftError("time") from None
    return at
