"""An entry is tried by the one checker in a process of its own, which keeps nothing (G1)."""

import asyncio
from typing import Any, cast

import pytest

from app import editing
from app.editing import Tryout
from app.settings import Settings
from console.editing import Judged, Sample, Trial
from storage.content_files import CONTENT_FOLDER
from storage.content_texts import load_texts


class _Asked:
    mode, region, hotline_name = "practice", "nevada", "Porchlight"


async def test_a_reply_is_held_against_the_rules_and_seen_as_it_is_sent_in_both_languages_g1() -> None:
    path, texts = "replies/en/topics_needs", dict(load_texts(CONTENT_FOLDER))
    texts[path] = texts[path].replace("Being hungry makes", "Poor thing. Being hungry makes")
    trial = await Tryout(cast(Settings, _Asked()))(texts, "replies", "food")
    assert trial is not None
    assert any("poor thing" in fault for fault in trial.faults)
    english, spanish = trial.screens
    assert english.lock == "Poor thing. Being hungry makes the whole…"
    assert len(english.sms) == 2
    assert "call 211" in english.chat[0]
    assert [way for way, _ in spanish.ways] == ["person", "food_more"]


_TERM = """
entries:
  - {id: en-q, class: CTL, weight: plain, level: high, meaning: a test, source: a test, detector: control,
     reviewer: null, expires: 2027-05-31, phrases: [zebra quilt lantern]}
"""


async def test_a_message_is_screened_as_served_and_as_the_form_would_have_it_r3() -> None:
    texts = {**load_texts(CONTENT_FOLDER), "screening/x": _TERM}
    sample = Sample("the zebra quilt lantern", {"screening/x": None})
    trial = await Tryout(cast(Settings, _Asked()))(texts, "screening", "screening/x~entries/en-q", sample)
    assert trial is not None
    assert trial.judged == (Judged("none", (), ()), Judged("high", ("control",), (("en-q", "a test"),)))
    assert "zebra" not in repr(sample)


async def test_who_types_does_not_pile_processes_up(monkeypatch: pytest.MonkeyPatch) -> None:
    gate, running = asyncio.Event(), []

    async def ask(_told: bytes) -> Trial:
        running.append(1)
        await gate.wait()
        return Trial()

    monkeypatch.setattr(editing, "_ask", ask)
    tryout: Any = Tryout(cast(Settings, _Asked()))
    asked = [asyncio.create_task(tryout({}, "replies", "food")) for _ in range(5)]
    await asyncio.sleep(0)
    assert (len(running), [one.done() for one in asked].count(True)) == (1, 2)
    gate.set()
    assert [one is None for one in await asyncio.gather(*asked)] == [False, False, False, True, True]
