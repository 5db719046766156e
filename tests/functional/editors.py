"""Those who change content, with a real browser: an administrator who writes, and whoever approves (G1, G2)."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, expect

from app.practice import Login
from app.stack import Stack
from tests.functional.advocate import logged_in

_CHECKED_MS = 60_000
"""The whole checker runs before anything goes live, beside everything else on the machine."""


class Editor:
    """Somebody on the pages for content."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def opens(self, kind: str, entry: str) -> None:
        """Finds the entry in its list, and opens its form."""
        await self.page.goto("/content")
        await self.page.locator(f"a[href='/content/of/{kind}']").click()
        await self.page.get_by_label("Find", exact=True).fill(entry)
        await self.page.get_by_role("button", name="Find").click()
        await self.page.locator(f"a[href$='&entry={entry}']").click()

    async def saves(self, why: str) -> str:
        """Says why, and saves; where the draft is."""
        await self.page.get_by_label("What this changes and why").fill(why)
        await self.page.get_by_role("button", name="Save the draft").click()
        await expect(self.page).to_have_url(re.compile("/content/drafts/"))
        return self.page.url.partition("?")[0]

    async def approves(self, draft: str) -> None:
        """Looks at exactly what changes, and agrees."""
        await self.page.goto(draft)
        await self.page.get_by_role("button", name="I approve exactly this").click()
        await self.is_told("Approved.")

    async def makes_live(self, draft: str) -> None:
        """Everything is checked, and served."""
        await self.page.goto(draft)
        await self.page.get_by_role("button", name="Make it live").click()
        await self.is_told("Live. Every program", _CHECKED_MS)

    async def pulls(self, kind: str, entry: str, why: str) -> None:
        """Closes a place or a line at once."""
        await self.page.goto(f"/content/of/{kind}?find={entry}")
        row = self.page.locator("li.row", has=self.page.locator(f"input[name=entry][value='{entry}']"))
        await row.locator("summary").click()
        await row.get_by_label("Why, in one line").fill(why)
        await row.get_by_role("button", name="Close it now").click()
        await self.is_told("Closed.", _CHECKED_MS)

    async def goes_back_to(self, version: int) -> None:
        """One click in the history."""
        await self.page.goto("/content/history")
        await self.page.locator(f"button[name=version][value='{version}']").click()
        await self.is_told("The old words are live again", _CHECKED_MS)

    async def is_told(self, words: str, milliseconds: float = 15_000) -> None:
        """Waits until the page says so above everything else."""
        await expect(self.page.locator("#notice")).to_contain_text(words, timeout=milliseconds)


@asynccontextmanager
async def at_content(stack: Stack, browser: Browser, login: Login | None = None) -> AsyncIterator[Editor]:
    """The practice administrator, unless told otherwise, who has logged in."""
    assert stack.login is not None
    login = login or stack.login.of("administrator")
    first = "/waiting" if login.alias in {"advocate", "supervisor"} else "/people"
    async with logged_in(stack, browser, login, first) as page:
        yield Editor(page)
