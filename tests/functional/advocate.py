"""An advocate with a real browser, on the console of a running Porchlight."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, expect

from app.stack import Stack


class Advocate:
    """Someone on shift: logs in, takes conversations, answers."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def takes_the_most_urgent(self) -> None:
        """Claims the first conversation of the list and opens its window."""
        await expect(self.page.locator("#board form[action$='/claim'] button").first).to_be_visible()
        await self.page.locator("#board form[action$='/claim'] button").first.click()
        await self.page.get_by_role("link", name="Show the messages").click()
        await expect(self.page.locator("#messages")).to_be_visible()

    async def answers(self, words: str) -> None:
        """Writes and sends."""
        await self.page.get_by_label("Your reply").fill(words)
        await self.page.get_by_role("button", name=re.compile("^Send")).click()
        await expect(self.page.locator("#messages")).to_contain_text(words)

    async def sees(self, words: str) -> None:
        """Waits until words are on the page."""
        await expect(self.page.locator("#messages")).to_contain_text(words)

    async def gives_back(self) -> None:
        """Releases the conversation to the bot."""
        await self.page.locator("form[action$='/release'] button").click()


@asynccontextmanager
async def on_shift(stack: Stack, browser: Browser, **options: object) -> AsyncIterator[Advocate]:
    """An advocate who has logged in; the session is gone with the page."""
    login = stack.login
    assert login is not None
    context = await browser.new_context(base_url=stack.url("console"), **options)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto("/login")
    await page.get_by_label("Name").fill(login.alias)
    await page.get_by_label("Password").fill(login.password)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("/waiting$"))
    try:
        yield Advocate(page)
    finally:
        await context.close()
