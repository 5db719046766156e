"""What the console notes, and the audit's page (A6, A9)."""

import dataclasses

import pyotp
import pytest

from console import audit_table
from console.application import _check_guards
from console.audit_table import NOTED, UNNOTED, find_unlisted
from console.roles import load_roles
from console.routes import ROWS
from console.throttle import FREE_TRIES
from hotline.errors import ContentError
from tests.console.conftest import Stage, find_token, post, seal_reply, try_login
from tests.console.fakes import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ROUTES = {(method, path) for path, _, methods, _ in ROWS for method in methods}


def test_every_route_that_changes_something_is_noted_or_says_why_not() -> None:
    assert find_unlisted((path, methods) for path, _, methods, _ in ROWS) == []
    assert NOTED.keys() | UNNOTED.keys() <= ROUTES
    assert all(len(reason) > 15 for reason in UNNOTED.values())


def test_a_route_that_the_table_forgot_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    without = {route: noted for route, noted in NOTED.items() if "release" not in route[1]}
    monkeypatch.setattr(audit_table, "NOTED", without)
    with pytest.raises(ContentError, match="release"):
        _check_guards(load_roles(), ROWS)


async def test_a_shift_leaves_who_what_and_when_and_no_word(stage: Stage) -> None:
    await stage.wait_for_advocate("c1")
    async with stage.log_in("robin") as client:
        await post(client, "/conversations/c1/claim")
        await post(client, "/conversations/c1/reply", sealed=seal_reply(stage, "I am here and I am reading."))
        await post(client, "/conversations/c1/close", outcome="referred")
        await post(client, "/lock")
    assert [(one.actor, one.action, one.object) for one in stage.audit.entries] == [
        ("robin", "login", ""),
        ("robin", "claimed", "c1"),
        ("robin", "closed:referred", "c1"),
        ("robin", "locked", ""),
    ]
    assert stage.desk.said == ["I am here and I am reading."]
    assert "reading" not in repr(stage.audit.entries)


async def test_what_was_refused_is_not_noted_as_done(stage: Stage) -> None:
    await stage.hold("c1", by="luz")
    async with stage.log_in("robin") as client:
        for path in ("/conversations/c1/claim", "/conversations/c1/close", "/conversations/words-of-mine/claim"):
            await post(client, path)
        await client.post("/conversations/c1/claim", data={"csrf": "0" * 64})
    assert stage.audit.list_acts() == []


async def test_what_nobody_knows_the_end_of_is_noted_as_such(stage: Stage) -> None:
    await stage.hold("c1")
    stage.desk.slow = True
    async with stage.log_in("robin") as client:
        await post(client, "/conversations/c1/close", outcome="referred")
    assert stage.audit.list_acts() == [("robin", "closed:slow", "c1")]


async def test_words_in_a_forged_form_field_are_not_noted(stage: Stage) -> None:
    await stage.hold("c1")
    async with stage.log_in("robin") as client:
        for path, field in (("/conversations/c1/close", "outcome"), ("/clocks/start", "kind"), ("/flag", "reason")):
            for words in ("he said he would hurt her", "mother"):
                assert (await post(client, path, resource="the_nest", **{field: words})).status_code == 400
    assert stage.audit.list_acts() == []


async def test_the_last_second_step_that_stays_is_not_noted_as_gone(stage: Stage) -> None:
    """A6."""
    stage.second_factor = True
    await stage.accounts.set_totp("robin", SECRET)
    async with stage.visit() as client:
        code = pyotp.TOTP(SECRET).at(int(stage.clock.now().timestamp()))
        assert (await try_login(client, "robin", PASSWORD, code=code)).status_code == 200
        await post(client, "/account/totp/remove", code="000000")
    assert stage.audit.list_acts() == []


async def test_a_code_that_is_not_right_is_not_noted_as_a_change(stage: Stage) -> None:
    """A6."""
    async with stage.log_in() as client:
        await post(client, "/account/totp", code="000000")
        await post(client, "/account/totp/begin")
        assert (await post(client, "/account/totp", code="000000")).status_code == 422
        await stage.accounts.set_totp("robin", SECRET)
        await post(client, "/account/totp/remove", code="000000")
        assert stage.audit.list_acts() == []
        await post(client, "/account/totp/remove", code=pyotp.TOTP(SECRET).at(int(stage.clock.now().timestamp())))
    assert stage.audit.list_acts() == [("robin", "totp_changed", "")]


async def test_a_burst_of_failures_is_one_entry_and_a_typed_password_is_none(stage: Stage) -> None:
    async with stage.visit() as client:
        for _ in range(FREE_TRIES + 4):
            await try_login(client, "robin", "wrong")
            await try_login(client, "my-password-1234", PASSWORD)
    assert [(one.actor, one.action, one.object) for one in stage.audit.entries] == [
        ("-", "login_refused", "robin"),
        ("-", "login_refused", ""),
    ]


async def test_an_act_that_cannot_be_noted_is_answered_as_failed(stage: Stage) -> None:
    async def fail(actor: str, action: str, object: str = "") -> None:
        raise TimeoutError

    async with stage.log_in("robin") as client:
        await stage.wait_for_advocate("c1")
        stage.audit.note = fail  # type: ignore[method-assign]
        assert (await post(client, "/conversations/c1/claim")).status_code == 503
        async with stage.visit() as other:
            assert (await try_login(other, "luz", PASSWORD)).status_code == 503
            assert "porchlight" not in other.cookies


async def test_the_page_shows_who_what_and_when_and_is_noted_itself(stage: Stage) -> None:
    await stage.audit.note("robin", "claimed", "0a1b2c3d4e5f")
    await stage.audit.note("admin", "training_changed:overdose", "luz")
    async with stage.log_in("admin") as client:
        page = (await client.get("/audit")).text
        assert "took a conversation" in page
        assert "0a1b2c" in page
        assert "0a1b2c3d4e5f" not in page
        assert "changed a training date: Overdose" in page
        again = (await client.get("/audit")).text
        assert "read the audit" in again
        mine = (await client.get("/audit?person=luz")).text
        assert "changed a training date: Overdose" in mine
        assert "0a1b2c" not in mine
        taken = (await client.get("/audit?action=claimed")).text
        assert "0a1b2c" in taken
        assert "Overdose" not in taken


async def test_no_conversation_can_be_looked_up(stage: Stage) -> None:
    """A9: only names and actions that there are filter; anything else is as if it had not been asked."""
    await stage.audit.note("robin", "claimed", "0a1b2c3d4e5f")
    async with stage.log_in("admin") as client:
        for query in (
            "person=0a1b2c3d4e5f",
            "person=%2B17025550100",
            "object=0a1b",
            "action=x",
            "before=x",
            "before=%C2%B2",
        ):
            page = (await client.get(f"/audit?{query}")).text
            assert "took a conversation" in page
            assert "17025550100" not in page


async def test_more_than_a_page_is_read_further_back(stage: Stage) -> None:
    for n in range(130):
        await stage.audit.note("robin", "claimed", f"c{n}")
    async with stage.log_in("admin") as client:
        page = (await client.get("/audit?action=claimed")).text
        assert page.count("took a conversation") == 101  # one of them in the filter
        assert "before=31" in page
        older = (await client.get("/audit?action=claimed&before=31")).text
        assert older.count("took a conversation") == 31


async def test_the_console_gives_every_page_a_way_to_note(stage: Stage) -> None:
    async with stage.log_in("robin") as client:
        assert find_token((await client.get("/waiting")).text)
    entry = stage.audit.entries[0]
    assert (entry.actor, entry.action) == ("robin", "login")
    assert dataclasses.asdict(entry).keys() == {"seq", "at", "actor", "action", "object"}
