"""Partitions have one owner, and only the owner writes (at-least-once with effects once)."""

from collections.abc import Callable

import pytest

from app.watched import WatchedCommitter
from storage.commit import Committer, LeaseLost, Writes
from storage.connection import Store
from storage.keyspace import PARTITIONS
from storage.ownership import Ownership
from tests.storage.night_shift import Tally
from vault.content import ContentKey


async def test_a_lone_worker_owns_everything(store: Store) -> None:
    assert await Ownership(store, "one").beat() == set(range(PARTITIONS))


async def test_two_workers_share_evenly_and_never_the_same(store: Store) -> None:
    one, two = Ownership(store, "one"), Ownership(store, "two")
    await one.beat()
    for _ in range(3):
        first, second = await one.beat(), await two.beat()
        assert not first & second
    assert len(await one.beat()) == len(await two.beat()) == PARTITIONS // 2


async def test_a_released_partition_can_be_taken_at_once(store: Store) -> None:
    one, two = Ownership(store, "one"), Ownership(store, "two")
    await one.beat()
    await one.release_all()
    assert await two.beat() == set(range(PARTITIONS))


async def test_the_owner_writes_all_of_a_turn(store: Store) -> None:
    await Ownership(store, "one").beat()
    writes = Writes()
    writes.add("SET", "seen:a", "1")
    writes.add("SADD", "open", "x")
    await Committer(store, "one").commit(3, writes)
    assert await store.call("GET", "seen:a") == b"1"
    assert await store.call("SISMEMBER", "open", "x") == 1


async def test_a_worker_that_lost_its_lease_writes_nothing(store: Store) -> None:
    await Ownership(store, "one").beat()
    writes = Writes()
    writes.add("SET", "seen:a", "1")
    with pytest.raises(LeaseLost):
        await Committer(store, "two").commit(3, writes)
    assert await store.call("GET", "seen:a") is None


async def test_a_partition_that_another_took_over_is_not_given_away(store: Store) -> None:
    one, two = Ownership(store, "one"), Ownership(store, "two")
    await one.beat()
    await store.call("SET", "lease:3", "two")
    await one.release(3)
    assert await store.call("GET", "lease:3") == b"two"
    await two.release(3)
    assert await store.call("GET", "lease:3") is None


async def test_what_hangs_on_a_key_is_written_only_while_it_is_there_and_the_rest_in_any_case_p3(store: Store) -> None:
    await Ownership(store, "one").beat()
    await store.call("HSET", "conversation:kept", "owner", "with_bot")
    writes = Writes()
    for name in ("kept", "erased"):
        writes.add_if_there(f"conversation:{name}", "HSET", f"status:{name}", "n", "sent")
    writes.add("SET", "seen:a", "1")
    await Committer(store, "one").commit(3, writes)
    assert await store.call("HGET", "status:kept", "n") == b"sent"
    assert await store.call("EXISTS", "status:erased") == 0
    assert await store.call("GET", "seen:a") == b"1"


@pytest.mark.parametrize("build", [Committer, lambda store, worker: WatchedCommitter(store, worker, Tally())])
async def test_a_sending_begins_with_the_commit_that_queues_it_and_once_x5(
    store: Store, build: Callable[[Store, str], Committer]
) -> None:
    await Ownership(store, "one").beat()
    committer, writes = build(store, "one"), Writes()
    writes.add_begun(3, "number", key := ContentKey.create("sparrow"), "then", "XADD", "outbox:3", "*", "n", "number")
    await committer.commit(3, writes)
    ((identifier, fields),) = await store.call("XRANGE", "outbox:3", "-", "+")
    there = identifier.decode()
    assert fields == {b"n": b"number"} and writes.begun == {"number": key}
    assert not await committer.mark_sending(3, there, "later"), "it may be out already"
    assert await store.call("HGETALL", "sending:3") == {identifier: b"then"}
    await store.call("HDEL", "sending:3", there)
    assert await committer.mark_sending(3, there, "later")
    await store.call("XDEL", "outbox:3", there)
    await store.call("HDEL", "sending:3", there)
    with pytest.raises(LeaseLost):
        await committer.mark_sending(3, there, "too late")
    assert await store.call("EXISTS", "sending:3") == 0
