"""A number that runs out by its date is given no more from that day on, whatever was loaded before (D3)."""

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app import world_wiring
from app.settings import load_settings
from storage.content_files import load_documents

LAST = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SETTINGS = load_settings({"PORCHLIGHT_MODE": "practice", "PORCHLIGHT_HOTLINE_NAME": "Lantern"}, "all")


def _confirm_all(**ending: date) -> dict[str, Any]:
    """The content with every line confirmed lately; those named run out after their day."""
    documents = dict(load_documents())
    numbers = deepcopy(documents["numbers"])
    for name, line in numbers["lines"].items():
        line.update({"assured_date": date(2026, 11, 1), "verified_by": "ann"})
        line.update({"expires_on": ending[name]} if name in ending else {})
    return {**documents, "numbers": numbers}


def _build(monkeypatch: pytest.MonkeyPatch, documents: dict[str, Any]) -> Any:
    """A worker's words and services, as in live mode, built once."""
    monkeypatch.setattr(world_wiring, "build_dialogue", lambda settings, watch: None)

    class Watch:
        def failed(self, event: str, code: str = "") -> None: ...

    class Live:
        mode, region, hotline_name = "live", "nevada", "Lantern"

    words = world_wiring.build_words(Live(), documents)
    return words, world_wiring.build_services(SETTINGS, documents, words, Watch())  # type: ignore[arg-type]


def test_a_number_that_was_given_yesterday_is_not_picked_today_though_nothing_was_loaded_d3(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, services = _build(monkeypatch, _confirm_all())
    first = services.pick_line("sms", "en", LAST)
    _, services = _build(monkeypatch, _confirm_all(**{first: LAST.date()}))
    assert services.pick_line("sms", "en", LAST) == first
    assert services.pick_line("sms", "en", LAST + DAY) != first


def test_a_number_that_ran_out_is_no_known_number_any_more_and_a_reply_that_names_it_still_has_it_d3(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words, _ = _build(monkeypatch, _confirm_all(runaway=LAST.date()))
    line = words.lines.get("runaway")
    assert not line.never_hidden
    digits = next(key for key in line.keys if key.isdecimal())
    assert words.knows_number(digits, LAST)
    assert not words.knows_number(digits, LAST + DAY)
    assert words.lines.get("runaway") is line
