"""A turn that the dialogue engine answers, with what screening adds to it (R7, C11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hotline import handoff
from hotline.answers import ask_person
from hotline.choices import find_next
from hotline.content import PERSON
from hotline.conversations import Conversation, Session
from hotline.errors import DialogueError
from hotline.ports import DialogueAnswer, ReplyRef
from hotline.questions import find_late_pick
from hotline.routing import Route
from hotline.screening.result import Level
from hotline.turns import ASKING, Heard, Outcome, Services, Turn

_DIALOGUE_ANSWERS_HIGH = ("homeless",)
"""Reasons at level high whose best reply is the dialogue's own: a place to sleep (R7)."""

_TOPIC_OF_REASON = {"homeless": "place_tonight", "distress": "feeling_bad"}
"""What a text is taken to be about when screening heard something and the dialogue engine did not."""

_MESSAGES_A_TURN = 2
_SECOND = "_more"
AFTER_HIGH = "after_high"
"""What follows a safety reply when the next text is a question that only a person can answer."""


async def answer(route: Route, turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    """At high, a safety reply or the dialogue's; else the dialogue's, with one offer of a person at concern."""
    alert = None
    if heard.level is Level.HIGH:
        conversation = handoff.enter_waiting(
            conversation, level=Level.HIGH, reasons=heard.reasons, agreed=False, at=turn.at
        )
        alert = "high" if route is Route.HIGH else None
    pressing = [reason for reason in heard.reasons if reason not in _DIALOGUE_ANSWERS_HIGH]
    if route is Route.HIGH and pressing:
        return Outcome(conversation, replies=(ReplyRef(_high_key(pressing)),), alert=alert)
    outcome = await _Talk(turn, heard, conversation, services).answer()
    if heard.level >= Level.CONCERN:
        outcome = _with_offer(outcome, services)
    return replace(outcome, alert=outcome.alert or alert)


@dataclass(frozen=True, slots=True)
class _Talk:
    """One text's way through choices and the dialogue engine."""

    turn: Turn
    heard: Heard
    conversation: Conversation
    services: Services

    async def answer(self) -> Outcome:
        """What a picked option leads to; else the engine's answer, read as a pick where it is "yes", "no" or "more"."""
        if self.heard.choice:
            return await self._follow(self.heard.choice, self.conversation)
        try:
            said = await self._ask(self.conversation)
        except DialogueError:
            return Outcome(self.conversation, replies=(ReplyRef("dialogue_down"),))
        conversation = _keep(said, self.conversation)
        if said.handoff:
            return ask_person(self.turn, conversation)
        picked = self._find_pick(said)
        if picked:
            return await self._follow(picked, conversation)
        return self._understood(said, conversation) if said.understood else self._misunderstood(said, conversation)

    async def _follow(self, option: str, conversation: Conversation) -> Outcome:
        if option == PERSON:
            return ask_person(self.turn, conversation)
        direct = Outcome(_heard_well(conversation), replies=(ReplyRef(option),))
        if option not in self.services.replies.topics:
            return direct
        try:
            said = await self._ask(conversation, option)
        except DialogueError:
            down = Outcome(conversation, replies=(ReplyRef("dialogue_down"),))
            return direct if option in self.services.replies.keys else down
        return self._understood(said, _keep(said, conversation))

    async def _ask(self, conversation: Conversation, choice: str | None = None) -> DialogueAnswer:
        if self.turn.unasked:
            raise DialogueError("this address asks for too much")
        return await self.services.dialogue.answer(
            self.heard.text,
            language=conversation.language,
            channel=conversation.channel,
            state=_with_last_line(conversation.session),
            now=self.turn.at,
            choice=choice,
        )

    def _find_pick(self, said: DialogueAnswer) -> str | None:
        session, services = self.conversation.session, self.services
        if not said.understood:
            named = find_late_pick(self.heard.text, self.conversation, services)
            return named or next((_TOPIC_OF_REASON[r] for r in self.heard.reasons if r in _TOPIC_OF_REASON), None)
        if said.intent == "affirm":
            return session.choices[0] if session.choices else None
        if said.intent == "deny":
            return session.on_no
        return (find_next(session.choices) or self._find_second()) if said.intent == "more" else None

    def _find_second(self) -> str | None:
        """The second card of the last topic that has one left."""
        offered, keys = self.conversation.session.offered, self.services.replies.keys
        seconds = (key + _SECOND for key in reversed(offered))
        return next((key for key in seconds if key in keys and key not in offered), None)

    def _find_follow_up(self, said: DialogueAnswer) -> str | None:
        """What is left to say of the turn before, if the text may well be about that."""
        offered, replies = self.conversation.session.offered, self.services.replies
        named = said.replies[0].params.values() if said.replies else None
        for key in reversed(offered[-_MESSAGES_A_TURN:]):
            second = AFTER_HIGH if key.startswith("high_") else key + _SECOND
            if second in replies.keys and second not in offered and (named is None or key in named):
                return second
        return None

    def _understood(self, said: DialogueAnswer, conversation: Conversation) -> Outcome:
        """The engine's replies; whoever comes back to a topic hears its second card, not the first once more."""
        keys, offered = self.services.replies.keys, conversation.session.offered
        replies = []
        for ref in said.replies[:_MESSAGES_A_TURN]:
            second = ref.key + _SECOND
            again = ref.key in offered and second in keys and second not in offered
            replies.append(ReplyRef(second) if again else ref)
        return self._with_second_wish(said.also, Outcome(_heard_well(conversation), replies=tuple(replies)))

    def _with_second_wish(self, also: str | None, outcome: Outcome) -> Outcome:
        """Two wishes in one text: both are answered where there is room; a question that waits for words comes last."""
        if also is None or also not in self.services.replies.topics:
            return outcome
        if len(outcome.replies) == 1 and also in self.services.replies.keys:
            first = outcome.replies[0]
            asks = first.key in ASKING
            return replace(outcome, replies=(ReplyRef(also), first) if asks else (first, ReplyRef(also)))
        session = replace(outcome.conversation.session, later=also)
        return replace(outcome, conversation=replace(outcome.conversation, session=session))

    def _misunderstood(self, said: DialogueAnswer, conversation: Conversation) -> Outcome:
        """A question about what was just said gets the second card of that topic; else it is asked what is meant.

        Twice in a row offers a person and three plain choices, never a loop of "sorry" (C11).
        """
        times = conversation.session.misunderstood + 1
        second = self._find_follow_up(said)
        conversation = replace(conversation, session=replace(conversation.session, misunderstood=times))
        if times > 1:
            return Outcome(conversation, replies=(ReplyRef("misunderstood_twice"),))
        if second:
            return Outcome(conversation, replies=(ReplyRef(second),))
        return Outcome(conversation, replies=said.replies[:1] or (ReplyRef("misunderstood"),))


def _with_last_line(session: Session) -> Mapping[str, Any]:
    """The engine's state, with the number that a keyword or a safety reply gave: it may be repeated or practised."""
    slots = {**(session.dialogue.get("slots") or {}), **({"line": session.last_line} if session.last_line else {})}
    return {**session.dialogue, "slots": slots} if slots else session.dialogue


def _keep(said: DialogueAnswer, conversation: Conversation) -> Conversation:
    session = replace(conversation.session, dialogue=dict(said.state))
    return replace(conversation, language=said.language or conversation.language, session=session)


def _heard_well(conversation: Conversation) -> Conversation:
    return replace(conversation, session=replace(conversation.session, misunderstood=0))


def _with_offer(outcome: Outcome, services: Services) -> Outcome:
    """One gentle offer of a person, once a conversation, where the reply or the welcome makes none itself."""
    language = outcome.conversation.language
    lines = [services.replies.reply(ref.key, language) for ref in outcome.replies]
    offered = any(PERSON in line.offers for line in lines) or outcome.conversation.agreed
    asks = bool(lines and lines[-1].offers)
    full = asks or sum(len(line.texts) for line in lines) >= _MESSAGES_A_TURN
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
