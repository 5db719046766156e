"""What falls due when, from a conversation's state; the worker keeps the times and asks again when they come (P3)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from hotline import handoff, holding, ladder, transfer
from hotline.conversations import Conversation, Owner
from hotline.screening.result import Level
from hotline.timings import Timings
from hotline.turns import Outcome

__all__ = ["HOLD", "KINDS", "LEASE", "PAGE", "SESSION", "TRANSFER", "WAIT", "Timings", "due_times", "handle_deadline"]

SESSION, WAIT, PAGE, LEASE, TRANSFER, HOLD = "session", "wait", "page", "lease", "transfer", "hold"
KINDS = (SESSION, WAIT, PAGE, LEASE, TRANSFER, HOLD)


def due_times(conversation: Conversation, at: datetime, timings: Timings) -> Mapping[str, datetime]:
    """When each kind falls due after something happened at ``at``; a kind that is missing is not due at all."""
    held = {HOLD: conversation.held_until} if conversation.held_until else {}
    if conversation.ended:
        return held
    if conversation.owner is Owner.WITH_ADVOCATE:
        return {**held, **_offer_due(conversation, timings), LEASE: at + timedelta(seconds=timings.lease_seconds)}
    if conversation.owner is not Owner.WAITING:
        return {**held, SESSION: at + timedelta(seconds=timings.session_seconds)}
    return {**held, **_wait_due(conversation, at, timings), PAGE: ladder.page_due(conversation, timings)}


def handle_deadline(kind: str, conversation: Conversation, at: datetime) -> Outcome:
    """What follows when a deadline has come. A page needs no word of its own: ``ladder.climb`` sees that it is due."""
    if kind == LEASE:
        return handoff.lease_ran_out(conversation, at)
    if kind == WAIT:
        return handoff.wait_ran_out(conversation)
    if kind == TRANSFER:
        return transfer.offer_ran_out(conversation)
    if kind == HOLD:
        return holding.hold_over(conversation)
    if kind == SESSION and conversation.owner is Owner.WITH_BOT:
        return holding.end(conversation, Owner.LEFT)
    return Outcome(conversation)


def _offer_due(conversation: Conversation, timings: Timings) -> Mapping[str, datetime]:
    if conversation.transfer_at is None:
        return {}
    return {TRANSFER: conversation.transfer_at + timedelta(seconds=timings.transfer_seconds)}


def _wait_due(conversation: Conversation, at: datetime, timings: Timings) -> Mapping[str, datetime]:
    if not conversation.agreed or conversation.told_waiting:
        return {}
    imminent = conversation.level is Level.IMMINENT
    wait = timings.imminent_wait_seconds if imminent else timings.high_wait_seconds
    return {WAIT: (conversation.waiting_since or at) + timedelta(seconds=wait)}
