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

TABLE: dict[str, set[str]] = {
    "GET /healthz": EVERYBODY,
    "GET /login": EVERYBODY,
    "POST /login": EVERYBODY,
    "POST /lock": EVERYBODY,
    "POST /logout": EVERYBODY,
    "POST /stay": EVERYBODY,
    "GET /": EVERYBODY,
    "GET /waiting": {ADVOCATE, SUPERVISOR},
    "GET /waiting/list": {ADVOCATE, SUPERVISOR},
    "GET /waiting/count": {ADVOCATE, SUPERVISOR},
    "GET /events": {ADVOCATE, SUPERVISOR},
    "GET /conversations/{conversation}": {ADVOCATE},
    "GET /conversations/{conversation}/window": {ADVOCATE},
    "GET /conversations/{conversation}/messages": {ADVOCATE},
    "POST /conversations/{conversation}/claim": {ADVOCATE},
    "POST /conversations/{conversation}/release": {ADVOCATE},
    "POST /conversations/{conversation}/close": {ADVOCATE},
    "POST /conversations/{conversation}/renew": {ADVOCATE},
    "POST /conversations/{conversation}/reply": {ADVOCATE},
    "POST /conversations/{conversation}/count": {ADVOCATE},
    "GET /people": {ADMIN},
    "POST /people": {ADMIN},
    "GET /people/{name}": {ADMIN},
    "POST /people/{name}/roles": {ADMIN},
    "POST /people/{name}/suspend": {ADMIN},
    "POST /people/{name}/restore": {ADMIN},
    "POST /people/{name}/reset": {ADMIN},
    "POST /people/{name}/training": {ADMIN},
    "GET /load": {SUPERVISOR},
    "GET /load/now": {SUPERVISOR},
    "GET /audit": {ADMIN},
    "GET /practice-line": {ADVOCATE, SUPERVISOR},
    "GET /practice-line/{scenario}": {ADVOCATE, SUPERVISOR},
}
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
        answer = await client.request(method, fill_path(path), data={} if route == "POST /login" else data)
    comes_in = answer.status_code != 403 or route == "POST /login"  # its token belongs to the visitor
    assert comes_in == (role in TABLE[route])


@pytest.mark.parametrize("role", ROLES)
def test_every_role_answers_every_permission(role: str) -> None:
    roles = load_roles()
    allowed = {permission for permission in roles.permissions if roles.allows([role], permission)}
    assert (
        allowed
        == {
            ADVOCATE: {"see_waiting", "claim", "read_window", "reply", "release", "close", "practise"},
            SUPERVISOR: {"see_waiting", "see_load", "practise"},
            ADMIN: {"manage_people", "read_audit"},
            "outreach": set(),
        }[role]
    )
