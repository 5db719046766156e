"""Content in a real browser: warned while typing, on a phone and by keyboard, every form clean for axe (A1, G1)."""

import pytest
from playwright.async_api import Browser, Page, expect

from console.editing import Screen, Trial
from tests.console.browsing import QUICK_PACE, console, enter
from tests.console.conftest import Stage
from tests.console.test_looks import SIZES, look

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TRIAL = Trial(
    ("en food: reading grade 9.1 (V2)",),
    tuple(
        Screen(language, text[:40], (text,), (text,), (("person", ""), ("food_more", text)))
        for language, text in (("en", "Food is near. Call 211."), ("es", "Hay comida cerca. Llama al 211."))
    ),
)
TYPE_AND_LOOK = """() => {
  document.getElementById("f-text_en").dispatchEvent(new Event("input", { bubbles: true }));
  const verdict = document.querySelector("#trial-said .verdict");
  return !document.getElementById("checking").hidden && getComputedStyle(verdict).display === "none";
}"""
ENTRIES = (
    "kind=lines&entry=lifeline", "kind=places&entry=awaken_drop_in", "kind=cards&entry=missing",
    "kind=screening&entry=screening/en~entries/en-near-here", "kind=hours&entry=directory/words~hours",
    "kind=region&entry=regions/nevada~ladder", "kind=region&entry=regions/nevada~mandated_report",
)  # fmt: skip


@pytest.fixture
def stage() -> Stage:
    return Stage(pace=QUICK_PACE)


async def test_words_are_counted_and_warned_of_while_somebody_types_and_saved_by_keyboard(
    stage: Stage, browser: Browser
) -> None:
    """G1: parts, grade and words to avoid in the browser; the checker and three screens from the server."""
    stage.editing.trial = TRIAL
    async with console(stage, browser, "admin", "/people") as page:
        await page.goto("/content/entry?kind=replies&entry=food")
        await expect(page.locator("#trial-said")).to_contain_text("reading grade 9.1")
        await expect(page.locator("#live-text_en")).to_contain_text("2 text messages")
        assert await page.evaluate(TYPE_AND_LOOK), "what was checked before is not shown as if it were of these words"
        await expect(page.locator("#checking")).to_be_hidden()
        await expect(page.locator("#trial-said .verdict")).to_be_visible()
        asked = len(stage.editing.tried)
        await page.get_by_label("Words (English)").fill("You poor thing. Why? To find food near you, {info_211.how}.")
        await expect(page.locator("#live-text_en")).to_contain_text("poor thing")
        await expect(page.locator("#live-text_en")).to_contain_text("1 text message ·")
        await page.wait_for_function("document.querySelector('#trial .telegram') !== null")
        async with page.expect_response("**/content/check"):
            await page.get_by_label("Words (Spanish)").press_sequentially(" Sí.")
        assert len(stage.editing.tried) > asked
        await page.get_by_label("What this changes and why").fill("Shorter.")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Shorter.")
        assert len(stage.editing.memory.drafts) == 1


async def test_what_was_typed_outlives_a_login_that_has_ended_and_is_saved_in_the_next(
    stage: Stage, browser: Browser
) -> None:
    """G2: no work is lost. The page is out of sight meanwhile, as every page of an ended login is."""
    async with console(stage, browser, "admin", "/people") as page:
        await page.goto("/content/entry?kind=replies&entry=food")
        words, note = page.get_by_label("Words (English)"), page.get_by_label("What this changes and why")
        await words.fill("An hour of work.")
        await page.context.clear_cookies()
        await note.fill("Shorter.")
        await expect(page.locator("#kept")).to_be_visible()
        await expect(words).to_be_hidden()
        assert page.url.endswith("entry=food")
        async with page.expect_popup() as opened:
            await page.locator("#kept a").click()
        await enter(await opened.value, "admin", "/people")
        await (await opened.value).close()
        await page.get_by_role("button", name="Try again").click()
        await expect(words).to_have_value("An hour of work.")
        await page.get_by_role("button", name="Save the draft").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Shorter.")
        assert len(stage.editing.memory.drafts) == 1


async def test_a_confidential_address_is_emptied_and_locked_at_once_d4(stage: Stage, browser: Browser) -> None:
    async with console(stage, browser, "admin", "/people") as page:
        await page.goto("/content/entry?kind=places&entry=awaken_drop_in")
        street = page.get_by_label("Street and number")
        await expect(street).to_be_enabled()
        await page.get_by_label("Address is confidential").select_option("yes")
        await expect(street).to_be_disabled()
        await expect(street).to_have_value("")


@pytest.mark.parametrize("speech", ["en", "es"])
async def test_every_form_and_a_conflict_are_clean_for_axe_on_a_phone_and_a_desk(
    stage: Stage, browser: Browser, speech: str
) -> None:
    """A1: the pages that test_every_page.py cannot name, since they want an entry or a conflict."""
    stage.editing.trial = TRIAL
    stage.accounts.add("admin", "admin", language=speech)
    await stage.editing.seed("d1")
    await publish_first(stage)
    async with console(stage, browser, "admin", "/people", locale=speech) as page:
        for path in ("/content/entry?kind=replies&entry=food", *(f"/content/entry?{one}" for one in ENTRIES)):
            await page.goto(path)
            await expect(page.locator("#trial .bubble").first).to_be_visible()
            await look_at(page, f"{path.rpartition('=')[2].replace('/', '_')}-{speech}")
        await page.goto("/content/drafts/d1")
        await expect(page.locator("#conflicts fieldset")).to_have_count(1)
        await look_at(page, f"conflict-{speech}")


async def publish_first(stage: Stage) -> None:
    """Somebody else's words on the same reply go live first."""
    path = "replies/en/topics_needs"
    text = (await stage.editing.desk.load_live()).texts[path].replace("Being hungry", "Hunger")
    draft = await stage.editing.desk.begin("ben", {path: text}, "Short.")
    shown = await stage.editing.desk.show(draft.id)
    await stage.editing.desk.approve(draft.id, "supervisor", shown.digest)
    assert (await stage.editing.desk.publish(draft.id)).version == 2


async def look_at(page: Page, name: str) -> None:
    await page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    for size, viewport in SIZES.items():
        await page.set_viewport_size(viewport)
        await look(page, f"content-{name}-{size}")
