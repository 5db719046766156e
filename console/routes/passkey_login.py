"""Getting in with a passkey alone, without a name (A6)."""

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from console.context import Visit
from console.entering import enter
from console.guards import ANYBODY, RouteRow
from console.passkeys import PasskeyChecker, read_passkey_id

PURPOSE = "passkey login"


async def ask(visit: Visit) -> Response:
    """What the browser is to sign; good once, for five minutes."""
    refuse_floods(visit)
    options, challenge = get_checker(visit).ask_login()
    await visit.console.accounts.put_challenge(visit.secret, PURPOSE, challenge)
    return Response(options, media_type="application/json")


async def log_in(visit: Visit) -> Response:
    """Starts a login for whoever signed; 401 for anything wrong."""
    accounts = visit.console.accounts
    credential = visit.form.get("credential", "")
    challenge = await accounts.take_challenge(visit.secret, PURPOSE)
    passkey = await accounts.find_passkey(read_passkey_id(credential))
    if challenge is None or passkey is None:
        return _refuse()
    count = get_checker(visit).check_login(credential, challenge, passkey)
    account = await accounts.find(passkey.name)
    if count is None or account is None or account.state != "active":
        return _refuse()
    await accounts.set_passkey_count(passkey.id, count)
    return await enter(visit, account)


def get_checker(visit: Visit) -> PasskeyChecker:
    """The checker. Raises HTTPException 404 where there are no passkeys."""
    if visit.console.passkey_checker is None:
        raise HTTPException(404)
    return visit.console.passkey_checker


def refuse_floods(visit: Visit) -> None:
    """Raises HTTPException 429 for a source that asks for more than a browser does."""
    peer = visit.request.client.host if visit.request.client else ""
    if not visit.console.throttle.claim_challenge(peer):
        raise HTTPException(429)


def _refuse() -> Response:
    return JSONResponse({"problem": "passkey_refused"}, 401)


ROWS: tuple[RouteRow, ...] = (
    ("/login/passkey/options", ask, ("POST",), ANYBODY),
    ("/login/passkey", log_in, ("POST",), ANYBODY),
)
