"""A hold: while a report or an imminent page is open, what ended stays readable for its advocate, for a while (A4)."""

from dataclasses import replace
from datetime import datetime, timedelta

from hotline.conversations import Conversation, Owner, Session
from hotline.timings import Timings
from hotline.turns import Outcome


def hold(conversation: Conversation, advocate: str, minutes: str, at: datetime, timings: Timings) -> Outcome:
    """The advocate keeps window and address for some minutes, never longer than the region's ceiling; 0 ends it.

    ``minutes`` is a whole number, empty for the usual length; the ceiling counts from the first click.
    """
    ours = conversation.advocate if conversation.owner is Owner.WITH_ADVOCATE else conversation.held_by
    if ours != advocate or (conversation.ended and conversation.held_by is None):
        return Outcome(conversation, result="not_yours")
    if minutes and not (minutes.isascii() and minutes.isdigit() and len(minutes) <= 4):
        return Outcome(conversation, result="unknown")
    seconds = int(minutes) * 60 if minutes else timings.hold_seconds
    if not seconds:
        return hold_over(conversation)
    since = conversation.held_since or at
    ceiling = since + timedelta(seconds=timings.hold_ceiling_seconds)
    until = min(at + timedelta(seconds=seconds), ceiling)
    return Outcome(replace(conversation, held_by=advocate, held_since=since, held_until=until))


def hold_over(conversation: Conversation) -> Outcome:
    """The time is up: what has ended is erased now; what goes on will be erased when it ends."""
    if conversation.ended:
        return Outcome(conversation, forget=True)
    return Outcome(replace(conversation, held_by=None, held_since=None, held_until=None))


def end(conversation: Conversation, owner: Owner) -> Outcome:
    """The conversation is over, left or closed: erased at once, or with a hold when that is over (A4, H7).

    Held, it keeps its address but nothing leads to it any more: whoever writes from there is a stranger (C9).
    """
    ended = replace(without_people(conversation), owner=owner)
    if conversation.held_until is None:
        return Outcome(ended, forget=True)
    return Outcome(replace(ended, silent=True, session=Session(conversation.session.address)))


def without_people(conversation: Conversation) -> Conversation:
    """Nobody of ours is in the chat, offered it or paged for it any more."""
    return replace(
        conversation,
        advocate=None,
        partner=None,
        transfer_to=None,
        transfer_at=None,
        declined=(),
        last_advocate=None,
        told_joined=False,
        rung=0,
        paged_at=None,
        acknowledged_at=None,
        block_by=None,
    )
