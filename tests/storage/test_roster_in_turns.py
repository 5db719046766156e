"""Who is taken off the roster while a turn is being decided reads nothing of it (P2)."""

from typing import Any

import pytest

import app.turn_worker
from app.lanes import Lane
from app.turn_items import Item
from app.turn_worker import TurnWorker
from hotline.messages import SMS, ConversationId, ExternalId, InboundMessage
from hotline.turns import Outcome
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.inbox import Inbox
from storage.keyspace import BACKSTOP_SECONDS, partition_of
from storage.ownership import Ownership
from storage.roster import Roster
from storage.streams import Entry
from tests.storage.night_shift import LANE, SOMEONE, NightShift
from vault.readers import ReaderPrivateKey

OVERTAKEN = [("attempt_failed", "Overtaken")]


@pytest.fixture
async def night(store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox) -> NightShift:
    return await NightShift(store, keys, content_keys, inbox).opens("ann", "bea")


async def takes_turn(night: NightShift, text: str) -> ConversationId:
    """A text comes in and is worked off, however many tries it takes; its conversation."""
    await night.inbox.put_message(InboundMessage(SMS, SOMEONE, ExternalId(f"SM{text}"), text=text))
    await Ownership(night.store, "w").beat()
    partition = partition_of(LANE)
    lane, worker = Lane[Item](LANE, partition), TurnWorker(night.world)
    for identifier, fields in await night.store.call("XRANGE", f"inbox:{partition}", "-", "+"):
        lane.items.append(Item(entry=Entry("inbox", partition, identifier.decode(), LANE, fields)))
    while lane.items:
        await worker.work_off(lane)
    return ConversationId((await night.store.call("GET", f"address:{LANE}")).decode())


async def who_opens(night: NightShift, keys: Store, conversation: ConversationId) -> set[str]:
    """Who has a wrap of any epoch that a line of the window is sealed to."""
    lines = await night.store.call("LRANGE", f"window:{conversation}", 0, -1)
    wraps = [name.decode().split("|") for name in await keys.call("HKEYS", f"wraps:{conversation}")]
    assert lines
    return {who for epoch, who in wraps if any(epoch.encode() in line for line in lines)}


@pytest.fixture
def changes_meanwhile(night: NightShift, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is put in here is done once, while the next turn is being decided."""
    waiting, decide = list[Any](), app.turn_worker.handle_inbound

    async def decides(*given: Any) -> Outcome:
        outcome = await decide(*given)
        while waiting:
            await waiting.pop()
        return outcome

    monkeypatch.setattr(app.turn_worker, "handle_inbound", decides)
    return waiting


async def test_nothing_of_a_first_text_is_sealed_to_who_left_while_it_was_decided_p2(
    night: NightShift, keys: Store, changes_meanwhile: list[Any]
) -> None:
    changes_meanwhile.append(Roster(night.store).remove("ann"))
    assert await who_opens(night, keys, await takes_turn(night, "!danger")) == {"bea"}
    assert night.tally.failures == OVERTAKEN, "the turn was begun anew"


async def test_nothing_of_a_later_text_is_sealed_to_who_left_or_was_reset_while_it_was_decided_p2(
    night: NightShift, keys: Store, changes_meanwhile: list[Any]
) -> None:
    conversation = await takes_turn(night, "!danger")
    await night.store.call("DEL", f"window:{conversation}")
    other = ReaderPrivateKey.create().public()
    changes_meanwhile += [Roster(night.store).remove("ann"), Roster(night.store).put("bea", other)]
    epoch = await keys.call("HGET", f"epoch:{conversation}", "id")
    assert await takes_turn(night, "!danger again") == conversation
    assert await who_opens(night, keys, conversation) == {"bea"} and night.tally.failures == OVERTAKEN
    assert await keys.call("HGET", f"epoch:{conversation}", "id") != epoch


async def test_who_comes_while_a_text_is_decided_reads_it_p2(
    night: NightShift, keys: Store, changes_meanwhile: list[Any]
) -> None:
    changes_meanwhile.append(Roster(night.store).put("cleo", ReaderPrivateKey.create().public()))
    assert await who_opens(night, keys, await takes_turn(night, "!danger")) == {"ann", "bea", "cleo"}


async def test_with_the_same_people_a_conversation_keeps_its_epoch_p2(night: NightShift, keys: Store) -> None:
    conversation = await takes_turn(night, "!danger")
    epoch = await keys.call("HGET", f"epoch:{conversation}", "id")
    await takes_turn(night, "!danger again")
    assert await keys.call("HGET", f"epoch:{conversation}", "id") == epoch
    assert await who_opens(night, keys, conversation) == {"ann", "bea"} and not night.tally.failures


async def test_the_keys_of_an_open_conversation_live_on_with_each_of_its_texts_p3(
    night: NightShift, keys: Store
) -> None:
    conversation = await takes_turn(night, "!danger")
    names = [f"{kind}:{conversation}" for kind in ("content-key", "epoch", "wraps")]
    for name in names:
        assert await keys.call("TTL", name) > BACKSTOP_SECONDS - 60
        await keys.call("EXPIRE", name, 100)
    await takes_turn(night, "!danger again")
    for name in names:
        assert await keys.call("TTL", name) > BACKSTOP_SECONDS - 60
