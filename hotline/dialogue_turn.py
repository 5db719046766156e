"""A turn that the dialogue engine answers, with what screening adds to it (R7, C11)."""

from collections.abc import Sequence
from dataclasses import replace

from hotline import handoff
from hotline.answers import ask_person
from hotline.conversations import Conversation
from hotline.errors import DialogueError
from hotline.ports import DialogueAnswer, ReplyRef
from hotline.routing import Route
from hotline.screening.result import Level
from hotline.turns import Heard, Outcome, Services, Turn

_DIALOGUE_ANSWERS_HIGH = ("homeless",)
"""Reasons at level high whose best reply is the dialogue's own: a place to sleep (R7)."""

_MESSAGES_A_TURN = 2


async def answer(route: Route, turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    """At high, a safety reply or the dialogue's; else the dialogue's, with one offer of a person at concern."""
    page = None
    if heard.level is Level.HIGH:
        conversation = handoff.enter_waiting(
            conversation, level=Level.HIGH, reasons=heard.reasons, agreed=False, at=turn.at
        )
        page = "high" if route is Route.HIGH else None
    pressing = [reason for reason in heard.reasons if reason not in _DIALOGUE_ANSWERS_HIGH]
    if route is Route.HIGH and pressing:
        return Outcome(conversation, replies=(ReplyRef(_high_key(pressing)),), page=page)
    outcome = await _ask(turn, heard, conversation, services)
    if heard.level >= Level.CONCERN:
        outcome = _with_offer(outcome, services)
    return replace(outcome, page=outcome.page or page)


async def _ask(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    session = conversation.session
    try:
        said = await services.dialogue.answer(
            heard.text,
            language=conversation.language,
            channel=conversation.channel,
            state=session.dialogue,
            now=turn.at,
        )
    except DialogueError:
        return Outcome(conversation, replies=(ReplyRef("dialogue_down"),))
    conversation = replace(
        conversation,
        language=said.language or conversation.language,
        session=replace(session, dialogue=dict(said.state)),
    )
    if said.handoff:
        return ask_person(turn, conversation)
    return _misunderstood(conversation) if not said.understood else _understood(said, conversation)


def _understood(said: DialogueAnswer, conversation: Conversation) -> Outcome:
    session = replace(conversation.session, misunderstood=0)
    return Outcome(replace(conversation, session=session), replies=said.replies[:_MESSAGES_A_TURN])


def _misunderstood(conversation: Conversation) -> Outcome:
    """Twice in a row offers a person and three plain choices, never a loop of "sorry" (C11)."""
    times = conversation.session.misunderstood + 1
    session = replace(conversation.session, misunderstood=times)
    key = "misunderstood" if times == 1 else "misunderstood_twice"
    return Outcome(replace(conversation, session=session), replies=(ReplyRef(key),))


def _with_offer(outcome: Outcome, services: Services) -> Outcome:
    """One gentle offer of a person, once a conversation, where the reply or the welcome makes none itself."""
    language = outcome.conversation.language
    lines = [services.replies.reply(ref.key, language) for ref in outcome.replies]
    offered = any(line.offers == "person" for line in lines) or outcome.conversation.agreed
    full = sum(len(line.texts) for line in lines) >= _MESSAGES_A_TURN
    session = outcome.conversation.session
    if offered or full or not session.welcomed or "offer_person" in session.offered:
        return outcome
    return replace(outcome, replies=(*outcome.replies, ReplyRef("offer_person")))


def _high_key(reasons: Sequence[str]) -> str:
    return next((f"high_{reason}" for reason in reasons if reason in _HIGH_REPLIES), "high_general")


_HIGH_REPLIES = {
    "suicide",
    "control",
    "sexual_abuse",
    "physical_abuse",
    "online_exploitation",
    "watched_phone",
    "friend_in_danger",
    "recruiting",
}
