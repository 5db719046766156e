"""Takes the pictures of the documents: phone and console of a running practice stack, at 390 and 1280 pixels.

``python scripts/take_screenshots.py [FOLDER]``; needs a trained model and a Chromium.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from app.stack import Stack
from app.start import add_practice_logins
from tests.browser import open_chromium
from tests.functional.advocate import on_shift

_SIZES = {"390": {"width": 390, "height": 844}, "1280": {"width": 1280, "height": 860}}
_PAGES = ("load", "shifts", "clocks", "practice-line", "pages", "account")
_ROOT = Path(__file__).parent.parent


async def main(folder: Path) -> None:
    """Writes ``phone-390.png`` and its siblings."""
    with tempfile.TemporaryDirectory() as work:
        async with (
            Stack(
                Path(work), environ={"PORCHLIGHT_MODE": "practice"}, free_ports=True, prepare=add_practice_logins
            ) as stack,
            open_chromium() as browser,
            on_shift(stack, browser),
        ):
            for name in _SIZES:
                await _take_phone(stack, browser, folder, name)
            for name in _SIZES:
                await _take_console(stack, browser, folder, name)


async def _take_phone(stack: Stack, browser: Browser, folder: Path, name: str) -> None:
    page = await browser.new_page(viewport=_SIZES[name])  # type: ignore[arg-type]
    await page.goto(stack.url("phone"))
    await _write(page, 0, "I need somewhere to sleep in Las Vegas tonight")
    await _write(page, 1, "ya no quiero vivir")
    await page.wait_for_timeout(1500)
    await page.screenshot(path=folder / f"phone-{name}.png", full_page=name == "390")
    await page.close()


async def _write(page: Page, handset: int, text: str) -> None:
    box = page.get_by_placeholder("Write a message").nth(handset)
    await box.fill(text)
    await box.press("Enter")
    await expect(page.locator("body")).to_contain_text("PERSON", timeout=15_000)


async def _take_console(stack: Stack, browser: Browser, folder: Path, name: str) -> None:
    async with on_shift(stack, browser, viewport=_SIZES[name]) as advocate:
        page = advocate.page
        await expect(page.locator("#board form[action$='/claim'] button").first).to_be_visible()
        await page.screenshot(path=folder / f"console-{name}.png")
        await advocate.takes_the_most_urgent()
        await page.get_by_label("Your reply").fill("Hi, I am Sam. I read what you wrote. I am here now.")
        await page.wait_for_timeout(800)
        await page.screenshot(path=folder / f"conversation-{name}.png")
        await page.get_by_label("Your reply").fill("")
        await page.locator("form[action$='/release'] button").click()
        for path in _PAGES:
            await page.goto(f"/{path}")
            await page.wait_for_timeout(500)
            await page.screenshot(path=folder / f"{path}-{name}.png")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else _ROOT / "docs" / "images"
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(target))
