"""A browser at the console, for tests."""

import base64
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, BrowserContext, Page, expect

from console.context import Pace
from tests.console.conftest import Stage
from tests.console.fakes import PASSWORD
from tests.console.serving import serve
from vault.readers import ReaderPrivateKey

expect.set_options(timeout=15_000)  # five seconds are too few on a busy machine

QUICK_PACE = Pace(heartbeat_seconds=1, check_seconds=0.1, present_seconds=45)


GIVEN_KEY = """
import {{ fromBase64, importReaderKey }} from "./sealing.js";
let key;
export async function readerKey() {{ return (key ??= await importReaderKey(fromBase64("{}"))); }}
"""


async def give_key(context: BrowserContext, key: ReaderPrivateKey | None) -> None:
    """Puts an unlocked key into the browser, in place of what the unlocking page leaves there; None: not unlocked."""
    body = GIVEN_KEY.format(base64.b64encode(key.raw).decode()) if key else "export const readerKey = async () => null;"
    await context.unroute("**/static/keys.js")
    await context.route("**/static/keys.js", lambda route: route.fulfill(body=body, content_type="text/javascript"))


@asynccontextmanager
async def console(
    stage: Stage, browser: Browser, name: str = "robin", first: str = "/waiting", **options: object
) -> AsyncIterator[Page]:
    """A page of somebody who has logged in; whatever the page objects to on its console fails the test."""
    async with serve(stage.build()) as url:
        context = await browser.new_context(base_url=url, **options)  # type: ignore[arg-type]
        await give_key(context, stage.seals.private.get(name))
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
