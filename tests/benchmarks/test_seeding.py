"""Copies of a conversation: each has every key that the played one has, of the same kind, size and life."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from benchmarks.seeding import Played, copy_conversations, find_played, rewrite_file
from hotline.deadlines import KINDS
from storage.connection import Store
from storage.keyspace import PARTITIONS, partition_of
from tests.real_store import RealStores

ID, LANE = "c" * 24, "0" * 32


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealStores]:
    stores = RealStores(Path(tmp_path_factory.mktemp("servers")))
    stores.start("store")
    stores.start("keys")
    yield stores
    stores.stop()


@pytest.fixture
async def pair(servers: RealStores) -> AsyncIterator[tuple[Store, Store]]:
    store, keys = Store(servers.url("store", "worker")), Store(servers.url("keys", "worker"))
    await store.call_all(
        [
            ("HSET", f"conversation:{ID}", "id", ID, "owner", "with_bot", "address_hash", LANE, "session", "sealed"),
            ("EXPIRE", f"conversation:{ID}", 1000),
            ("DEL", f"window:{ID}"),
            ("RPUSH", f"window:{ID}", "one", "two"),
            ("HSET", f"status:{ID}", "n", "sent"),
            ("HSET", f"pace:{LANE}", "minute_texts", 3),
            ("SET", f"address:{LANE}", ID, "EX", 1000),
            ("ZADD", f"deadlines:{partition_of(LANE)}", 5, f"{KINDS[0]}|{LANE}|{ID}"),
            ("SET", "seen:1", "1"),
            ("SET", "sent:1", "x"),
            ("SET", "sent:2", "x"),
        ]
    )
    await keys.call_all([("SET", f"content-key:{ID}", "k", "EX", 900), ("HSET", f"epoch:{ID}", "id", "e")])
    yield store, keys
    await store.aclose()
    await keys.aclose()


async def test_what_was_played_is_found_with_the_marks_that_it_left(pair: tuple[Store, Store]):
    assert await find_played(pair[0]) == [Played(ID, LANE, 1, 2)]


async def test_what_waits_for_a_person_is_not_copied(pair: tuple[Store, Store]):
    await pair[0].call("HSET", f"conversation:{ID}", "owner", "waiting")
    with pytest.raises(RuntimeError, match="with the bot"):
        await find_played(pair[0])


async def test_each_copy_has_every_key_under_an_id_and_a_hash_of_its_own(pair: tuple[Store, Store]):
    store, keys = pair
    await copy_conversations(store, keys, [Played(ID, LANE, 1, 2)], 0, 300)
    for kind in ("conversation", "window", "status", "pace", "address"):
        assert len(await store.scan(f"{kind}:*")) == 301, kind
    assert (len(await store.scan("seen:*")), len(await store.scan("sent:*"))) == (301, 602)
    assert (len(await keys.scan("content-key:*")), len(await keys.scan("epoch:*"))) == (301, 301)
    due = [await store.call("ZCARD", f"deadlines:{n}") for n in range(PARTITIONS)]
    assert sum(due) == 301
    assert min(due) > 0
    (name,) = [n for n in (await store.scan("conversation:*"))[:2] if not n.endswith(ID)][:1]
    new = name.partition(":")[2]
    row = await store.call("HMGET", name, "id", "address_hash", "session")
    assert row[0] == new.encode()
    assert row[2] == b"sealed"
    assert await store.call("GET", f"address:{row[1].decode()}") == new.encode()
    assert 0 < await store.call("TTL", name) <= 1000
    assert await store.call("LRANGE", f"window:{new}", 0, -1) == [b"one", b"two"]
    assert await keys.call("GET", f"content-key:{new}") == b"k"


async def test_a_number_is_always_the_same_conversation(pair: tuple[Store, Store]):
    store, keys = pair
    await copy_conversations(store, keys, [Played(ID, LANE, 1, 2)], 0, 300)
    before = len(await store.scan("*"))
    await copy_conversations(store, keys, [Played(ID, LANE, 1, 2)], 100, 100)
    assert len(await store.scan("*")) == before


async def test_the_rewrite_that_copies_ask_for_is_over_before_anything_is_measured(pair: tuple[Store, Store]):
    store, keys = pair
    await copy_conversations(store, keys, [Played(ID, LANE, 1, 2)], 0, 20_000)
    assert await rewrite_file(store) > 0
    state = await store.read_persistence()
    assert state["aof_rewrite_in_progress"] == state["aof_rewrite_scheduled"] == "0"
    assert state["aof_current_size"] == state["aof_base_size"]
