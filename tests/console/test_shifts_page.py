"""The calendar's page: planned without losing what was typed, seen by each for themselves (A6, H3)."""

from datetime import timedelta

import httpx
import pytest

from hotline.shifts import ON_CALL, Shift
from storage.page_queue import Alert
from tests.console.conftest import Stage, find_token

NIGHT = {"name": "robin", "duty": "on_call", "from_at": "2026-11-21T22:00", "until_at": "2026-11-22T06:00"}


async def post(client: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    token = find_token((await client.get("/shifts")).text)
    return await client.post(path, data={"csrf": token, **fields}, follow_redirects=True)


async def test_a_supervisor_plans_a_night_and_sees_it_in_local_time(stage: Stage) -> None:
    async with stage.log_in("supervisor") as client:
        page = await post(client, "/shifts/add", **NIGHT)
    assert page.status_code == 200 and "Planned." in page.text
    assert "Copy the week before" in page.text and "built-in" not in page.text
    assert "Sat 11/21, 10:00 PM – Sun 11/22, 6:00 AM" in page.text
    (shift,) = await stage.paging.shifts.list_all()
    assert shift.from_at.isoformat() == "2026-11-22T06:00:00+00:00"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "nobody"}, "There is no account of that name."),
        ({"name": "outreach"}, "That account may not do this duty."),
        ({"name": "robin", "duty": "supervisor"}, "That account may not do this duty."),
        ({"name": "admin", "duty": "supervisor"}, "That account may not do this duty."),
        ({"duty": "boss"}, "Choose a duty."),
        ({"until_at": "2026-11-21T20:00"}, "The end is not after the beginning."),
        ({"from_at": "tonight"}, "That is no date and time."),
        ({"from_at": "2026-11-01T22:00", "until_at": "2026-11-02T06:00"}, "That shift is over already."),
    ],
)
async def test_a_mistake_is_named_and_what_was_typed_stays(stage: Stage, change: dict[str, str], said: str) -> None:
    typed = NIGHT | change
    async with stage.log_in("supervisor") as client:
        page = await post(client, "/shifts/add", **typed)
    assert page.status_code == 422 and said in page.text
    assert f'value="{typed["name"]}"' in page.text and f'value="{typed["from_at"]}"' in page.text
    assert f'value="{typed["until_at"]}"' in page.text
    assert await stage.paging.shifts.list_all() == []


async def test_typed_text_is_never_markup(stage: Stage) -> None:
    async with stage.log_in("supervisor") as client:
        page = await post(client, "/shifts/add", **(NIGHT | {"name": '"><script>alert(1)</script>'}))
    assert "<script>alert" not in page.text


async def test_gaps_are_shown_until_somebody_is_on_call_all_week(stage: Stage) -> None:
    async with stage.log_in("supervisor") as client:
        assert "nobody is on call at these times" in (await client.get("/shifts")).text
        now = stage.clock.now()
        await stage.paging.shifts.add([Shift("", "robin", ON_CALL, now, now + timedelta(days=8))], now)
        assert "Somebody is on call at every hour" in (await client.get("/shifts")).text
        await stage.accounts.suspend("robin")  # planned, and yet not paged
        assert "nobody is on call at these times" in (await client.get("/shifts")).text


async def test_a_shift_is_removed_and_a_week_copied(stage: Stage) -> None:
    async with stage.log_in("supervisor") as client:
        await post(client, "/shifts/add", **NIGHT)
        page = await post(client, "/shifts/copy", week="2026-11-23")
        assert "Copied." in page.text and "Sat 11/28, 10:00 PM" in page.text
        assert "nothing that is not here" in (await post(client, "/shifts/copy", week="2026-11-23")).text
        first, second = await stage.paging.shifts.list_all()
        assert "Removed." in (await post(client, "/shifts/remove", shift=first.id, week="2026-11-16")).text
        assert "gone already" in (await post(client, "/shifts/remove", shift=first.id, week="2026-11-16")).text
    assert await stage.paging.shifts.list_all() == [second]


@pytest.mark.parametrize("week", ["", "x", "2026-13-01", "0001-01-01", "9999-12-31", "2026-11-21"])
async def test_any_week_that_is_asked_for_is_a_page(stage: Stage, week: str) -> None:
    async with stage.log_in("supervisor") as client:
        assert "Week of Mon 11/16" in (await client.get("/shifts", params={"week": week})).text


async def test_an_advocate_sees_their_own_coming_shifts_and_nobody_elses(stage: Stage) -> None:
    now = stage.clock.now()
    mine = Shift("", "robin", ON_CALL, now - timedelta(hours=1), now + timedelta(hours=1))
    over = Shift("", "robin", ON_CALL, now - timedelta(hours=9), now - timedelta(hours=1))
    theirs = Shift("", "luz", "on_shift", now, now + timedelta(hours=3))
    await stage.paging.shifts.add([mine, over, theirs], now)
    async with stage.log_in("robin") as client:
        page = (await client.get("/shifts")).text
    assert page.count("On call") == 1 and "On shift" not in page
    assert "luz" not in page and "/shifts/add" not in page


async def test_supervisors_see_that_nobody_on_call_was_reached_until_they_say_so(stage: Stage) -> None:
    await stage.paging.queue.set_alert(Alert(stage.clock.now(), ""))
    async with stage.log_in("supervisor") as client:
        page = (await client.get("/shifts")).text
        assert "Nobody on call could be reached: Fri 11/20, 8:00 PM." in page
        assert "No supervisor could be reached either." in page
        assert "could be reached" not in (await post(client, "/shifts/seen")).text


async def test_one_who_is_coming_says_so_and_the_worker_is_told(stage: Stage) -> None:
    await stage.wait_for_advocate("c1")
    async with stage.log_in("supervisor") as client:
        page = (await client.get("/waiting")).text
        assert "I am coming" in page
        answer = await client.post(
            "/conversations/c1/acknowledge", data={"csrf": find_token(page)}, follow_redirects=True
        )
    assert "The others see that you are coming." in answer.text
    assert [(c.kind, c.conversation, c.advocate) for c in stage.desk.commands] == [("acknowledge", "c1", "supervisor")]


@pytest.mark.parametrize("path", ["/shifts/add", "/shifts/remove", "/shifts/copy", "/shifts/seen"])
async def test_an_advocate_changes_no_plan_nor_their_own(stage: Stage, robin: httpx.AsyncClient, path: str) -> None:
    now = stage.clock.now()
    await stage.paging.shifts.add([Shift("", "robin", ON_CALL, now, now + timedelta(hours=1))], now)
    await stage.paging.queue.set_alert(Alert(now, ""))
    (shift,) = await stage.paging.shifts.list_all()
    assert (await post(robin, path, **NIGHT, shift=shift.id, week="2026-11-23")).status_code == 403
    assert await stage.paging.shifts.list_all() == [shift]
    assert await stage.paging.queue.find_alert() is not None
