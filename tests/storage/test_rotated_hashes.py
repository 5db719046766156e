"""After a rotation of the address key everything is found under the old hash and moves on contact (P4)."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from hotline.messages import SMS
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.inbox import Inbox
from storage.keyspace import partition_of
from tests.storage.conftest import ADDRESS_KEYS, list_keys
from tests.storage.night_shift import LANE, SOMEONE, NightShift
from vault.addresses import AddressKeys

ROTATED = AddressKeys((b"new" * 11, *ADDRESS_KEYS.secrets))
NEW = ROTATED.hash_address(SMS, SOMEONE)


@pytest.fixture
async def night(store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox) -> NightShift:
    return await NightShift(store, keys, content_keys, inbox).opens("robin", "luz")


async def _rotate(night: NightShift) -> None:
    night.world = replace(night.world, address_keys=ROTATED)
    night.inbox = Inbox(night.store, night.public_keys, ROTATED)


async def _keys_under(store: Store, lane: str) -> Sequence[str]:
    """But for its pace, which outlives a conversation on purpose, for an hour."""
    found = [key.decode() for key in await list_keys(store, f"*{lane}*") if not key.startswith(b"pace:")]
    members = [member.decode() for member in await store.call("ZRANGE", f"deadlines:{partition_of(lane)}", 0, -1)]
    return sorted([*found, *(member for member in members if lane in member)])


async def test_a_stop_from_before_a_rotation_holds_and_moves_with_the_next_text_p4(
    night: NightShift, store: Store
) -> None:
    await night.texts("hi")
    await night.texts("STOP")
    await _rotate(night)
    assert await night.texts("MENU") == []
    assert await store.call("EXISTS", f"opted-out:{NEW}") == 1
    assert await store.call("EXISTS", f"opted-out:{LANE}") == 0
    assert await night.texts("MENU") == [], "and it is not forgotten by having been moved"


async def test_start_lifts_a_stop_that_was_never_moved_p4_k2(night: NightShift, store: Store) -> None:
    await night.texts("STOP")
    await _rotate(night)
    await night.texts("START")
    assert await list_keys(store, "opted-out:*") == []


async def test_a_conversation_goes_on_under_the_newest_hash_and_leaves_nothing_under_the_old_one_p4(
    night: NightShift, store: Store
) -> None:
    await night.texts("!imminent")
    (before,) = await night.waiting()
    await _rotate(night)
    assert await night.clicks("claim", "robin", before.id) == "done", "whoever has it finds it under the old hash"
    await night.texts("are you there")
    (after,) = await night.waiting()
    assert after.id == before.id
    assert await store.call("GET", f"address:{NEW}") == before.id.encode()
    assert await _keys_under(store, LANE) == [] and await store.call("EXISTS", f"pace:{LANE}") == 0
    assert len(await _keys_under(store, NEW)) > 1, "its address and what falls due"
    assert await store.call("HGET", f"conversation:{before.id}", "address_hash") == NEW.encode()


async def test_one_that_ends_with_the_first_text_after_a_rotation_is_erased_under_both_hashes_p4(
    night: NightShift, store: Store
) -> None:
    await night.texts("hi")
    await _rotate(night)
    await night.texts("BYE")
    assert await list_keys(store, "conversation:*") == []
    assert await _keys_under(store, LANE) == []
    assert await _keys_under(store, NEW) == []


async def test_what_falls_due_before_the_next_text_still_ends_it_under_the_old_hash_p4(
    night: NightShift, store: Store
) -> None:
    await night.texts("hi")
    await _rotate(night)
    await night.passes(minutes=31)
    assert await list_keys(store, "conversation:*") == []
    assert await _keys_under(store, LANE) == []


async def test_a_block_from_before_a_rotation_keeps_its_own_end_p4_r8(night: NightShift, store: Store) -> None:
    until = night.clock.now().timestamp() + 3600
    await store.call("SET", f"blocked:{LANE}", until, "EX", 3600)
    await _rotate(night)
    await night.texts("hi")
    assert float(await store.call("GET", f"blocked:{NEW}")) == until
    assert 3590 <= await store.call("TTL", f"blocked:{NEW}") <= 3600
    assert await store.call("EXISTS", f"blocked:{LANE}") == 0


async def test_a_repeated_delivery_is_still_known_after_a_rotation_x4(night: NightShift) -> None:
    await night.texts("hi")
    await _rotate(night)
    night.number -= 1
    assert await night.texts("hi") == []
