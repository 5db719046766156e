"""What follows a good login, by whatever way: the cookie, and what the browser needs to open the key."""

import hashlib
from dataclasses import asdict
from typing import Any

from starlette.responses import JSONResponse, Response

from console.browser_names import name_browser
from console.context import Console, Visit
from console.cookies import build_token
from console.ports import Account

READER_ROLE = "advocate"


async def enter(visit: Visit, account: Account) -> Response:
    """Starts a login bound to this browser and answers with the state of the person's key."""
    console = visit.console
    login_id = await console.accounts.create_login(account.name, visit.agent, name_browser(visit.agent))
    await console.accounts.refresh_reader(account.name)
    await console.audit.note(account.name, "login")
    answer = JSONResponse(await describe_key(console, account.name, login_id))
    console.cookies.put(answer, console.cookies.login, login_id)
    console.cookies.drop(answer, console.cookies.visitor)
    return answer


async def describe_key(console: Console, name: str, login_id: str) -> dict[str, Any]:
    """Public key, locks (bytes as hex) and costs; ``csrf`` is the token of this login's forms.

    ``reader`` is True for who needs a key; ``former`` is the key from before a reset, if a printed code opens it.
    """
    accounts = console.accounts
    account = await accounts.find(name)
    if account is None:
        raise PermissionError("the account is gone")
    former = await accounts.find_former_key(name)
    return {
        "csrf": build_token(login_id),
        "name": name,
        "reader": READER_ROLE in account.roles,
        "public": account.public.hex() if account.public else "",
        "former": former.hex() if former else "",
        "locks": [asdict(lock) for lock in await accounts.list_locks(name)],
        "password": {"salt": account.salt, "n": account.cost} if account.salt else None,
        "cost": console.password_cost,
    }


def build_check_number(public: bytes) -> str:
    """Eight digits of the public key's SHA-256, in two groups, to read out to each other."""
    digits = f"{int.from_bytes(hashlib.sha256(public).digest()) % 10**8:08d}"
    return f"{digits[:4]} {digits[4:]}"
