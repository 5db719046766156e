"""Getting in with a name and a password: the same answer and the same time whatever is wrong (A6)."""

from starlette.responses import JSONResponse, Response

from console.codes import verify_code
from console.context import Visit
from console.entering import enter
from console.guards import ANYBODY, RouteRow
from console.ports import Account
from hotline.audit import NOBODY

LONGEST_NAME = 64


async def show_login(visit: Visit) -> Response:
    """The login page."""
    answer = visit.console.pages.respond(
        "login.html", visit.language, token=visit.token, passkeys=visit.console.passkey_checker is not None
    )
    visit.console.cookies.put(answer, visit.console.cookies.visitor, visit.secret)
    return answer


async def tell_salt(visit: Visit) -> Response:
    """scrypt's salt and cost for a name; a name that nobody has gets an invented salt, always the same."""
    salt, cost = await visit.console.accounts.find_salt(_read_name(visit), visit.console.password_cost)
    return JSONResponse({"salt": salt, "n": cost})


async def log_in(visit: Visit) -> Response:
    """Starts a login; 401 with a problem for anything wrong, 429 with Retry-After when guessing.

    ``code_needed`` and ``use_passkey`` are told only to who has given the right password.
    """
    console = visit.console
    name = _read_name(visit)
    peer = visit.request.client.host if visit.request.client else ""
    if wait_seconds := await console.throttle.claim_login(name, peer):
        if console.throttle.tell_burst(name, peer):
            # What was typed is kept only if it is the name of an account: people type passwords there.
            known = await console.accounts.find(name)
            await console.audit.note(NOBODY, "login_refused", known.name if known else "")
        return _refuse("too_many", wait_seconds)
    account = await console.accounts.find(name)
    password_hash = account.password_hash if account and account.state == "active" else None
    if not await console.passwords.verify_proof(password_hash, visit.form.get("proof", "")) or account is None:
        return _refuse("wrong")
    problem, wait_seconds = await _check_second_step(visit, account)
    if problem:
        return _refuse(problem, wait_seconds)
    await console.throttle.clear(name, peer)
    return await enter(visit, account)


async def _check_second_step(visit: Visit, account: Account) -> tuple[str, int]:
    console = visit.console
    if not account.has_totp:
        return ("use_passkey" if console.second_factor and account.passkeys else ""), 0
    code = visit.form.get("code", "")
    if not code:
        return "code_needed", 0
    # Six digits: counted for the name alone, from wherever the tries come.
    if wait_seconds := await console.throttle.claim_try(account.name, "code"):
        return "too_many", wait_seconds
    if not await verify_code(console.accounts, account.name, code, console.clock.now()):
        return "wrong_code", 0
    await console.throttle.clear(account.name, "code")
    return "", 0


def _read_name(visit: Visit) -> str:
    return visit.form.get("name", "").strip().lower()[:LONGEST_NAME]


def _refuse(problem: str, wait_seconds: int = 0) -> Response:
    headers = {"Retry-After": str(wait_seconds)} if wait_seconds else {}
    return JSONResponse({"problem": problem}, 429 if wait_seconds else 401, headers)


ROWS: tuple[RouteRow, ...] = (
    ("/login", show_login, ("GET",), ANYBODY),
    ("/login/salt", tell_salt, ("POST",), ANYBODY),
    ("/login", log_in, ("POST",), ANYBODY),
)
