"""Blocking a probe: two people decide, for a day, and screening and crisis replies go on (R8)."""

from dataclasses import replace

from hotline import handoff
from hotline.conversations import Conversation
from hotline.turns import Outcome


def block(conversation: Conversation, advocate: str) -> Outcome:
    """The first click, by whoever has the conversation, proposes; a second person's click blocks the address."""
    if conversation.ended:
        return Outcome(conversation, result="gone")
    if conversation.block_by is None:
        if not handoff.may_write(conversation, advocate):
            return Outcome(conversation, result="not_yours")
        return Outcome(replace(conversation, block_by=advocate))
    if conversation.block_by == advocate:
        return Outcome(conversation, result="second_person")
    return Outcome(replace(conversation, block_by=None), block=True)
