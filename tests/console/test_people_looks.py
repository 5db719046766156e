"""How the administrator's, the supervisor's and the trainee's pages look and behave in a browser (A1, A5, A7)."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from hotline.reading import compute_grade
from hotline.screening.result import Level
from storage.load import LoadFacts
from tests.console.browsing import QUICK_PACE, console
from tests.console.conftest import COURSES, Stage
from tests.console.test_looks import SIZES, look

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def stage() -> Stage:
    return Stage(pace=QUICK_PACE)


async def fill_team(stage: Stage) -> None:
    """A team and a night."""
    now = stage.clock.now()
    await stage.wait_for_advocate("a", level=Level.IMMINENT, waiting_since=now - timedelta(seconds=70))
    await stage.wait_for_advocate("b", level=Level.HIGH, waiting_since=now - timedelta(minutes=14))
    await stage.hold("c", by="robin")
    await stage.accounts.set_training("robin", {course.id: "2027-05-01" for course in COURSES})
    await stage.accounts.set_training("luz", {"overdose": "2027-02-01", "csec_101": "2026-10-01"})
    await stage.people.create_invitation("sky.of-the-long-alias31-letters", ("advocate", "outreach"), "es", "admin")
    await stage.people.suspend("outreach")
    for actor, action, name in (
        ("robin", "claimed", "0a1b2c3d4e5f6071"),
        ("robin", "closed:placed", "0a1b2c3d4e5f6071"),
        ("admin", "training_changed:overdose", "luz"),
        ("-", "login_refused", "luz"),
        ("admin", "roles_changed", "robin"),
    ):
        await stage.audit.note(actor, action, name)
    stage.load.facts = LoadFacts(
        present=("robin", "luz"),
        on_break=("luz",),
        caps={"robin": 3, "luz": 3},
        pages=(now - timedelta(minutes=3),),
        clocks=(("report", now + timedelta(hours=19)), ("team", now - timedelta(minutes=4))),
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("speech", ["en", "es"])
async def test_no_page_of_these_breaks_an_axe_rule_or_scrolls_sideways(
    stage: Stage, browser: Browser, scheme: str, size: str, speech: str
) -> None:
    """A1: WCAG 2.2 AA, light and dark, phone and desk, English and Spanish."""
    for role in ("admin", "supervisor"):
        stage.accounts.add(f"{role}-{speech}", role, language=speech)
    await fill_team(stage)
    options = {"color_scheme": scheme, "viewport": SIZES[size], "locale": speech}
    name = f"{speech}-{scheme}-{size}"
    async with console(stage, browser, f"admin-{speech}", "/people", **options) as page:
        await page.goto("/people/luz?notice=training_done")
        await page.locator("summary").click()
        await look(page, f"person-{name}")
        await page.goto(f"/people/admin-{speech}?notice=own_account")
        await look(page, f"person-own-{name}")
        await page.goto("/people")
        await page.locator("#name").fill(f"fern-{scheme}")
        await page.locator("#role-advocate").check()
        await page.locator("#name").press("Enter")
        await expect(page.locator("#link")).to_be_visible()
        await look(page, f"invitation-{name}")
    async with console(stage, browser, f"supervisor-{speech}", **options) as page:
        await page.goto("/practice-line/controlled")
        await expect(page.locator(".message")).to_have_count(2)
        await say(page, "Thank you for telling me. What would help most?")
        await expect(page.locator(".message")).to_have_count(5)
        await page.locator("#stop").click()
        await expect(page.locator("#review")).to_be_visible()
        await look(page, f"practice-{name}")


async def say(page: Page, text: str) -> None:
    await page.locator("#box").fill(text)
    await page.locator("#answer button.main").click()


async def test_an_invented_texter_answers_in_the_page_and_nothing_leaves_it(stage: Stage, browser: Browser) -> None:
    """A7: nothing is sent or stored; the end is a look back."""
    async with console(stage, browser) as page:
        await page.goto("/practice-line/runaway_tonight")
        await expect(page.locator(".message")).to_have_count(3)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.method + request.url))
        await page.locator("#box").fill("I am glad you wrote. Is it OK to text on this phone?")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".message").last).to_have_text("Invented textergot like 20 percent")
        turns = {
            "There is a warm place. Do you want that, or something else?": 9,
            "We can ask them together.": 12,
            "OK. I am here.": 15,
        }
        for text, count in turns.items():
            await say(page, text)
            await expect(page.locator(".message")).to_have_count(count)
        await expect(page.locator("#review")).to_be_visible()
        await expect(page.locator("#findings")).to_contain_text("You asked early if it is OK to write.")
        await expect(page.locator("#findings")).to_contain_text("You gave a choice.")
        await expect(page.locator("#findings")).to_contain_text("At most one question a message.")
        await expect(page.locator("#review")).to_be_focused()
        assert [one for one in asked if one.startswith("POST")] == []
        kept = await page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
        assert kept == ["porchlight-key"]  # sealed, as on every page
    assert "glad" not in repr(stage.audit.entries)


async def test_what_is_said_while_the_texter_writes_is_heard_too(stage: Stage, browser: Browser) -> None:
    async with console(stage, browser) as page:
        await page.goto("/practice-line/runaway_tonight")
        await say(page, "Is it OK to text on this phone?")
        await say(page, "I am reading.")
        await expect(page.locator(".message")).to_have_count(7)
        await expect(page.locator(".message").last).to_contain_text("got like 20 percent")


async def test_with_somebody_near_saying_nothing_is_an_answer(stage: Stage, browser: Browser) -> None:
    """R10: waiting is a button of its own."""
    async with console(stage, browser) as page:
        await page.goto("/practice-line/someone_near")
        await expect(page.locator(".message")).to_have_count(2)
        for count in (5, 6, 7):
            await page.locator("#wait").click()
            await expect(page.locator(".message")).to_have_count(count)
        await page.locator("#stop").click()
        await expect(page.locator("#findings")).to_contain_text("You wrote nothing.")


async def test_load_changes_by_itself(stage: Stage, browser: Browser) -> None:
    """A5: live like the waiting list."""
    async with console(stage, browser, "supervisor") as page:
        await page.goto("/load")
        await expect(page.locator("#h-levels")).to_have_text("Waiting: 0")
        await stage.wait_for_advocate("a", level=Level.IMMINENT)
        await expect(page.locator("#h-levels")).to_have_text("Waiting: 1")


GRADE = "async ([text, language]) => (await import('/static/reading_grade.js')).readingGrade(text, language)"
TEXTS = {
    "en": ["You can go slow.", "What would help most right now: a place, food, a doctor, or something else?",
           "We appreciate your willingness to communicate these extraordinarily difficult circumstances."],
    "es": ["Te leo.", "¿Qué te ayudaría más: un lugar, comida, o hablar?",
           "Agradecemos sinceramente tu disposición para contar estas circunstancias extraordinariamente difíciles."],
}  # fmt: skip


async def test_the_browsers_reading_grade_is_near_the_servers(stage: Stage, browser: Browser) -> None:
    async with console(stage, browser) as page:
        for language, texts in TEXTS.items():
            for text in texts:
                found, exact = await page.evaluate(GRADE, [text, language]), compute_grade(text, language)
                assert abs(found - exact) <= 1.5 or min(found, exact) > 12, text
