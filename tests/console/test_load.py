"""Load and wait, for a supervisor: numbers and aliases, no text, no league table (A5)."""

from datetime import timedelta

import pytest

from console.wording import load_words
from hotline.clocks import DURATIONS
from hotline.screening.result import Level
from storage.load import LoadFacts
from tests.console.conftest import Stage


async def see(stage: Stage, path: str = "/load") -> str:
    async with stage.log_in("supervisor") as client:
        return " ".join((await client.get(path)).text.split())


async def test_it_says_how_many_wait_and_how_long_by_level(stage: Stage) -> None:
    now = stage.clock.now()
    await stage.wait_for_advocate("a", level=Level.IMMINENT, waiting_since=now - timedelta(seconds=130))
    await stage.wait_for_advocate("b", level=Level.HIGH, waiting_since=now - timedelta(minutes=7))
    await stage.wait_for_advocate("c", level=Level.HIGH, waiting_since=now - timedelta(minutes=12))
    page = await see(stage)
    assert "Waiting: 3" in page
    high = page[page.index("High</span>") :]
    assert "<td>2</td>" in high[:60]
    assert "12 min" in high[:260]


async def test_it_says_who_is_on_with_open_chats_and_breaks(stage: Stage) -> None:
    await stage.hold("c1", by="robin")
    await stage.hold("c2", by="robin")
    stage.load.facts = LoadFacts(present=("robin",), on_break=("luz",), caps={"robin": 3})
    page = await see(stage)
    assert "Alias Robin</th><td>2 of 3</td><td>on shift" in page
    assert "Alias Luz</th><td>0</td><td>on a break" in page


async def test_it_shows_no_text_and_no_way_into_a_conversation(stage: Stage) -> None:
    await stage.hold("held-by-robin", by="robin")
    for path in ("/load", "/load/now"):
        page = await see(stage, path)
        assert "anymore" not in page
        assert "/conversations/" not in page
        assert "held-by-robin" not in page


async def test_counts_of_today_are_of_all_together_and_start_at_midnight(stage: Stage) -> None:
    """A5: nobody is compared."""
    stage.clock.pass_seconds(-5 * 3600)
    await stage.audit.note("robin", "closed:referred", "c0")
    stage.clock.pass_seconds(5 * 3600)
    for name in ("robin", "robin", "luz"):
        await stage.audit.note(name, "claimed", "c1")
        await stage.audit.note(name, "closed:safe_for_now", "c1")
    await stage.audit.note("luz", "closed", "c1")
    page = await see(stage)
    today = page[page.index("Since midnight") - 400 :]
    assert "<dt>Taken</dt><dd>3</dd>" in today
    assert "Steady for now: 3" in today
    assert "no outcome given: 1" in today
    assert "Referred" not in today
    assert "obin" not in page
    assert "Luz" not in page


async def test_due_clocks_and_unanswered_pages_are_shown_and_what_is_not_known_is_said(stage: Stage) -> None:
    assert "Not known here." in await see(stage)
    now = stage.clock.now()
    stage.load.facts = LoadFacts(
        pages=(now - timedelta(minutes=3), now - timedelta(minutes=9)),
        clocks=(("rapid_response", now + timedelta(minutes=95)), ("team", now - timedelta(minutes=1))),
    )
    page = await see(stage)
    assert "2, longest wait 9 min" in page
    assert "Rapid response: 1 h 35 min" in page
    assert 'Team: <span class="flag">overdue' in page
    assert "Not known here." not in page


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_kind_of_clock_has_its_word(language: str) -> None:
    assert set(load_words()[language]["load"]["clock"]) == set(DURATIONS)
