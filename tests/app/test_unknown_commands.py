from dataclasses import replace
from datetime import UTC, datetime

from app.desk_commands import Circumstances, obey
from hotline.conversations import Conversation, Owner, Session
from hotline.messages import SMS, Address, ConversationId
from storage.inbox import DeskCommand


def test_an_action_that_the_worker_does_not_know_erases_nothing() -> None:
    """H1: only a close closes."""
    fresh = Conversation(ConversationId("c1"), SMS, Session(Address("+17025550123")))
    held = replace(fresh, owner=Owner.WITH_ADVOCATE, advocate="robin")
    outcome = obey(DeskCommand("1", "sing", held.id, "robin", "", (), ""), held, Circumstances(datetime.now(UTC)))
    assert outcome.conversation == held
    assert not outcome.forget
    assert outcome.result == "unknown"
