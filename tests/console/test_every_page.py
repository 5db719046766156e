"""Every page there is, one by one, by axe: a new route is looked at without being named here (A1)."""

import json
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from console.roles import ROLES
from console.routes import ROWS
from hotline.shifts import ON_CALL, Shift
from tests.console.browsing import QUICK_PACE, console
from tests.console.conftest import Stage
from tests.console.test_content_import import send_what_conflicts
from tests.console.test_looks import SIZES, fill, look
from tests.console.test_people_looks import fill_team
from tests.exchange.world import a_place

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NOT_PAGES = {
    "/", "/healthz", "/events", "/composing", "/key", "/key/half", "/waiting/list", "/waiting/count", "/load/now",
    "/clocks/strip", "/conversations/{conversation}/messages", "/outreach/file", "/reports/{period}/{kind}",
    "/content/entry", "/content/rules", "/content/token",
}  # fmt: skip
PLACES = {
    "{conversation}": "mine", "{name}": "luz", "{scenario}": "controlled", "{period}": "2026-10", "{draft}": "d1",
    "{kind}": "replies",
}  # fmt: skip
LAST = ("/break", "/join", "/login")
"""These end something: they come after the others."""


def list_pages() -> list[str]:
    """Where a browser can go, with every place in a path filled in."""
    paths = [path for path, _, methods, _ in ROWS if "GET" in methods and path not in NOT_PAGES]
    for place, value in PLACES.items():
        paths = [path.replace(place, value) for path in paths]
    return sorted(paths, key=lambda path: (path in LAST, path))


@pytest.fixture
def stage() -> Stage:
    return Stage(pace=QUICK_PACE)


@pytest.mark.parametrize("speech", ["en", "es"])
async def test_no_page_there_is_breaks_an_axe_rule_or_scrolls_sideways(
    stage: Stage, browser: Browser, speech: str
) -> None:
    """A1: light and dark, phone and desk, by somebody of every role, whose row of pages is the longest."""
    await fill_team(stage)
    await fill(stage, "robin")
    stage.accounts.add("robin", *ROLES, language=speech)
    now = stage.clock.now()
    for kind in ("report", "team"):
        await stage.beside.clocks.start(kind, now)
    await stage.beside.clocks.start("rapid_response", now - timedelta(hours=2))
    await stage.beside.counts.flag("the_nest", "closed")
    for at, table in enumerate(("channel|sms", "unmet_area|housing|reno", "wait|imminent|under_1_min"), 12):
        stage.store.apply("HSET", "tallies:2026-10", table, str(at))
    await stage.paging.shifts.add([Shift("", "robin", ON_CALL, now, now + timedelta(hours=9))], now)
    conflicting = await send_what_conflicts(stage)
    await stage.editing.seed("d1")
    await stage.desk.set_break("robin", True)
    seen = []
    async with console(stage, browser, locale=speech) as page:
        for path in list_pages():
            answer = await page.goto(path)
            assert answer is not None and answer.status == 200, path
            await page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
            await look_four_ways(page, f"{path[1:].replace('/', '_')}-{speech}")
            if path == "/content/import":
                await try_a_list(page, conflicting["list"])
                await look_four_ways(page, f"{path[1:].replace('/', '_')}_tried-{speech}")
            seen.append(page.url.rsplit(":", 1)[1].partition("/")[2])
    assert [f"/{path}" for path in seen] == list_pages()  # no page was looked at in place of another


async def try_a_list(page: Page, theirs: str) -> None:
    """One of each: to add, to decide, confidential here, and not readable; the page then shows what it would do."""
    hidden = a_place(id="y", name="NPHY Emergency Shelter")
    await page.locator("#list").fill(json.dumps([a_place(), json.loads(theirs), hidden, {"name": "No status"}]))
    await page.locator("form[action='/content/import'] button.main").click()
    await expect(page.locator("#h-plan ~ ul > li.row")).to_have_count(4)
    await expect(page.locator("button[formaction='/content/import/draft']")).to_be_visible()


async def look_four_ways(page: Page, name: str) -> None:
    """Dark changes colours and nothing else, so colours are what is looked at again."""
    for size, viewport in SIZES.items():
        await page.set_viewport_size(viewport)
        await page.emulate_media(color_scheme="light")
        await look(page, f"{name}-light-{size}")
        await page.emulate_media(color_scheme="dark")
        await look(page, f"{name}-dark-{size}", ["color-contrast"])
