"""How the console looks and reads: WCAG 2.2 AA by axe, light and dark, phone and desk, English and Spanish (A1)."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from hotline.messages import TELEGRAM
from hotline.screening.result import Level
from tests.console.browsing import QUICK_PACE, console
from tests.console.conftest import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
SIZES: dict[str, ViewportSize] = {
    "390": {"width": 390, "height": 844},
    "1280": {"width": 1280, "height": 800},
}


@pytest.fixture
def stage() -> Stage:
    return Stage(pace=QUICK_PACE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize(("name", "speech"), [("robin", "en"), ("luz", "es")])
async def test_no_page_breaks_an_axe_rule_or_scrolls_sideways(
    stage: Stage, browser: Browser, scheme: str, size: str, name: str, speech: str
) -> None:
    """A1: WCAG 2.2 AA, light and dark, phone and desk, English and Spanish."""
    await fill(stage, name)
    options = {"color_scheme": scheme, "viewport": SIZES[size], "locale": speech}
    async with console(stage, browser, name, **options) as page:
        await expect(page.locator("#badge a")).to_be_visible()
        await look(page, f"waiting-{speech}-{scheme}-{size}")
        await page.goto("/conversations/mine")
        await look(page, f"note-{speech}-{scheme}-{size}")
        await page.goto("/conversations/mine/window")
        await expect(page.locator(".message")).to_have_count(6)
        await page.locator("summary").last.click()
        await page.locator("#text").fill("Mi número es 702 555 0199 ★")
        await expect(page.locator("#composing .flag").first).to_be_visible()
        await page.locator("#send").click()
        await expect(page.locator("#reply-state button")).to_be_visible()
        await look(page, f"window-{speech}-{scheme}-{size}")
        await page.locator("#text").fill("")
        await page.goto("/nowhere")
        await look(page, f"failure-{speech}-{scheme}-{size}")
        await look_at_getting_in(stage, page, f"{speech}-{scheme}-{size}")


async def test_a_phone_shows_who_waits_and_the_take_button_first_and_the_box_beside_the_words(
    stage: Stage, browser: Browser
) -> None:
    """A1: at night with one thumb; nothing is scrolled for, whatever warnings stand above."""
    await fill(stage, "luz")
    async with console(stage, browser, "luz", viewport=SIZES["390"], locale="es") as page:
        assert await bottom(page, ".places") < SIZES["390"]["height"] / 5
        for part in (".level", ".reasons", ".timer", "[data-claim] button"):
            assert await bottom(page, part) < SIZES["390"]["height"] / 2, part
        paints = []
        for _ in range(3):
            await page.goto("/waiting")
            await expect(page.locator("#badge a")).to_be_visible()
            paints.append(
                await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
            )
        assert 0 < min(paints) < 1000
        await page.goto("/conversations/mine/window")
        await expect(page.locator("#log")).to_have_attribute("aria-busy", "false")
        for part in (".message >> nth=-1", "#text", "#send"):
            await expect(page.locator(part)).to_be_in_viewport(ratio=1)


async def bottom(page: Page, part: str) -> float:
    return float(await page.locator(part).first.evaluate("part => part.getBoundingClientRect().bottom"))


async def look_at_getting_in(stage: Stage, page: Page, name: str) -> None:
    """One's own account, the key's pages, and every way in with every problem shown."""
    await page.goto("/account")
    await page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    await look(page, f"account-{name}")
    await page.locator("form[action='/account/totp/begin'] button").click()
    await expect(page.locator("svg")).to_be_visible()
    await look(page, f"totp-{name}")
    await page.goto("/recovery")
    await expect(page.locator("#recovery-code")).to_have_text(re.compile(r"\S{4} \S{4}"))
    await look(page, f"recovery-{name}")
    await page.goto("/unlock")
    await look(page, f"unlock-{name}")
    invitation = await stage.accounts.create_invitation("wren", ("advocate", "supervisor"), "en", "admin")
    await page.goto(f"/join#{invitation}")
    await expect(page.locator("#choose")).to_be_visible()
    await look(page, f"join-{name}")
    await page.evaluate("document.getElementById('return').hidden = false")
    await page.goto("/login")
    await look(page, f"login-{name}")
    await page.evaluate("for (const part of document.querySelectorAll('#login [hidden]')) part.hidden = false")
    await look(page, f"login-problems-{name}")


async def fill(stage: Stage, name: str) -> None:
    """A night: one imminent, two high, one with each advocate."""
    await stage.wait_for_advocate("a", level=Level.IMMINENT, reasons=("overdose", "suicide"), agreed=True)
    await stage.wait_for_advocate("b", reasons=("someone_here", "control"), silent=True, channel=TELEGRAM)
    await stage.wait_for_advocate("d", level=Level.CONCERN, reasons=("asked",), language="es", undelivered=True)
    await stage.wait_for_advocate("e", level=Level.NONE, reasons=())
    held = await stage.hold("mine", by=name, silent=True, undelivered=True, offered=("welcome", "food", "place_found"))
    await stage.desk.add(held, "advocate", "Hi, I am an advocate. I have read what you wrote.", "delivered")
    await stage.desk.add(held, "advocate", "Are you somewhere warm right now?", "failed")
    await stage.desk.add(held, "texter", "kind of. there is a laundry place that stays open late\nhe doesnt know it")
    await stage.desk.add(held, "note", "A picture came and was not opened.")
    await stage.hold("theirs", by="supervisor")


EVERY_RULE = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


async def look(page: Page, name: str, rules: Sequence[str] = EVERY_RULE) -> None:
    """Axe finds nothing, nothing sticks out sideways, every target is large enough; a picture is kept if asked for."""
    folder = os.environ.get("PORCHLIGHT_SHOTS")
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    found = await page.evaluate(
        "async rules => (await axe.run(document, {runOnly: rules}))"
        ".violations.map(v => v.id + ' ' + v.nodes.map(n => n.target).join(' '))",
        list(rules),
    )
    assert found == [], name
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
