"""Builds the console: parts, routes behind guards, headers around everything."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from console.assets import STATIC
from console.audit_table import find_unlisted
from console.beside import Beside
from console.context import Console, Pace
from console.cookies import Cookies
from console.editing import Editing
from console.failures import Failures, build_failure
from console.guards import RouteRow, guard_handler
from console.headers import SecurityHeaders
from console.pages import Pages
from console.paging import PagingDesk
from console.passkeys import build_passkey_checker
from console.passwords import PasswordChecker
from console.ports import Accounts, AuditLog, Desk, Load, People, Seals
from console.printing import PrintDesk
from console.reports import ReportDesk
from console.roles import Roles, load_roles
from console.routes import ROWS
from console.throttle import Throttle
from console.training_gate import TrainingGate
from console.wording import load_words
from hotline.errors import ContentError
from hotline.ports import Clock
from hotline.practice_line import Scenario
from hotline.training import Course
from storage.accounts import PASSWORD_COST


def build_console(
    *,
    desk: Desk,
    seals: Seals,
    accounts: Accounts,
    people: People,
    audit: AuditLog,
    load: Load,
    reports: ReportDesk,
    clock: Clock,
    console_url: str,
    quick_replies: Mapping[str, Mapping[str, str]],
    paging: PagingDesk,
    beside: Beside,
    printing: PrintDesk,
    editing: Editing,
    courses: tuple[Course, ...],
    scenarios: Mapping[str, tuple[Scenario, ...]],
    hotline_name: str = "Porchlight",
    practice: bool = False,
    passwords: PasswordChecker | None = None,
    pace: Pace | None = None,
    second_factor: bool = False,
    password_cost: int = PASSWORD_COST,
    stopping: asyncio.Event | None = None,
) -> Starlette:
    """The console as an ASGI app.

    ``quick_replies``: texter's language to {key: reviewed text}, shown in that order. ``console_url`` decides the
    cookie flags and the passkeys' home. ``courses`` are those of the training gate. ``second_factor``: a password alone
    lets nobody in (live mode). ``password_cost`` is scrypt's N for new passwords; tests go cheaper. ``stopping``, once
    set, ends the live streams, so that a server need not wait for them.
    Raises ContentError when roles, guards or words do not fit together.
    """
    https = urlsplit(console_url).scheme == "https"
    pages = Pages(load_words(), hotline_name=hotline_name, practice=practice)
    console = Console(
        desk=desk,
        seals=seals,
        accounts=accounts,
        clock=clock,
        roles=load_roles(),
        pages=pages,
        cookies=Cookies(https),
        passwords=passwords or PasswordChecker(),
        throttle=Throttle(accounts, clock),
        quick_replies=quick_replies,
        paging=paging,
        beside=beside,
        printing=printing,
        editing=editing,
        audit=audit,
        people=people,
        load=load,
        reports=reports,
        training=TrainingGate(courses, people, clock, enforced=not practice),
        console_url=console_url.rstrip("/"),
        scenarios=scenarios,
        pace=pace or Pace(),
        stopping=stopping or asyncio.Event(),
        passkey_checker=build_passkey_checker(console_url, hotline_name),
        password_cost=password_cost,
        second_factor=second_factor,
    )

    async def fail(request: Request, error: Exception) -> Response:
        return build_failure(pages, request, error.status_code if isinstance(error, HTTPException) else 500)

    return Starlette(
        routes=build_routes(console, ROWS),
        middleware=[Middleware(SecurityHeaders, https=https), Middleware(Failures, pages=pages)],
        exception_handlers={HTTPException: fail},
    )


def build_routes(console: Console, rows: tuple[RouteRow, ...]) -> list[Route | Mount]:
    """Every row behind its guard. Raises ContentError for a guard that names no permission of roles.yml."""
    _check_guards(console.roles, rows)
    routes: list[Route | Mount] = [
        Route(path, guard_handler(console, path, handler, guard), methods=list(methods))
        for path, handler, methods, guard in rows
    ]
    return [*routes, Mount("/static", StaticFiles(directory=STATIC))]


def _check_guards(roles: Roles, rows: tuple[RouteRow, ...]) -> None:
    named = {guard.permission for _, _, _, guard in rows if guard.permission is not None}
    if named != roles.permissions:
        raise ContentError(f"roles and guards differ: {', '.join(sorted(named ^ roles.permissions))}")
    if unlisted := find_unlisted((path, methods) for path, _, methods, _ in rows):
        raise ContentError(f"not in the audit's table: {', '.join(unlisted)}")
