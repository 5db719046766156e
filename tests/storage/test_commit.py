"""Partitions have one owner, and only the owner writes (at-least-once with effects once)."""

import pytest

from storage.commit import Committer, LeaseLost, Writes
from storage.connection import Store
from storage.keyspace import PARTITIONS
from storage.ownership import Ownership


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
