"""A person's reader key: what the browser made is kept, and half of the seal on an unlocked one is lent (P2)."""

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from console.context import Visit
from console.entering import describe_key
from console.guards import ENROLLING, Guard, RouteRow
from console.lock_forms import parse_lock, parse_public

PASSIVE = Guard(enrolling=True, passive=True)


async def show_key(visit: Visit) -> Response:
    """Public key and locks of one's own."""
    return JSONResponse(await describe_key(visit.console, visit.advocate.name, visit.secret))


async def put_key(visit: Visit) -> Response:
    """Takes ``public`` and its first ``lock``; 409 with what is there if another tab was faster."""
    accounts, name = visit.console.accounts, visit.advocate.name
    public = parse_public(visit.form.get("public", ""))
    passkeys = {passkey.id for passkey in await accounts.list_passkeys(name)}
    passkey_id = visit.form.get("passkey", "")
    kinds = ("passkey",) if passkey_id in passkeys else ("password",)
    lock_id = passkey_id if passkey_id in passkeys else ""
    lock = parse_lock(visit.form.get("lock", ""), kinds, visit.console.clock.now(), lock_id=lock_id)
    is_first = await accounts.put_reader_key(name, public, [lock])
    return JSONResponse(await describe_key(visit.console, name, visit.secret), 200 if is_first else 409)


async def add_lock(visit: Visit) -> Response:
    """One more ``lock``: a printed code, or the ``passkey`` of that id. Raises HTTPException 400 or 409."""
    accounts, name = visit.console.accounts, visit.advocate.name
    if visit.advocate.public is None:
        raise HTTPException(409)
    lock_id, label = "", ""
    kinds: tuple[str, ...] = ("recovery",)
    if passkey_id := visit.form.get("passkey", ""):
        passkey = await accounts.find_passkey(passkey_id)
        if passkey is None or passkey.name != name:
            raise HTTPException(400)
        lock_id, label, kinds = passkey.id, passkey.label, ("passkey",)
    lock = parse_lock(visit.form.get("lock", ""), kinds, visit.console.clock.now(), lock_id=lock_id, label=label)
    if not await accounts.add_lock(name, lock):
        raise HTTPException(409)
    return Response(status_code=204)


async def make_half(visit: Visit) -> Response:
    """This login's half, made if it is missing."""
    return JSONResponse({"half": (await visit.console.accounts.make_half(visit.secret)).hex()})


async def show_half(visit: Visit) -> Response:
    """This login's half, or an empty one: the key is locked."""
    half = await visit.console.accounts.find_half(visit.secret)
    return JSONResponse({"half": half.hex() if half else ""})


async def show_unlock(visit: Visit) -> Response:
    """Asks for whatever opens the key in this tab."""
    if visit.advocate.public is None:
        return RedirectResponse("/", 303)
    locks = await visit.console.accounts.list_locks(visit.advocate.name)
    kinds = {lock.kind for lock in locks}
    return visit.console.pages.respond("unlock.html", visit.language, visit=visit, kinds=kinds)


async def show_recovery(visit: Visit) -> Response:
    """Makes a new printed code; the old one ends when the new one is confirmed."""
    if visit.advocate.public is None:
        return RedirectResponse("/", 303)
    return visit.console.pages.respond("recovery.html", visit.language, visit=visit)


ROWS: tuple[RouteRow, ...] = (
    ("/key", show_key, ("GET",), ENROLLING),
    ("/key", put_key, ("POST",), ENROLLING),
    ("/key/locks", add_lock, ("POST",), ENROLLING),
    ("/key/half", show_half, ("GET",), PASSIVE),
    ("/key/half", make_half, ("POST",), ENROLLING),
    ("/unlock", show_unlock, ("GET",), ENROLLING),
    ("/recovery", show_recovery, ("GET",), ENROLLING),
)
