"""How long each thing stays, by a clock that can be set: minutes and hours, never by count alone (P3)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hotline.messages import SMS, ExternalId, InboundMessage
from storage import turn_writes
from storage.commit import Committer, Writes
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.data_map import find_stored
from storage.inbox import Inbox
from storage.keyspace import DEDUPE_SECONDS, PARTITIONS
from storage.ownership import Ownership
from storage.resource_counts import StoreResourceCounts
from storage.stored import OF_TEXTERS
from storage.sweep import Sweep
from tests.storage.conftest import list_keys
from tests.storage.night_shift import LANE, SOMEONE, NightShift


@pytest.fixture
async def night(store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox) -> NightShift:
    for pattern in ("content-key:*", "epoch:*", "wraps:*"):
        for key in await list_keys(keys, pattern):
            await keys.call("DEL", key)
    return await NightShift(store, keys, content_keys, inbox).opens("ann")


async def _speaking_of(store: Store, *words: str) -> set[str]:
    """Patterns of the keys whose name or content holds one of these words."""
    found = set()
    for name in await store.scan("*"):
        content = repr(await _content(store, name))
        if any(word in name or word in content for word in words):
            stored = find_stored("store", name)
            found.add(stored.pattern if stored else name)
    return found


async def _content(store: Store, name: str) -> object:
    read = {
        b"string": ("GET", name), b"hash": ("HGETALL", name), b"list": ("LRANGE", name, 0, -1),
        b"set": ("SMEMBERS", name), b"zset": ("ZRANGE", name, 0, -1), b"stream": ("XRANGE", name, "-", "+"),
    }  # fmt: skip
    return await store.call(*read[await store.call("TYPE", name)])


async def _lengths(store: Store, queue: str) -> int:
    return sum([int(await store.call("XLEN", f"{queue}:{partition}")) for partition in range(PARTITIONS)])


async def test_a_text_leaves_the_inbox_with_its_turn_and_a_reply_the_outbox_when_it_is_taken_p2(
    night: NightShift, store: Store
) -> None:
    await night.inbox.put_message(InboundMessage(SMS, SOMEONE, ExternalId("SM9"), text="hi"))
    assert await _lengths(store, "inbox") == 1
    await night.works()
    assert await _lengths(store, "inbox") == 0 and await _lengths(store, "outbox") > 0
    await night.sends()
    assert await _lengths(store, "outbox") == 0


async def test_a_session_ends_after_half_an_hour_and_leaves_marks_that_say_nothing_p3(
    night: NightShift, store: Store, keys: Store
) -> None:
    await night.texts("hi")
    (name,) = await list_keys(store, "conversation:*")
    conversation = name.decode().partition(":")[2]
    await night.passes(minutes=29)
    assert await list_keys(store, "conversation:*") == [name]
    await night.passes(minutes=2)
    assert await _speaking_of(store, LANE, SOMEONE, SOMEONE[2:]) == set()
    assert await _speaking_of(store, conversation) <= {"events"}, "that something changed, for an hour"
    assert await list_keys(keys, f"*{conversation}") == []
    left = {stored.pattern for key in await store.scan("*") if (stored := find_stored("store", key))}
    of_texters = {p for p in left if (s := find_stored("store", p)) and s.data_class in OF_TEXTERS}
    assert of_texters == {"seen:*", "inbox:*", "outbox:*"}, "hashes of provider ids, for 48 hours; and empty queues"
    assert await _lengths(store, "inbox") == await _lengths(store, "outbox") == 0


async def test_after_a_close_nothing_is_left_of_window_address_or_key_p3(
    night: NightShift, store: Store, keys: Store
) -> None:
    await night.texts("!imminent he wont let me")
    (listed,) = await night.waiting()
    await night.clicks("claim", "ann", listed.id)
    await store.call("DEL", *await store.scan("pages:*"))  # no pager runs here
    assert await _speaking_of(store, LANE) == {"address:*", "conversation:*", "deadlines:*", "outbox:*"}
    await night.goes_out()
    assert await night.clicks("close", "ann", listed.id, "reported") == "done"
    await night.sends()
    assert await _speaking_of(store, LANE, SOMEONE) == set()
    assert await _speaking_of(store, listed.id) <= {"events", "sent:*"}
    for key in await list_keys(keys, f"*{listed.id}"):
        assert key.startswith(b"content-key:") and await keys.call("TTL", key) <= 300


async def test_of_who_said_stop_a_keyed_hash_is_left_and_nothing_else_p3_k2(night: NightShift, store: Store) -> None:
    await night.texts("hi")
    await night.texts("STOP")
    await night.passes(minutes=31)
    assert await _speaking_of(store, LANE, SOMEONE, SOMEONE[2:]) == {"opted-out:*"}
    assert await store.call("GET", f"opted-out:{LANE}") == b"1"
    assert await store.call("TTL", f"opted-out:{LANE}") == -1


async def test_a_delivery_is_known_by_a_hash_for_48_hours_p3_x4(night: NightShift, store: Store) -> None:
    await night.inbox.put_message(InboundMessage(SMS, SOMEONE, ExternalId("SMneverstored"), text="hi"))
    await night.works()
    await night.sends()
    assert await _speaking_of(store, "SMneverstored", "SM-out") == set()
    for pattern in ("seen:*", "sent:*"):
        for key in await list_keys(store, pattern):
            assert DEDUPE_SECONDS - 60 < await store.call("TTL", key) <= DEDUPE_SECONDS
            assert key.decode().partition(":")[2].isalnum() and len(key.partition(b":")[2]) == 32
        assert await list_keys(store, pattern)


async def test_dead_letters_go_after_48_hours_however_few_they_are_p3(night: NightShift, store: Store) -> None:
    await Ownership(store, "w").beat()
    writes = Writes()
    turn_writes.bury(writes, LANE, "message", b"sealed", "ValueError")
    await Committer(store, "w").commit(0, writes)
    buried = int((await store.call("XRANGE", "dead", "-", "+"))[0][0].partition(b"-")[0]) / 1000
    sweep = Sweep(store, night.content_keys, night.world.epochs, night.clock)
    night.clock.at = datetime.fromtimestamp(buried, UTC) + timedelta(hours=47, minutes=59)
    await sweep.run()
    assert await store.call("XLEN", "dead") == 1
    assert await store.call("XLEN", "events") == 0, "what consoles were told goes after an hour"
    night.clock.at += timedelta(minutes=2)
    await sweep.run()
    assert await store.call("XLEN", "dead") == 0


async def test_what_consoles_were_told_stays_for_an_hour_p3(night: NightShift, store: Store) -> None:
    await night.texts("!imminent")
    (first, *_) = await store.call("XRANGE", "events", "-", "+")
    told = int(first[0].partition(b"-")[0]) / 1000
    sweep = Sweep(store, night.content_keys, night.world.epochs, night.clock)
    night.clock.at = datetime.fromtimestamp(told, UTC) + timedelta(minutes=59)
    await sweep.run()
    assert await store.call("XLEN", "events") > 0
    night.clock.at += timedelta(minutes=2)
    await sweep.run()
    assert await store.call("XLEN", "events") == 0


async def test_counts_of_places_name_nobody_and_referrals_end_after_400_days_p3(store: Store) -> None:
    counts = StoreResourceCounts(store)
    await counts.record_referral("shelter", True, date(2026, 11, 21))
    await counts.flag("shelter", "closed")
    assert await store.call("HGETALL", "referrals:2026-11-21") == {b"shelter|agreed": b"1"}
    assert await store.call("HGETALL", "flags") == {b"shelter|closed": b"1"}
    assert 0 < await store.call("TTL", "referrals:2026-11-21") <= 400 * 24 * 3600


async def test_every_key_of_a_conversation_ends_by_itself_if_every_worker_is_gone_p3(
    night: NightShift, store: Store, keys: Store
) -> None:
    await night.texts("!imminent")
    (listed,) = await night.waiting()
    for instance in (store, keys):
        for name in await instance.scan(f"*:{listed.id}"):
            assert 0 < await instance.call("TTL", name) <= 24 * 3600, name
    assert 0 < await store.call("TTL", f"address:{LANE}") <= 24 * 3600
