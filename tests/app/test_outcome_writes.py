"""What an outcome writes, where a real turn would need a key rotation to show it."""

from datetime import UTC, datetime
from types import SimpleNamespace

from app.outcome_writes import Moment, write_outcome
from hotline.conversations import Conversation, Session
from hotline.deadlines import Timings
from hotline.messages import SMS, Address, ConversationId
from hotline.turns import Outcome
from storage.commit import Writes
from storage.conversations import Loaded
from storage.epochs import Epoch
from vault.addresses import AddressKeys
from vault.content import ContentKey


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
