"""Which routes the audit notes, and under which code: one table, so that none is forgotten (A6).

A route that changes something stands here or in UNNOTED with its reason; else the console does not start.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from starlette.responses import Response

from console.context import Visit

_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_DETAIL = re.compile(r"[a-z][a-z0-9_]{0,31}")

REFUSED = frozenset({"taken", "gone", "not_yours", "confirm", "training", "full", "wrong", "own_account", "last_admin"})
"""Notices of an answer that changed nothing."""
UNSURE = "slow"


@dataclass(frozen=True, slots=True)
class Noted:
    """The action's code; the path parameter that names its object; the form field that holds a code to add."""

    action: str
    object: str = ""
    detail: str = ""


NOTED: Mapping[tuple[str, str], Noted] = {
    ("POST", "/lock"): Noted("locked"),
    ("POST", "/logout"): Noted("logged_out"),
    ("POST", "/conversations/{conversation}/claim"): Noted("claimed", "conversation"),
    ("POST", "/conversations/{conversation}/release"): Noted("released", "conversation"),
    ("POST", "/conversations/{conversation}/close"): Noted("closed", "conversation", "outcome"),
    ("POST", "/people"): Noted("person_invited"),
    ("POST", "/people/{name}/roles"): Noted("roles_changed", "name"),
    ("POST", "/people/{name}/suspend"): Noted("person_suspended", "name"),
    ("POST", "/people/{name}/restore"): Noted("person_restored", "name"),
    ("POST", "/people/{name}/reset"): Noted("person_reset", "name"),
    ("POST", "/people/{name}/training"): Noted("training_changed", "name", "course"),
    ("GET", "/audit"): Noted("audit_read"),
}

UNNOTED: Mapping[tuple[str, str], str] = {
    ("POST", "/login"): "the page itself notes it, for it alone knows who came in or failed",
    ("POST", "/stay"): "an open page says that somebody is there",
    ("POST", "/conversations/{conversation}/renew"): "an open page keeps its lease",
    ("POST", "/conversations/{conversation}/count"): "counts what is being typed and changes nothing",
    ("POST", "/conversations/{conversation}/reply"): "would tell how much was written; the window says it until close",
}

OWN_ACTIONS = ("login", "login_refused")
"""Codes that pages note by themselves."""


def find_unlisted(rows: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    """Routes that change something and are in neither table, or in both."""
    wanted = {(method, path) for path, methods in rows for method in methods if method not in {"GET", "HEAD"}}
    both = NOTED.keys() & UNNOTED.keys()
    return sorted(f"{method} {path}" for method, path in (wanted - NOTED.keys() - UNNOTED.keys()) | both)


async def note_visit(visit: Visit, path: str, answer: Response) -> None:
    """Adds what this visit did, once it is known to have been done; nothing for a refused one.

    Raises StoreError: an act that cannot be noted is answered as failed, so that somebody looks.
    """
    noted = NOTED.get((visit.request.method, path))
    if noted is None or visit.account is None or answer.status_code >= 400:
        return
    notice = parse_qs(urlsplit(answer.headers.get("location", "")).query).get("notice", [""])[0]
    if notice in REFUSED:
        return
    # What was changed may have a name that only the page knows, as that of an invited person.
    name = getattr(visit.request.state, "audit_object", "") or visit.request.path_params.get(noted.object, "")
    detail = UNSURE if notice == UNSURE else visit.form.get(noted.detail, "")
    action = f"{noted.action}:{detail}" if _DETAIL.fullmatch(detail) else noted.action
    await visit.console.audit.note(visit.account.name, action, name if _NAME.fullmatch(name) else "")
