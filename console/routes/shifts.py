"""The on-call calendar: planned by supervisors, seen by everybody for themselves (H3, A6)."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from starlette.responses import RedirectResponse, Response

from console.calendar_view import build_shift_row, build_week, spell_day, spell_span
from console.context import Visit
from console.guards import Guard, RouteRow
from console.ports import Account
from hotline.shifts import RUNGS, SUPERVISOR, Shift, ShiftError, build_shift, copy_week, find_gaps, find_monday
from storage.shifts import CalendarFull

MOST_GAPS = 8
NOTICES = ("added", "removed", "gone", "copied", "nothing_to_copy")
_FIELDS = ("name", "duty", "from_at", "until_at")
_EARLIEST, _LATEST = date(2020, 1, 6), date(2200, 1, 1)


async def show_shifts(visit: Visit) -> Response:
    """The week with its gaps for those who plan; for the others their own coming shifts."""
    if not visit.allows("plan_shifts"):
        return await _show_own(visit)
    notice = visit.request.query_params.get("notice", "")
    week = _read_week(visit, visit.request.query_params.get("week", ""))
    return await _show_week(visit, week, notice=notice if notice in NOTICES else "")


async def add_shift(visit: Visit) -> Response:
    """Adds one shift; a mistake is named, and what was typed stays (422)."""
    typed = {name: visit.form.get(name, "").strip()[:64] for name in _FIELDS}
    week = _read_week(visit, visit.form.get("week", ""))
    desk, now = visit.console.paging, visit.console.clock.now()
    try:
        shift = build_shift("", typed["name"], typed["duty"], (typed["from_at"], typed["until_at"]), desk.zone, now)
        await _check_person(visit, shift)
        await desk.shifts.add([shift], now)
    except ShiftError as error:
        return await _show_week(visit, week, status=422, problem=error.code, typed=typed)
    except CalendarFull:
        return await _show_week(visit, week, status=422, problem="full", typed=typed)
    return _back(find_monday(shift.from_at.astimezone(desk.zone).date()), "added")


async def remove_shift(visit: Visit) -> Response:
    """Takes one shift out."""
    gone = await visit.console.paging.shifts.remove(visit.form.get("shift", "")[:64])
    return _back(_read_week(visit, visit.form.get("week", "")), "removed" if gone else "gone")


async def copy_shifts(visit: Visit) -> Response:
    """Plans a week like the one before it, at the same hours by the clock."""
    desk, week = visit.console.paging, _read_week(visit, visit.form.get("week", ""))
    copied = copy_week(await desk.shifts.list_all(), week, desk.zone)
    try:
        await desk.shifts.add(copied, visit.console.clock.now())
    except CalendarFull:
        return await _show_week(visit, week, status=422, problem="full")
    return _back(week, "copied" if copied else "nothing_to_copy")


async def clear_alert(visit: Visit) -> Response:
    """A supervisor has seen that those on call could not be reached."""
    await visit.console.paging.queue.clear_alert()
    return RedirectResponse("/shifts", 303)


async def _check_person(visit: Visit, shift: Shift) -> None:
    account = await visit.console.accounts.find(shift.name)
    if account is None:
        raise ShiftError("nobody")
    # Whoever is paged must be able to see who waits and to say "I am coming": an administrator can do neither.
    needed = "see_load" if shift.duty == SUPERVISOR else "claim"
    if not visit.console.roles.allows(account.roles, needed):
        raise ShiftError("role")


async def _show_own(visit: Visit) -> Response:
    console, now = visit.console, visit.console.clock.now()
    words, zone = console.pages.words(visit.language), console.paging.zone
    mine = [s for s in await console.paging.shifts.list_all() if s.name == visit.advocate.name and s.until_at > now]
    rows = [build_shift_row(shift, zone, words, {}) for shift in mine]
    return console.pages.respond("own_shifts.html", visit.language, visit=visit, rows=rows, zone=zone.key)


async def _show_week(
    visit: Visit,
    week: date,
    *,
    status: int = 200,
    notice: str = "",
    problem: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    console, desk = visit.console, visit.console.paging
    words, shifts = console.pages.words(visit.language), await desk.shifts.list_all()
    people = sorted({*(shift.name for shift in shifts), *await desk.contacts.list_people(), visit.advocate.name})
    accounts = await _find_accounts(visit, people)
    # Whoever is suspended or reset is planned and yet not paged: that is a gap.
    reached = [shift for shift in shifts if shift.name in accounts and accounts[shift.name].state == "active"]
    gaps = [spell_span(gap, desk.zone, words) for gap in find_gaps(reached, console.clock.now())]
    alert = await desk.queue.find_alert()
    values: dict[str, Any] = {
        "days": build_week(shifts, week, desk.zone, words, {name: one.alias for name, one in accounts.items()}),
        "week": week.isoformat(),
        "week_title": spell_day(week, words),
        "before": (week - timedelta(days=7)).isoformat(),
        "after": (week + timedelta(days=7)).isoformat(),
        "people": people,
        "duties": RUNGS,
        "gaps": gaps[:MOST_GAPS],
        "more_gaps": max(0, len(gaps) - MOST_GAPS),
        "typed": typed or dict.fromkeys(_FIELDS, ""),
        "alert_at": spell_span((alert.at, alert.at), desk.zone, words).split(" – ")[0] if alert else "",
        "alert_reached": alert.reached if alert else "",
        "zone": desk.zone.key,
    }
    return console.pages.respond(
        "shifts.html", visit.language, status, visit=visit, notice=notice, problem=problem, **values
    )


async def _find_accounts(visit: Visit, names: Iterable[str]) -> dict[str, Account]:
    found = [await visit.console.accounts.find(name) for name in names]
    return {account.name: account for account in found if account is not None}


def _read_week(visit: Visit, text: str) -> date:
    """The Monday of the week that was asked for, else of this one."""
    today = visit.console.clock.now().astimezone(visit.console.paging.zone).date()
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        asked = today
    return find_monday(asked if _EARLIEST <= asked <= _LATEST else today)


def _back(week: date, notice: str) -> Response:
    return RedirectResponse(f"/shifts?week={week.isoformat()}&notice={notice}", 303)


ROWS: tuple[RouteRow, ...] = (
    ("/shifts", show_shifts, ("GET",), Guard("see_shifts")),
    ("/shifts/add", add_shift, ("POST",), Guard("plan_shifts")),
    ("/shifts/remove", remove_shift, ("POST",), Guard("plan_shifts")),
    ("/shifts/copy", copy_shifts, ("POST",), Guard("plan_shifts")),
    ("/shifts/seen", clear_alert, ("POST",), Guard("plan_shifts")),
)
