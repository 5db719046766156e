"""Conversations: found by keyed hash, opened by their key, shown to staff without a word of them (P3, P4, H3)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hotline.conversations import Conversation, Owner, Recent, Session
from hotline.deadlines import Timings
from hotline.messages import SMS, Address, AddressHash, ConversationId, OutboundMessage
from hotline.ports import Clock
from hotline.screening import Level
from storage import turn_writes
from storage.commit import Committer, Writes
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.conversations import Conversations
from storage.desk import Command, StoreDesk
from storage.epochs import Epoch
from storage.inbox import Inbox
from storage.keyspace import partition_of
from storage.ownership import Ownership
from storage.records import time_text
from tests.storage.conftest import ADDRESS_KEYS
from vault.addresses import AddressKeys
from vault.content import ContentKey
from vault.readers import LinePlace, ReaderPrivateKey, open_line

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
READER = ReaderPrivateKey.create()
SOMEONE = Address("+17025550123")
LANE = ADDRESS_KEYS.hash_address(SMS, SOMEONE)


class StandingClock(Clock):
    def now(self) -> datetime:
        return NOW


def _conversation(identifier: str = "c1", owner: Owner = Owner.WAITING) -> Conversation:
    session = Session(
        SOMEONE, {"slots": {"area": "reno"}}, (Recent("he wont", NOW),), offered=("food",), last_line="lifeline"
    )
    return Conversation(
        ConversationId(identifier), SMS, session, "es", owner, Level.HIGH, ("control",), True, NOW, advocate=None
    )


async def _keep(
    store: Store, content_keys: ContentKeys, conversation: Conversation, lane: AddressHash = LANE
) -> ContentKey:
    await Ownership(store, "w").beat()
    key = await content_keys.create(conversation.id)
    epoch = Epoch(conversation.id, "e" * 16, READER.public())
    writes = Writes()
    turn_writes.keep_conversation(writes, conversation, lane, key, NOW)
    turn_writes.keep_deadlines(writes, conversation, lane, NOW, 0.0, Timings())
    turn_writes.keep_window(writes, epoch, turn_writes.TEXTER, "he wont let me", NOW)
    message = OutboundMessage(SMS, SOMEONE, "hello", NOW)
    turn_writes.put_outbox(writes, key, lane, message, "n1")
    turn_writes.keep_window(writes, epoch, turn_writes.BOT, "hello", NOW, "n1")
    await Committer(store, "w").commit(partition_of(lane), writes)
    return key


async def test_a_conversation_comes_back_as_it_was(store: Store, content_keys: ContentKeys) -> None:
    kept = _conversation()
    await _keep(store, content_keys, kept)
    loaded = await Conversations(store, content_keys).load([LANE])
    assert loaded.conversation == kept and not loaded.opted_out and not loaded.unreadable


async def test_without_its_key_a_conversation_is_unreadable_but_its_codes_stand_p3(
    store: Store, content_keys: ContentKeys
) -> None:
    await _keep(store, content_keys, _conversation())
    await content_keys.delete(ConversationId("c1"))
    loaded = await Conversations(store, content_keys).load([LANE])
    assert loaded.conversation is None and loaded.unreadable and loaded.fields["owner"] == b"waiting"


async def test_after_a_key_rotation_an_address_is_found_under_its_old_hash_and_a_stop_is_never_forgotten_p4(
    store: Store, content_keys: ContentKeys
) -> None:
    await _keep(store, content_keys, _conversation())
    writes = Writes()
    turn_writes.set_opted_out(writes, LANE, True)
    await Committer(store, "w").commit(partition_of(LANE), writes)
    rotated = AddressKeys((b"new" * 11, *ADDRESS_KEYS.secrets))
    loaded = await Conversations(store, content_keys).load(rotated.hash_address_under_all(SMS, SOMEONE))
    assert loaded.conversation and loaded.opted_out and loaded.found_under == LANE


async def test_the_desk_shows_the_most_urgent_first_and_no_words(
    store: Store, content_keys: ContentKeys, inbox: Inbox
) -> None:
    await _keep(store, content_keys, _conversation("c1"))
    later = replace(_conversation("c2"), waiting_since=NOW - timedelta(minutes=9))
    await _keep(store, content_keys, later, AddressHash("1" * 32))
    worst = replace(_conversation("c3"), level=Level.IMMINENT, waiting_since=NOW + timedelta(minutes=9))
    await _keep(store, content_keys, worst, AddressHash("2" * 32))
    await _keep(store, content_keys, _conversation("c4", Owner.WITH_BOT), AddressHash("3" * 32))
    desk = StoreDesk(store, inbox, StandingClock(), 90)
    listed = await desk.list_open()
    assert [row.id for row in listed] == ["c3", "c2", "c1"]
    assert listed[2].offered == ("food",) and listed[2].language == "es"
    assert await desk.find(ConversationId("c4")) is None
    assert "7025550123" not in repr(listed) and "he wont" not in repr(listed)


async def test_the_window_is_sealed_and_tells_what_became_of_what_we_sent(
    store: Store, content_keys: ContentKeys, inbox: Inbox
) -> None:
    await _keep(store, content_keys, _conversation())
    writes = Writes()
    turn_writes.set_status(writes, "c1", "n1", "failed")
    await Committer(store, "w").commit(partition_of(LANE), writes)
    lines = await StoreDesk(store, inbox, StandingClock(), 90).read_window(ConversationId("c1"))
    assert [(line.who, line.status) for line in lines] == [("texter", None), ("bot", "failed")]
    assert [(line.epoch, line.number) for line in lines] == [("e" * 16, ""), ("e" * 16, "n1")]
    places = [LinePlace("c1", line.epoch, line.who, time_text(line.at), line.number) for line in lines]
    words = [open_line(READER, place, line.sealed) for place, line in zip(places, lines, strict=True)]
    assert words == ["he wont let me", "hello"]


async def test_a_lease_is_kept_by_the_one_who_has_it_alone_h6(
    store: Store, content_keys: ContentKeys, inbox: Inbox
) -> None:
    held = replace(_conversation(owner=Owner.WITH_ADVOCATE), advocate="ann")
    await _keep(store, content_keys, held)
    desk = StoreDesk(store, inbox, StandingClock(), 90)
    assert await desk.renew(held.id, "ann")
    assert not await desk.renew(held.id, "bob")
    assert not await desk.renew(ConversationId("c9"), "ann")
    score = await store.call("ZSCORE", f"deadlines:{partition_of(LANE)}", f"lease|{LANE}|c1")
    assert float(score) == (NOW + timedelta(seconds=90)).timestamp()


async def test_a_texter_who_keeps_writing_puts_off_no_page_and_keeps_no_gone_advocate_h3_h6(
    store: Store, content_keys: ContentKeys
) -> None:
    await _keep(store, content_keys, replace(_conversation(), level=Level.IMMINENT))
    name, member = f"deadlines:{partition_of(LANE)}", f"page|{LANE}|c1"
    before = float(await store.call("ZSCORE", name, member))
    writes = Writes()
    later = NOW + timedelta(seconds=40)
    turn_writes.keep_deadlines(writes, replace(_conversation(), level=Level.IMMINENT), LANE, later, 0.0, Timings())
    await Committer(store, "w").commit(partition_of(LANE), writes)
    assert float(await store.call("ZSCORE", name, member)) == before


async def test_a_click_on_a_conversation_that_is_gone_says_so(store: Store, inbox: Inbox) -> None:
    desk = StoreDesk(store, inbox, StandingClock(), 90)
    assert await desk.submit(Command("claim", ConversationId("nobody"), "ann")) == "gone"


async def test_forgetting_leaves_nothing_but_what_has_a_time_of_its_own(
    store: Store, content_keys: ContentKeys
) -> None:
    await _keep(store, content_keys, _conversation())
    writes = Writes()
    turn_writes.forget_conversation(writes, ConversationId("c1"), LANE)
    await Committer(store, "w").commit(partition_of(LANE), writes)
    for name in (
        "conversation:c1",
        "window:c1",
        "status:c1",
        f"address:{LANE}",
        "open",
        f"deadlines:{partition_of(LANE)}",
    ):
        assert int(await store.call("EXISTS", name)) == 0, name
