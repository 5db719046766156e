"""Erasing waits for a moment in which no texter does, and goes on all the same where there is none (P5, R9)."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from typing import Any, cast

import pytest

from app import eraser
from app.eraser import CALLS_A_PASS, Eraser
from app.lanes import Lane, Lanes
from app.turn_items import Item
from app.work_loop import Worker
from hotline.messages import SMS
from storage.connection import Store, StoreError
from storage.content_keys import ContentKeys
from storage.erasures import DueCopy, Erasures
from storage.inbox import Inbox
from tests.storage.copy_shift import ALL, CopyShift, find_keys, keep_at_twilio
from tests.storage.night_shift import NightShift

TEXTS = [f"SM{number:032x}" for number in range(3)]


async def _has_three_due(shift: CopyShift) -> None:
    for sid in TEXTS:
        keep_at_twilio(shift, sid)
        await shift.hears(SMS, sid)


async def test_nothing_is_erased_while_texters_wait_and_all_of_it_once_they_do_not(
    shift: CopyShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eraser, "BEHIND_SECONDS", 60)
    await _has_three_due(shift)
    awaited = [True]
    erasing = asyncio.create_task(Eraser(shift.world, SMS, lambda: bool(awaited)).run(ALL))
    await asyncio.sleep(0.2)
    assert set(shift.provider.sms) == set(TEXTS)
    awaited.clear()
    async with asyncio.timeout(5):
        await erasing
    assert shift.provider.sms == {}


async def test_on_an_evening_without_a_quiet_moment_everything_is_erased_as_well_p5(
    shift: CopyShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eraser, "BEHIND_SECONDS", 0.05)
    await _has_three_due(shift)
    async with asyncio.timeout(5):
        await Eraser(shift.world, SMS, lambda: True).run(ALL)
    assert shift.provider.sms == {} and len(shift.tally.erased_as) == 3


async def test_a_pass_reads_no_more_texts_than_a_few_passes_take_and_leaves_none_for_good(
    shift: CopyShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is opened when it is read; four hundred of them each second would keep turns waiting."""
    monkeypatch.setitem(eraser._MOST_READ, SMS, 2)
    await _has_three_due(shift)
    await shift.passes()
    assert len(shift.provider.sms) == 1 and CALLS_A_PASS[SMS] > 2
    await shift.passes()
    assert shift.provider.sms == {}


async def test_a_pass_takes_off_the_list_at_once_what_it_erased(
    shift: CopyShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each write of its own would be a wait for the disk, which every text waits for as well."""
    written = list[int]()
    drop = Erasures.drop

    async def count(self: Erasures, copies: Collection[DueCopy]) -> None:
        written.extend([len(copies)] if copies else [])
        await drop(self, copies)

    monkeypatch.setattr(Erasures, "drop", count)
    await _has_three_due(shift)
    await shift.passes()
    assert written == [3] and len(shift.tally.erased_as) == 3


async def test_what_was_erased_and_not_noted_is_asked_for_once_more_and_told_once_p5(
    shift: CopyShift, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(_self: Erasures, _copies: Collection[DueCopy]) -> None:
        raise StoreError("away")

    await _has_three_due(shift)
    with monkeypatch.context() as away, pytest.raises(StoreError):
        away.setattr(Erasures, "drop", lost)
        await shift.passes()
    assert shift.provider.sms == {} and shift.tally.erased_as == []
    await shift.passes()
    assert shift.tally.erased_as == [(SMS, "erased")] * 3 and not await find_keys(shift.store, "erasures:*")


async def test_lanes_have_work_from_the_moment_they_are_fed_until_it_is_done() -> None:
    going = asyncio.Event()

    async def work_off(lane: Lane[str]) -> None:
        await going.wait()
        lane.items.popleft()

    lanes = Lanes[str](work_off)
    assert not lanes.has_work
    lanes.feed("one", 1, "text")
    assert lanes.has_work
    going.set()
    await lanes.finish(5)
    assert not lanes.has_work


async def test_a_worker_erases_behind_its_turns_and_its_sends(
    store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox
) -> None:
    world = replace(NightShift(store, keys, content_keys, inbox).world, connectors=cast(Any, {SMS: None}))
    worker = Worker(world, "w", lambda *_: None)
    (erasing,) = worker._erasers
    for lanes in cast(tuple[Lanes[Any], ...], (worker._turns, worker._sends)):
        assert not erasing._is_awaited()
        lanes.feed("one", 1, Item())
        assert erasing._is_awaited()
        await lanes.drop(keep=set())
