"""A county list comes in: looked at, drafted, chosen, agreed to, opened, and only then on a phone (G2, G4, D3, D4)."""

from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from app.stack import Stack
from storage.connection import Store
from storage.content_sets import LiveSet
from storage.content_texts import parse_text, write_document
from tests.functional.advocate import hire
from tests.functional.editors import Editor, at_content
from tests.functional.stories import BROWSER_STORY, NewTexter
from tests.functional.test_content_stories import ask, content_as_it_was, make_live, open_desk, wait_until_phones_say

__all__ = ["content_as_it_was"]

pytestmark = BROWSER_STORY

BED = "i need a place to sleep in las vegas im 16"
HIDDEN = "Heron"
"""In the street of what hides: in the list, and never anywhere else."""
LIST = """\
Ref,Agency,Run by,What,Phone,Street,City,State,ZIP,Kind,Where,From age,Hidden
1,Quail Night Room,Quail Health,Beds.,702-555-0142,77 Quail St,Las Vegas,NV,89119,Beds,Las Vegas,12,no
2,Mesa Family House,Mesa Care,Beds.,702-555-0177,4711 Heron Way,Las Vegas,NV,89119,Beds,Las Vegas,12,yes
3,NPHY Drop-In Center,Nevada Partnership for Homeless Youth,Theirs.,702-383-1332,,,,,,,14,no
4,NPHY Emergency Shelter,Nevada Partnership for Homeless Youth,Beds.,702-383-1332,4711 Heron Way,Las Vegas,NV,,,,,no
"""
MAPPING = """\
source: County list
columns: {id: Ref, name: Agency, organization: Run by, description: What, phone: Phone, address_1: Street, city: City,
  state_province: State, postal_code: ZIP, needs: Kind, areas: Where, minimum_age: From age, confidential: Hidden}
values: {needs: {Beds: place_tonight}, areas: {Las Vegas: "metro:las_vegas"}}
"""
NPHY = "directory/nevada/nphy"


async def test_a_countys_list_overwrites_nothing_and_gives_a_new_place_only_once_it_is_opened_g4_d4(
    stack: Stack, browser: Browser, new_texter: NewTexter, tmp_path: Path
) -> None:
    """One to add, one that hides, one that somebody confirmed better here, and one that hides here already."""
    assert stack.login is not None
    (tmp_path / "county.csv").write_text(LIST)
    await confirm_drop_in(stack)
    second = await hire(stack, "second", "admin")
    supervisor = stack.login.of("supervisor")
    async with (
        at_content(stack, browser) as writer,
        at_content(stack, browser, supervisor) as other,
        at_content(stack, browser, second) as third,
    ):
        await takes_in(writer.page, tmp_path / "county.csv")
        draft = writer.page.url.partition("?")[0]
        assert (await read_drop_in(stack))[:2] == (12, "supervisor"), "nothing is overwritten"
        await expect(other.page.get_by_role("button", name="I approve")).to_have_count(0)
        await chooses_age_alone(writer)
        for approver in (other, third):
            await approver.approves(draft)
        await third.makes_live(draft)
        age, by, says = await read_drop_in(stack)
        assert (age, by, "Theirs" in says) == (14, None, False), "what was chosen wants to be phoned anew (D3)"
        assert "Quail" not in (answer := await ask(new_texter, BED)) and "Mesa" not in answer
        await make_live(stack, await opens_both(writer))  # the checker of all content is slow; it was asked once
        await wait_until_phones_say(new_texter, BED, "702-555-01")
        texter = new_texter()
        told = " ".join([*await texter.texts(BED), *await texter.texts("another place please")])
        assert "77 Quail St" in told and "Mesa Family House" in told and "702-555-0177" in told, told
        told += " ".join(await texter.texts("whats the address of mesa family house"))
    assert HIDDEN not in told and HIDDEN not in repr((await look(stack)).texts)


async def takes_in(page: Page, path: Path) -> None:
    """Chooses the file, looks at what it would do, and writes it as one draft."""
    await page.goto("/content")
    await page.get_by_role("link", name="Places from elsewhere").click()
    await page.get_by_label("Choose a file").set_input_files(path)
    await page.get_by_label("The mapping").fill(MAPPING)
    await page.get_by_role("button", name="Show what it would do").click()
    plan = page.locator("section", has=page.locator("#h-plan"))
    await expect(plan).to_contain_text("2 to add · 1 for somebody to decide · 1 left out")
    rows = plan.locator("li.row")
    await expect(rows.nth(1)).to_contain_text("Only name, number and hours were taken")
    await expect(rows.nth(2)).to_contain_text("Youngest: 12 → 14")
    await expect(rows.nth(2)).to_contain_text("Somebody here confirmed what stands here")
    await expect(rows.nth(3)).to_contain_text("It is confidential here. Nothing of it is taken.")
    assert HIDDEN not in await plan.inner_text()
    await page.get_by_role("button", name="Write it as one draft").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("2 new, 0 changed; to choose: nphy_drop_in")
    assert HIDDEN not in await page.content()


async def chooses_age_alone(writer: Editor) -> None:
    """Of what differs, the age as it came and the words that stand here."""
    conflict = writer.page.locator("#conflicts fieldset")
    await expect(conflict).to_have_count(1)
    for words in ("Theirs.", "A day place for young people", "14", "12"):
        await expect(conflict).to_contain_text(words)
    await conflict.get_by_label("Take my words below").check()
    own = conflict.get_by_label("My words", exact=True)
    joined = await own.input_value()
    assert "minimum_age: 14" in joined
    await own.fill(joined.replace("description: Theirs.", "description: A day place for young people without a home."))
    await writer.page.get_by_role("button", name="Save my choices").click()
    await writer.is_told("Saved.")
    await expect(conflict).to_have_count(0)


async def opens_both(writer: Editor) -> str:
    """Somebody looked at both places and phoned them; where the draft is."""
    page, draft = writer.page, ""
    await writer.opens("places", "quail_night_room")
    for _ in range(2):
        await page.get_by_label("Opening hours").fill("MO,TU,WE,TH,FR,SA,SU | 00:00 | 24:00")
        await page.get_by_label("Call first").select_option("no")
        await page.get_by_label("Why not").fill("")
        await page.get_by_label("May be given").select_option("yes")
        draft = await writer.saves("Looked at both, and phoned.")
        await page.goto(f"/content/entry?kind=places&entry=mesa_family_house&draft={draft.rpartition('/')[2]}")
        await expect(page.get_by_label("Street and number")).to_be_disabled()
    return draft


async def confirm_drop_in(stack: Stack) -> None:
    """Somebody here phoned the place that the list has too."""
    store = Store(stack.store_url("operator"))
    desk = open_desk(stack, store)
    live = await desk.load_live()
    document = parse_text(NPHY, live.texts[NPHY])
    document["services"][0]["assured_date"] = datetime.now(UTC).date()
    document["services"][0]["porchlight"]["verified_by"] = "supervisor"
    texts = {**live.texts, NPHY: write_document(document, live.texts[NPHY])}
    happened = desk.tell(live, "confirm", ("supervisor",), "nphy_drop_in", texts)
    assert await desk.sets.publish(texts, happened, expected=live.version)
    await store.aclose()


async def look(stack: Stack) -> LiveSet:
    """What is live."""
    store = Store(stack.store_url("operator"))
    live = await open_desk(stack, store).load_live()
    await store.aclose()
    return live


async def read_drop_in(stack: Stack) -> tuple[int, str | None, str]:
    """Its age, who confirmed it, and what it is said to be, live."""
    place = parse_text(NPHY, (await look(stack)).texts[NPHY])["services"][0]
    return place["minimum_age"], place["porchlight"]["verified_by"], place["description"]
