"""The console in a real browser: live without reload, the keyboard alone, nothing lost and nothing kept (A1)."""

import asyncio
import re
from dataclasses import replace

import pytest
from playwright.async_api import Browser, expect

from hotline.screening.result import Level
from tests.console.browsing import QUICK_PACE, console, enter, give_key
from tests.console.conftest import Stage
from tests.console.serving import serve

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def stage() -> Stage:
    return Stage(pace=QUICK_PACE)


async def test_a_conversation_appears_without_reload_and_is_answered_with_the_keyboard_alone(
    stage: Stage, browser: Browser
) -> None:
    async with console(stage, browser) as page:
        await expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
        await expect(page).to_have_title("Waiting · Porchlight")
        held = await stage.wait_for_advocate("c1", level=Level.IMMINENT)
        await expect(page.get_by_text("Imminent")).to_be_visible()
        await expect(page).to_have_title("(1) Waiting · Porchlight")
        await expect(page.locator(".timer")).to_have_text(re.compile(r"^1:3\d$"))
        await stage.desk.add(held, "texter", "i cant do this anymore")
        await page.keyboard.press("c")
        await expect(page).to_have_url(re.compile("/conversations/c1$"))
        await expect(page.get_by_text("anymore")).to_have_count(0)
        await expect(page.get_by_role("link", name="Show the messages")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("i cant do this anymore")).to_be_visible()
        await page.get_by_label("Your reply").focus()
        await page.keyboard.type("I am here.")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".from-advocate .text")).to_have_text("I am here.")
        await expect(page.get_by_label("Your reply")).to_have_value("")
        await expect(page.get_by_label("Your reply")).to_be_focused()
        assert stage.desk.said == ["I am here."]


async def test_what_the_texter_writes_and_what_becomes_of_a_reply_show_without_reload(
    stage: Stage, browser: Browser
) -> None:
    held = await stage.hold("c1")
    async with console(stage, browser) as page:
        await page.goto("/conversations/c1/window")
        await expect(page.locator(".message")).to_have_count(2)
        await stage.desk.add(held, "texter", "<b id='x'>are you there</b>")
        await expect(page.locator(".message").last).to_contain_text("<b id='x'>are you there</b>")
        await expect(page.locator("b#x")).to_have_count(0)
        await stage.desk.set_status(held, 1, "failed")
        await expect(page.locator(".from-bot")).to_contain_text("Not delivered")
        await expect(page.locator(".message")).to_have_count(3)
        await stage.desk.put(replace(stage.desk.open[held], level=Level.IMMINENT, silent=True))
        await expect(page.locator("#facts")).to_contain_text("Imminent")
        await expect(page.locator("#banners")).to_contain_text("Do not write first")


async def test_writing_first_asks_again_and_a_changed_text_asks_once_more(stage: Stage, browser: Browser) -> None:
    """R10."""
    await stage.hold("c1", silent=True)
    async with console(stage, browser) as page:
        await page.goto("/conversations/c1/window")
        box = page.get_by_label("Your reply")
        await box.fill("Are you OK?")
        await page.get_by_role("button", name="Send", exact=True).click()
        again = page.get_by_role("button", name="Send all the same")
        await expect(again).to_be_visible()
        await expect(page.locator(".from-advocate")).to_have_count(0)
        await box.press_sequentially(" x")
        await expect(again).to_have_count(0)
        await page.get_by_role("button", name="Send", exact=True).click()
        await again.click()
        await expect(page.locator(".from-advocate")).to_have_count(1)


async def test_a_reply_that_fails_stays_in_the_box(stage: Stage, browser: Browser) -> None:
    await stage.hold("c1")
    async with console(stage, browser) as page:
        await page.goto("/conversations/c1/window")
        box = page.get_by_label("Your reply")
        stage.desk.slow = True
        await box.fill("I am here.")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_text("We do not know whether it went out.")).to_be_visible()
        await expect(box).to_have_value("I am here.")
        stage.desk.slow = False
        await page.context.set_offline(True)
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_text("No connection to the server.")).to_be_visible()
        await expect(box).to_have_value("I am here.")
        await page.context.set_offline(False)
        await stage.hold("c1", by="luz")
        async with page.expect_response("**/conversations/c1/reply") as refused:
            await page.keyboard.press("Control+Enter")
        assert (await refused.value).status == 404
        # The page renews its lease besides, and says in other words that it is gone.
        await expect(page.locator("#notice")).to_contain_text(re.compile("someone else|no longer with you"))
        await expect(box).to_have_value("I am here.")


async def test_the_page_says_when_it_is_not_live_and_catches_up_after_the_server_comes_back(
    stage: Stage, browser: Browser
) -> None:
    held = await stage.hold("c1")
    await give_key(stage, "robin")
    app = stage.build()
    async with serve(app) as url:
        context = await browser.new_context(base_url=url)
        page = await context.new_page()
        await enter(page, "robin")
        await page.goto("/conversations/c1/window")
        await expect(page.locator(".message")).to_have_count(2)
        stage.stopping.set()
    await expect(page.get_by_text("Not live.")).to_be_visible()
    await stage.desk.add(held, "texter", "still here")
    stage.stopping.clear()
    async with serve(app, int(url.rsplit(":", 1)[1])):
        await expect(page.get_by_text("still here")).to_be_visible(timeout=15_000)
        await expect(page.get_by_text("Not live.")).to_be_hidden()
        await page.context.close()


async def test_an_open_page_keeps_its_lease(stage: Stage, browser: Browser) -> None:
    """H6."""
    held = await stage.hold("c1")
    async with console(stage, browser) as page:
        await page.goto("/conversations/c1/window")
        async with asyncio.timeout(5):
            while stage.desk.renewed.count(held) < 3:
                await asyncio.sleep(0.05)
        await stage.hold("c1", by="luz")
        await expect(page.locator("#notice")).to_contain_text("no longer with you")


async def test_two_presses_of_escape_lock_and_going_back_shows_nothing(stage: Stage, browser: Browser) -> None:
    await stage.hold("c1")
    async with console(stage, browser) as page:
        await page.goto("/conversations/c1/window")
        await page.get_by_label("Your reply").fill("half a sentence")
        await page.keyboard.press("Escape")
        await page.keyboard.press("Escape")
        await expect(page).to_have_url(re.compile("/login$"))
        assert stage.accounts.logins == {}
        await page.go_back()
        await expect(page).to_have_url(re.compile("/login$"))
        await expect(page.get_by_text("anymore")).to_have_count(0)


@pytest.mark.parametrize("live", [True, False])
async def test_a_login_that_ends_elsewhere_clears_the_page_at_once(stage: Stage, browser: Browser, live: bool) -> None:
    held = await stage.hold("c1")
    async with console(stage, browser) as page:
        await page.goto("/conversations/c1/window")
        if live:
            await stage.desk.add(held, "texter", "one more")
            await expect(page.get_by_text("one more")).to_be_visible()
        stage.accounts.logins.clear()
        await expect(page).to_have_url(re.compile("/login$"))


async def test_a_single_key_can_be_switched_off_and_does_not_act_while_typing(stage: Stage, browser: Browser) -> None:
    """WCAG 2.1.4."""
    await stage.wait_for_advocate("c1")
    async with console(stage, browser) as page:
        await page.get_by_label("Keyboard shortcuts").uncheck()
        await page.locator("h2").first.click()
        await page.keyboard.press("c")
        await page.reload()
        await expect(page.locator("#badge a")).to_be_visible()
        await expect(page.get_by_label("Keyboard shortcuts")).not_to_be_checked()
        assert stage.desk.commands == []
        await page.get_by_label("Keyboard shortcuts").check()
        await page.locator("h2").first.click()
        await page.keyboard.press("c")
        await expect(page).to_have_url(re.compile("/conversations/c1$"))


async def test_focus_stays_where_it_is_when_the_list_changes(stage: Stage, browser: Browser) -> None:
    await stage.wait_for_advocate("c1")
    async with console(stage, browser) as page:
        await page.locator("#claim-c1").focus()
        await stage.wait_for_advocate("c2", level=Level.IMMINENT)
        await expect(page.locator("#claim-c2")).to_be_visible()
        await expect(page.locator("#claim-c1")).to_be_focused()


async def test_a_quick_reply_goes_into_the_box_and_is_not_sent(stage: Stage, browser: Browser) -> None:
    """A2."""
    await stage.hold("c1")
    async with console(stage, browser) as page:
        await page.goto("/conversations/c1/window")
        await page.get_by_role("button", name="I am here and I am reading.").click()
        await expect(page.get_by_label("Your reply")).to_have_value("I am here and I am reading.")
        assert stage.desk.commands == []


async def test_the_browser_keeps_no_words(stage: Stage, browser: Browser) -> None:
    """P1: the browser's storage."""
    await stage.hold("c1")
    async with console(stage, browser) as page:
        await page.goto("/conversations/c1/window")
        await page.get_by_label("Your reply").fill("I am here.")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".from-advocate")).to_have_count(1)
        await page.get_by_role("link", name="Nobody waiting").click()
        await expect(page).to_have_url(re.compile("/waiting$"))
        await page.wait_for_load_state("load")  # the page's own script clears what htmx has noted
        kept = await page.evaluate(
            "async () => JSON.stringify([{...localStorage}, Object.keys(sessionStorage), document.cookie,"
            " await indexedDB.databases(), await caches.keys()])"
        )
        assert kept == '[{},["porchlight-key"],"",[],[]]'
