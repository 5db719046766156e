"""The walk finds what is not in the data map or past its bound: one that finds nothing proves nothing."""

import time
from datetime import UTC, datetime

import pytest

from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.inbox import Inbox
from storage.keyspace import BACKSTOP_SECONDS
from tests.security.data_walk import walk
from tests.storage.conftest import list_keys
from tests.storage.night_shift import NightShift

NOW = time.time()


@pytest.fixture
async def night(store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox) -> NightShift:
    for key in await list_keys(keys):
        if not key.startswith((b"half:", b"challenge:", b"inbox-")):
            await keys.call("DEL", key)
    night = NightShift(store, keys, content_keys, inbox)
    night.clock.at = datetime.now(UTC)  # the walk looks at what ends by the real time
    await night.opens("ann")
    await night.texts("!imminent")
    (listed,) = await night.waiting()
    await night.clicks("claim", "ann", listed.id)
    await store.call("DEL", *await list_keys(store, "deadlines:*"))
    return night


async def test_what_is_as_the_map_says_has_no_fault_p3(night: NightShift, store: Store, keys: Store) -> None:
    assert await walk(store, keys, time.time()) == []


PLANTED = [
    (("SET", "note", "x"), "store: note is not in the data map"),
    (("SET", "seen:abc", "1"), "store: seen:abc has -1 seconds to live, not 172800 at most"),
    (("SET", "address:abc", "gone", "EX", 60), "address:abc leads to no conversation"),
    (("SET", "blocked:abc", "1", "EX", 99999), "store: blocked:abc has 99999 seconds to live, not 86400 at most"),
    (("SET", "opted-out:abc", "1", "EX", 60), "store: opted-out:abc has 60 seconds to live, not None at most"),
    (("HSET", "account:ann", "number", "x"), "store: account:ann has an unknown field number"),
    (("HSET", "window:abc", "a", "x"), "store: window:abc is a hash, not a list"),
    (("XADD", "dead", "1000-1", "a", "x"), f"store: dead has an entry of {NOW - 1:.0f} s ago"),
    (("XADD", "events", "1000-1", "kind", "x"), f"store: events has an entry of {NOW - 1:.0f} s ago"),
    (("XADD", "inbox:1", "1000-1", "text", "x"), "store: inbox:1 has an unknown field text"),
    (("ZADD", "deadlines:1", NOW - 900, "x"), "store: deadlines:1 has an entry -900 s from now"),
    (("ZADD", "deadlines:1", NOW + 90000, "y"), "store: deadlines:1 has an entry 90000 s from now"),
    (("ZADD", "resting", NOW - 900, "bob"), "store: resting has an entry -900 s from now"),
    (("HSET", "attempts:1", "1000-1", "2"), f"store: attempts:1 has an entry of {NOW - 1:.0f} s ago"),
    (("HSET", "shifts", "a", '["a","b","c","2026-01-01T00:00:00+00:00"]'),
     "store: shifts has an entry until 2026-01-01T00:00:00+00:00"),
    (("SADD", "open", "gone"), "open: gone is gone"),
]  # fmt: skip


async def test_what_is_not_as_the_map_says_is_found_p3(night: NightShift, store: Store, keys: Store) -> None:
    await store.call("DEL", "events")
    for planted, _ in PLANTED:
        await store.call(*planted)
    found = await walk(store, keys, NOW)
    assert [fault for _, fault in PLANTED if fault not in found] == []


async def test_a_row_that_a_conversation_left_behind_is_found_once_a_sweep_should_have_taken_it_p3(
    night: NightShift, store: Store, keys: Store
) -> None:
    await store.call("HSET", "status:gone", "n", "sent")
    await store.call("EXPIRE", "status:gone", BACKSTOP_SECONDS - 10)
    assert await walk(store, keys, time.time()) == []
    await store.call("EXPIRE", "status:gone", BACKSTOP_SECONDS - 300)
    assert await walk(store, keys, time.time()) == ["status:gone has no conversation"]


async def test_a_key_that_opens_what_is_gone_is_found_p3(night: NightShift, store: Store, keys: Store) -> None:
    for kind in ("content-key", "epoch", "wraps"):
        (name,) = await list_keys(keys, f"{kind}:*")
        await keys.call("RENAME", name, f"{kind}:gone")
        assert not any("gone" in fault for fault in await walk(store, keys, NOW)), "a turn may be about to write it"
        await keys.call("EXPIRE", f"{kind}:gone", BACKSTOP_SECONDS - 3600)
        assert f"{kind}:gone has no conversation" in await walk(store, keys, NOW)
        await keys.call("RENAME", f"{kind}:gone", name)
        await keys.call("EXPIRE", name, BACKSTOP_SECONDS)
