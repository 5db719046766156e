"""The page of what happens when a part is down says what is shown: every test, alarm and event in it is there."""

import re
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from app import world_wiring
from app.degradation import Row, degradation_page, list_rows
from app.logging import EVENTS
from app.settings import load_settings
from app.webhooks import build_webhooks
from storage.content_files import load_documents, load_vocabulary
from tests.seeing.rules import load_alarms

ROOT = Path(__file__).parents[2]
ROWS = list(list_rows())
PARTS = ("Rasa", "actions", "store", "keys", "provider", "console", "push", "content", "certificate", "name", "disk",
         "clock", "model", "second stage", "worker", "webhooks")  # fmt: skip


def test_the_page_is_made_from_the_rows() -> None:
    assert (ROOT / "docs/degradation.md").read_text("utf-8") == degradation_page()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.part}: {row.wrong}")
def test_every_row_names_tests_that_are_there_or_says_openly_that_there_is_none(row: Row) -> None:
    for name in row.shown_by:
        path, _, test = name.partition("::")
        if test:
            assert re.search(rf"^(async )?def {test}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE), name
        else:
            assert name.startswith("Said openly: ")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.part}: {row.wrong}")
def test_every_alarm_and_event_of_a_row_is_there_and_every_cell_says_something(row: Row) -> None:
    alarms = {alarm["alert"] for alarm in load_alarms()}
    named = set(re.findall(r"`(\w+)`", row.staff))
    assert {name for name in named if name.startswith("Porchlight")} <= alarms
    assert {name for name in named if "_" in name and name not in {"inbox_key"}} <= EVENTS
    assert all(len(cell) > 3 for cell in (row.part, row.wrong, row.texter, row.within, row.staff))


@pytest.mark.parametrize("part", PARTS)
def test_every_part_that_can_fail_has_a_row(part: str) -> None:
    assert [row for row in ROWS if part in f"{row.part} {row.wrong}"]


def test_a_texter_in_silence_is_said_in_bold_and_staff_see_something() -> None:
    """Nobody who reads the page may overlook where the line can do nothing (R9)."""
    silent = [row for row in ROWS if re.search(r"\bnothing\b(?! of it| more| is sent)", row.texter)]
    assert silent and all("**nothing**" in row.texter for row in silent)
    assert all("Porchlight" in row.staff or "**nothing by itself**" in row.staff for row in silent)


async def test_a_machine_elsewhere_can_ask_whether_the_front_door_answers() -> None:
    """The proxy hands on the providers' paths alone; a question there is answered 405 by the webhooks themselves."""

    async def no_fault() -> str:
        return ""

    nobody = SimpleNamespace(receive_sms=None, receive_telegram=None)
    door = httpx.ASGITransport(build_webhooks(nobody, no_fault))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=door, base_url="http://door") as elsewhere:
        assert (await elsewhere.get("/webhooks/sms")).status_code == 405


def test_a_worker_that_screens_without_its_second_stage_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """R5: the rules stand without it; that they stand alone must not stay unseen."""
    told: list[str] = []

    class Watch:
        def failed(self, event: str, code: str = "") -> None:
            told.append(event)

    monkeypatch.setattr(world_wiring, "_load_stages", lambda: (load_vocabulary(), None))
    settings = load_settings({"PORCHLIGHT_MODE": "practice", "PORCHLIGHT_HOTLINE_NAME": "Lantern"}, "all")
    documents = load_documents()
    words = world_wiring.build_words(settings, documents)
    monkeypatch.setattr(world_wiring, "build_dialogue", lambda settings, watch: None)
    world_wiring.build_services(settings, documents, words, Watch())  # type: ignore[arg-type]
    assert told == ["learned_missing"]
