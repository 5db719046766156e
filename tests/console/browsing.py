"""A browser at the console, for tests."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, expect

from app.staff import derive_password
from console.context import Pace
from storage.accounts import Lock
from tests.console.conftest import Stage
from tests.console.fakes import COST, PASSWORD, SALT
from tests.console.serving import serve
from vault.locks import build_password_lock

QUICK_PACE = Pace(heartbeat_seconds=1, check_seconds=0.1, present_seconds=45)


async def give_key(stage: Stage, name: str) -> None:
    """Puts a reader's key behind the password's lock, as a first login does, so that the login opens it."""
    key, account = stage.seals.private.get(name), await stage.accounts.find(name)
    if key is None or account is None or account.public:
        return
    wrapped = build_password_lock(derive_password(PASSWORD, SALT, COST)[1], key)
    lock = Lock(name, "password", SALT, wrapped.hex(), stage.clock.now().isoformat())
    await stage.accounts.put_reader_key(name, key.public(), [lock])


async def enter(page: Page, name: str, first: str = "/waiting") -> None:
    """Logs in with the password alone."""
    await page.goto("/login")
    await page.get_by_label(re.compile("Name|Nombre")).fill(name)
    await page.get_by_label(re.compile("Password|Contraseña")).fill(PASSWORD)
    await expect(page.locator("#login button.main")).to_be_enabled()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(f"{first}$"))


@asynccontextmanager
async def console(
    stage: Stage, browser: Browser, name: str = "robin", first: str = "/waiting", **options: object
) -> AsyncIterator[Page]:
    """A page of somebody who has logged in; whatever the page objects to on its console fails the test."""
    await give_key(stage, name)
    async with serve(stage.build()) as url:
        context = await browser.new_context(base_url=url, **options)  # type: ignore[arg-type]
        page = await context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
        await enter(page, name, first)
        if first == "/waiting":
            await expect(page.locator("#badge a")).to_be_visible()
        yield page
        await context.close()
        assert complaints == []
