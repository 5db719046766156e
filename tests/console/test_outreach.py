"""The page for outreach: print, register, staff word (O1-O4)."""

from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest

from console.cookies import build_token
from console.printing import list_whole_months
from tests.console.conftest import Stage


@pytest.fixture
async def worker(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    async with stage.log_in("outreach") as client:
        yield client


async def post(client: httpx.AsyncClient, path: str, **form: str) -> httpx.Response:
    return await client.post(path, data={"csrf": build_token(client.cookies["porchlight"]), **form})


async def add(stage: Stage, client: httpx.AsyncClient) -> str:
    answer = await post(client, "/outreach/batches", product="insert", language="both", copies="200")
    assert answer.headers["location"] == "/outreach?notice=made"
    (batch,) = await stage.printing.codes.list_batches()
    return batch.code


async def test_outreach_workers_begin_on_their_page(worker: httpx.AsyncClient) -> None:
    assert (await worker.get("/")).headers["location"] == "/outreach"


async def test_a_batch_gets_a_word_and_its_card_is_downloaded(stage: Stage, worker: httpx.AsyncClient) -> None:
    code = await add(stage, worker)
    chosen = {"product": "insert", "language": "both", "style": "plain", "form": "svg", "code": code}
    answer = await worker.get("/outreach/file", params=chosen)
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["content-disposition"] == 'attachment; filename="insert-both.svg"'
    assert answer.content.startswith(b"<svg")
    assert ("outreach", "batch_added", "") in [(e.actor, e.action, e.object) async for e in stage.audit.read_back()]


@pytest.mark.parametrize(
    "wrong", [{"product": "flag"}, {"language": "de"}, {"style": "x"}, {"form": "exe"}, {"code": "sun77"}]
)
async def test_what_is_not_on_the_page_is_not_printed(worker: httpx.AsyncClient, wrong: dict[str, str]) -> None:
    """A code that no batch has would be printed and never counted."""
    asked = {"product": "insert", "language": "en", "style": "plain", "form": "svg", "code": ""} | wrong
    assert (await worker.get("/outreach/file", params=asked)).status_code == 400


async def test_type_that_would_be_too_small_is_explained(worker: httpx.AsyncClient) -> None:
    asked = {"product": "insert", "language": "both", "style": "plain", "form": "svg", "code": "", "qr": "yes"}
    assert (await worker.get("/outreach/file", params=asked)).headers["location"] == "/outreach?notice=too_small"


@pytest.mark.parametrize("copies", ["", "0", "-1", "1.5", "٣", "9999999", "x"])
async def test_a_number_of_copies_that_is_none_adds_nothing(
    stage: Stage, worker: httpx.AsyncClient, copies: str
) -> None:
    answer = await post(worker, "/outreach/batches", product="insert", language="en", copies=copies)
    assert answer.headers["location"] == "/outreach?notice=wrong"
    assert not await stage.printing.codes.list_batches()


async def test_counts_are_of_whole_months_and_small_ones_are_not_told_o4(
    stage: Stage, worker: httpx.AsyncClient
) -> None:
    code, now = await add(stage, worker), stage.clock.now()
    last, before, _ = list_whole_months(now.date())
    for month, count in ((f"{now:%Y-%m}", 4321), (last, 11), (before, 10)):
        await stage.store.call("HSET", f"hellos:{month}", code, count)
    page = (await worker.get("/outreach")).text
    assert "4321" not in page
    assert f"{last}: 15" in page, "as in a report: in fives, the left-out eighth allowed for"
    assert f"{before}: too few to show" in page


def test_a_month_stands_in_the_register_when_it_can_be_reported_and_not_on_the_first_day_after_o4() -> None:
    assert list_whole_months(date(2026, 12, 1)) == ("2026-10", "2026-09", "2026-08")
    assert list_whole_months(date(2026, 12, 2)) == ("2026-11", "2026-10", "2026-09")
    assert list_whole_months(date(2027, 1, 2)) == ("2026-12", "2026-11", "2026-10")


async def test_an_ended_batch_is_gone(stage: Stage, worker: httpx.AsyncClient) -> None:
    code = await add(stage, worker)
    await post(worker, "/outreach/batches/end", code=code)
    assert not await stage.printing.codes.list_batches()


async def test_the_staff_word_of_the_month_is_shown_o3(stage: Stage, worker: httpx.AsyncClient) -> None:
    page = (await worker.get("/outreach")).text
    word = await stage.printing.codes.staff_word(["other"], stage.clock.now().date())
    assert not word.startswith("other")
    assert word.upper() in page
