"""A browser is added with one click: the subscription is injected, the service worker and its notification are real."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.async_api import Browser, Page, expect

from console.assets import STATIC
from hotline.messages import Address
from hotline.shifts import ON_CALL, Shift
from storage.contacts import BROWSER, PHONE
from storage.content_files import CONTENT_FOLDER
from storage.page_queue import Alert
from tests.browser import open_chromium
from tests.console.browsing import console
from tests.console.conftest import Stage
from tests.console.fakes_paging import PUSH_KEY
from tests.console.test_looks import SIZES, look

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ENDPOINT = "http://127.0.0.1:9/push/robin"
INJECTED = """
  PushManager.prototype.subscribe = async function (options) {
    const key = btoa(String.fromCharCode(...new Uint8Array(options.applicationServerKey)));
    window.asked = [options.userVisibleOnly, key.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")];
    return { endpoint: "ENDPOINT" };
  };
  Notification.requestPermission = async () => "granted";
  addEventListener("submit", () => { window.name = JSON.stringify(window.asked); });
""".replace("ENDPOINT", ENDPOINT)


async def add_browser(page: Page) -> None:
    await page.get_by_role("button", name=re.compile("Page me in this browser|Avisarme en este")).click()


async def test_one_click_hands_the_browsers_subscription_over(browser: Browser) -> None:
    stage = Stage()
    async with console(stage, browser) as page:
        await page.add_init_script(INJECTED)
        await page.goto("/pages")
        await add_browser(page)
        await expect(page.locator("#notice")).to_contain_text("This browser is paged from now on.")
        assert await page.evaluate("JSON.parse(window.name)") == [True, PUSH_KEY]
        scripts = await page.evaluate(
            "navigator.serviceWorker.getRegistrations().then(all => all.map(one => [one.scope,"
            " (one.active || one.waiting || one.installing).scriptURL]))"
        )
        ((scope, script),) = scripts
        assert scope.endswith("/static/") and script.endswith("/static/push-worker.js?lang=en")
    assert [(way.kind, way.address) for way in await stage.paging.contacts.list_ways("robin")] == [(BROWSER, ENDPOINT)]


async def test_permission_is_asked_for_after_the_click_alone_and_a_no_is_explained(browser: Browser) -> None:
    stage = Stage()
    async with console(stage, browser) as page:
        await page.add_init_script(
            "window.asked = 0; Notification.requestPermission = async () => { window.asked += 1; return 'denied'; };"
        )
        await page.goto("/pages")
        assert await page.evaluate("window.asked") == 0
        await add_browser(page)
        await expect(page.locator("#browser-denied")).to_be_visible()
        assert await page.evaluate("window.asked") == 1
    assert await stage.paging.contacts.list_ways("robin") == []


@pytest.mark.parametrize(("name", "language"), [("robin", "en"), ("luz", "es")])
async def test_a_push_shows_the_fixed_sentence_whatever_it_carries(name: str, language: str) -> None:
    stage = Stage()
    async with open_chromium(whole=True) as browser, console(stage, browser, name, locale=language) as page:
        await page.context.grant_permissions(["notifications"])
        await page.add_init_script(INJECTED)
        await page.goto("/pages")
        await add_browser(page)
        await expect(page.locator("#notice .strip")).to_be_visible()
        await deliver(page, "a texter's words")
        shown = "navigator.serviceWorker.getRegistration('/static/').then(r => r.getNotifications())"
        async with asyncio.timeout(10):
            while not (found := await page.evaluate(f"{shown}.then(all => all.map(n => [n.title, n.body, n.tag]))")):
                await asyncio.sleep(0.05)
    assert found == [[sentences()[language], "", "page"]]


async def test_the_browsers_sentence_is_the_reviewed_one() -> None:
    script = (STATIC / "push-worker.js").read_text()
    for language, sentence in sentences().items():
        assert f'{language}: "{sentence}"' in script
    assert "event.data" not in script


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize(("name", "speech"), [("luz", "es"), ("supervisor", "en")])
async def test_the_paging_pages_break_no_axe_rule_and_do_not_scroll_sideways(
    browser: Browser, scheme: str, size: str, name: str, speech: str
) -> None:
    """A1."""
    stage, now = Stage(), Stage().clock.now()
    way = await stage.paging.contacts.add(name, PHONE, Address("+17025550142"), now, proved=True)
    await stage.paging.contacts.note_trouble(way, "opted_out")
    await stage.paging.contacts.add(name, PHONE, Address("+17025550143"), now, proved=False)
    await stage.paging.shifts.add([Shift("", name, ON_CALL, now, now + timedelta(hours=9))], now)
    await stage.paging.queue.set_alert(Alert(now, ""))
    await stage.wait_for_advocate("c1")
    async with console(stage, browser, name, color_scheme=scheme, viewport=SIZES[size], locale=speech) as page:
        await look(page, f"coming-{name}-{scheme}-{size}")
        await page.goto("/pages")
        await look(page, f"pages-{name}-{scheme}-{size}")
        await page.locator("#chat-hint").locator("xpath=..").get_by_role("button").click()
        await expect(page.locator("#link")).to_be_visible()
        await look(page, f"pages-link-{name}-{scheme}-{size}")
        await page.goto("/shifts")
        await look(page, f"shifts-{name}-{scheme}-{size}")


async def test_a_shift_is_planned_with_the_keyboard_alone(browser: Browser) -> None:
    stage = Stage()
    async with console(stage, browser, "supervisor", locale="en-US") as page:
        await page.goto("/shifts")
        await page.locator("#name").focus()
        await page.keyboard.type("robin")
        await page.keyboard.press("Tab")
        await page.keyboard.press("ArrowDown")
        await page.locator("#from_at").fill("2026-11-21T22:00")
        await page.locator("#until_at").fill("2026-11-22T06:00")
        await page.locator("#until_at").press("Enter")
        await expect(page.locator("#notice")).to_contain_text("Planned.")
    assert [(shift.name, shift.duty) for shift in await stage.paging.shifts.list_all()] == [("robin", ON_CALL)]


def sentences() -> dict[str, str]:
    document: dict[str, Any] = yaml.safe_load((Path(CONTENT_FOLDER) / "staff_page.yml").read_text())
    return {language: words["page"] for language, words in document.items() if language != "review"}


async def deliver(page: Page, words: str) -> None:
    """A push as the browser's push service would hand it to the service worker."""
    protocol = await page.context.new_cdp_session(page)
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def note(event: dict[str, Any]) -> None:
        for one in event["versions"]:
            if one["runningStatus"] == "running" and one["status"] == "activated" and not found.done():
                found.set_result(one["registrationId"])

    protocol.on("ServiceWorker.workerVersionUpdated", note)
    await protocol.send("ServiceWorker.enable")
    async with asyncio.timeout(10):
        registration = await found
    origin = await page.evaluate("location.origin")
    await protocol.send(
        "ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": registration, "data": words}
    )
