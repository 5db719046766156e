"""Beside the chat in a real browser: quiet warnings, the keyboard alone, and nothing sent or kept (A1-A5, C8, H8)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl

import pytest
from playwright.async_api import Browser, Page, Request, expect

from hotline.messages import TELEGRAM
from tests.console.browsing import QUICK_PACE, console, enter
from tests.console.conftest import Stage
from tests.console.test_looks import SIZES, fill, look

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WINDOW = "/conversations/c1/window"
BY_ITSELF = ("/renew", "/messages", "/waiting/count", "/clocks/strip", "/composing", "/events", "/static/", "/keys")


@pytest.fixture
def stage() -> Stage:
    return Stage(pace=QUICK_PACE)


@contextmanager
def watch(page: Page) -> Iterator[list[Request]]:
    """Requests that are made meanwhile, but for what an open page asks by itself without a body of its own."""
    seen: list[Request] = []

    def note(request: Request) -> None:
        path = request.url.split("?")[0]
        stays = path.endswith("/stay") and not request.post_data  # typing keeps the login, and says nothing else
        if not stays and not any(part in path for part in BY_ITSELF):
            seen.append(request)

    page.on("request", note)
    yield seen
    page.remove_listener("request", note)


async def read_storage(page: Page) -> list[object]:
    return list(
        await page.evaluate(
            "async () => [Object.entries(localStorage), Object.entries(sessionStorage), document.cookie,"
            " (await indexedDB.databases()).length, (await caches.keys()).length, location.search + location.hash]"
        )
    )


async def test_words_are_counted_and_warned_of_without_leaving_the_browser(stage: Stage, browser: Browser) -> None:
    """A2, A8, P2."""
    await stage.hold("c1")
    async with console(stage, browser) as page:
        await page.goto(WINDOW)
        box, count, warnings = page.locator("#text"), page.locator("#count"), page.locator("#composing")
        with watch(page) as seen:
            await box.press_sequentially("I am here.")
            await expect(count).to_have_text(re.compile(r"^1 text message · 10 of 1600 characters · reading grade \d$"))
            await expect(warnings).to_have_text("")
            await box.fill("You should tell your parents. Call 702-555-0199 or come to 1200 N Main Street")
            await expect(warnings).to_contain_text("not one of our lines or places")
            await expect(warnings).to_contain_text("A shelter's address is never sent")
            await expect(warnings).to_contain_text("It says “you should”: it orders. Offer two ways instead.")
            await expect(warnings).to_contain_text("It says “tell your parents”: family may be part of it.")
            await expect(warnings).to_have_attribute("role", "status")
            await expect(page.locator("#send")).to_be_enabled()
            await box.fill("call 888-373-7888 ★")
            await expect(warnings).to_have_text("")
            await expect(count).to_contain_text("An unusual character")
            await page.locator("#quick-speech input[value=es]").check()
            await box.fill("¿Por qué no te fuiste?")
            await expect(warnings).to_contain_text("It says “por qué”")
            await expect(box).to_have_attribute("lang", "es")
            assert [request.url for request in seen] == []


async def test_telegram_is_counted_in_characters(stage: Stage, browser: Browser) -> None:
    await stage.hold("c1", channel=TELEGRAM)
    async with console(stage, browser) as page:
        await page.goto(WINDOW)
        await page.locator("#text").fill("I am here.")
        await expect(page.locator("#count")).to_have_text(re.compile("^10 of 1600 characters"))


async def test_a_line_is_found_and_put_in_the_box_with_the_keyboard_alone(stage: Stage, browser: Browser) -> None:
    """A1, A2."""
    await stage.hold("c1")
    async with console(stage, browser) as page:
        await page.goto(WINDOW)
        await expect(page.locator("#quick-lines li:visible")).to_have_count(3)
        await page.locator("#log").focus()
        await page.keyboard.press("/")
        await expect(page.locator("#quick-search")).to_be_focused()
        await page.keyboard.type("reading")
        await expect(page.locator("#quick-lines li:visible")).to_have_count(1)
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(page.locator("#text")).to_have_value("I am here and I am reading.")
        await expect(page.locator("#text")).to_be_focused()
        await page.locator("#quick-search").fill("zzz")
        await expect(page.get_by_text("No line has these words.")).to_be_visible()
        await page.locator("#quick-search").fill("")
        await page.locator("#quick-speech input[value=es]").check()
        await expect(page.locator("#quick-lines li:visible").first).to_have_text("Te leo.")
        await page.locator("#shortcuts").uncheck()
        await page.locator("#log").focus()
        await page.keyboard.press("/")
        await expect(page.locator("#log")).to_be_focused()


async def test_ticks_on_a_card_are_neither_sent_nor_kept_and_gone_after_leaving(stage: Stage, browser: Browser) -> None:
    """A3."""
    await stage.hold("c1")
    async with console(stage, browser) as page:
        await page.goto(WINDOW)
        before = await read_storage(page)
        with watch(page) as seen:
            for card in ("danger_cues", "rapid_indicators"):
                await page.locator(f"#card-{card} summary").click()
                for tick in await page.locator(f"#card-{card} input").all():
                    await tick.check()
            assert seen == []
        assert await read_storage(page) == before
        await page.goto("/waiting")
        await page.go_back()
        await expect(page.locator("#card-danger_cues")).to_have_count(1)
        assert await page.locator("[data-ephemeral] input:checked").count() == 0
        await page.reload()
        assert await page.locator("[data-ephemeral] input:checked").count() == 0


async def test_a_whole_referral_sends_the_search_and_a_count_and_nothing_else(stage: Stage, browser: Browser) -> None:
    """C8, H8, with the keyboard."""
    await stage.hold("c1")
    async with console(stage, browser) as page:
        await page.goto(WINDOW)
        before = await read_storage(page)
        panel = page.locator("#referral")
        with watch(page) as seen:
            await panel.locator("summary").focus()
            await page.keyboard.press("Enter")
            await expect(panel).to_contain_text("Step 1 of 7")
            await panel.get_by_label("City or ZIP").fill("Reno")
            await panel.get_by_label("Age, if").fill("16")
            await page.keyboard.press("Enter")
            await expect(panel).to_contain_text("Step 2 of 7")
            await expect(panel.get_by_text("Choose together")).to_be_focused()
            await panel.get_by_label("The Nest", exact=True).check()
            await panel.get_by_role("button", name=re.compile(r"Put into the reply\W+The Nest")).click()
            await expect(page.locator("#text")).to_have_value("This may fit: The Nest, 702-555-0100. Call first.")
            following = panel.get_by_role("button", name="Next")
            await following.press("Enter")
            await panel.get_by_label("Does the person who hurts them").check()
            await following.press("Enter")
            await panel.get_by_role("button", name="What worries you").click()
            await following.press("Enter")
            await expect(panel.locator("fieldset:visible [data-chosen]")).to_have_text("The Nest")
            await panel.get_by_role("radiogroup", name="The name that they go by").get_by_label("Yes").check()
            await panel.get_by_role("button", name="They take it all back").click()
            await expect(panel.locator('.choice input[value="no"]:checked')).to_have_count(6)
            await following.press("Enter")
            await expect(panel.get_by_text("No advocate meets a texter alone")).to_be_visible()
            await following.press("Enter")
            await panel.get_by_role("button", name="They want to go there").click()
            await expect(panel.get_by_text("Counted.")).to_be_visible()
        sent = {request.url.split("/", 3)[3]: dict(parse_qsl(request.post_data or "")) for request in seen}
        assert sent == {
            "referral/options": {
                "need": "place_tonight", "area": "Reno", "age": "16", "language": "en", "channel": "sms",
            },
            "referral/record": {"resource": "the_nest", "agreed": "yes"},
        }  # fmt: skip
        assert await read_storage(page) == before
        await panel.get_by_role("button", name="Clear all").click()
        await expect(panel.locator("#referral-options")).to_be_empty()
        await expect(panel.get_by_label("City or ZIP")).to_have_value("")
        assert await panel.locator("input:checked").count() == 0
        await page.locator("#text").fill("")


async def test_the_blank_form_stays_in_the_browser(stage: Stage, browser: Browser) -> None:
    """A4."""
    async with console(stage, browser) as page:
        await page.goto("/report-form")
        before = await read_storage(page)
        with watch(page) as seen:
            await page.get_by_label("What was said to have happened").fill("words")
            await page.keyboard.press("Enter")
            assert seen == []
        assert await read_storage(page) == before
        await page.emulate_media(media="print")
        await expect(page.get_by_label("What was said to have happened")).to_be_visible()
        await expect(page.locator(".bar")).to_be_hidden()
        await page.emulate_media(media="screen")
        await page.get_by_role("button", name="Clear", exact=True).click()
        await expect(page.get_by_label("What was said to have happened")).to_have_value("")
        await page.goto("/waiting")
        await page.emulate_media(media="print")
        await expect(page.locator("body")).to_be_hidden()


async def test_a_clock_starts_beside_the_chat_and_its_strip_shows_when_it_presses(
    stage: Stage, browser: Browser
) -> None:
    """A4: the window stays open, and only the kind is sent."""
    await stage.hold("c1")
    async with console(stage, browser) as page:
        await page.goto(WINDOW)
        await page.locator("summary", has_text="Clocks").click()
        with watch(page) as seen:
            await page.get_by_role("button", name="Start 24 hours for a report").click()
            await expect(page.get_by_text("The clock runs.")).to_be_visible()
        assert [dict(parse_qsl(request.post_data or "")).get("kind") for request in seen] == ["report"]
        assert [key for key, _ in parse_qsl(seen[0].post_data or "")] == ["csrf", "kind"]
        stage.clock.pass_seconds(21 * 3600)
        await expect(page).to_have_url(re.compile("/login$"))  # a night and a day later the login has ended
        await enter(page, "robin")
        await expect(page.locator("#clock-strip")).to_contain_text("Report to child welfare")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize(("name", "speech"), [("robin", "en"), ("luz", "es")])
async def test_no_page_beside_the_chat_breaks_an_axe_rule_or_scrolls_sideways(
    stage: Stage, browser: Browser, scheme: str, size: str, name: str, speech: str
) -> None:
    """A1: WCAG 2.2 AA, light and dark, phone and desk, English and Spanish."""
    await fill(stage, name)
    for other in ("robin", "luz"):
        await stage.desk.set_present(other, 45)
    await stage.hold("passed", by="supervisor", transfer_to=name, block_by="supervisor")
    stage.accounts.add(name, "advocate", "supervisor", language=speech)
    now = stage.clock.now()
    for kind in ("report", "team"):
        await stage.beside.clocks.start(kind, now)
    await stage.beside.clocks.start("rapid_response", now.replace(hour=2))
    tag = f"{speech}-{scheme}-{size}"
    options = {"color_scheme": scheme, "viewport": SIZES[size], "locale": speech}
    async with console(stage, browser, name, **options) as page:
        await expect(page.locator("#clock-strip p")).to_be_visible()
        await look(page, f"board-{tag}")
        await page.goto("/conversations/mine/window")
        await page.locator("#text").fill("You should go to 1200 N Main Street. Debes llamar al 702-555-0199.")
        await expect(page.locator("#composing .flag")).to_have_count(3)
        await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        await look(page, f"beside-{tag}")
        await page.locator("#referral-search button").click()
        await expect(page.locator("#referral-options .option")).to_have_count(2)
        await look(page, f"referral-{tag}")
        for step in range(3, 8):
            await page.locator('[data-go="1"]').click()
            if step in {5, 7}:
                await look(page, f"referral{step}-{tag}")
        await page.locator("#text").fill("")
        await stage.desk.set_break(name, True)
        await page.goto("/break")
        await look(page, f"break-{tag}")
