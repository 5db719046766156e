"""Denied by default: every route names its guard, and no handler runs before the guard has let the visit in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.audit_table import note_visit
from console.context import Console, Visit
from console.cookies import create_visitor, verify_token
from console.forms import LARGEST_BYTES, MOST_FIELDS, read_form


@dataclass(frozen=True, slots=True)
class Guard:
    """Who may come in. ``permission`` None means anybody who is logged in; ``stranger`` lets in everybody.

    ``passive`` marks what an open page asks for by itself: it does not prolong a login. ``trained`` also asks for the
    training gate (A7): whoever has not passed it is sent to the practice line. ``enrolling`` lets in who has given a
    password and has no second step yet, where one is asked for. ``most_fields`` and ``most_bytes`` bound a posted form.
    """

    permission: str | None = None
    stranger: bool = False
    passive: bool = False
    trained: bool = False
    enrolling: bool = False
    most_fields: int = MOST_FIELDS
    most_bytes: int = LARGEST_BYTES


ANYBODY = Guard(stranger=True, passive=True)
LOGGED_IN = Guard()
ENROLLING = Guard(enrolling=True)
ENROL_PAGE = "/account"

type Handler = Callable[[Visit], Awaitable[Response]]
type RouteRow = tuple[str, Handler, tuple[str, ...], Guard]


def guard_handler(
    console: Console, path: str, handler: Handler, guard: Guard
) -> Callable[[Request], Awaitable[Response]]:
    """The handler behind its guard: login, permission, the CSRF token of every POST; then the audit notes it.

    Raises HTTPException 401, 403 or 413; a stranger's page visit is sent to the login page.
    """

    async def answer(request: Request) -> Response:
        visit = await _enter(console, request, guard)
        if visit is None:
            return _send_to(request, "/login")
        if visit.must_enrol and not guard.enrolling:
            return _send_to(request, ENROL_PAGE)
        request.state.language = visit.language
        if request.method not in {"GET", "HEAD"}:
            form = await read_form(request, guard.most_fields, guard.most_bytes)
            if not verify_token(visit.secret, request.headers.get("x-csrf-token") or form.get("csrf", "")):
                raise HTTPException(403)
            visit = Visit(console, request, visit.account, visit.secret, form)
        if visit.account is not None and not guard.passive:
            await console.accounts.touch_login(visit.secret)
        if guard.trained and visit.account is not None and not await console.training.is_open(visit.account.name):
            return RedirectResponse("/practice-line?notice=training", 303)
        response = await handler(visit)
        await note_visit(visit, path, response)
        return response

    return answer


async def _enter(console: Console, request: Request, guard: Guard) -> Visit | None:
    login_id = console.cookies.find(request, console.cookies.login)
    account = await console.accounts.find_login(login_id, request.headers.get("user-agent", "")) if login_id else None
    if guard.stranger:
        visitor = console.cookies.find(request, console.cookies.visitor) or create_visitor()
        return Visit(console, request, None, visitor)
    if account is None or login_id is None:
        return None
    if guard.permission is not None and not console.roles.allows(account.roles, guard.permission):
        raise HTTPException(403)
    return Visit(console, request, account, login_id)


def _send_to(request: Request, page: str) -> Response:
    if request.method == "GET" and "hx-request" not in request.headers and not request.url.path.startswith("/events"):
        return RedirectResponse(page, 303)
    raise HTTPException(401)
