"""Joining by an invitation. Its token stands behind the # of the link, so that no log or referrer ever has it (A6)."""

from starlette.responses import JSONResponse, Response

from console.context import Visit
from console.entering import enter
from console.guards import ANYBODY, RouteRow
from console.lock_forms import parse_salt
from console.passkeys import read_passkey_id
from console.passwords import is_proof
from console.ports import Account
from console.routes.account_passkeys import build_passkey
from console.routes.passkey_login import get_checker, refuse_floods

PURPOSE = "passkey joining"


async def show_join(visit: Visit) -> Response:
    """The page; it reads the token from its own address and asks for the rest."""
    has_passkeys = visit.console.passkey_checker is not None
    answer = visit.console.pages.respond("join.html", visit.language, token=visit.token, passkeys=has_passkeys)
    visit.console.cookies.put(answer, visit.console.cookies.visitor, visit.secret)
    return answer


async def open_invitation(visit: Visit) -> Response:
    """Who is invited as what; 410 for an invitation that is not good, whatever the reason."""
    account = await visit.console.accounts.find_invitation(visit.form.get("invitation", ""))
    if account is None:
        return _refuse()
    return JSONResponse({"name": account.name, "roles": list(account.roles), "cost": visit.console.password_cost})


async def join(visit: Visit) -> Response:
    """Uses the invitation up with a password's ``salt`` and ``proof``, and logs in."""
    accounts = visit.console.accounts
    salt, proof = parse_salt(visit.form.get("salt", "")), visit.form.get("proof", "")
    if not is_proof(proof) or await accounts.find_invitation(visit.form.get("invitation", "")) is None:
        return _refuse()
    password_hash = await visit.console.passwords.hash_proof(proof)
    account = await accounts.take_invitation(visit.form.get("invitation", ""))
    if account is None:
        return _refuse()
    await accounts.set_password(account.name, password_hash, salt, visit.console.password_cost)
    return await _start(visit, account)


async def ask_passkey(visit: Visit) -> Response:
    """What the browser is to make a passkey for."""
    account = await visit.console.accounts.find_invitation(visit.form.get("invitation", ""))
    if account is None:
        return _refuse()
    refuse_floods(visit)
    options, challenge = get_checker(visit).ask_new(account, [])
    await visit.console.accounts.put_challenge(visit.secret, PURPOSE, challenge)
    return Response(options, media_type="application/json")


async def join_with_passkey(visit: Visit) -> Response:
    """Uses the invitation up with a new passkey, and logs in."""
    accounts, credential = visit.console.accounts, visit.form.get("credential", "")
    challenge = await accounts.take_challenge(visit.secret, PURPOSE)
    found = get_checker(visit).check_new(credential, challenge) if challenge else None
    if found is None or found.id != read_passkey_id(credential) or await accounts.find_passkey(found.id):
        return JSONResponse({"problem": "passkey_refused"}, 401)
    account = await accounts.take_invitation(visit.form.get("invitation", ""))
    if account is None:
        return _refuse()
    await accounts.add_passkey(build_passkey(visit, found, account.name))
    return await _start(visit, account)


async def _start(visit: Visit, account: Account) -> Response:
    await visit.console.accounts.activate(account.name)
    return await enter(visit, account)


def _refuse() -> Response:
    return JSONResponse({"problem": "expired"}, 410)


ROWS: tuple[RouteRow, ...] = (
    ("/join", show_join, ("GET",), ANYBODY),
    ("/join/open", open_invitation, ("POST",), ANYBODY),
    ("/join", join, ("POST",), ANYBODY),
    ("/join/passkey/options", ask_passkey, ("POST",), ANYBODY),
    ("/join/passkey", join_with_passkey, ("POST",), ANYBODY),
)
