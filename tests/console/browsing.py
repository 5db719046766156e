"""A browser at the console, for tests."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, expect

from console.context import Pace
from tests.console.conftest import Stage
from tests.console.fakes import PASSWORD
from tests.console.serving import serve

expect.set_options(timeout=15_000)  # five seconds are too few on a busy machine

QUICK_PACE = Pace(heartbeat_seconds=1, check_seconds=0.1, present_seconds=45)


@asynccontextmanager
async def console(
    stage: Stage, browser: Browser, name: str = "robin", first: str = "/waiting", **options: object
) -> AsyncIterator[Page]:
    """A page of somebody who has logged in; whatever the page objects to on its console fails the test."""
    async with serve(stage.build()) as url:
        context = await browser.new_context(base_url=url, **options)  # type: ignore[arg-type]
        page = await context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
        await page.goto("/login")
        await page.get_by_label(re.compile("Name|Nombre")).fill(name)
        await page.get_by_label(re.compile("Password|Contraseña")).fill(PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(re.compile(f"{first}$"))
        if first == "/waiting":
            await expect(page.locator("#badge a")).to_be_visible()
        yield page
        await context.close()
        assert complaints == []
