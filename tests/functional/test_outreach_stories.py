"""From the page for outreach to the phone: a batch's own word is greeted and counted, the staff word helps (O2, O3)."""

import pytest
from playwright.async_api import Browser, expect

from app.stack import Stack
from storage.connection import Store
from tests.functional.editors import at_content
from tests.functional.stories import BROWSER_STORY, NewTexter

pytestmark = BROWSER_STORY


async def count_hellos(stack: Stack, code: str) -> int:
    """In whichever month they came."""
    store = Store(stack.store_url())
    counts = [await store.call("HGET", name, code) for name in await store.scan("hellos:*")]
    await store.aclose()
    return sum(int(count or 0) for count in counts)


@pytest.mark.parametrize("channel", ["sms", "telegram"])
async def test_who_texts_a_batchs_word_is_greeted_like_anybody_and_counts_once_at_most_o2(
    channel: str, stack: Stack, browser: Browser, new_texter: NewTexter
) -> None:
    async with at_content(stack, browser) as printer:
        page = printer.page
        await page.goto("/outreach")
        batches = page.locator("section", has=page.locator("#h-batches"))
        await batches.get_by_label("Copies").fill("200")
        await batches.get_by_role("button", name="Add a batch").click()
        await printer.is_told("The batch has its word.")
        code = (await batches.locator("li.row strong").first.inner_text()).strip()
        await page.locator("#code").select_option(label=code)
        await page.locator("#form").select_option("svg")
        async with page.expect_download() as started:
            await page.get_by_role("button", name="Download").click()
        assert (await (await started.value).path()).read_bytes().startswith(b"<svg")
        code = code.lower()
        texter, plain = new_texter(channel), new_texter(channel)
        assert await texter.texts(f"{code.upper()} ") == await plain.texts("hi")
        counted = await count_hellos(stack, code)
        assert counted <= 1, "one in eight is left out; tests/storage/test_outreach_codes.py decides for the coin"
        assert await texter.texts(code), "later it is a text like any other"
        assert await count_hellos(stack, code) == counted
        await page.goto("/outreach")
        await expect(batches.locator("li.row").first).to_contain_text("too few to show")
        await batches.get_by_text("End it", exact=True).first.click()
        await batches.get_by_role("button", name="End it for good").first.click()
        await printer.is_told("The batch is ended.")


async def test_the_staff_word_gives_a_number_to_pass_on_the_steps_and_the_nearest_places_o3(
    stack: Stack, browser: Browser, new_texter: NewTexter
) -> None:
    async with at_content(stack, browser) as printer:
        await printer.page.goto("/outreach")
        section = printer.page.locator("section", has=printer.page.locator("#h-staff"))
        word = (await section.locator("strong").inner_text()).strip()
    told = " ".join(await (staff := new_texter()).texts(word))
    assert "To pass on: call or text 988" in told and "Steps:" in told and "automated helper" not in told
    found = " ".join(await staff.texts(f"{word.lower()} bed Las Vegas"))
    assert "NPHY" in found and any(char.isdigit() for char in found)
    assert "Steps:" not in " ".join(await new_texter().texts("sun1000"))
