"""People of ours with a real browser, on the console of a running Porchlight; an advocate above all."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, expect

from app.practice import PASSWORD_COST, Login
from app.settings import load_settings
from app.stack import Stack
from app.staff import add_account
from tests.functional.people import Texter


class Advocate:
    """Someone on shift: logs in, takes conversations, answers."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def takes_the_most_urgent(self) -> None:
        """Claims the first conversation of the list and opens its window."""
        await expect(self.page.locator("#board form[action$='/claim'] button").first).to_be_visible()
        await self.page.locator("#board form[action$='/claim'] button").first.click()
        await self._opens_window()

    async def joins(self, texter: Texter) -> None:
        """Takes the most urgent; its texter is told that a person has joined."""
        await self.takes_the_most_urgent()
        await texter.waits_for("joined")

    async def sends(self) -> None:
        """Clicks on Send."""
        await self.page.get_by_role("button", name=re.compile("^Send")).click()

    async def reads_claim_form(self) -> tuple[str, dict[str, str | float | bool]]:
        """Where a click on the first "Take" would go, and with what."""
        form = self.page.locator("#board form[action$='/claim']").first
        await expect(form).to_be_visible()
        url = await form.get_attribute("action") or ""
        return url, {"csrf": await form.locator("input[name=csrf]").get_attribute("value") or ""}

    async def answers(self, words: str) -> None:
        """Writes and sends."""
        await self.page.get_by_label("Your reply").fill(words)
        await self.sends()
        await self.sees(words)

    async def sees(self, words: str) -> None:
        """Waits until words are on the page."""
        await expect(self.page.locator("#messages")).to_contain_text(words)

    async def closes(self, outcome: str = "Steady for now") -> None:
        """Ends the conversation with an outcome; its words are erased."""
        await self.page.locator("details:has(> form #close) > summary").click()
        await self.page.get_by_label(outcome).check()
        await self.page.locator("#close").click()

    async def passes_on_to(self, name: str) -> None:
        """Offers the conversation to a colleague."""
        await self.page.locator("details:has(form[action$='/transfer']) > summary").click()
        await self.page.locator("#transfer-to").select_option(name)
        await self.page.locator("form[action$='/transfer'] button").click()
        await expect(self.page).to_have_url(re.compile("/waiting"))

    async def brings_in(self, name: str) -> None:
        """Asks a colleague to read and write too."""
        await self.page.locator("details:has(form[action$='/pair']) > summary").click()
        await self.page.locator("#pair-to").select_option(name)
        await self.page.locator("form[action$='/pair'] button").click()

    async def accepts(self) -> None:
        """Takes what a colleague passes on, and opens its window."""
        await self.page.locator("form[action$='/accept'] button").click()
        await self._opens_window()

    async def opens_mine(self) -> None:
        """Opens the conversation that one is in already."""
        await self.page.locator("#board a[href^='/conversations/']").first.click()
        await expect(self.page.locator("#messages")).to_be_visible()

    async def _opens_window(self) -> None:
        await self.page.get_by_role("link", name="Show the messages").click()
        await expect(self.page.locator('#log[aria-busy="false"]')).to_be_visible()  # the scripts that seal are there

    async def gives_back(self) -> None:
        """Releases the conversation to the bot."""
        await self.page.locator("form[action$='/release'] button").click()


async def hire(stack: Stack, name: str, *roles: str) -> Login:
    """Somebody new on our side."""
    staff = load_settings(stack.env("staff"), "staff")
    login = Login(name, "a long password for stories")
    await add_account(staff.redis_url.reveal(), name, login.password, roles, "en", PASSWORD_COST)
    return login


@asynccontextmanager
async def logged_in(
    stack: Stack, browser: Browser, login: Login, first: str = "/waiting", **options: object
) -> AsyncIterator[Page]:
    """The page of somebody who has logged in and stands on their ``first`` page; its end ends the session."""
    context = await browser.new_context(base_url=stack.url("console"), **options)  # type: ignore[arg-type]
    page = await context.new_page()
    page.set_default_timeout(60_000)  # what waits for the checker, on a busy machine
    await page.goto("/login")
    await page.get_by_label("Name").fill(login.alias)
    await page.get_by_label("Password").fill(login.password)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(f"{first}$"))
    try:
        yield page
    finally:
        await context.close()


@asynccontextmanager
async def on_shift(
    stack: Stack, browser: Browser, login: Login | None = None, **options: object
) -> AsyncIterator[Advocate]:
    """An advocate who has logged in, the practice advocate unless told otherwise; the page's end ends the session."""
    login = login or stack.login
    assert login is not None
    async with logged_in(stack, browser, login, **options) as page:
        yield Advocate(page)
