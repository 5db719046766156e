"""Getting in: a name and a password, the same answer and the same time whatever is wrong."""

from starlette.responses import RedirectResponse, Response

from console.context import Visit
from console.guards import ANYBODY, RouteRow
from hotline.audit import NOBODY

LONGEST_NAME = 64


async def show_login(visit: Visit) -> Response:
    """The login page."""
    return _page(visit, 200, "")


async def log_in(visit: Visit) -> Response:
    """Starts a login and goes to the first page; 401 for a wrong pair, 429 with Retry-After when guessing."""
    console = visit.console
    name = visit.form.get("name", "").strip()[:LONGEST_NAME]
    peer = visit.request.client.host if visit.request.client else ""
    wait_seconds = await console.throttle.claim_try(name, peer)
    if wait_seconds:
        if console.throttle.tell_burst(name, peer):
            # What was typed is kept only if it is the name of an account: people type passwords there.
            known = await console.accounts.find(name)
            await console.audit.note(NOBODY, "login_refused", known.name if known else "")
        return _page(visit, 429, "too_many", {"Retry-After": str(wait_seconds)})
    account = await console.accounts.find(name) if name else None
    password_hash = account.password_hash if account else None
    if not await console.passwords.verify_password(password_hash, visit.form.get("password", "")) or account is None:
        return _page(visit, 401, "wrong")
    await console.throttle.clear(name, peer)
    await console.audit.note(account.name, "login")
    answer = RedirectResponse("/", 303)
    console.cookies.put(answer, console.cookies.login, await console.accounts.create_login(account.name))
    console.cookies.drop(answer, console.cookies.visitor)
    return answer


def _page(visit: Visit, status: int, problem: str, headers: dict[str, str] | None = None) -> Response:
    answer = visit.console.pages.respond("login.html", visit.language, status, token=visit.token, problem=problem)
    answer.headers.update(headers or {})
    visit.console.cookies.put(answer, visit.console.cookies.visitor, visit.secret)
    return answer


ROWS: tuple[RouteRow, ...] = (
    ("/login", show_login, ("GET",), ANYBODY),
    ("/login", log_in, ("POST",), ANYBODY),
)
