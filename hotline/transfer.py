"""From one advocate to another, or two in one chat (A2). Whoever gives it away has it until the other accepts."""

from dataclasses import replace
from datetime import datetime

from hotline import handoff
from hotline.conversations import Conversation, Owner
from hotline.ports import ReplyRef
from hotline.turns import Outcome


def transfer(conversation: Conversation, advocate: str, to: str, at: datetime) -> Outcome:
    """Offers it to a named advocate for a while, or with an empty name puts it back in waiting, first in line."""
    if not handoff.is_with(conversation, advocate):
        return Outcome(conversation, result="not_yours")
    if not to:
        return handoff.give_back(conversation, at)
    if to == advocate:
        return Outcome(conversation, result="unknown")
    return Outcome(replace(conversation, transfer_to=to, transfer_at=at))


def accept(conversation: Conversation, advocate: str) -> Outcome:
    """The one it was offered to takes it; the texter hears that it is another person now, unless someone is near."""
    if conversation.owner is not Owner.WITH_ADVOCATE or conversation.transfer_to != advocate:
        mine = handoff.is_with(conversation, advocate)
        return Outcome(conversation, result="done" if mine else "gone")
    taken = replace(
        conversation,
        advocate=advocate,
        last_advocate=conversation.advocate,
        partner=None if conversation.partner == advocate else conversation.partner,
        transfer_to=None,
        transfer_at=None,
        told_joined=not conversation.silent,
    )
    return Outcome(taken, replies=() if conversation.silent else (ReplyRef("advocate_changed"),))


def offer_ran_out(conversation: Conversation) -> Outcome:
    """Nobody accepted in time: the offer is gone, the conversation is where it was."""
    return Outcome(replace(conversation, transfer_to=None, transfer_at=None))


def pair(conversation: Conversation, advocate: str, partner: str) -> Outcome:
    """A second advocate reads and writes too; the texter hears that two can read, unless someone is near (H4)."""
    if not handoff.is_with(conversation, advocate):
        return Outcome(conversation, result="not_yours")
    if conversation.partner == partner:
        return Outcome(conversation)
    if not partner or partner == advocate or conversation.partner:
        return Outcome(conversation, result="unknown")
    paired = replace(conversation, partner=partner)
    return Outcome(paired, replies=() if conversation.silent else (ReplyRef("advocate_paired"),))


def unpair(conversation: Conversation, advocate: str) -> Outcome:
    """The second advocate leaves, by their own click or the other's; the texter hears that one is left."""
    if not handoff.may_write(conversation, advocate):
        return Outcome(conversation, result="not_yours")
    if conversation.partner is None:
        return Outcome(conversation)
    alone = replace(conversation, partner=None)
    return Outcome(alone, replies=() if conversation.silent else (ReplyRef("advocate_unpaired"),))
