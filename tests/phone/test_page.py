"""The page with two handsets, in a real browser (strict policy, keyboard, no markup from messages)."""

import asyncio
import json
import re

import pytest
import pytest_asyncio
from playwright.async_api import expect

from phone.page import invent_people, spell
from tests.browser import open_chromium

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture
async def page(stage):
    async with open_chromium() as browser:
        page = await browser.new_page()
        page.problems = []
        page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        await page.goto(f"http://127.0.0.1:{stage.port}/")
        yield page


def handset(page, channel):
    return page.locator(f'.phone[data-channel="{channel}"]')


async def person_of(page) -> dict[str, str]:
    while not (kept := await page.evaluate('sessionStorage.getItem("person")')):
        await asyncio.sleep(0.02)
    return json.loads(kept)["person"]


async def test_enter_sends_and_the_reply_shows_with_its_parts(stage, page):
    sms = handset(page, "sms")
    await sms.get_by_label("Message", exact=True).fill("hello from the page")
    await page.keyboard.press("Enter")
    await expect(sms.locator('[data-side="texter"] .words')).to_have_text("hello from the page")
    await expect(sms.locator('[data-side="texter"] .line')).to_contain_text("received by the hotline")
    person = await person_of(page)
    assert stage.site.calls[0].form["From"] == person["sms"]
    await stage.send_sms("<b>a reply</b>", to=person["sms"])
    await expect(sms.locator('[data-side="hotline"] .words')).to_have_text("<b>a reply</b>")
    await expect(sms.locator('[data-side="hotline"] .line')).to_contain_text("delivered · 1 part, 14 units of GSM-7")
    assert await sms.locator(".words b").count() == 0
    assert page.problems == []


async def test_telegram_shows_replies_buttons_and_deletions(stage, page):
    telegram = handset(page, "telegram")
    chat = int((await person_of(page))["telegram"])
    await telegram.get_by_role("button", name="Send a photo").click()
    await expect(telegram.locator('[data-side="texter"] .words')).to_have_text("[Photo]")
    markup = {"keyboard": [["PERSON"]]}
    sent = await stage.telegram("sendMessage", chat_id=chat, text="hi", reply_markup=markup)
    await telegram.get_by_role("button", name="PERSON").click()
    await expect(telegram.locator('[data-side="texter"] .words').nth(1)).to_have_text("PERSON")
    await stage.telegram("deleteMessage", chat_id=chat, message_id=sent.json()["result"]["message_id"])
    await expect(telegram.locator('[data-side="hotline"] .words')).to_have_text("Message deleted")
    assert page.problems == []


async def test_things_to_try_go_into_the_phone_used_last(page):
    await handset(page, "telegram").get_by_label("Message", exact=True).focus()
    await page.get_by_role("button", name="ya no quiero vivir").click()
    await expect(handset(page, "telegram").get_by_label("Message", exact=True)).to_have_value("ya no quiero vivir")
    await expect(page.get_by_role("button", name="I need somewhere to sleep in Las Vegas tonight")).to_be_visible()


async def test_skipping_moves_the_clock_of_both_conversations(stage, page):
    before = await page.locator("#clock").get_attribute("datetime")
    await page.get_by_role("button", name="Skip 45 minutes").click()
    await expect(page.locator("#notice")).to_have_text("45 minutes went by.")
    after = await page.locator("#clock").get_attribute("datetime")
    moved = await page.evaluate("([a, b]) => (Date.parse(b) - Date.parse(a)) / 1000", [before, after])
    assert 2690 < moved < 2720
    clocks = [call.json for call in stage.site.to("/practice/clock")]
    assert [(clock["channel"], clock["offset_seconds"]) for clock in clocks] == [("sms", 2700), ("telegram", 2700)]


async def test_a_clock_that_cannot_be_moved_is_said(stage, page):
    stage.site.answers = [503]
    before = await page.locator("#clock").text_content()
    await page.get_by_role("button", name="Skip 45 minutes").click()
    await expect(page.locator("#notice")).to_contain_text("could not be moved")
    assert before


async def test_a_hotline_that_refuses_is_said(stage, page):
    stage.site.answers = [503] * 5
    await handset(page, "sms").get_by_label("Message", exact=True).fill("hello")
    await page.keyboard.press("Enter")
    await expect(page.locator("#notice")).to_contain_text("did not take this message")


async def test_a_reload_keeps_the_person_and_starting_over_is_someone_new(stage, page):
    sms = handset(page, "sms")
    person = await person_of(page)
    await stage.send_sms("still here", to=person["sms"])
    await page.reload()
    await expect(sms.locator(".words")).to_have_text("still here")
    assert await person_of(page) == person
    await page.get_by_role("button", name="Start over as a new person").click()
    other = re.compile(rf", chat (?!{person['telegram']}$)\d+")
    await expect(handset(page, "telegram").locator(".own")).to_have_text(other)
    await expect(sms.locator(".words")).to_have_count(0)
    assert (await person_of(page))["sms"] != person["sms"]


@pytest.mark.parametrize("width", [390, 1280])
async def test_nothing_is_cut_off_at_either_width(stage, page, width):
    await page.set_viewport_size({"width": width, "height": 844})
    await stage.send_sms("w" * 300, to=(await person_of(page))["sms"])
    await expect(handset(page, "sms").locator('[data-side="hotline"]')).to_have_count(1)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    first, second = [await handset(page, channel).bounding_box() for channel in ("sms", "telegram")]
    assert (first["y"] == second["y"]) is (width == 1280)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_colours_have_the_contrast_of_wcag_aa(page, scheme):
    await page.emulate_media(color_scheme=scheme)
    names = ["page", "ink", "soft", "phone", "theirs", "mine", "mine-ink", "accent", "accent-ink"]
    read = "names => names.map(n => getComputedStyle(document.documentElement).getPropertyValue('--' + n).trim())"
    colours = dict(zip(names, await page.evaluate(read, names), strict=True))
    pairs = [("ink", "page"), ("ink", "phone"), ("ink", "theirs"), ("soft", "page"), ("soft", "phone")]
    pairs += [("mine-ink", "mine"), ("accent-ink", "accent")]
    assert {
        pair: contrast(colours[pair[0]], colours[pair[1]])
        for pair in pairs
        if contrast(colours[pair[0]], colours[pair[1]]) < 4.5
    } == {}


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two #rrggbb colours."""

    def luminance(colour: str) -> float:
        channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


async def test_every_control_has_a_name_and_messages_are_announced(page):
    for control in await page.locator("button, input").all():
        named = "e => e.tagName === 'INPUT' ? e.labels[0]?.textContent : e.textContent"
        assert (await control.evaluate(named)).strip()
    await expect(page.locator('[role="log"][aria-live="polite"]')).to_have_count(2)
    await expect(page.locator('#notice[role="status"]')).to_have_count(1)
    await asyncio.sleep(0)
    assert page.problems == []


def test_invented_numbers_are_kept_for_fiction():
    people = invent_people()
    for _ in range(50):
        person = next(people)
        assert re.fullmatch(r"\+1(702|725|775)55501\d\d", person["sms"])
        assert person["telegram"].isdigit()
    assert spell("+17025550199") == "(702) 555-0199"
    assert spell("+442071838750") == "+442071838750"
