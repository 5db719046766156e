"""The hand-off: a lock with exactly one owner in every state (H1, H2). Pure functions from state to state.

Offers to another advocate and partners are in ``hotline.transfer``, what outlives an end in ``hotline.holding``, who is
paged in ``hotline.ladder``, the block of a probe in ``hotline.blocking``.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from hotline import holding
from hotline.conversations import Conversation, Owner
from hotline.outcomes import CLOSING_REPLIES
from hotline.ports import ReplyRef
from hotline.screening.result import REASONS, Level
from hotline.turns import Outcome

ASKED, LEFT, UNSENT, UNREADABLE, SCREENING_FAILED = "asked", "left", "unsent", "unreadable", "screening_failed"
GOODBYE, CODE_MATCHED, CODE_UNMATCHED = "goodbye", "code_matched", "code_unmatched"
MANY_PLACES = "many_places"
STAFF_REASONS = (
    UNREADABLE, SCREENING_FAILED, GOODBYE, CODE_UNMATCHED, ASKED, LEFT, UNSENT, CODE_MATCHED, MANY_PLACES,
)  # fmt: skip
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
    return _wait_anew(replace(raised, declined=(), last_advocate=None, told_joined=False), at)


def queue_order(conversation: Conversation) -> tuple[int, bool, float]:
    """Sort key of the waiting list: level, then whoever lost their advocate, then who has waited longest (H3, H6)."""
    since = conversation.waiting_since
    return (-int(conversation.level), conversation.last_advocate is None, since.timestamp() if since else 0.0)


def claim(conversation: Conversation, advocate: str, at: datetime) -> Outcome:
    """An advocate takes a waiting conversation; the texter is told who joins, unless someone is near (H4, R10).

    Whoever had it before and comes back takes it up again without a word, if the texter was not told that they left.
    """
    if conversation.owner is Owner.WITH_ADVOCATE:
        return Outcome(conversation, result="done" if conversation.advocate == advocate else "taken")
    if conversation.owner is not Owner.WAITING:
        return Outcome(conversation, result="gone")
    claimed = replace(
        conversation,
        owner=Owner.WITH_ADVOCATE,
        advocate=advocate,
        declined=tuple(name for name in conversation.declined if name != advocate),
        told_joined=not conversation.silent,
    )
    return Outcome(claimed, replies=() if conversation.silent else _joining(conversation, advocate))


def decline(conversation: Conversation, advocate: str, at: datetime) -> Outcome:
    """An advocate would rather not, before or after taking it; no reason is asked (A2, A5).

    Before: it is no longer put first before them. After: it waits again, first in line, and others are paged. An offer
    that is turned down leaves it where it is.
    """
    if conversation.transfer_to == advocate:
        return Outcome(replace(conversation, transfer_to=None, transfer_at=None))
    if is_with(conversation, advocate):
        outcome = give_back(conversation, at)
    elif conversation.owner is Owner.WAITING:
        outcome = Outcome(conversation)
    else:
        return Outcome(conversation, result="gone" if conversation.ended else "not_yours")
    names = tuple(dict.fromkeys((*outcome.conversation.declined, advocate)))
    return replace(outcome, conversation=replace(outcome.conversation, declined=names))


def give_back(conversation: Conversation, at: datetime) -> Outcome:
    """An advocate has to go: back to waiting, first in line, and the texter hears it, unless someone is near (H4)."""
    waiting = _wait_anew(replace(conversation, agreed=True, last_advocate=conversation.advocate, told_joined=False), at)
    replies = () if conversation.silent else (ReplyRef("advocate_away"),)
    return Outcome(waiting, replies=replies, alert="given_back")


def reply(conversation: Conversation, advocate: str, words: str, *, confirmed: bool, opted_out: bool) -> Outcome:
    """The words of an advocate or their partner go out; after "someone is near" only when confirmed (R10)."""
    if not may_write(conversation, advocate):
        return Outcome(conversation, result="not_yours")
    if opted_out:
        return Outcome(conversation, result="gone")
    if conversation.silent and not confirmed:
        return Outcome(conversation, result="confirm")
    return Outcome(conversation, words=(words,))


def hush(conversation: Conversation, advocate: str) -> Outcome:
    """An advocate sees that someone is near: from now on a second click is asked for, until the texter writes (R10)."""
    if not may_write(conversation, advocate):
        return Outcome(conversation, result="not_yours")
    return Outcome(replace(conversation, silent=True))


def release(conversation: Conversation, advocate: str) -> Outcome:
    """The advocate gives the conversation back to the bot, and the texter is told (H7). A hold ends with it."""
    if not is_with(conversation, advocate):
        return Outcome(conversation, result="not_yours")
    freed = replace(
        holding.hold_over(holding.without_people(conversation)).conversation,
        owner=Owner.WITH_BOT,
        agreed=False,
        level=Level.NONE,
        reasons=(),
        waiting_since=None,
        told_waiting=False,
        session=replace(conversation.session, choices=(), asked=None, on_no=None, later=None, dialogue={}, recent=()),
    )
    return Outcome(freed, replies=() if conversation.silent else (ReplyRef("back_with_bot"),))


def close(conversation: Conversation, advocate: str, code: str = "other") -> Outcome:
    """The advocate ends it with an outcome code; all about it is erased, or kept out of sight for a hold (H7, A4, A5).

    The texter is told, an abusive one with a line that answers, but nobody while someone is near. The holder's close
    of what has ended already ends the hold.
    """
    if conversation.ended and conversation.held_by == advocate:
        return Outcome(conversation, forget=True)
    if not is_with(conversation, advocate):
        return Outcome(conversation, result="not_yours")
    if code not in CLOSING_REPLIES:
        return Outcome(conversation, result="unknown")
    replies = () if conversation.silent else (ReplyRef(CLOSING_REPLIES[code]),)
    return replace(holding.end(conversation, Owner.CLOSED), replies=replies, closed_as=code)


def lease_ran_out(conversation: Conversation, at: datetime) -> Outcome:
    """The advocate's console went away: back to waiting, first in line for its level, and paged (H6).

    The texter is not told yet: most consoles come back, and then nothing has changed for them.
    """
    if conversation.owner is not Owner.WITH_ADVOCATE:
        return Outcome(conversation)
    waiting = _wait_anew(replace(conversation, agreed=True, last_advocate=conversation.advocate), at)
    return Outcome(waiting, alert="lease")


def wait_ran_out(conversation: Conversation) -> Outcome:
    """Nobody came in time: the texter gets a line that answers now, once, unless someone is near (H3, H4, R10).

    Whoever was told last of all that nobody is on shift has that line already.
    """
    if conversation.owner is not Owner.WAITING or not conversation.agreed or conversation.told_waiting:
        return Outcome(conversation)
    told = replace(conversation, told_waiting=True)
    # Whoever came near may have written since, and may read now: nothing goes out by itself about people (R10).
    near = conversation.silent or "someone_here" in conversation.reasons
    if near or conversation.session.offered[-1:] == ("handoff_nobody",):
        return Outcome(told)
    key = "handoff_still_looking" if conversation.last_advocate else "handoff_wait_ran_out"
    return Outcome(replace(told, told_joined=False), replies=(ReplyRef(key),))


def still_waiting(conversation: Conversation, *, on_shift: bool) -> Outcome:
    """What a texter who writes while waiting hears: that nobody is on, once that a person is gone, or the wait (H4)."""
    if not on_shift:
        key = "handoff_nobody"
    else:
        key = "advocate_away" if conversation.told_joined else "handoff_already_waiting"
    return Outcome(replace(conversation, told_joined=False), replies=(ReplyRef(key),))


def unsent(conversation: Conversation, at: datetime) -> Outcome:
    """A message could not be sent: an advocate is told (X5)."""
    if conversation.ended:
        return Outcome(conversation)
    level = max(conversation.level, Level.CONCERN)
    waiting = enter_waiting(conversation, level=level, reasons=(UNSENT,), agreed=False, at=at)
    return Outcome(waiting, alert=UNSENT)


def is_with(conversation: Conversation, advocate: str) -> bool:
    """True if it is this advocate's."""
    return conversation.owner is Owner.WITH_ADVOCATE and conversation.advocate == advocate


def may_write(conversation: Conversation, advocate: str) -> bool:
    """True for the advocate who has it and for their partner."""
    return conversation.owner is Owner.WITH_ADVOCATE and advocate in {conversation.advocate, conversation.partner}


def _wait_anew(conversation: Conversation, at: datetime) -> Conversation:
    """In waiting from now on, with nobody in the chat and the ladder at its foot."""
    kept = replace(
        holding.without_people(conversation),
        declined=conversation.declined,
        last_advocate=conversation.last_advocate,
        told_joined=conversation.told_joined,
    )
    return replace(kept, owner=Owner.WAITING, waiting_since=at, told_waiting=False)


def _joining(conversation: Conversation, advocate: str) -> tuple[ReplyRef, ...]:
    if conversation.last_advocate is None:
        return (ReplyRef("advocate_joined"),)
    if conversation.last_advocate == advocate:
        return () if conversation.told_joined else (ReplyRef("advocate_joined"),)
    return (ReplyRef("advocate_joined_next"),)
