"""People, as an administrator sees and changes them (A6, A7)."""

import asyncio
import re
from collections.abc import Sequence
from datetime import timedelta

import pytest

from console.ports import Account, Lock
from hotline.messages import Address
from hotline.shifts import ON_CALL, Shift
from storage.contacts import PHONE
from tests.console.conftest import Stage, find_token

TODAY = "2026-11-21"


async def act(stage: Stage, path: str, by: str = "admin", **fields: str):
    async with stage.log_in(by) as client:
        token = find_token((await client.get("/people")).text)
        return await client.post(path, data={"csrf": token, **fields})


async def give_key(stage: Stage, name: str) -> None:
    await stage.accounts.put_reader_key(name, name.encode().ljust(32, b"."), [Lock("1", "password", "aa", "bb")])


async def is_reader(stage: Stage, name: str) -> bool:
    return await stage.store.call("HGET", "readers", name) is not None


async def find(stage: Stage, name: str) -> Account:
    account = await stage.accounts.find(name)
    assert account
    return account


async def list_suspended(stage: Stage) -> Sequence[str]:
    return [account.name for account in await stage.accounts.list_all() if account.state == "suspended"]


def find_token_of_link(page: str) -> str:
    found = re.search(r"http://127.0.0.1:8081/join#([\w-]{43})", page)
    assert found
    return found[1]


async def test_the_list_says_who_there_is_and_nothing_of_conversations(stage: Stage) -> None:
    await stage.hold("held-by-robin", by="robin")
    await stage.accounts.suspend("luz")
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
    token = find_token_of_link(answer.text)
    invited = await stage.accounts.find_invitation(token)
    assert invited and (invited.name, invited.roles, invited.language) == ("sky", ("advocate",), "es")
    assert stage.audit.list_acts() == [("admin", "person_invited", "sky")]
    async with stage.log_in("admin") as client:
        for path in ("/people", "/people/sky"):
            page = (await client.get(path)).text
            assert "Invited, not yet here" in page
            assert "join#" not in page and token not in page
    assert stage.store.entries("pages") == []


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
    before = await stage.accounts.list_all()
    answer = await act(stage, "/people", **fields)
    assert answer.status_code == 422
    assert "join#" not in answer.text
    assert await stage.accounts.list_all() == before
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
    before = await find(stage, "admin")
    answer = await act(stage, f"/people/admin/{path}", **fields)
    assert answer.headers["location"] == "/people/admin?notice=own_account"
    assert await find(stage, "admin") == before
    assert stage.audit.list_acts() == []


async def test_another_administrator_can(stage: Stage) -> None:
    stage.accounts.add("second", "admin")
    await give_key(stage, "second")
    assert not await is_reader(stage, "second")
    answer = await act(stage, "/people/second/roles", role_advocate="yes")
    assert answer.headers["location"] == "/people/second?notice=roles_done"
    assert (await find(stage, "second")).roles == ("advocate",)
    assert await is_reader(stage, "second")
    assert stage.audit.list_acts() == [("admin", "roles_changed", "second")]


async def test_two_administrators_who_suspend_each_other_leave_one(stage: Stage) -> None:
    stage.accounts.add("second", "admin")
    async with stage.log_in("admin") as first, stage.log_in("second") as second:
        tokens = [find_token((await client.get("/people")).text) for client in (first, second)]
        await asyncio.gather(
            first.post("/people/second/suspend", data={"csrf": tokens[0]}),
            second.post("/people/admin/suspend", data={"csrf": tokens[1]}),
        )
    assert len(await list_suspended(stage)) == 1


async def test_suspending_ends_the_login_and_leaves_the_roster(stage: Stage) -> None:
    await give_key(stage, "robin")
    async with stage.log_in("robin") as robin:
        assert await is_reader(stage, "robin")
        await act(stage, "/people/robin/suspend")
        assert (await robin.get("/waiting")).status_code == 303
        assert not await is_reader(stage, "robin")
        await act(stage, "/people/robin/restore")
        assert (await robin.get("/waiting")).headers["location"] == "/login"  # what ended stays ended
        assert await is_reader(stage, "robin")
    async with stage.log_in("robin") as robin:
        assert (await robin.get("/waiting")).status_code == 200
    assert [action for _, action, _ in stage.audit.list_acts()] == ["person_suspended", "person_restored"]


async def test_who_never_joined_is_invited_still_after_a_suspension(stage: Stage) -> None:
    """A6: an administrator who cannot come in does not count as one who stays."""
    await act(stage, "/people", name="sky", language="en", role_admin="yes")
    for path, state in (("suspend", "suspended"), ("restore", "invited")):
        await act(stage, f"/people/sky/{path}")
        assert (await find(stage, "sky")).state == state


async def test_a_reset_shows_a_new_link_once(stage: Stage) -> None:
    await give_key(stage, "luz")
    answer = await act(stage, "/people/luz/reset")
    again = await stage.accounts.find_invitation(find_token_of_link(answer.text))
    assert again and (again.name, again.roles, again.language) == ("luz", ("advocate",), "es")
    assert (again.state, again.password_hash, again.public) == ("invited", "", None)
    assert not await is_reader(stage, "luz")
    assert stage.audit.list_acts() == [("admin", "person_reset", "luz")]
    async with stage.log_in("admin") as client:
        assert "join#" not in (await client.get("/people/luz")).text


async def test_a_reset_takes_the_ways_to_be_paged_and_the_shifts_of_that_person_alone(stage: Stage) -> None:
    """A6: whoever is out is not paged, and not planned either."""
    now, paging = stage.clock.now(), stage.paging
    for name, number in (("luz", "+17025550142"), ("robin", "+17025550143")):
        way = await paging.contacts.add(name, PHONE, Address(number), now, proved=False)
        await paging.contacts.create_proof(way)
        await paging.shifts.add([Shift("", name, ON_CALL, now, now + timedelta(hours=8))], now)
    await act(stage, "/people/luz/reset")
    assert await paging.contacts.list_ways("luz") == []
    assert await paging.contacts.list_people() == ("robin",)
    assert [shift.name for shift in await paging.shifts.list_all()] == ["robin"]
    assert not any("luz" in key for key in stage.store.keys("contact"))


async def test_a_training_date_is_kept_as_the_last_valid_day(stage: Stage) -> None:
    answer = await act(stage, "/people/robin/training", course="overdose", done="2026-11-01")
    assert answer.headers["location"].endswith("training_done")
    assert (await find(stage, "robin")).training == {"overdose": "2027-11-01"}
    assert stage.audit.list_acts() == [("admin", "training_changed:overdose", "robin")]
    await act(stage, "/people/robin/training", course="overdose", done="")
    assert (await find(stage, "robin")).training == {}


@pytest.mark.parametrize(
    ("course", "done"),
    [("juggling", TODAY), ("overdose", "2026-11-22"), ("overdose", "soon"), ("overdose", "1999-01-01")],
)
async def test_a_training_date_that_makes_no_sense_is_refused(stage: Stage, course: str, done: str) -> None:
    answer = await act(stage, "/people/robin/training", course=course, done=done)
    assert answer.headers["location"].endswith("notice=wrong")
    assert (await find(stage, "robin")).training == {}
    assert stage.audit.list_acts() == []


async def test_somebody_who_is_not_there_cannot_be_changed(stage: Stage) -> None:
    for path in ("suspend", "reset", "restore"):
        assert (await act(stage, f"/people/nobody/{path}")).status_code == 404
    assert stage.audit.list_acts() == []
