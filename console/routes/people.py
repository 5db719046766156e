"""People: inviting them, their roles, suspending and resetting them, their training dates (A6, A7)."""

import asyncio
from datetime import date
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from console.context import Visit
from console.guards import Guard, RouteRow
from console.people_rules import (
    ACTIVE,
    PersonRow,
    is_alias,
    list_active_admins,
    read_roles,
    read_training,
)
from console.ports import Person
from console.roles import ROLES
from console.routes.audit import MOST_READ
from hotline.staff_changes import ADMIN, find_refusal

NOTICES = (
    "own_account", "last_admin", "wrong", "roles_done", "suspended", "restored", "training_done", "slow",
)  # fmt: skip
_ONE_CHANGE = asyncio.Lock()
"""Two administrators who take each other's role away at the same moment: the second is refused."""


async def show_people(visit: Visit) -> Response:
    """Everybody; ``?notice=`` is a code from NOTICES."""
    notice = visit.request.query_params.get("notice", "")
    return await _page(visit, notice=notice if notice in NOTICES else "")


async def show_person(visit: Visit) -> Response:
    """One person, and what may be changed. Raises HTTPException 404."""
    notice = visit.request.query_params.get("notice", "")
    row = _row(visit, await _find(visit))
    seen = await _find_last_days(visit, {row.person.name})
    return _respond(visit, "person.html", row=row, seen=seen, notice=notice if notice in NOTICES else "")


async def invite(visit: Visit) -> Response:
    """Shows the invitation's link, once: it is handed over in person or read out on the phone, never sent by us."""
    name, roles = visit.form.get("name", "").strip(), read_roles(visit.form)
    language = visit.form.get("language", "")
    if not is_alias(name) or not roles or language not in {"en", "es"}:
        return await _page(visit, notice="wrong", status=422)
    try:
        token = await visit.console.people.create_invitation(name, roles, language, visit.advocate.name)
    except ValueError:
        return await _page(visit, notice="taken_name", status=422)
    visit.request.state.audit_object = name
    return _show_link(visit, name, token)


async def put_roles(visit: Visit) -> Response:
    """Replaces somebody's roles, never one's own."""
    roles = read_roles(visit.form)
    if not roles:
        return _back(visit, "wrong")

    async def change(person: Person) -> None:
        await visit.console.people.put_roles(person.name, roles)

    return await _change(visit, change, ADMIN in roles, "roles_done")


async def suspend(visit: Visit) -> Response:
    """Locks somebody out at once; they leave the roster of readers."""
    return await _change(visit, lambda person: visit.console.people.suspend(person.name), False, "suspended")


async def restore(visit: Visit) -> Response:
    """Lets somebody in again."""
    return await _change(visit, lambda person: visit.console.people.restore(person.name), True, "restored")


async def reset(visit: Visit) -> Response:
    """Takes key and password away and shows the link of a new invitation, once."""
    token = ""

    async def change(person: Person) -> None:
        nonlocal token
        token = await visit.console.people.reset(person.name, visit.advocate.name)

    answer = await _change(visit, change, False, "")
    return _show_link(visit, visit.request.path_params["name"], token) if token else answer


async def put_training(visit: Visit) -> Response:
    """Keeps the day until which a course counts, and nothing else of it."""
    read = read_training(visit.form, visit.console.training.courses, visit.console.clock.now().date())
    if read is None:
        return _back(visit, "wrong")
    return await _change(
        visit, lambda person: visit.console.people.set_training(person.name, *read), True, "training_done"
    )


async def _change(visit: Visit, change: Any, stays_admin: bool, notice: str) -> Response:
    async with _ONE_CHANGE:
        people = tuple(await visit.console.people.list_people())
        person = await _find(visit, people)
        admins = list_active_admins(people)
        kept = stays_admin or person.name not in admins
        refusal = find_refusal(visit.advocate.name, person.name, stays_admin=kept, active_admins=admins)
        if refusal:
            return _back(visit, refusal)
        await change(person)
        await visit.console.people.refresh_reader(person.name)
    return _back(visit, notice)


async def _find(visit: Visit, people: tuple[Person, ...] | None = None) -> Person:
    name = visit.request.path_params["name"]
    listed = tuple(await visit.console.people.list_people()) if people is None else people
    person = next((one for one in listed if one.name == name), None)
    if person is None:
        raise HTTPException(404)
    return person


def _back(visit: Visit, notice: str) -> Response:
    return RedirectResponse(f"/people/{visit.request.path_params['name']}?notice={notice}", 303)


def _row(visit: Visit, person: Person) -> PersonRow:
    return PersonRow(person, visit.console.training.find_missing(person.training), person.name == visit.advocate.name)


def _respond(visit: Visit, template: str, status: int = 200, **values: Any) -> Response:
    values |= {"roles": ROLES, "courses": visit.console.training.courses, "active": ACTIVE}
    today = visit.console.clock.now().date()
    return visit.console.pages.respond(template, visit.language, status, visit=visit, today=today, **values)


async def _page(visit: Visit, notice: str, status: int = 200) -> Response:
    rows = [_row(visit, person) for person in await visit.console.people.list_people()]
    seen = await _find_last_days(visit, {row.person.name for row in rows})
    return _respond(visit, "people.html", status, rows=rows, seen=seen, notice=notice)


async def _find_last_days(visit: Visit, names: set[str]) -> dict[str, date]:
    """The day, not the hour, on which each last did something that the audit notes."""
    days: dict[str, date] = {}
    read = 0
    async for entry in visit.console.audit.read_back():
        read += 1
        if entry.actor in names:
            days.setdefault(entry.actor, entry.at.date())
        if len(days) == len(names) or read >= MOST_READ:
            break
    return days


def _show_link(visit: Visit, name: str, token: str) -> Response:
    return _respond(visit, "invitation.html", name=name, link=f"{visit.console.console_url}/join#{token}")


ROWS: tuple[RouteRow, ...] = (
    ("/people", show_people, ("GET",), Guard("manage_people")),
    ("/people", invite, ("POST",), Guard("manage_people")),
    ("/people/{name}", show_person, ("GET",), Guard("manage_people")),
    ("/people/{name}/roles", put_roles, ("POST",), Guard("manage_people")),
    ("/people/{name}/suspend", suspend, ("POST",), Guard("manage_people")),
    ("/people/{name}/restore", restore, ("POST",), Guard("manage_people")),
    ("/people/{name}/reset", reset, ("POST",), Guard("manage_people")),
    ("/people/{name}/training", put_training, ("POST",), Guard("manage_people")),
)
