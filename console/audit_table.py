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

REFUSED = frozenset({
    "taken", "gone", "not_yours", "confirm", "training", "full", "wrong", "own_account", "last_admin", "unknown",
    "second_person", "last_way", "wrong_code", "too_many", "nothing_to_copy", "no_code",
    "own_draft", "own_lift", "moved_on", "nothing_changed", "lacking", "refused", "busy",
})  # fmt: skip
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
    ("POST", "/conversations/{conversation}/transfer"): Noted("transferred", "conversation"),
    ("POST", "/conversations/{conversation}/accept"): Noted("accepted", "conversation"),
    ("POST", "/conversations/{conversation}/decline"): Noted("declined", "conversation"),
    ("POST", "/conversations/{conversation}/pair"): Noted("paired", "conversation"),
    ("POST", "/conversations/{conversation}/unpair"): Noted("unpaired", "conversation"),
    ("POST", "/conversations/{conversation}/hold"): Noted("held", "conversation"),
    ("POST", "/conversations/{conversation}/block"): Noted("blocked", "conversation"),
    ("POST", "/conversations/{conversation}/acknowledge"): Noted("acknowledged", "conversation"),
    ("POST", "/break"): Noted("break_started"),
    ("POST", "/break/end"): Noted("break_ended"),
    ("POST", "/clocks/start"): Noted("clock_started", detail="kind"),
    ("POST", "/clocks/end"): Noted("clock_ended"),
    ("POST", "/flag"): Noted("resource_flagged", detail="reason"),
    ("POST", "/flags/clear"): Noted("flags_cleared"),
    ("POST", "/shifts/add"): Noted("shift_changed"),
    ("POST", "/shifts/copy"): Noted("shift_changed"),
    ("POST", "/shifts/remove"): Noted("shift_changed"),
    ("POST", "/shifts/seen"): Noted("alert_seen"),
    ("POST", "/pages/browser"): Noted("page_way_changed"),
    ("POST", "/pages/phone"): Noted("page_way_changed"),
    ("POST", "/pages/telegram"): Noted("page_way_changed"),
    ("POST", "/pages/prove"): Noted("page_way_changed"),
    ("POST", "/pages/remove"): Noted("page_way_changed"),
    ("POST", "/account/passkeys"): Noted("passkey_added"),
    ("POST", "/account/passkeys/remove"): Noted("passkey_removed"),
    ("POST", "/account/password"): Noted("password_changed"),
    ("POST", "/account/totp"): Noted("totp_changed"),
    ("POST", "/account/totp/remove"): Noted("totp_changed"),
    ("POST", "/account/logins/end"): Noted("logins_ended"),
    ("POST", "/account/logins/end-others"): Noted("logins_ended"),
    ("POST", "/key"): Noted("key_made"),
    ("POST", "/key/locks"): Noted("lock_added"),
    ("POST", "/people"): Noted("person_invited"),
    ("POST", "/people/{name}/roles"): Noted("roles_changed", "name"),
    ("POST", "/people/{name}/suspend"): Noted("person_suspended", "name"),
    ("POST", "/people/{name}/restore"): Noted("person_restored", "name"),
    ("POST", "/people/{name}/reset"): Noted("person_reset", "name"),
    ("POST", "/people/{name}/training"): Noted("training_changed", "name", "course"),
    ("POST", "/outreach/batches"): Noted("batch_added"),
    ("POST", "/outreach/batches/end"): Noted("batch_ended"),
    ("POST", "/content/entry"): Noted("content_drafted"),
    ("POST", "/content/import/draft"): Noted("content_drafted"),
    ("POST", "/content/drafts/{draft}/choose"): Noted("content_drafted", "draft"),
    ("POST", "/content/drafts/{draft}/approve"): Noted("content_approved", "draft"),
    ("POST", "/content/drafts/{draft}/veto"): Noted("content_vetoed", "draft", "lift"),
    ("POST", "/content/drafts/{draft}/discard"): Noted("content_discarded", "draft"),
    ("POST", "/content/drafts/{draft}/publish"): Noted("content_published", "draft"),
    ("POST", "/content/pull"): Noted("content_pulled"),
    ("POST", "/content/verify"): Noted("content_confirmed"),
    ("POST", "/content/verify/undo"): Noted("content_unconfirmed"),
    ("POST", "/content/rollback"): Noted("content_rolled_back"),
    ("GET", "/audit"): Noted("audit_read"),
}

_BY_ITSELF = "the page itself notes it, for it alone knows who came in or failed"

UNNOTED: Mapping[tuple[str, str], str] = {
    ("POST", "/login"): _BY_ITSELF,
    ("POST", "/login/passkey"): _BY_ITSELF,
    ("POST", "/join"): _BY_ITSELF,
    ("POST", "/join/passkey"): _BY_ITSELF,
    ("POST", "/login/salt"): "asked before every try, and changes nothing",
    ("POST", "/login/passkey/options"): "asked before every try, and changes nothing",
    ("POST", "/join/open"): "looks whether an invitation is good, and changes nothing",
    ("POST", "/join/passkey/options"): "asked before joining, and changes nothing",
    ("POST", "/account/passkeys/options"): "asked before a passkey is added, and changes nothing",
    ("POST", "/account/totp/begin"): "shows a secret that counts only once a code was given",
    ("POST", "/account/language"): "changes how the console speaks, and nothing else",
    ("POST", "/key/half"): "keeps a key open in one tab, at every login",
    ("POST", "/conversations/{conversation}/wraps"): "an open page hands older lines on to who may read anyway",
    ("POST", "/referral/options"): "looks for places; who asked for what need stays unwritten",
    ("POST", "/referral/record"): "is counted by day alone, so that nobody sees whose it was",
    ("POST", "/content/check"): "tries what somebody types, and keeps nothing",
    ("POST", "/content/import"): "shows what a list would do, and keeps nothing",
    ("POST", "/pages/test"): "sends a page to oneself",
    ("POST", "/stay"): "an open page says that somebody is there",
    ("POST", "/conversations/{conversation}/renew"): "an open page keeps its lease",
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
