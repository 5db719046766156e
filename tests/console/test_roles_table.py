"""Who may do what, written down by hand: a permission that grows wider in the code goes red here (A6, A9)."""

import pytest

from console.cookies import build_token
from console.guards import Guard
from console.roles import ROLES, load_roles
from console.routes import ROWS
from tests.console.conftest import Stage
from tests.console.test_guards import NAMES, fill_path

ADVOCATE, SUPERVISOR, ADMIN = "advocate", "supervisor", "admin"
EVERYBODY = set(ROLES)

TEAM = {ADVOCATE, SUPERVISOR}
PLANNERS = {SUPERVISOR, ADMIN}
PAGED = {ADVOCATE, SUPERVISOR, ADMIN}


def build_table() -> dict[str, set[str]]:
    """Written by hand, not read from roles.yml."""
    groups: list[tuple[set[str], str]] = [
        (EVERYBODY, "GET /healthz /login /join / /key /key/half /unlock /recovery /account"),
        (EVERYBODY, "POST /login /login/salt /login/passkey /login/passkey/options /lock /logout /stay"),
        (EVERYBODY, "POST /join /join/open /join/passkey /join/passkey/options /key /key/locks /key/half"),
        (EVERYBODY, "POST /account/password /account/totp /account/totp/begin /account/totp/remove /account/language"),
        (EVERYBODY, "POST /account/logins/end /account/logins/end-others"),
        (EVERYBODY, "POST /account/passkeys /account/passkeys/options /account/passkeys/remove"),
        (TEAM, "GET /waiting /waiting/list /waiting/count /events /cards /clocks /clocks/strip /debrief"),
        (TEAM, "GET /practice-line /practice-line/{scenario}"),
        (TEAM, "POST /clocks/start /clocks/end /conversations/{conversation}/acknowledge"),
        ({ADVOCATE}, "GET /conversations/{conversation} /composing /report-form /break"),
        ({ADVOCATE}, "GET /conversations/{conversation}/window /conversations/{conversation}/messages"),
        ({ADVOCATE}, "POST /break /break/end /flag /referral/options /referral/record"),
        *(({ADVOCATE}, f"POST /conversations/{{conversation}}/{act}") for act in ACTS),
        (PLANNERS, "GET /flags"),
        (PLANNERS, "POST /flags/clear /shifts/add /shifts/remove /shifts/copy /shifts/seen"),
        (PAGED, "GET /shifts /pages"),
        (PAGED, "POST /pages/browser /pages/phone /pages/prove /pages/telegram /pages/remove /pages/test"),
        ({SUPERVISOR}, "GET /load /load/now"),
        ({ADMIN, "outreach"}, "GET /outreach /outreach/file"),
        ({ADMIN, "outreach"}, "POST /outreach/batches /outreach/batches/end"),
        (PLANNERS, "GET /reports /reports/{period} /reports/{period}/{kind}"),
        (PLANNERS, "GET /content /content/of/{kind} /content/drafts/{draft} /content/history"),
        (PLANNERS, "POST /content/drafts/{draft}/approve /content/drafts/{draft}/veto /content/drafts/{draft}/publish"),
        (PLANNERS, "POST /content/pull /content/rollback"),
        ({ADMIN}, "GET /content/entry /content/rules /content/token /content/verify /content/import"),
        ({ADMIN}, "POST /content/entry /content/check /content/verify /content/verify/undo /content/import"),
        ({ADMIN}, "POST /content/drafts/{draft}/discard /content/drafts/{draft}/choose /content/import/draft"),
        ({ADMIN}, "GET /people /people/{name} /audit"),
        ({ADMIN}, "POST /people /people/{name}/roles /people/{name}/suspend /people/{name}/restore"),
        ({ADMIN}, "POST /people/{name}/reset /people/{name}/training"),
    ]
    return {f"{rows.split()[0]} {path}": roles for roles, rows in groups for path in rows.split()[1:]}


ACTS = (
    "claim", "release", "close", "renew", "reply", "wraps", "transfer", "accept", "decline", "pair", "unpair", "hold",
    "block",
)  # fmt: skip
TABLE = build_table()
"""Every route, and the roles that come in. Strangers: see OPEN_TO_STRANGERS in test_guards.py."""

ROUTES = [(f"{method} {path}", guard) for path, _, methods, guard in ROWS for method in methods]
ENDS_NEVER = "GET /events"


def test_every_route_stands_in_the_table_and_no_other() -> None:
    assert {route for route, _ in ROUTES} == TABLE.keys()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("route", "guard"), ROUTES)
async def test_a_role_comes_in_where_the_table_says_so_and_nowhere_else(
    stage: Stage, route: str, guard: Guard, role: str
) -> None:
    """A6: asked of the running console, not of roles.yml."""
    if route == ENDS_NEVER and role in TABLE[route]:  # an allowed stream does not end
        assert load_roles().allows([role], guard.permission or "")
        return
    method, path = route.split(" ")
    await stage.hold("c1", by=NAMES[role])
    async with stage.log_in(NAMES[role]) as client:
        data = {"csrf": build_token(client.cookies["porchlight"]), "text": "hello"}
        answer = await client.request(method, fill_path(path), data={} if guard.stranger else data)
    comes_in = answer.status_code != 403 or guard.stranger  # their tokens belong to the visitor
    assert comes_in == (role in TABLE[route])
    assert comes_in or (stage.desk.commands == [] and "anymore" not in answer.text)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_answers_every_permission(role: str) -> None:
    roles = load_roles()
    allowed = {permission for permission in roles.permissions if roles.allows([role], permission)}
    assert (
        allowed
        == {
            ADVOCATE: {
                "see_waiting", "claim", "read_window", "reply", "release", "close", "acknowledge", "get_pages",
                "see_shifts", "practise",
            },
            SUPERVISOR: {
                "see_waiting", "acknowledge", "get_pages", "see_shifts", "plan_shifts", "see_flags", "see_load",
                "see_reports", "practise", "approve_content",
            },
            ADMIN: {
                "get_pages", "see_shifts", "plan_shifts", "see_flags", "see_reports", "manage_people", "read_audit",
                "print_cards", "edit_content", "approve_content",
            },
            "outreach": {"print_cards"},
        }[role]
    )  # fmt: skip
