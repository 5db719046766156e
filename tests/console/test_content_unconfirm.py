"""A confirmation that was a slip is taken back, and runs out as before (D3, G2)."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.console.conftest import Stage
from tests.console.test_content_pages import list_acts, post, read_live


@pytest.fixture
async def admin(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    async with stage.log_in("admin") as client:
        yield client


async def test_a_slip_is_undone_where_it_was_made_and_the_line_is_in_the_queue_again_d3(
    stage: Stage, admin: httpx.AsyncClient
) -> None:
    await stage.beside.counts.flag("runaway", "closed")
    before = await read_live(stage, "numbers")
    answer = await post(admin, "/content/verify", entry="runaway")
    page = (await admin.get(answer.headers["location"])).text
    assert "/content/verify/undo" in page
    assert "n-runaway" not in page
    done = await post(admin, "/content/verify/undo", version="2")
    assert done.headers["location"] == "/content/verify?notice=unconfirmed"
    assert await read_live(stage, "numbers") == before
    assert "n-runaway" in (await admin.get("/content/verify")).text
    assert set(await stage.beside.counts.read_flags()) == {("runaway", "other")}
    assert list_acts(stage) == ["content_confirmed", "content_unconfirmed"]
    assert "admin took a confirmation back: runaway" in (await admin.get("/content/history")).text


async def test_only_a_confirmation_that_still_stands_is_taken_back_d3(stage: Stage, admin: httpx.AsyncClient) -> None:
    await post(admin, "/content/verify", entry="runaway")
    stage.clock.pass_seconds(86400)
    async with stage.log_in("admin") as later:
        await post(later, "/content/verify", entry="runaway")
        for version in ("2", "1", "0", "9", "x", ""):
            answer = await post(later, "/content/verify/undo", version=version)
            assert answer.headers["location"] == "/content/verify?notice=refused", version
        assert (await stage.editing.desk.look()).version == 3
        await post(later, "/content/verify/undo", version="3")
        line = (await read_live(stage, "numbers"))["lines"]["runaway"]  # type: ignore[index]
        assert line["verified_by"] == "admin"
        await post(later, "/content/verify/undo", version="2")
        line = (await read_live(stage, "numbers"))["lines"]["runaway"]  # type: ignore[index]
        assert line["verified_by"] is None
