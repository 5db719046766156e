"""What a provider says became of a message is noted where its conversation is kept, and nowhere else (X1, P3)."""

import pytest

from app.lanes import Lane
from app.rounds import Rounds
from app.status_worker import StatusWorker
from app.work_loop import Worker
from hotline.messages import SMS, ExternalId, Status, StatusUpdate
from storage.keyspace import PARTITIONS
from storage.ownership import Ownership
from storage.streams import Entry
from tests.storage.conftest import ADDRESS_KEYS
from tests.storage.night_shift import NightShift

OURS = ExternalId("SM-ours")


@pytest.fixture
async def night(store, keys, content_keys, inbox) -> NightShift:
    return await NightShift(store, keys, content_keys, inbox).opens("wren")


async def hears(night: NightShift, status: Status, conversation: str) -> None:
    """The provider speaks of a message that was sent in a conversation."""
    for hashed in ADDRESS_KEYS.hash_external_id_under_all(SMS, OURS):
        await night.store.call("SET", f"sent:{hashed}", f"{conversation}:n1")
    await night.inbox.put_status(StatusUpdate(SMS, OURS, status, "30003", False))
    await Ownership(night.store, "w").beat()
    for partition in range(PARTITIONS):
        for identifier, fields in await night.store.call("XRANGE", f"inbox:{partition}", "-", "+"):
            lane = Lane[Entry](fields[b"a"].decode(), partition)
            lane.items.append(Entry("inbox", partition, identifier.decode(), lane.name, fields))
            await StatusWorker(night.world).work_off(lane)


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.FAILED])
async def test_a_status_is_noted_and_shown_where_the_conversation_is_kept_x1(night, status: Status) -> None:
    await night.texts("!imminent")
    (listed,) = await night.waiting()
    before = await night.store.call("XLEN", "events")
    await hears(night, status, listed.id)
    assert await night.store.call("HGET", f"status:{listed.id}", "n1") == status.encode()
    assert await night.store.call("XLEN", "events") == before + 1


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.FAILED])
async def test_of_a_conversation_that_is_erased_no_status_is_noted_and_nobody_is_told_p3(night, status: Status) -> None:
    before = await night.store.call("XLEN", "events")
    await hears(night, status, "erased")
    assert await night.store.call("EXISTS", "status:erased") == 0
    assert await night.store.call("XLEN", "events") == before
    assert [await night.store.call("XLEN", f"inbox:{n}") for n in range(PARTITIONS)] == [0] * PARTITIONS


async def test_statuses_and_the_ends_of_pages_go_in_rounds_which_wait_for_danger(night) -> None:
    worker = Worker(night.world, "w", lambda *_: None)
    gate = worker._statuses._gate
    assert isinstance(gate, Rounds) and not gate._is_held()
    worker._precedence.give("somebody")
    assert gate._is_held()
    assert worker._pager._rounds is gate
