"""What an outcome writes, where a real turn would need a key rotation to show it."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from app.outcome_writes import Moment, write_outcome
from app.turn_keys import keep_keys
from hotline.conversations import Conversation, Owner, Session
from hotline.deadlines import Timings
from hotline.messages import SMS, Address, AddressHash, ConversationId
from hotline.turns import Outcome
from storage.commit import Writes
from storage.conversations import Loaded
from storage.epochs import Epoch
from vault.addresses import AddressKeys
from vault.content import ContentKey
from vault.readers import ReaderPrivateKey

PUBLIC = ReaderPrivateKey.create().public()


def _write(outcome: Outcome) -> list[tuple[object, ...]]:
    writes = Writes()
    world = SimpleNamespace(address_keys=AddressKeys((b"new" * 11,)), timings=Timings())
    lane, at = AddressHash("0" * 32), datetime(2026, 11, 21, tzinfo=UTC)
    moment = Moment(lane, Loaded(None, None), ContentKey.create("c1"), Epoch("c1", "e" * 16, PUBLIC), at, ("words",))
    write_outcome(world, writes, moment, outcome.conversation, outcome)  # type: ignore[arg-type]
    return writes.operations


def test_leaving_in_danger_takes_the_words_and_leaves_the_page_k5() -> None:
    conversation = Conversation(ConversationId("c1"), SMS, Session(Address("")), owner=Owner.WAITING)
    written = _write(Outcome(conversation, blank=True))
    wiped = written.index(("DEL", "window:c1", "status:c1"))
    assert all(operation[0] != "RPUSH" for operation in written[wiped:])
    assert any(operation[:2] == ("HSET", "conversation:c1") for operation in written)
    assert ("DEL", "window:c1", "status:c1") not in _write(Outcome(conversation))


async def test_the_keys_of_what_was_wiped_are_deleted_beside_it_p3() -> None:
    deleted: list[str] = []
    conversation = Conversation(ConversationId("c1"), SMS, Session(Address("")))

    async def delete(conversation_id: str) -> None:
        deleted.append(conversation_id)

    world: Any = SimpleNamespace(content_keys=None, epochs=SimpleNamespace(delete=delete))
    await keep_keys(world, 0, conversation.id, Outcome(conversation))
    assert deleted == []
    await keep_keys(world, 0, conversation.id, Outcome(conversation, blank=True))
    assert deleted == ["c1"]


def test_start_lifts_a_stop_from_before_a_key_rotation_k2_p4() -> None:
    keys, someone = AddressKeys((b"new" * 11, b"old" * 11)), Address("+17025550123")
    new, old = keys.hash_address_under_all(SMS, someone)
    conversation = Conversation(ConversationId("c1"), SMS, Session(someone))
    writes, at = Writes(), datetime(2026, 11, 21, tzinfo=UTC)
    world = SimpleNamespace(address_keys=keys, timings=Timings())
    moment = Moment(new, Loaded(None, None), ContentKey.create("c1"), Epoch("c1", "e" * 16, bytes(32)), at)
    write_outcome(world, writes, moment, conversation, Outcome(conversation, stop=False))  # type: ignore[arg-type]
    assert ("DEL", f"opted-out:{new}") in writes.operations
    assert ("DEL", f"opted-out:{old}") in writes.operations
