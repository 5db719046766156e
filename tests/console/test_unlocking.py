"""What opening a key must never lead to: another site, another key (P2, A6)."""

import pytest
from playwright.async_api import Browser, expect

from tests.console.browsing import QUICK_PACE
from tests.console.conftest import Stage
from tests.console.fakes import PASSWORD
from tests.console.key_browsing import log_in, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def stage() -> Stage:
    return Stage(pace=QUICK_PACE)


@pytest.mark.parametrize(
    "next_page", ["https://example.net/x", "//example.net/x", "javascript:alert(1)", "/\\example.net"]
)
async def test_opening_the_key_leads_to_no_other_site(stage: Stage, browser: Browser, next_page: str) -> None:
    async with serving(stage, browser) as console:
        page = await console.open_browser()
        await log_in(page)
        await page.goto(f"/unlock?next={next_page}")
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Open").click()
        await expect(page).to_have_url(f"{console.url}/waiting")


async def test_a_lock_that_belongs_to_another_key_opens_nothing(stage: Stage, browser: Browser) -> None:
    """A server that swaps the public key gets nothing sealed to it by this browser."""
    async with serving(stage, browser) as console:
        page = await console.open_browser()
        await log_in(page)
        stage.accounts.store.apply("HSET", "account:robin", "public", "07" * 32)
        await page.goto("/unlock")
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Open").click()
        await expect(page.get_by_text("That does not open your key.")).to_be_visible()
