"""An advocate with a real browser: what they read, write, search for, and type without sending."""

import re
from pathlib import Path

from playwright.async_api import BrowserContext, Page, Request, async_playwright, expect

from hotline.routing import Route
from tests.browser import chromium_path
from tests.functional.advocate import Advocate
from tests.functional.people import empty_waiting_list
from tests.proof.canaries import Canary
from tests.proof.paths import path
from tests.proof.scene import Scene


async def open_browser(scene: Scene, profile: Path) -> BrowserContext:
    """A browser with a profile on disk, as an advocate's own; everything that it sends is noted."""
    scene.profile = profile
    playwright = await async_playwright().start()
    context = await playwright.chromium.launch_persistent_context(
        profile, executable_path=chromium_path(), args=["--no-sandbox"], base_url=scene.stack.url("console")
    )
    context.on("request", lambda request: _note(scene, request))
    scene.closing.push_async_callback(playwright.stop)
    scene.closing.push_async_callback(context.close)
    return context


def _note(scene: Scene, request: Request) -> None:
    scene.wire.append(
        f"{request.method} {request.url}\n{request.headers}\n".encode() + (request.post_data_buffer or b"")
    )


async def _advocate(scene: Scene) -> Advocate:
    """The advocate's one tab, logged in, before an empty list."""
    if scene.context is None:
        scene.context = await open_browser(scene, scene.control.parent / "profile")
    page = scene.context.pages[0]
    await page.goto("/waiting")
    if not page.url.endswith("/waiting"):
        assert scene.stack.login
        await _log_in(page, scene.stack.login.alias, scene.stack.login.password)
        await expect(page).to_have_url(re.compile("/waiting$"))
    return Advocate(page)


async def _log_in(page: Page, name: str, password: str) -> None:
    await page.goto("/login")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Password").fill(password)
    await page.keyboard.press("Enter")


async def _take(scene: Scene, canary: Canary, channel: str) -> Advocate:
    """An advocate before the open window of a conversation with the canary's words in it."""
    await empty_waiting_list(scene.stack.store_url("proof"))
    advocate = await _advocate(scene)
    texter = scene.texter(canary, channel)
    await texter.texts(f"my stepdad hits me {canary.word}")
    await texter.texts("PERSON")
    await advocate.takes_the_most_urgent()
    await advocate.sees(canary.word)
    return advocate


async def _note_page(scene: Scene, page: Page) -> None:
    history = await page.evaluate("() => [document.title, location.href, history.length, document.cookie].join(' ')")
    scene.wire.append(str(history).encode())


@path("advocate reads, answers, closes", route=Route.ADVOCATE)
async def _answers(scene: Scene, canary: Canary, channel: str) -> None:
    advocate = await _take(scene, canary, channel)
    await advocate.answers(f"I read {canary.word}. What would help?")
    texter = scene.texter(canary, channel)
    await texter.waits_for("What would help")
    await texter.texts(f"i dont know {canary.word}")
    await advocate.sees("i dont know")
    await _note_page(scene, advocate.page)
    await advocate.closes()
    await expect(advocate.page).to_have_url(re.compile("/waiting"))


@path("advocate types and does not send", "sms")
async def _unsent(scene: Scene, canary: Canary, channel: str) -> None:
    advocate = await _take(scene, canary, channel)
    page = advocate.page
    await page.get_by_label("Your reply").press_sequentially(f"nobody reads {canary.word}", delay=5)
    await page.wait_for_timeout(2500)  # longer than a browser waits before it notes a tab for restoring
    await _note_page(scene, page)
    await page.goto("/waiting")
    await page.go_back()
    await page.wait_for_timeout(500)


@path("advocate's reply fails on the way", "sms")
async def _fails(scene: Scene, canary: Canary, channel: str) -> None:
    advocate = await _take(scene, canary, channel)
    page = advocate.page
    scene.stack.pause("worker")
    try:
        await page.get_by_label("Your reply").fill(f"it fails {canary.word}")
        await advocate.sends()
        await page.wait_for_timeout(4000)
    finally:
        scene.stack.resume("worker")
    await _note_page(scene, page)


@path("advocate searches for a quick reply and a place", "sms")
async def _searches(scene: Scene, canary: Canary, channel: str) -> None:
    advocate = await _take(scene, canary, channel)
    page = advocate.page
    await page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
    await page.locator("#quick-search").fill(canary.word)
    await page.locator("#referral-age").fill("16")
    await page.wait_for_timeout(500)
    await _note_page(scene, page)


@path("advocate fills the blank report form", "")
async def _reports(scene: Scene, canary: Canary, _channel: str) -> None:
    advocate = await _advocate(scene)
    page = advocate.page
    await page.goto("/report-form")
    for box in await page.locator("textarea").all():
        await box.fill(f"{canary.word} lives at home +1{canary.number}")
    await page.wait_for_timeout(2500)
    await _note_page(scene, page)
    await page.goto("/waiting")


@path("advocate types a wrong password", "")
async def _mistypes(scene: Scene, canary: Canary, _channel: str) -> None:
    await _advocate(scene)
    assert scene.context
    page = await scene.context.new_page()
    await _log_in(page, "somebody", f"{canary.word} secret")
    await page.wait_for_timeout(1500)
    await _note_page(scene, page)
    await page.close()


@path("advocate leaves a tab open with words in the box", "telegram")
async def _left_open(scene: Scene, canary: Canary, channel: str) -> None:
    """Last of all: the browser is closed on this page, as a laptop's lid is."""
    advocate = await _take(scene, canary, channel)
    await advocate.page.get_by_label("Your reply").fill(f"left in the box {canary.word}")
    await advocate.page.wait_for_timeout(2500)
