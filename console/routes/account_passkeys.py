"""One's own passkeys: adding one on this device, taking one away (A6)."""

from starlette.responses import JSONResponse, RedirectResponse, Response

from console.browser_names import name_browser
from console.context import Visit
from console.guards import ENROLLING, LOGGED_IN, RouteRow
from console.passkeys import Registered
from console.ports import Passkey
from console.routes.passkey_login import get_checker

PURPOSE = "new passkey"


async def ask(visit: Visit) -> Response:
    """What the browser is to make a passkey for."""
    accounts = visit.console.accounts
    known = [passkey.id for passkey in await accounts.list_passkeys(visit.advocate.name)]
    options, challenge = get_checker(visit).ask_new(visit.advocate, known)
    await accounts.put_challenge(visit.secret, PURPOSE, challenge)
    return Response(options, media_type="application/json")


async def add(visit: Visit) -> Response:
    """Takes the new passkey; 401 if anything about it is wrong or it is known."""
    accounts = visit.console.accounts
    challenge = await accounts.take_challenge(visit.secret, PURPOSE)
    found = get_checker(visit).check_new(visit.form.get("credential", ""), challenge) if challenge else None
    if found is None or not await accounts.add_passkey(build_passkey(visit, found, visit.advocate.name)):
        return JSONResponse({"problem": "passkey_refused"}, 401)
    return JSONResponse({"id": found.id})


async def remove(visit: Visit) -> Response:
    """Forgets a passkey and its lock, but not the last way in."""
    account = visit.advocate
    is_last_way = account.passkeys == 1 and not account.password_hash
    is_last_step = account.passkeys == 1 and visit.console.second_factor and not account.has_totp
    if is_last_way or is_last_step:
        return RedirectResponse("/account?notice=last_way", 303)
    await visit.console.accounts.remove_passkey(account.name, visit.form.get("passkey", ""))
    return RedirectResponse("/account?notice=removed", 303)


def build_passkey(visit: Visit, found: Registered, name: str) -> Passkey:
    """A passkey to keep, labelled by the browser that made it."""
    at = visit.console.clock.now().isoformat()
    return Passkey(found.id, name, found.public, found.count, name_browser(visit.agent), at)


ROWS: tuple[RouteRow, ...] = (
    ("/account/passkeys/options", ask, ("POST",), ENROLLING),
    ("/account/passkeys", add, ("POST",), ENROLLING),
    ("/account/passkeys/remove", remove, ("POST",), LOGGED_IN),
)
