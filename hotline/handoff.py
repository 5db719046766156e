"""The hand-off: a lock with exactly one owner in every state (H1, H2). Pure functions from state to state."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from hotline.conversations import Conversation, Owner
from hotline.ports import ReplyRef
from hotline.screening.result import REASONS, Level
from hotline.turns import Outcome

ASKED, LEFT, UNSENT, UNREADABLE, SCREENING_FAILED = "asked", "left", "unsent", "unreadable", "screening_failed"
STAFF_REASONS = (UNREADABLE, SCREENING_FAILED, ASKED, LEFT, UNSENT)
"""Reason codes that are not detectors': why else a conversation may wait."""

_ORDER = {code: place for place, code in enumerate((*REASONS, *STAFF_REASONS))}


def merge_reasons(*groups: Iterable[str]) -> tuple[str, ...]:
    """All reasons once, the most pressing first."""
    return tuple(sorted({code for group in groups for code in group}, key=lambda code: _ORDER.get(code, len(_ORDER))))


def enter_waiting(
    conversation: Conversation, *, level: Level, reasons: Iterable[str], agreed: bool, at: datetime
) -> Conversation:
    """Puts a conversation in waiting, or raises it where it already waits; one with an advocate stays there."""
    raised = replace(
        conversation,
        level=max(conversation.level, level),
        reasons=merge_reasons(conversation.reasons, reasons),
        agreed=conversation.agreed or agreed,
    )
    if conversation.owner in {Owner.WAITING, Owner.WITH_ADVOCATE}:
        return raised
    return replace(raised, owner=Owner.WAITING, waiting_since=at, told_waiting=False, advocate=None)


def queue_order(conversation: Conversation) -> tuple[int, float]:
    """Sort key of the waiting list: level first, then who has waited longest (H3)."""
    since = conversation.waiting_since
    return (-int(conversation.level), since.timestamp() if since else 0.0)


def claim(conversation: Conversation, advocate: str, at: datetime) -> Outcome:
    """An advocate takes a waiting conversation; the texter is told who joins, unless someone is near (H4, R10)."""
    if conversation.owner is Owner.WITH_ADVOCATE and conversation.advocate != advocate:
        return Outcome(conversation, result="taken")
    if conversation.owner is Owner.WITH_ADVOCATE:
        return Outcome(conversation)
    if conversation.owner is not Owner.WAITING:
        return Outcome(conversation, result="gone")
    claimed = replace(conversation, owner=Owner.WITH_ADVOCATE, advocate=advocate)
    replies = () if conversation.silent else (ReplyRef("advocate_joined"),)
    return Outcome(claimed, replies=replies)


def reply(conversation: Conversation, advocate: str, words: str, *, confirmed: bool, opted_out: bool) -> Outcome:
    """An advocate's words go out, if the conversation is theirs; after "someone is near" only when confirmed (R10)."""
    if not _is_with(conversation, advocate):
        return Outcome(conversation, result="not_yours")
    if opted_out:
        return Outcome(conversation, result="gone")
    if conversation.silent and not confirmed:
        return Outcome(conversation, result="confirm")
    return Outcome(conversation, words=(words,))


def release(conversation: Conversation, advocate: str) -> Outcome:
    """The advocate gives the conversation back to the bot, and the texter is told (H7)."""
    if not _is_with(conversation, advocate):
        return Outcome(conversation, result="not_yours")
    freed = replace(
        conversation,
        owner=Owner.WITH_BOT,
        advocate=None,
        agreed=False,
        level=Level.NONE,
        reasons=(),
        waiting_since=None,
        told_waiting=False,
        session=replace(conversation.session, choices=(), asked=None, on_no=None, later=None, dialogue={}, recent=()),
    )
    return Outcome(freed, replies=() if conversation.silent else (ReplyRef("back_with_bot"),))


def close(conversation: Conversation, advocate: str) -> Outcome:
    """The advocate ends it; everything about it is erased (H7)."""
    if not _is_with(conversation, advocate):
        return Outcome(conversation, result="not_yours")
    return Outcome(replace(conversation, owner=Owner.CLOSED, advocate=None), forget=True)


def lease_ran_out(conversation: Conversation, at: datetime) -> Outcome:
    """The advocate's console went away: back to waiting, first in line for its level, and paged (H6)."""
    if conversation.owner is not Owner.WITH_ADVOCATE:
        return Outcome(conversation)
    waiting = replace(
        conversation, owner=Owner.WAITING, advocate=None, agreed=True, waiting_since=at, told_waiting=False
    )
    return Outcome(waiting, page="lease")


def wait_ran_out(conversation: Conversation) -> Outcome:
    """Nobody came in time: the texter gets a line that answers now, once, unless someone is near (H3, H4, R10)."""
    if conversation.owner is not Owner.WAITING or not conversation.agreed or conversation.told_waiting:
        return Outcome(conversation)
    told = replace(conversation, told_waiting=True)
    return Outcome(told, replies=() if conversation.silent else (ReplyRef("handoff_wait_ran_out"),))


def unsent(conversation: Conversation, at: datetime) -> Outcome:
    """A message could not be sent: an advocate is told (X5)."""
    level = max(conversation.level, Level.CONCERN)
    waiting = enter_waiting(conversation, level=level, reasons=(UNSENT,), agreed=False, at=at)
    return Outcome(waiting, page=UNSENT)


def page_again(conversation: Conversation) -> Outcome:
    """Pages once more while a conversation waits (H3): one that nobody takes is never forgotten in silence (H2)."""
    waiting = conversation.owner is Owner.WAITING
    return Outcome(conversation, page=conversation.level.label if waiting else None)


def _is_with(conversation: Conversation, advocate: str) -> bool:
    return conversation.owner is Owner.WITH_ADVOCATE and conversation.advocate == advocate
