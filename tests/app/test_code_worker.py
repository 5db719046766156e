"""Code words over a real store: what is kept, what is heard, and how long it takes (C9)."""

import asyncio
import statistics
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from app.code_worker import CodeWorker, Weighed
from app.cover_file import Taken
from hotline.conversations import Conversation, Session
from hotline.messages import SMS, TELEGRAM, Address, ConversationId, InboundMessage
from storage.commit import Writes
from storage.connection import Store
from storage.content_files import load_documents
from storage.keyspace import CODE_WORD_SECONDS
from tests.storage.conftest import servers, store
from vault.addresses import AddressKeys

__all__ = ["servers", "store"]

KIM, STRANGER = Address("+17025550123"), Address("+17025550124")
TAKEN = Taken(load_documents())


@pytest.fixture
def worker(store: Store) -> CodeWorker:
    world: Any = SimpleNamespace(
        store=store,
        address_keys=AddressKeys((b"k" * 32,), ("0000000a",)),
        services=SimpleNamespace(find_act=TAKEN.find_act),
    )
    return CodeWorker(world)


async def say(worker: CodeWorker, text: str, address: Address = KIM, channel: Any = SMS, **session: Any) -> Weighed:
    before = Conversation(ConversationId("c1"), channel, Session(address, **session))
    message = InboundMessage(channel, address, None, text=text)
    return await worker.weigh(message, before, opted_out=False)


async def keep(store: Store, weighed: Weighed) -> None:
    writes = Writes()
    weighed.write(writes)
    for operation in writes.operations:
        await store.call(*operation)


async def test_a_chosen_word_is_known_again_from_that_address_and_channel_alone_c9(
    worker: CodeWorker, store: Store
) -> None:
    assert (await say(worker, "CODE tulip")).code == "unmatched"
    await keep(store, await say(worker, "new code Tulip"))
    assert (await say(worker, "code TULIP.")).code == "matched"
    assert (await say(worker, "code tulips")).code == "unmatched"
    assert (await say(worker, "code tulip", STRANGER)).code == "unmatched"
    assert (await say(worker, "code tulip", channel=TELEGRAM)).code == "unmatched"


async def test_nothing_but_a_slow_hash_is_kept_and_for_ninety_days_c9(worker: CodeWorker, store: Store) -> None:
    weighed = await say(worker, "new code tulip")
    await keep(store, weighed)
    _, keys = await store.call("SCAN", 0, "COUNT", 500)
    assert keys == [f"code-word:{weighed.keep}".encode()]
    assert await store.call("GET", keys[0]) == b"0000000a", "which address key it needs"
    assert CODE_WORD_SECONDS - 5 <= await store.call("TTL", keys[0]) <= CODE_WORD_SECONDS


async def test_saying_a_word_keeps_nothing_so_a_guess_never_becomes_right_c9(worker: CodeWorker, store: Store) -> None:
    for _ in range(2):
        weighed = await say(worker, "code guess")
        await keep(store, weighed)
        assert weighed.code == "unmatched" and weighed.keep is None


async def test_right_wrong_and_unused_take_about_the_same_time_c9(worker: CodeWorker, store: Store) -> None:
    await keep(store, await say(worker, "new code tulip"))
    seconds: dict[str, list[float]] = {"code tulip": [], "code wrong": [], "new code other": []}
    for _ in range(3):
        for text, taken in seconds.items():
            begun = time.perf_counter()
            await say(worker, text)
            taken.append(time.perf_counter() - begun)
    fastest = {text: min(taken) for text, taken in seconds.items()}
    assert max(fastest.values()) < 2 * min(fastest.values())
    assert min(fastest.values()) > 0.01


async def test_other_texts_go_on_while_a_word_is_hashed_and_are_never_hashed_c9(worker: CodeWorker) -> None:
    words = [asyncio.create_task(say(worker, f"code tulip{number}")) for number in range(4)]
    await asyncio.sleep(0)
    taken: list[float] = []
    while not all(word.done() for word in words):
        begun = time.perf_counter()
        assert await say(worker, "where can i get food") == Weighed()
        taken.append(time.perf_counter() - begun)
        await asyncio.sleep(0.001)
    assert statistics.median(taken) < 0.005
    await asyncio.gather(*words)


async def test_no_code_word_is_shown_to_staff_under_cover_or_after_stop_either_c9(worker: CodeWorker) -> None:
    before = Conversation(ConversationId("c1"), SMS, Session(KIM))
    message = InboundMessage(SMS, KIM, None, text="code tulip")
    assert await worker.weigh(message, before, opted_out=True) == Weighed(hidden=True)
    assert await worker.weigh(message, replace(before, covered=True), opted_out=False) == Weighed(hidden=True)


async def test_a_session_weighs_five_words_and_no_more_c9(worker: CodeWorker) -> None:
    assert (await say(worker, "code tulip", codes_heard=4)).code == "unmatched"
    assert await say(worker, "code tulip", codes_heard=5) == Weighed(hidden=True)


async def test_a_flood_of_words_is_answered_unweighed_c9(worker: CodeWorker) -> None:
    weighed = await asyncio.gather(*(say(worker, f"code tulip{number}") for number in range(12)))
    assert sum(one.code is None for one in weighed) == 4
    assert all(one.hidden for one in weighed)
