"""The ladder: on shift, all on call, supervisor; who is paged, and when again (H3). Pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hotline.conversations import Conversation, Owner
from hotline.timings import ON_SHIFT, PageStep, Timings
from hotline.turns import Outcome


def climb(before: Conversation, outcome: Outcome, at: datetime, timings: Timings) -> Outcome:
    """The outcome with those to page now in ``page``, and how far the ladder is climbed in its conversation.

    Whoever begins to wait, or waits at a higher level, starts the ladder anew; a page that is due is the next step;
    an alert in between goes to the step that was paged last. Doing it twice from the same state does the same.
    """
    after = outcome.conversation
    if outcome.forget or after.ended:
        return outcome
    if after.owner is not Owner.WAITING:
        return replace(outcome, page=(ON_SHIFT,)) if outcome.alert else outcome
    if before.owner is not Owner.WAITING or after.level > before.level or after.paged_at is None:
        return _page(outcome, 0, at, timings)
    if at >= page_due(after, timings):
        return _page(outcome, after.rung, at, timings)
    return replace(outcome, page=_step(after, after.rung - 1, timings).to) if outcome.alert else outcome


def page_due(conversation: Conversation, timings: Timings) -> datetime:
    """When a waiting conversation is paged next. An acknowledged page leaves out one, and then they go on."""
    if conversation.paged_at is None:
        return conversation.waiting_since or datetime.min.replace(tzinfo=UTC)
    gap = timedelta(seconds=_step(conversation, conversation.rung - 1, timings).next_seconds)
    return conversation.paged_at + (gap if conversation.acknowledged_at is None else 2 * gap)


def acknowledge(conversation: Conversation, at: datetime) -> Outcome:
    """Somebody has seen the page: the next one is left out; if nobody claims by then, they go on (H3)."""
    if conversation.owner is not Owner.WAITING:
        return Outcome(conversation, result="gone")
    return Outcome(replace(conversation, acknowledged_at=at))


def _page(outcome: Outcome, number: int, at: datetime, timings: Timings) -> Outcome:
    after = replace(outcome.conversation, rung=number + 1, paged_at=at, acknowledged_at=None)
    return replace(outcome, conversation=after, page=_step(after, number, timings).to)


def _step(conversation: Conversation, number: int, timings: Timings) -> PageStep:
    steps = timings.steps(conversation.level)
    return steps[max(0, min(number, len(steps) - 1))]
