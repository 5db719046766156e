"""Denied by default: every route against every role, with and without its token (A6, A9)."""

import dataclasses

import pytest
import yaml
from starlette.routing import Mount, Route

from console.application import _check_guards
from console.guards import ANYBODY, Guard
from console.roles import ROLES, ROLES_FILE, build_roles, load_roles
from console.routes import ROWS
from hotline.errors import ContentError
from tests.console.conftest import Stage, find_token

OPEN_TO_STRANGERS = {
    ("GET", "/healthz"), ("GET", "/login"), ("POST", "/login"), ("POST", "/login/salt"),
    ("POST", "/login/passkey/options"), ("POST", "/login/passkey"),
    ("GET", "/join"), ("POST", "/join"), ("POST", "/join/open"),
    ("POST", "/join/passkey/options"), ("POST", "/join/passkey"),
}  # fmt: skip
CASES = [(method, path, guard) for path, _, methods, guard in ROWS for method in methods]
NAMES = {"advocate": "robin", "supervisor": "supervisor", "admin": "admin", "outreach": "outreach"}


def test_the_application_serves_the_rows_and_static_files_and_nothing_else(stage: Stage) -> None:
    served = {(method, r.path) for r in stage.build().routes if isinstance(r, Route) for method in r.methods or ()}
    assert served - {("HEAD", path) for _, path, _ in CASES} == {(method, path) for method, path, _ in CASES}
    assert [route.path for route in stage.build().routes if isinstance(route, Mount)] == ["/static"]


def test_only_the_listed_routes_let_strangers_in() -> None:
    assert {(method, path) for method, path, guard in CASES if guard.stranger} == OPEN_TO_STRANGERS


@pytest.mark.parametrize(("method", "path", "guard"), [case for case in CASES if case[:2] not in OPEN_TO_STRANGERS])
async def test_a_stranger_is_sent_away_from_every_other_route(
    stage: Stage, method: str, path: str, guard: Guard
) -> None:
    await stage.wait_for_advocate("c1")
    async with stage.visit() as client:
        answer = await client.request(method, fill_path(path), data={"csrf": "0" * 64})
    assert answer.status_code in {303, 401}
    assert answer.headers.get("location", "/login") == "/login"
    assert stage.desk.commands == []


@pytest.mark.parametrize(("method", "path", "guard"), [case for case in CASES if case[0] == "POST"])
@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
async def test_every_post_without_its_token_is_refused(
    stage: Stage, method: str, path: str, guard: Guard, token: str
) -> None:
    await stage.hold("c1")
    async with stage.log_in() as client:
        answer = await client.post(fill_path(path), data={"csrf": token, "text": "hello"})
        assert answer.status_code == 403
        assert (await client.get("/waiting")).status_code == 200
    assert stage.desk.commands == []
    assert stage.audit.list_acts() == []


async def test_a_token_of_another_login_is_refused(stage: Stage) -> None:
    await stage.hold("c1")
    async with stage.log_in() as first, stage.log_in() as second:
        token = find_token((await first.get("/waiting")).text)
        assert (await second.post("/conversations/c1/close", data={"csrf": token})).status_code == 403
        assert (await first.post("/conversations/c1/close", data={"csrf": token})).status_code == 303


@pytest.mark.parametrize("path", ["/conversations/c1", "/conversations/c1/window", "/conversations/c1/messages"])
@pytest.mark.parametrize("case", ["another advocate's", "waiting", "waiting again", "unknown"])
async def test_a_conversation_opens_only_for_the_advocate_who_holds_it(stage: Stage, path: str, case: str) -> None:
    """A9: all cases look the same, so that nobody learns who wrote."""
    if case == "another advocate's":
        await stage.hold("c1", by="luz")
    elif case == "waiting":
        await stage.wait_for_advocate("c1")
    elif case == "waiting again":
        await stage.wait_for_advocate("c1", advocate="robin")
    async with stage.log_in("robin") as client:
        answer = await client.get(path)
        same = await client.get(path.replace("c1", "c2"))
    assert answer.status_code == 404
    assert answer.text == same.text


async def test_an_account_with_an_unknown_role_may_do_nothing(stage: Stage) -> None:
    stage.accounts.add("ghost", "owner")
    async with stage.log_in("ghost") as client:
        assert (await client.get("/waiting")).status_code == 403
        assert (await client.get("/")).status_code == 200


def test_every_role_must_answer_every_permission() -> None:
    document = yaml.safe_load(ROLES_FILE.read_text())
    assert build_roles(document).permissions
    for role in ROLES:
        for permission in list(document["permissions"]):
            changed = yaml.safe_load(ROLES_FILE.read_text())
            del changed["roles"][role][permission]
            with pytest.raises(ContentError):
                build_roles(changed)
    del document["roles"]["admin"]
    with pytest.raises(ContentError):
        build_roles(document)


def test_a_guard_that_names_no_permission_stops_the_start() -> None:
    path, handler, methods, guard = ROWS[-1]
    odd = (path, handler, methods, dataclasses.replace(guard, permission="fly"))
    with pytest.raises(ContentError):
        _check_guards(load_roles(), (*ROWS, odd))
    assert ANYBODY.permission is None


def fill_path(path: str) -> str:
    draft = {"kind": "csv", "draft": "d1"}
    return path.format(conversation="c1", name="luz", scenario="controlled", period="2026-10", **draft)
