"""Sealed conversations in a real browser: who opens what, and what never leaves the page (P2, H5)."""

import asyncio
from dataclasses import replace

import pytest
from playwright.async_api import Browser, Request, Route, expect

from tests.console.browsing import QUICK_PACE, console
from tests.console.conftest import Stage
from vault.readers import ReaderPrivateKey

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
WINDOW = "/conversations/c1/window"


@pytest.fixture
def stage() -> Stage:
    return Stage(pace=QUICK_PACE)


async def test_a_page_that_is_not_unlocked_says_so_with_a_link_and_opens_nothing(
    stage: Stage, browser: Browser
) -> None:
    await stage.hold("c1")
    async with console(stage, browser) as first:
        page = await first.context.new_page()
        await page.goto(WINDOW)
        await expect(page.locator("sealed-text").first).to_contain_text("Unlock first to read.")
        await expect(page.locator("sealed-text a").first).to_have_attribute(
            "href", "/unlock?next=%2Fconversations%2Fc1%2Fwindow"
        )
        assert "anymore" not in await page.content()


async def test_a_new_reader_reads_what_comes_and_the_rest_once_a_colleague_has_the_page_open(
    stage: Stage, browser: Browser
) -> None:
    """P2: a new advocate; healing."""
    stage.seals.remove_reader("luz")
    held = await stage.hold("c1")
    stage.seals.add_reader("luz")
    await stage.desk.add(held, "texter", "are you there")
    await stage.desk.put(replace(stage.desk.open[held], advocate="luz"))
    async with console(stage, browser, "luz") as page:
        await page.goto(WINDOW)
        await expect(page.locator("sealed-text").last).to_have_text("are you there")
        await expect(page.locator("sealed-text").first).to_contain_text("antes de que pudieras leer")
        await expect(page.locator("sealed-text").first).to_have_attribute("lang", "es")
    await stage.desk.put(replace(stage.desk.open[held], advocate="robin"))
    async with console(stage, browser) as page:
        await page.goto(WINDOW)
        await expect(page.locator("sealed-text").first).to_have_text("i cant do this anymore")
        async with asyncio.timeout(5):
            while await stage.seals.missing_wraps(held):
                await asyncio.sleep(0.05)
    await stage.desk.put(replace(stage.desk.open[held], advocate="luz"))
    async with console(stage, browser, "luz") as page:
        await page.goto(WINDOW)
        await expect(page.locator("sealed-text").first).to_have_text("i cant do this anymore")


async def test_a_colleague_who_comes_while_a_page_is_open_is_handed_the_older_lines(
    stage: Stage, browser: Browser
) -> None:
    """P2: healing needs nobody's click."""
    stage.seals.remove_reader("luz")
    held = await stage.hold("c1")
    async with console(stage, browser) as page:
        await page.goto(WINDOW)
        await expect(page.locator("sealed-text").first).to_have_text("i cant do this anymore")
        stage.seals.add_reader("luz")
        await stage.desk.add(held, "texter", "are you there")
        async with asyncio.timeout(5):
            while await stage.seals.missing_wraps(held):
                await asyncio.sleep(0.05)
    assert stage.seals.read(held, "luz", stage.desk.windows[held][0]) == "i cant do this anymore"


async def test_who_is_taken_off_the_roster_sees_nothing_new_even_with_the_page_open(
    stage: Stage, browser: Browser
) -> None:
    """P2: revoked."""
    held = await stage.hold("c1")
    async with console(stage, browser) as page:
        await page.goto(WINDOW)
        await expect(page.locator("sealed-text").first).to_have_text("i cant do this anymore")
        stage.seals.remove_reader("robin")
        await stage.desk.add(held, "texter", "unique lantern words")
        await expect(page.locator("sealed-text")).to_have_count(3)
        await expect(page.locator("sealed-text").last).to_contain_text("before you could read")
        await expect(page.locator("sealed-text").first).to_have_text("i cant do this anymore")
        assert "lantern" not in await page.content()


async def test_after_a_lost_key_older_lines_stay_closed_and_new_ones_open(stage: Stage, browser: Browser) -> None:
    """P2: lost key."""
    held = await stage.hold("c1")
    stage.seals.add_reader("robin")
    async with console(stage, browser) as page:
        await page.goto(WINDOW)
        await expect(page.locator("sealed-text").first).to_contain_text("before you could read")
        await stage.desk.add(held, "texter", "still here")
        await expect(page.locator("sealed-text").last).to_have_text("still here")


async def test_the_same_key_on_two_devices_opens_on_both(stage: Stage, browser: Browser) -> None:
    """P2: two devices."""
    await stage.hold("c1")
    for viewport in ({"width": 390, "height": 844}, {"width": 1280, "height": 800}):
        async with console(stage, browser, viewport=viewport) as page:
            await page.goto(WINDOW)
            await expect(page.locator("sealed-text").first).to_have_text("i cant do this anymore")


async def test_a_changed_line_is_said_to_be_unreadable_and_the_others_open(stage: Stage, browser: Browser) -> None:
    held = await stage.hold("c1")
    first, *rest = stage.desk.windows[held]
    changed = first.sealed[:-1] + bytes([first.sealed[-1] ^ 1])
    stage.desk.windows[held] = [replace(first, sealed=changed), replace(rest[0], who="texter"), *rest]
    async with console(stage, browser) as page:
        await page.goto(WINDOW)
        texts = page.locator("sealed-text")
        await expect(texts.nth(0)).to_have_text("This message cannot be opened.")
        await expect(texts.nth(1)).to_have_text("This message cannot be opened.")
        await expect(texts.nth(2)).to_have_text("Thank you for telling me. Do you want a person?")


async def test_somebody_elses_key_opens_nothing(stage: Stage, browser: Browser) -> None:
    await stage.hold("c1")
    stage.seals.private["robin"] = ReaderPrivateKey.create()
    async with console(stage, browser) as page:
        await page.goto(WINDOW)
        await expect(page.locator("sealed-text").first).to_have_text("This message cannot be opened.")


async def test_no_word_leaves_the_page_or_lies_beside_its_text(stage: Stage, browser: Browser) -> None:
    """P1, P2: every request, attribute, address and stored thing is searched."""
    held = await stage.hold("c1")
    sent: list[str] = []

    def note(request: Request) -> None:
        sent.append(f"{request.url} {request.post_data or ''} {request.headers}")

    async with console(stage, browser) as page:
        page.on("request", note)
        await page.goto(WINDOW)
        await expect(page.locator("sealed-text").first).to_have_text("i cant do this anymore")
        await page.get_by_label("Your reply").press_sequentially("unique lantern words")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".from-advocate sealed-text")).to_have_text("unique lantern words")
        await page.get_by_role("button", name="I am here and I am reading.").click()
        await stage.desk.add(held, "texter", "one more quincunx")
        await expect(page.locator("sealed-text").last).to_have_text("one more quincunx")
        beside = await page.evaluate(
            "() => JSON.stringify([[...document.querySelectorAll('*')].flatMap(e => [...e.attributes]"
            ".filter(a => a.name !== 'data-insert').map(a => a.value)),"
            " document.getElementById('sealed').value,"
            " {...localStorage}, {...sessionStorage}, document.cookie, history.state, document.title])"
        )
    everything = (beside + " ".join(sent)).replace("/static/reading.js", "")
    assert [word for word in ("lantern", "quincunx", "anymore", "reading.") if word in everything] == []
    assert any("/reply" in one and "sealed=" in one for one in sent)
    assert stage.desk.said == ["unique lantern words"]


async def test_the_log_says_nothing_before_a_line_is_whole_and_holds_each_once(stage: Stage, browser: Browser) -> None:
    """A1: a screen reader reads what is added while the log is not busy."""
    held = await stage.hold("c1")
    async with console(stage, browser) as page:
        await page.goto(WINDOW)
        log = page.locator("#log")
        await expect(log).to_have_attribute("aria-busy", "false")
        await page.evaluate(
            """() => {
              const log = document.getElementById("log");
              window.early = 0;
              new MutationObserver((changes) => {
                for (const one of changes) {
                  const words = one.target.localName === "sealed-text" && one.addedNodes.length;
                  if (words && window.wasBusy === false) window.early += 1;
                }
              }).observe(log, { childList: true, subtree: true });
              new MutationObserver(() => { window.wasBusy = log.getAttribute("aria-busy") === "true"; })
                .observe(log, { attributes: true, attributeFilter: ["aria-busy"] });
            }"""
        )
        await stage.desk.add(held, "texter", "are you there")
        await expect(page.locator("sealed-text").last).to_have_text("are you there")
        await expect(log).to_have_attribute("aria-busy", "false")
        assert await page.evaluate("window.early") == 0
        assert (await log.inner_text()).count("are you there") == 1


async def test_an_empty_conversation_is_not_busy_for_ever(stage: Stage, browser: Browser) -> None:
    held = await stage.hold("c1")
    stage.desk.windows[held] = []
    async with console(stage, browser) as page:
        await page.goto(WINDOW)
        await expect(page.locator("#log")).to_have_attribute("aria-busy", "false")


async def test_a_library_that_was_changed_on_the_way_is_not_run(stage: Stage, browser: Browser) -> None:
    """Subresource integrity."""
    await stage.hold("c1")

    async def change(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, body=await answer.text() + "\nwindow.changed = true;\n")

    async with console(stage, browser) as page:
        await page.route("**/vendor/hpke.js", change)
        await page.goto(WINDOW)
        await page.wait_for_timeout(500)
        assert await page.evaluate("window.changed") is None
        assert await page.locator("sealed-text").first.inner_text() == ""


async def test_a_reply_that_cannot_be_sealed_is_not_sent_and_stays(stage: Stage, browser: Browser) -> None:
    await stage.hold("c1")
    async with console(stage, browser) as page:
        await page.route("**/messages?*", lambda route: route.abort())  # which would bring the key anew
        await page.goto(WINDOW)
        await page.evaluate("document.getElementById('page-keys').dataset.inboxKey = 'AAAA'")
        await page.get_by_label("Your reply").fill("I am here.")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#reply-state")).to_contain_text("could not be sealed")
        await expect(page.get_by_label("Your reply")).to_have_value("I am here.")
        assert stage.desk.commands == []


async def test_a_number_is_asked_about_and_sent_with_the_second_click(stage: Stage, browser: Browser) -> None:
    """A8."""
    await stage.hold("c1")
    async with console(stage, browser) as page:
        await page.goto(WINDOW)
        box = page.get_by_label("Your reply")
        await box.fill("Call 702 555 0199")
        await page.keyboard.press("Control+Enter")
        await page.get_by_role("button", name="It is a checked service. Send.").click()
        await expect(page.locator(".from-advocate sealed-text")).to_have_text("Call 702 555 0199")
        await expect(box).to_have_value("")
    assert stage.desk.said == ["Call 702 555 0199"]


async def test_a_reply_sealed_to_an_inbox_that_died_stays_in_the_box_and_goes_out_once_the_page_knows_the_new_one(
    stage: Stage, browser: Browser
) -> None:
    """P3."""
    held = await stage.hold("c1")
    async with console(stage, browser) as page:
        await page.route("**/messages?*", lambda route: route.abort())
        await page.goto(WINDOW)
        stage.seals.renew_inbox()
        box = page.get_by_label("Your reply")
        await box.fill("I am here.")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#reply-state")).to_contain_text("did not arrive as they were sealed")
        await expect(box).to_have_value("I am here.")
        await page.unroute("**/messages?*")
        await stage.desk.add(held, "texter", "hm")
        await expect(page.locator("sealed-text").last).to_have_text("hm")
        await page.get_by_role("button", name="Send", exact=True).click()
        await expect(page.locator(".from-advocate sealed-text")).to_have_text("I am here.")
