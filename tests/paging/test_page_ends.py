"""What a page leaves to write waits for a round; the page itself waits for nothing (H3)."""

import asyncio

import pytest

from app import rounds
from app.lanes import Lane
from app.pager import Pager
from storage.contacts import BROWSER
from storage.streams import Entry
from tests.paging.conftest import LANE, PARTITION, Night


async def test_a_page_goes_out_at_once_and_what_is_left_to_write_of_it_waits_for_its_round_h3(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless another page stands behind it."""
    monkeypatch.setattr(rounds, "ROUND_SECONDS", 60)
    await night.hire("robin", BROWSER)
    await night.plan("robin", "on_call")
    await night.wait("on_call")
    lane = Lane[Entry](LANE, PARTITION)
    await night.wait("on_call")
    lane.items.extend(await night.entries())
    assert len(lane.items) == 2
    await night.store.call("SET", f"lease:{PARTITION}", "w")
    pager = Pager(night.world)
    await pager.work_off(lane)
    assert len(lane.items) == 1 and len(await night.pushes()) == 1
    last = asyncio.create_task(pager.work_off(lane))
    async with asyncio.timeout(5):
        while len(await night.pushes()) < 2:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    assert not last.done() and len(await night.entries()) == 1
    last.cancel()
    await asyncio.gather(last, return_exceptions=True)
    monkeypatch.setattr(rounds, "ROUND_SECONDS", 0.01)
    await night.work()
    assert len(await night.pushes()) == 2, "a successor pages nobody twice"
