"""Lock and log out: both end the login on the server at once. Also "stay", which only shows that somebody is there."""

from starlette.responses import RedirectResponse, Response

from console.context import Visit
from console.guards import ENROLLING, LOGGED_IN, RouteRow


async def lock(visit: Visit) -> Response:
    """Ends this login; the shift goes on for as long as presence lasts, so that one can come back quickly."""
    return await _leave(visit)


async def log_out(visit: Visit) -> Response:
    """Ends this login and the shift."""
    if visit.allows("claim"):
        await visit.console.desk.set_present(visit.advocate.name, 0)
    return await _leave(visit)


async def stay(visit: Visit) -> Response:
    """Starts the idle time anew, for one who reads and does not type (WCAG 2.2.1)."""
    return Response(status_code=204)


async def _leave(visit: Visit) -> Response:
    await visit.console.accounts.end_login(visit.secret)
    answer = RedirectResponse("/login", 303)
    visit.console.cookies.drop(answer, visit.console.cookies.login)
    return answer


ROWS: tuple[RouteRow, ...] = (
    ("/lock", lock, ("POST",), ENROLLING),
    ("/logout", log_out, ("POST",), ENROLLING),
    ("/stay", stay, ("POST",), LOGGED_IN),
)
