"""Content from the console to the phone: written, agreed to, live, taken back, closed, phoned (G1, G2, D3, D7)."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest_asyncio
from playwright.async_api import Browser, expect

from app.content_wiring import build_content_desk
from app.settings import load_settings
from app.stack import Stack
from hotline.verification import FRESH_DAYS
from storage.connection import Store
from storage.content_desk import ContentDesk
from storage.content_texts import parse_text, write_document
from tests.functional.advocate import hire
from tests.functional.editors import at_content
from tests.functional.stories import BROWSER_STORY, NewTexter

pytestmark = BROWSER_STORY

WITHIN_SECONDS = 60
FOOD, BED, NUMBER = "where can i get food", "i need a place to sleep in reno im 16", "number for lgbt youth"
OLD = "makes the whole day harder"
NEW = "Being hungry is hard. To find food near you, {info_211.how}. Want to talk to a person here, or hear other ways?"


async def ask(new_texter: NewTexter, text: str) -> str:
    """What somebody new is answered."""
    return " ".join(await new_texter().texts(text))


async def wait_until_phones_say(new_texter: NewTexter, text: str, words: str, *, gone: bool = False) -> str:
    """What a new texter is answered once it says so, or no more does, within the minute that is promised."""
    began = time.monotonic()
    while (words in (answer := await ask(new_texter, text))) is gone:
        assert time.monotonic() - began < WITHIN_SECONDS, f"not within a minute: {words}"
        await asyncio.sleep(0.2)
    print(f"on the phone after {time.monotonic() - began:.1f} s")
    return answer


def open_desk(stack: Stack, store: Store) -> ContentDesk:
    """As the operator has it."""
    return build_content_desk(load_settings(stack.env("operator"), "operator"), store)


@pytest_asyncio.fixture(loop_scope="session", scope="module", autouse=True)
async def content_as_it_was(stack: Stack) -> AsyncIterator[None]:
    """Other stories share the stack: afterwards it says what it said before, and nothing is closed."""
    yield
    store = Store(stack.store_url("operator"))
    desk = open_desk(stack, store)
    for draft in await desk.sets.list_drafts():
        await desk.discard(draft.id, draft.revision)
    live, first = await desk.load_live(), await desk.sets.load(1)
    happened = desk.tell(live, "rollback", ("administrator",), "As before the stories.", first.texts)
    assert await desk.sets.publish(first.texts, happened, expected=live.version)
    await store.aclose()
    await asyncio.sleep(2)  # as long as any program takes to look and build


async def test_a_reply_is_written_approved_live_within_a_minute_and_one_click_takes_it_back_g1_g2(
    stack: Stack, browser: Browser, new_texter: NewTexter
) -> None:
    assert stack.login is not None
    assert OLD in await ask(new_texter, FOOD)
    workers = stack.pids("worker")
    async with at_content(stack, browser) as writer, at_content(stack, browser, stack.login.of("supervisor")) as other:
        await writer.opens("replies", "food")
        await writer.page.get_by_label("Words (English)").fill(NEW)
        await expect(writer.page.locator("#live-text_en")).to_contain_text("1 text message ·")
        await expect(writer.page.locator("#trial .bubble").first).to_contain_text("Being hungry is hard.")
        draft = await writer.saves("Shorter.")
        await expect(writer.page.get_by_role("button", name="I approve")).to_have_count(0)
        await expect(writer.page.get_by_role("button", name="Make it live")).to_have_count(0)
        assert OLD in await ask(new_texter, FOOD)
        await other.approves(draft)
        await other.makes_live(draft)
        assert "call 211" in await wait_until_phones_say(new_texter, FOOD, "Being hungry is hard.")
        await writer.page.goto("/content/history")
        newest = writer.page.locator("li.row").first
        await expect(newest).to_contain_text("administrator changed: Shorter.")
        await expect(newest).to_contain_text("Approved by supervisor")
        await writer.goes_back_to(1)
        await wait_until_phones_say(new_texter, FOOD, OLD)
    assert stack.pids("worker") == workers, "nobody was restarted"


async def test_a_place_and_a_line_that_are_closed_now_are_given_to_nobody_who_asks_then_d7(
    stack: Stack, browser: Browser, new_texter: NewTexter
) -> None:
    """By one person, and by a supervisor who writes nothing."""
    assert stack.login is not None
    assert "RHYME" in await ask(new_texter, BED)
    assert "678678" in await ask(new_texter, NUMBER)
    async with at_content(stack, browser, stack.login.of("supervisor")) as closer:
        await closer.pulls("places", "rhyme", "It is full for good.")
        await wait_until_phones_say(new_texter, BED, "RHYME", gone=True)
        await closer.pulls("lines", "trevor", "Nobody answers there.")
        answer = await wait_until_phones_say(new_texter, NUMBER, "678678", gone=True)
        assert any(char.isdigit() for char in answer), "another number is given"
        await closer.page.goto("/content/of/lines?find=trevor")
        await expect(closer.page.locator("li.row")).to_contain_text("closed for now")
        await closer.goes_back_to(1)
        await closer.page.goto("/content/of/lines?find=trevor")
        await expect(closer.page.locator("li.row")).to_contain_text("closed for now")
    assert "678678" not in await ask(new_texter, NUMBER)


async def test_two_people_who_change_one_reply_lose_nothing_and_see_each_others_words_g2(
    stack: Stack, browser: Browser
) -> None:
    clerk = await hire(stack, "clerk", "admin")
    async with at_content(stack, browser) as one, at_content(stack, browser, clerk) as two:
        for editor in (one, two):
            await editor.opens("replies", "shower_clothes")
        await one.page.get_by_label("Words (English)").fill("A shower helps. To find one near you, {info_211.how}.")
        await two.page.get_by_label("Words (English)").fill("Clean clothes help. To find some, {info_211.how}.")
        first, second = await one.saves("A shower."), await two.saves("Clothes.")
        assert first != second
        await make_live(stack, first)
        await two.page.goto(second)
        conflict = two.page.locator("#conflicts fieldset")
        for words in ("Feeling clean and dry", "Clean clothes help.", "A shower helps."):
            await expect(conflict).to_contain_text(words)
        await expect(two.page.get_by_role("button", name="Make it live")).to_have_count(0)
        await two.page.get_by_label("Take my words below").check()
        await two.page.get_by_label("My words", exact=True).fill(
            "A shower and clothes help. To find them, {info_211.how}."
        )
        await two.page.get_by_role("button", name="Save my choices").click()
        await two.is_told("Saved.")
        await expect(conflict).to_have_count(0)
        await expect(two.page.locator("article")).to_contain_text("A shower and clothes help.")
        await expect(two.page.locator("article")).to_contain_text("A shower helps.")


async def test_what_one_saves_over_a_draft_that_another_saved_meanwhile_becomes_a_draft_of_its_own_g2(
    stack: Stack, browser: Browser
) -> None:
    clerk = await hire(stack, "clerk", "admin")
    async with at_content(stack, browser) as one, at_content(stack, browser, clerk) as two:
        await one.opens("replies", "food_more")
        await one.page.get_by_label("Words (English)").fill("First words.")
        draft = await one.saves("First.")
        for editor, words in ((one, "Second words."), (two, "Third words.")):
            await editor.page.goto(draft)
            await editor.page.get_by_role("link", name="Edit").click()
            await editor.page.get_by_label("Words (English)").fill(words)
        assert await one.saves("Second.") == draft
        apart = await two.saves("Third.")
        await two.is_told("Yours is kept here")
        assert apart != draft
        await expect(two.page.locator("article")).to_contain_text("Third words.")
        await two.page.goto(draft)
        await expect(two.page.locator("article")).to_contain_text("Second words.")


async def test_what_runs_out_this_week_is_phoned_and_its_outcome_is_kept_d3(stack: Stack, browser: Browser) -> None:
    until = {line: await confirm_earlier(stack, line, days) for line, days in (("samhsa", 88), ("childhelp", 95))}
    async with at_content(stack, browser) as caller:
        page = caller.page
        await page.goto("/content")
        await page.get_by_role("link", name=re.compile("To verify this week")).click()
        await expect(page.get_by_text("What to ask on the phone")).to_be_visible()
        soon, over = (page.locator("li.row", has=page.locator(f"#n-{line}")) for line in ("samhsa", "childhelp"))
        await expect(soon).to_contain_text(f"runs out · {until['samhsa']}")
        await expect(over).to_contain_text(f"ran out · {until['childhelp']}")
        await soon.get_by_role("link", name="Something changed").click()
        await expect(page.get_by_label("I phoned today, and all of this is true.")).to_be_visible()
        await page.goto("/content/verify")
        await soon.get_by_role("button", name="All true").click()
        await caller.is_told("Confirmed today, by you.", 30_000)
        await expect(soon).to_have_count(0)
        await over.get_by_text("It has closed").click()
        await over.get_by_role("button", name="Close it now").click()
        await caller.is_told("Closed.", 30_000)
        await expect(over).to_have_count(0)
        await page.goto("/content/history")
        await expect(page.locator("li.row").nth(1)).to_contain_text("administrator phoned and confirmed: samhsa")
        await expect(page.locator("li.row").nth(0)).to_contain_text("administrator pulled: childhelp")


async def make_live(stack: Stack, address: str) -> None:
    """Somebody else agreed to the draft, and made it live."""
    store = Store(stack.store_url("operator"))
    desk = open_desk(stack, store)
    draft, live = await desk.sets.find_draft(address.rpartition("/")[2]), await desk.load_live()
    assert draft is not None
    texts = {path: text for path, text in {**live.texts, **draft.texts}.items() if text is not None}
    happened = desk.tell(live, "edit", draft.authors, draft.note, texts)
    assert await desk.sets.publish(texts, happened, expected=live.version, draft=draft)
    await store.aclose()


async def confirm_earlier(stack: Stack, line: str, days: int) -> date:
    """Somebody phoned a line so many days ago; the day until which that counts."""
    store = Store(stack.store_url("operator"))
    desk = open_desk(stack, store)
    live = await desk.load_live()
    numbers = parse_text("numbers", live.texts["numbers"])
    day = (datetime.now(UTC) - timedelta(days=days)).date()
    numbers["lines"][line] |= {"assured_date": day, "verified_by": "supervisor"}
    texts = {**live.texts, "numbers": write_document(numbers, live.texts["numbers"])}
    happened = desk.tell(live, "confirm", ("supervisor",), f"{line}: some time ago", texts)
    assert await desk.sets.publish(texts, happened, expected=live.version)
    await store.aclose()
    return day + timedelta(days=FRESH_DAYS)
