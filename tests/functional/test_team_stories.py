"""A night with two advocates and a supervisor, in real browsers, with every program running (H, A, C8, P2)."""

import re
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest_asyncio
from playwright.async_api import Browser, expect

from app.practice import Login
from app.settings import load_settings
from app.stack import Stack
from app.staff import reset
from hotline.regions import build_region
from hotline.tally_tables import build_tables
from storage.connection import Store
from storage.content_files import load_documents
from storage.tallies import StoreTallies
from tests.functional.advocate import Advocate, hire, on_shift
from tests.functional.stories import BROWSER_STORY, NewTexter

pytestmark = BROWSER_STORY


@pytest_asyncio.fixture(loop_scope="session")
async def colleague(stack: Stack) -> Login:
    """A second advocate, whose key is made in the browser at the first login."""
    return await hire(stack, "colleague", "advocate")


async def test_a_conversation_is_passed_to_a_colleague_who_reads_all_of_it_and_the_texter_is_told_a2(
    stack: Stack, browser: Browser, new_texter: NewTexter, colleague: Login
) -> None:
    texter = new_texter()
    async with on_shift(stack, browser) as first, on_shift(stack, browser, colleague) as second:
        await texter.texts("my uncle took my phone charger and my papers")
        await texter.texts("PERSON")
        await first.takes_the_most_urgent()
        await first.sees("my papers")
        await texter.waits_for("joined")
        await first.passes_on_to("colleague")
        await second.accepts()
        await second.sees("my papers")
        await texter.waits_for("Another person is here")
        await second.answers("I read what you wrote. What would help most?")
        await texter.waits_for("What would help most?")
        await second.closes()
    assert await texter.state() == {"owner": "with_bot", "level": "none"}


async def test_a_new_reader_sees_older_lines_once_a_colleague_has_the_page_open_and_a_revoked_one_nothing_new_p2(
    stack: Stack, browser: Browser, new_texter: NewTexter
) -> None:
    texter = new_texter("telegram")
    await texter.texts("the word is halcyon")
    await texter.texts("PERSON")
    newcomer = await hire(stack, "newcomer", "advocate")
    async with on_shift(stack, browser) as first, on_shift(stack, browser, newcomer) as second:
        await first.takes_the_most_urgent()
        await first.sees("halcyon")
        await first.brings_in("newcomer")
        await second.opens_mine()
        await second.sees("halcyon")
        await texter.texts("the next word is zephyr")
        await second.sees("zephyr")
        staff = load_settings(stack.env("staff"), "staff")
        await reset(staff, "newcomer", keep_recovery=False)
        await texter.texts("the last word is quixote")
        await first.sees("quixote")
        await expect(second.page).to_have_url(re.compile("/login"))
        wraps = await _read_wraps(stack, first)
        assert not any(name.endswith(b"|newcomer") for name in wraps)
        await first.closes()


async def test_a_reply_that_meets_a_dropped_connection_stays_in_the_box_and_goes_out_once_h6(
    stack: Stack, browser: Browser, new_texter: NewTexter
) -> None:
    texter = new_texter()
    await texter.texts("PERSON")
    async with on_shift(stack, browser) as advocate:
        await advocate.joins(texter)
        box, page = advocate.page.get_by_label("Your reply"), advocate.page
        await box.fill("I am still here with you.")
        await page.context.set_offline(True)
        await advocate.sends()
        await expect(page.locator("#reply-state")).not_to_be_empty()
        await expect(box).to_have_value("I am still here with you.")
        await page.context.set_offline(False)
        await advocate.sends()
        await advocate.sees("I am still here with you.")
        await texter.settles()
        assert await texter.reads() == ["I am still here with you."]
        await advocate.closes()


async def test_a_warm_referral_from_the_need_to_the_count_c8(
    stack: Stack, browser: Browser, new_texter: NewTexter
) -> None:
    texter = new_texter()
    await texter.texts("i have nowhere to sleep tonight in las vegas")
    await texter.texts("PERSON")
    async with on_shift(stack, browser) as advocate:
        await advocate.joins(texter)
        page = advocate.page
        panel = page.locator("#referral")
        await panel.locator("summary").first.click()
        await panel.locator("#referral-need").select_option("place_tonight")
        await panel.locator("#referral-area").fill("Las Vegas")
        await panel.locator("#referral-age").fill("16")
        await panel.locator("#referral-search button").click()
        options = panel.locator("#referral-options input[type=radio]")
        await options.first.check()
        assert 1 <= await options.count() <= 4  # three places at most, and a line
        chosen = await options.first.get_attribute("value")
        for _ in range(2):
            await panel.locator('[data-go="1"]').click()
        await panel.locator("fieldset:not([hidden]) [data-insert]:visible").first.click()
        await advocate.sends()
        await texter.waits_for("worries")
        await panel.locator('[data-go="1"]').click()
        for radio in await panel.locator('fieldset:not([hidden]) input[value="yes"]').all():
            await radio.check()
        await page.locator("#consent-back").click()
        assert await panel.locator('fieldset:not([hidden]) input[value="no"]').first.is_checked()
        for _ in range(2):
            await panel.locator('[data-go="1"]').click()
        await panel.locator('#referral-count button[value="yes"]').click()
        await expect(panel.locator("#referral-state")).not_to_be_empty()
        await advocate.closes("Referred")
    store = Store(stack.store_url())
    counts = await store.call("HGETALL", f"referrals:{datetime.now(UTC).date().isoformat()}")
    region = build_region(load_documents(), "nevada")
    today = datetime.now(ZoneInfo(region.time_zone))
    tallies = {**await StoreTallies(store).read(f"{today:%Y-%m}"), **await StoreTallies(store).read(f"{today:%Y}")}
    await store.aclose()
    assert any((chosen or "-").encode() in field for field in counts)
    # O4: what the real engine heard is counted, as codes of the fixed tables and nothing else.
    assert any("las_vegas" in values for _, values in tallies)
    assert set(tallies) <= {cell for table in build_tables(region) for cell in table.list_cells()}


async def test_a_supervisor_sees_load_and_plan_and_not_a_word_a5(
    stack: Stack, browser: Browser, new_texter: NewTexter
) -> None:
    texter = new_texter()
    await texter.texts("the word is palimpsest")
    await texter.texts("PERSON")
    boss = await hire(stack, "boss", "supervisor")
    async with on_shift(stack, browser, boss) as supervisor:
        page = supervisor.page
        await expect(page.locator("#board .row").first).to_be_visible()
        await expect(page.locator("#board form[action$='/claim']")).to_have_count(0)
        for path in ("/load", "/shifts", "/waiting"):
            await page.goto(path)
            assert "palimpsest" not in await page.content()
        store = Store(stack.store_url())
        (conversation,) = await store.call("SMEMBERS", "open")
        await store.aclose()
        answer = await page.request.get(f"/conversations/{conversation.decode()}/window")
        assert answer.status == 403


async def test_a_live_message_shows_soon_after_it_came_in(
    stack: Stack, browser: Browser, new_texter: NewTexter
) -> None:
    """The figure is printed, not asserted tightly: machines are shared. Ten times the bar of 0.3 s still fails."""
    texter = new_texter()
    await texter.texts("PERSON")
    async with on_shift(stack, browser) as advocate:
        await advocate.joins(texter)
        took = []
        for number in range(5):
            began = time.monotonic()
            await texter.posts(f"line number {number} here")
            await advocate.page.get_by_text(f"line number {number} here").wait_for()
            took.append(time.monotonic() - began)
        print("on the advocate's screen after", " ".join(f"{seconds:.2f}" for seconds in took), "s")
        assert sorted(took)[2] < 3
        await advocate.closes()


async def _read_wraps(stack: Stack, advocate: Advocate) -> list[bytes]:
    keys = Store(stack.keys_url())
    names: list[bytes] = await keys.call("HKEYS", f"wraps:{advocate.page.url.split('/')[-2]}")
    await keys.aclose()
    return names
