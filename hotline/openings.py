"""The welcome of the first turn and the one question of the second (C1, C2)."""

from dataclasses import replace

from hotline.ports import ReplyRef
from hotline.routing import Route
from hotline.turns import Outcome, Services

_MESSAGES_A_TURN = 2
_OPEN_WAYS = {Route.DIALOGUE, Route.KEYWORD, Route.PERSON, Route.MEDIA, Route.HIGH, Route.START}
_GREETINGS = {"hello", "small_talk", "started", "menu", "misunderstood", "what_can_you_do"}
"""Replies that the welcome says better, when it is the first turn."""


def with_openings(route: Route, outcome: Outcome, services: Services) -> Outcome:
    """Adds the welcome after the first answer, and opens turn two with "is it OK to text here?", where there is room.

    A crisis turn leaves both for the next turn.
    """
    session = outcome.conversation.session
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


def _welcome(outcome: Outcome, services: Services) -> Outcome:
    answer = tuple(ref for ref in outcome.replies if ref.key not in _GREETINGS)
    welcome = ReplyRef("welcome")
    if _count(outcome, (*answer, welcome), services) > _MESSAGES_A_TURN:
        return outcome
    session = replace(outcome.conversation.session, welcomed=True)
    return replace(outcome, replies=(*answer, welcome), conversation=replace(outcome.conversation, session=session))


def _ask_about_phone(outcome: Outcome, services: Services) -> Outcome:
    replies = (ReplyRef("phone_ok"), *outcome.replies)
    if _count(outcome, replies, services) > _MESSAGES_A_TURN:
        return outcome
    session = replace(outcome.conversation.session, asked_about_phone=True, awaiting_phone_ok=True)
    return replace(outcome, replies=replies, conversation=replace(outcome.conversation, session=session))


def _count(outcome: Outcome, replies: tuple[ReplyRef, ...], services: Services) -> int:
    language = outcome.conversation.language
    return sum(len(services.replies.reply(ref.key, language).texts) for ref in replies)
