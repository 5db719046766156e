"""Reading the machine queues while partitions come and go (X5: in order within a conversation, and nothing skipped)."""

import asyncio

from storage.connection import Store
from storage.streams import INBOX, Entry, Streams

_BLOCK_MILLISECONDS = 2000


async def put(store: Store, partition: int, *words: str) -> None:
    for word in words:
        await store.call("XADD", f"inbox:{partition}", "*", "a", "lane", "k", "message", "m", word)


def words(entries: list[Entry]) -> list[str]:
    return [entry.fields[b"m"].decode() for entry in entries if entry.queue == INBOX]


async def reading(streams: Streams) -> asyncio.Task[list[Entry]]:
    """A read that waits already."""
    await streams.read(1)
    task = asyncio.create_task(streams.read(_BLOCK_MILLISECONDS))
    await asyncio.sleep(0.1)
    return task


async def test_what_came_for_a_partition_that_was_given_up_meanwhile_is_read_again_once_it_is_back(
    store: Store,
) -> None:
    streams = Streams(store)
    streams.own([3])
    task = await reading(streams)
    streams.own([])
    await put(store, 3, "first", "second")
    assert words(await task) == [], "it is nobody's of ours any more"
    streams.own([3])
    await put(store, 3, "third")
    assert words(await streams.read(1)) == ["first", "second", "third"]


async def test_a_partition_that_went_and_came_back_during_one_read_is_read_from_its_beginning(store: Store) -> None:
    streams = Streams(store)
    await put(store, 3, "first")
    streams.own([3])
    task = await reading(streams)
    streams.own([])
    streams.own([3])
    await put(store, 3, "second")
    found = words(await task)
    found += words(await streams.read(1))
    assert found == ["first", "second"]


async def test_a_partition_that_comes_during_a_read_is_known_as_taken_over(store: Store) -> None:
    """What lay there may be what killed the last worker."""
    streams = Streams(store)
    streams.own([3])
    task = await reading(streams)
    await put(store, 4, "old")
    streams.own([3, 4])
    await put(store, 3, "new")
    await task
    (entry,) = await streams.read(1)
    assert entry.partition == 4 and entry.taken_over
