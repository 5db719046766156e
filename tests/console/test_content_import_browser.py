"""A list of places in a real browser: a chosen file is looked at and drafted; test_every_page.py has its looks."""

import json
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.console.browsing import QUICK_PACE, console
from tests.console.conftest import Stage
from tests.exchange.world import a_place

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def stage() -> Stage:
    return Stage(pace=QUICK_PACE)


async def test_a_chosen_file_is_shown_tried_and_drafted_g4(stage: Stage, browser: Browser, tmp_path: Path) -> None:
    shelter = a_place(id="y", name="NPHY Emergency Shelter")
    text = json.dumps([a_place(), shelter, {"name": "No status"}])
    (tmp_path / "theirs.json").write_text(text)
    async with console(stage, browser, "admin", "/people") as page:
        await page.goto("/content/import")
        await page.get_by_label("Choose a file").set_input_files(tmp_path / "theirs.json")
        await expect(page.get_by_label("The list, as text")).to_have_value(text)
        await page.get_by_role("button", name="Show what it would do").click()
        await expect(page.locator("section")).to_contain_text("1 to add")
        await page.get_by_role("button", name="Write it as one draft").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Import of theirs.json: 1 new, 0 changed")
