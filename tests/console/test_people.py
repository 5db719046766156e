"""People, as an administrator sees and changes them (A6, A7)."""

import asyncio
from datetime import date

import pytest

from tests.console.conftest import COURSES, Stage, find_token
from tests.console.conftest import post as post_from_waiting

TODAY = "2026-11-21"


async def act(stage: Stage, path: str, by: str = "admin", **fields: str):
    async with stage.log_in(by) as client:
        token = find_token((await client.get("/people")).text)
        return await client.post(path, data={"csrf": token, **fields})


def train(stage: Stage, name: str, until: date = date(2027, 1, 1)) -> None:
    stage.people.training[name] = {course.id: until for course in COURSES}


async def test_the_list_says_who_there_is_and_nothing_of_conversations(stage: Stage) -> None:
    await stage.hold("held-by-robin", by="robin")
    stage.people.states["luz"] = "suspended"
    async with stage.log_in("admin") as client:
        page = (await client.get("/people")).text
        one = (await client.get("/people/luz")).text
    assert "Alias Robin" in page
    assert "Suspended" in page
    assert "Courses missing: 6" in page
    assert "held-by-robin" not in page + one
    assert "anymore" not in page + one
    assert "last here: 2026-11-21" in page
    assert "not seen of late" in one


async def test_an_invitation_shows_its_link_once_and_sends_nothing(stage: Stage) -> None:
    answer = await act(stage, "/people", name="sky", language="es", role_advocate="yes")
    assert answer.status_code == 200
    assert "http://127.0.0.1:8081/join#token-for-sky-by-admin" in answer.text
    assert stage.accounts.people["sky"].roles == ("advocate",)
    assert stage.audit.list_acts() == [("admin", "person_invited", "sky")]
    async with stage.log_in("admin") as client:
        assert "token-for" not in (await client.get("/people")).text
        assert "token-for" not in (await client.get("/people/sky")).text


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Real Name", "language": "en", "role_advocate": "yes"},
        {"name": "+17025550100", "language": "en", "role_advocate": "yes"},
        {"name": "sky", "language": "en"},
        {"name": "sky", "language": "xx", "role_advocate": "yes"},
        {"name": "robin", "language": "en", "role_advocate": "yes"},
    ],
)
async def test_an_invitation_that_makes_no_sense_is_refused(stage: Stage, fields: dict[str, str]) -> None:
    before = dict(stage.accounts.people)
    answer = await act(stage, "/people", **fields)
    assert answer.status_code == 422
    assert stage.accounts.people == before
    assert stage.audit.list_acts() == []


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("roles", {"role_admin": "yes", "role_advocate": "yes"}),
        ("suspend", {}),
        ("reset", {}),
        ("restore", {}),
        ("training", {"course": "overdose", "done": TODAY}),
    ],
)
async def test_an_administrator_cannot_change_their_own_account(
    stage: Stage, path: str, fields: dict[str, str]
) -> None:
    """A6: whoever runs the service needs a second person to become one who reads."""
    stage.accounts.add("second", "admin")
    answer = await act(stage, f"/people/admin/{path}", **fields)
    assert answer.headers["location"] == "/people/admin?notice=own_account"
    assert stage.accounts.people["admin"].roles == ("admin",)
    assert stage.people.states == {}
    assert stage.people.training == {}
    assert stage.audit.list_acts() == []


async def test_another_administrator_can(stage: Stage) -> None:
    stage.accounts.add("second", "admin")
    answer = await act(stage, "/people/second/roles", role_advocate="yes")
    assert answer.headers["location"] == "/people/second?notice=roles_done"
    assert stage.accounts.people["second"].roles == ("advocate",)
    assert stage.people.refreshed == ["second"]
    assert stage.audit.list_acts() == [("admin", "roles_changed", "second")]


async def test_two_administrators_who_suspend_each_other_leave_one(stage: Stage) -> None:
    stage.accounts.add("second", "admin")
    async with stage.log_in("admin") as first, stage.log_in("second") as second:
        tokens = [find_token((await client.get("/people")).text) for client in (first, second)]
        await asyncio.gather(
            first.post("/people/second/suspend", data={"csrf": tokens[0]}),
            second.post("/people/admin/suspend", data={"csrf": tokens[1]}),
        )
    assert len(stage.people.states) == 1


async def test_suspending_ends_the_login_and_leaves_the_roster(stage: Stage) -> None:
    async with stage.log_in("robin") as robin:
        await act(stage, "/people/robin/suspend")
        assert (await robin.get("/waiting")).status_code == 303
        await act(stage, "/people/robin/restore")
        assert (await robin.get("/waiting")).status_code == 200
    assert stage.people.refreshed == ["robin", "robin"]
    assert [action for _, action, _ in stage.audit.list_acts()] == ["person_suspended", "person_restored"]


async def test_a_reset_shows_a_new_link_once(stage: Stage) -> None:
    answer = await act(stage, "/people/luz/reset")
    assert "/join#token-for-luz-by-admin" in answer.text
    assert stage.people.states["luz"] == "invited"
    assert stage.audit.list_acts() == [("admin", "person_reset", "luz")]


async def test_a_training_date_is_kept_as_the_last_valid_day(stage: Stage) -> None:
    answer = await act(stage, "/people/robin/training", course="overdose", done="2026-11-01")
    assert answer.headers["location"].endswith("training_done")
    assert stage.people.training["robin"] == {"overdose": date(2027, 11, 1)}
    assert stage.people.refreshed == ["robin"]
    assert stage.audit.list_acts() == [("admin", "training_changed:overdose", "robin")]
    await act(stage, "/people/robin/training", course="overdose", done="")
    assert stage.people.training["robin"] == {}


@pytest.mark.parametrize(
    ("course", "done"),
    [("juggling", TODAY), ("overdose", "2026-11-22"), ("overdose", "soon"), ("overdose", "1999-01-01")],
)
async def test_a_training_date_that_makes_no_sense_is_refused(stage: Stage, course: str, done: str) -> None:
    answer = await act(stage, "/people/robin/training", course=course, done=done)
    assert answer.headers["location"].endswith("notice=wrong")
    assert stage.people.training == {}
    assert stage.audit.list_acts() == []


async def test_somebody_who_is_not_there_cannot_be_changed(stage: Stage) -> None:
    for path in ("suspend", "reset", "restore"):
        assert (await act(stage, f"/people/nobody/{path}")).status_code == 404
    assert stage.audit.list_acts() == []


async def test_without_training_nobody_takes_a_conversation(stage: Stage) -> None:
    """A7: the gate stops real conversations and nothing else."""
    stage.practice = False
    await stage.wait_for_advocate("c1")
    async with stage.log_in("robin") as client:
        answer = await post_from_waiting(client, "/conversations/c1/claim")
        assert answer.headers["location"] == "/practice-line?notice=training"
        assert stage.desk.commands == []
        assert stage.people.refreshed == ["robin"]
        page = (await client.get("/practice-line")).text
        assert "these courses need a valid date" in page
        assert "Overdose" in page
        assert (await client.get("/practice-line/controlled")).status_code == 200
        train(stage, "robin")
        assert (await post_from_waiting(client, "/conversations/c1/claim")).headers["location"] == "/conversations/c1"
    assert stage.audit.list_acts() == [("robin", "claimed", "c1")]


async def test_training_that_runs_out_at_midnight_does_not_take_a_texter_away(stage: Stage) -> None:
    """The gate is asked when a conversation is taken, not in the middle of one."""
    stage.practice = False
    train(stage, "robin", date(2026, 11, 21))
    await stage.wait_for_advocate("c1")
    async with stage.log_in("robin") as client:
        await post_from_waiting(client, "/conversations/c1/claim")
        stage.clock.pass_seconds(20 * 3600)
        stage.accounts.logins = {key: (name, stage.clock.now()) for key, (name, _) in stage.accounts.logins.items()}
        assert (await client.get("/conversations/c1/window")).status_code == 200
        assert (await post_from_waiting(client, "/conversations/c1/reply", text="I am here.")).status_code == 200
        await stage.wait_for_advocate("c2")
        assert "training" in (await post_from_waiting(client, "/conversations/c2/claim")).headers["location"]


async def test_in_practice_the_gate_stands_open(stage: Stage) -> None:
    await stage.wait_for_advocate("c1")
    async with stage.log_in("robin") as client:
        assert (await post_from_waiting(client, "/conversations/c1/claim")).headers["location"] == "/conversations/c1"
        assert "valid date" not in (await client.get("/practice-line")).text
