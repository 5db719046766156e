"""One's own account: logins, second steps, password, language (A6)."""

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from console.codes import create_secret, draw_secret, find_step, verify_code
from console.context import Visit
from console.entering import build_check_number
from console.guards import ENROLLING, LOGGED_IN, RouteRow
from console.lock_forms import parse_lock, parse_salt
from console.passwords import is_proof

NOTICES = ("last_way", "removed", "wrong_code", "too_many", "password_changed", "ended", "totp_on", "totp_off")
LANGUAGES = ("en", "es")
PURPOSE = "totp"


async def show_account(visit: Visit) -> Response:
    """The page; ``?notice=`` is a code from NOTICES."""
    console, account = visit.console, visit.advocate
    notice = visit.request.query_params.get("notice", "")
    return console.pages.respond(
        "account.html",
        visit.language,
        visit=visit,
        notice=notice if notice in NOTICES else "",
        logins=await console.accounts.list_logins(account.name),
        passkeys=await console.accounts.list_passkeys(account.name),
        has_passkeys=console.passkey_checker is not None,
        check_number=build_check_number(account.public) if account.public else "",
    )


async def change_password(visit: Visit) -> Response:
    """Takes the ``old`` proof, the new ``salt`` and ``proof`` and the re-wrapped ``lock``; ends every other login."""
    console, account = visit.console, visit.advocate
    salt, proof = parse_salt(visit.form.get("salt", "")), visit.form.get("proof", "")
    if not is_proof(proof):
        raise HTTPException(400)
    lock = parse_lock(visit.form.get("lock", ""), ("password",), console.clock.now()) if account.public else None
    if account.password_hash:
        if await console.throttle.claim_try(account.name, "change"):
            return JSONResponse({"problem": "too_many"}, 429)
        if not await console.passwords.verify_proof(account.password_hash, visit.form.get("old", "")):
            return JSONResponse({"problem": "wrong"}, 401)
        await console.throttle.clear(account.name, "change")
    hashed = await console.passwords.hash_proof(proof)
    if lock is not None and not await console.accounts.add_lock(account.name, lock):
        raise HTTPException(409)
    await console.accounts.set_password(account.name, hashed, salt, console.password_cost)
    await console.accounts.end_logins(account.name, keep=visit.secret)
    return JSONResponse({"problem": ""})


async def begin_totp(visit: Visit) -> Response:
    """Shows a new secret to an app; it counts once a code of it was given."""
    if visit.advocate.has_totp:
        return RedirectResponse("/account", 303)
    return await _ask_first_code(visit, create_secret())


async def confirm_totp(visit: Visit) -> Response:
    """From now on a code is asked for at each login."""
    accounts, name = visit.console.accounts, visit.advocate.name
    secret = await accounts.take_challenge(visit.secret, PURPOSE)
    if secret is None or visit.advocate.has_totp:
        return RedirectResponse("/account?notice=wrong_code", 303)
    step = find_step(secret, visit.form.get("code", ""), visit.console.clock.now())
    if step is None:
        return await _ask_first_code(visit, secret, "wrong_code")
    await accounts.claim_code(name, step)
    await accounts.set_totp(name, secret)
    return RedirectResponse("/account?notice=totp_on", 303)


async def remove_totp(visit: Visit) -> Response:
    """Ends the app's codes, for who gives one, and not where they are the only second step."""
    console, account = visit.console, visit.advocate
    if console.second_factor and not account.passkeys:
        return RedirectResponse("/account?notice=last_way", 303)
    if await console.throttle.claim_try(account.name, "code"):
        return RedirectResponse("/account?notice=too_many", 303)
    if not await verify_code(console.accounts, account.name, visit.form.get("code", ""), console.clock.now()):
        return RedirectResponse("/account?notice=wrong_code", 303)
    await console.throttle.clear(account.name, "code")
    await console.accounts.remove_totp(account.name)
    return RedirectResponse("/account?notice=totp_off", 303)


async def end_login(visit: Visit) -> Response:
    """Ends one login of one's own, at once."""
    await visit.console.accounts.end_login_of(visit.advocate.name, visit.form.get("login", ""))
    return RedirectResponse("/account?notice=ended", 303)


async def end_others(visit: Visit) -> Response:
    """Ends every login but this one."""
    await visit.console.accounts.end_logins(visit.advocate.name, keep=visit.secret)
    return RedirectResponse("/account?notice=ended", 303)


async def set_language(visit: Visit) -> Response:
    """The console's language from the next page on."""
    if visit.form.get("language") in LANGUAGES:
        await visit.console.accounts.set_language(visit.advocate.name, visit.form["language"])
    return RedirectResponse("/account", 303)


async def _ask_first_code(visit: Visit, secret: str, problem: str = "") -> Response:
    console = visit.console
    await console.accounts.put_challenge(visit.secret, PURPOSE, secret)
    drawn = draw_secret(secret, visit.advocate.name, console.pages.hotline_name)
    groups = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    values = {"visit": visit, "drawn": drawn, "secret": groups, "problem": problem}
    return console.pages.respond("totp.html", visit.language, 422 if problem else 200, **values)


ROWS: tuple[RouteRow, ...] = (
    ("/account", show_account, ("GET",), ENROLLING),
    ("/account/password", change_password, ("POST",), LOGGED_IN),
    ("/account/totp/begin", begin_totp, ("POST",), ENROLLING),
    ("/account/totp", confirm_totp, ("POST",), ENROLLING),
    ("/account/totp/remove", remove_totp, ("POST",), LOGGED_IN),
    ("/account/logins/end", end_login, ("POST",), ENROLLING),
    ("/account/logins/end-others", end_others, ("POST",), ENROLLING),
    ("/account/language", set_language, ("POST",), ENROLLING),
)
