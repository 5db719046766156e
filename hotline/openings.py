"""The welcome of the first turn and the one question of the second (C1, C2)."""

from dataclasses import replace

from hotline.conversations import Owner
from hotline.ports import ReplyRef
from hotline.routing import Route
from hotline.turns import ASKING, Outcome, Services

_MESSAGES_A_TURN = 2
_OPEN_WAYS = {Route.DIALOGUE, Route.KEYWORD, Route.PERSON, Route.MEDIA, Route.HIGH, Route.START}
_GREETINGS = {"hello", "small_talk", "started", "affirm"}
"""Replies that the welcome says better, when it is the first turn."""

_ASKS_WHAT_IS_MEANT = {"misunderstood", "choose", "unsure", "need_help"}
"""Replies that come after the welcome, since they ask for more."""

_QUIET = {"goodbye", "enough", "deny"}
"""Replies beside which nobody is asked whether texting is OK."""


def with_openings(route: Route, outcome: Outcome, services: Services) -> Outcome:
    """Adds the welcome after the first answer, and opens turn two with "is it OK to text here?", where there is room.

    A crisis turn leaves both for the next turn; while a person is in the chat neither comes (H1).
    """
    session = outcome.conversation.session
    if outcome.conversation.owner is Owner.WITH_ADVOCATE:
        return outcome
    if route not in _OPEN_WAYS or outcome.forget or not outcome.replies:
        return outcome
    if not session.welcomed:
        return _welcome(outcome, services)
    if not session.asked_about_phone and not outcome.conversation.locked:
        return _ask_about_phone(outcome, services)
    return replace(
        outcome,
        conversation=replace(outcome.conversation, session=replace(session, awaiting_phone_ok=False)),
    )


def with_later(later: str | None, outcome: Outcome, services: Services) -> Outcome:
    """Comes back to a second wish that an earlier turn had no room for, unless it was answered since."""
    session = outcome.conversation.session
    if later is None or later != session.later or outcome.conversation.locked or not outcome.replies:
        return outcome
    done = replace(outcome, conversation=replace(outcome.conversation, session=replace(session, later=None)))
    keys = {ref.key for ref in outcome.replies}
    if later in keys or later in session.offered:
        return done
    replies = (*outcome.replies, ReplyRef("also_asked", {"topic": later}))
    full = keys & ASKING or _count(outcome, replies, services) > _MESSAGES_A_TURN
    return outcome if full else replace(done, replies=replies)


def _welcome(outcome: Outcome, services: Services) -> Outcome:
    answer = tuple(ref for ref in outcome.replies if ref.key not in _GREETINGS)
    welcome = ReplyRef("welcome")
    asks = bool(answer) and answer[-1].key in _ASKS_WHAT_IS_MEANT
    replies = (welcome, *answer) if asks else (*answer, welcome)
    if _count(outcome, replies, services) > _MESSAGES_A_TURN:
        return outcome
    session = replace(outcome.conversation.session, welcomed=True)
    return replace(outcome, replies=replies, conversation=replace(outcome.conversation, session=session))


def _ask_about_phone(outcome: Outcome, services: Services) -> Outcome:
    if any(ref.key in _QUIET for ref in outcome.replies):
        return outcome
    replies = (ReplyRef("phone_ok"), *outcome.replies)
    if _count(outcome, replies, services) > _MESSAGES_A_TURN:
        return outcome
    session = replace(outcome.conversation.session, asked_about_phone=True, awaiting_phone_ok=True)
    return replace(outcome, replies=replies, conversation=replace(outcome.conversation, session=session))


def _count(outcome: Outcome, replies: tuple[ReplyRef, ...], services: Services) -> int:
    language = outcome.conversation.language
    return sum(len(services.replies.reply(ref.key, language).texts) for ref in replies)
