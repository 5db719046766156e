"""What falls due when, from a conversation's state; the worker keeps the times and asks again when they come (P3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline import handoff
from hotline.conversations import Conversation, Owner
from hotline.screening.result import Level
from hotline.turns import Outcome

SESSION, WAIT, PAGE, LEASE = "session", "wait", "page", "lease"
KINDS = (SESSION, WAIT, PAGE, LEASE)


@dataclass(frozen=True, slots=True)
class Timings:
    """The region pack's times, in seconds."""

    session_seconds: float = 1800
    imminent_wait_seconds: float = 120
    high_wait_seconds: float = 300
    repage_seconds: float = 60
    lease_seconds: float = 90


def due_times(conversation: Conversation, at: datetime, timings: Timings) -> Mapping[str, datetime]:
    """When each kind falls due after something happened at ``at``; a kind that is missing is not due at all."""
    if conversation.owner is Owner.WITH_ADVOCATE:
        return {LEASE: at + timedelta(seconds=timings.lease_seconds)}
    if conversation.owner is not Owner.WAITING:
        return {SESSION: at + timedelta(seconds=timings.session_seconds)}
    times: dict[str, datetime] = {}
    since = conversation.waiting_since or at
    imminent = conversation.level is Level.IMMINENT
    if conversation.agreed and not conversation.told_waiting:
        wait = timings.imminent_wait_seconds if imminent else timings.high_wait_seconds
        times[WAIT] = since + timedelta(seconds=wait)
    again = timings.repage_seconds if imminent else timings.high_wait_seconds
    return {**times, PAGE: at + timedelta(seconds=again)}


def handle_deadline(kind: str, conversation: Conversation, at: datetime) -> Outcome:
    """What follows when a deadline has come."""
    if kind == LEASE:
        return handoff.lease_ran_out(conversation, at)
    if kind == WAIT:
        return handoff.wait_ran_out(conversation)
    if kind == PAGE:
        return handoff.page_again(conversation)
    return Outcome(conversation, forget=conversation.owner not in {Owner.WAITING, Owner.WITH_ADVOCATE})
