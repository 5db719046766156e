"""Texts that come while the keys instance begins anew are sealed to what opens them (X4, P3)."""

import asyncio
import time

import pytest

from hotline.messages import TELEGRAM
from storage import intake as module
from tests.storage.test_intake import Place, place, text

__all__ = ["place"]


async def test_however_many_texts_come_the_new_pair_of_a_keys_instance_that_came_back_is_used_at_once_x4(
    place: Place,
) -> None:
    await place.intake.put_message(text(0))
    place.stores.kill("keys")
    for number in range(1, 6):
        await place.intake.put_message(text(number))
    await place.start("keys")
    await place.make_pair()
    began, number = time.monotonic(), 10
    while time.monotonic() - began < 1.5:
        number += 1
        await place.intake.put_message(text(number))
        await asyncio.sleep(0.05)
    await place.intake.put_message(text(9))
    assert (await place.read())[-1] == "text 9", "of a worker that began anew, too"


async def test_a_text_that_waits_for_a_pair_looks_for_one_many_times_a_second(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each start the first one does, and whoever wrote it waits for its answer."""
    waits = await wait_for_pair(place, monkeypatch, 1)
    assert len(waits) == 1
    assert waits[0] <= 0.05


async def test_however_many_texts_wait_for_a_pair_they_look_together(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(await wait_for_pair(place, monkeypatch, 20)) == 1


async def wait_for_pair(place: Place, monkeypatch: pytest.MonkeyPatch, texts: int) -> list[float]:
    """How long was waited before each look; the pair is there before the first."""
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)
        await place.make_pair()

    place.stores.kill("keys")
    await place.start("keys")
    monkeypatch.setattr(module.asyncio, "sleep", wait)
    assert all(await asyncio.gather(*(place.intake.put_message(text(n, TELEGRAM)) for n in range(texts))))
    monkeypatch.undo()
    return waits
