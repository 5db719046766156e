"""What follows on each way that needs no dialogue engine: one short function a way."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hotline import handoff, holding
from hotline.content import PERSON
from hotline.conversations import Conversation, Owner, Session
from hotline.keywords import KeywordName
from hotline.messages import TELEGRAM, Kind
from hotline.ports import ReplyRef
from hotline.routing import Route
from hotline.screening.result import Level
from hotline.turns import Answer, Heard, Outcome, Services, Turn

_CRISIS_KEYS = {
    "danger": "crisis_danger",
    "control": "crisis_control",
    "physical_abuse": "crisis_danger",
    "sexual_abuse": "crisis_danger",
    "friend_in_danger": "crisis_friend_in_danger",
    "online_exploitation": "crisis_online_exploitation",
    "overdose": "crisis_overdose",
    "urgent_medical": "crisis_urgent_medical",
    "suicide": "crisis_suicide",
    "harm_other": "crisis_harm_other",
}


def crisis_key(reasons: tuple[str, ...]) -> str:
    """The crisis reply of the most pressing reason."""
    return next((_CRISIS_KEYS[reason] for reason in reasons if reason in _CRISIS_KEYS), "crisis_general")


def status_reply(turn: Turn) -> ReplyRef:
    """The truth about who can come (H4)."""
    return ReplyRef("handoff_asked" if turn.on_shift else "handoff_nobody")


def is_hot(conversation: Conversation) -> bool:
    """True while a page is open or the level is high: whoever leaves then is still looked for (K5).

    Who only looked up many places may leave like anybody (D6).
    """
    if conversation.level >= Level.HIGH or conversation.owner is Owner.WITH_ADVOCATE:
        return True
    seen_only = conversation.reasons == (handoff.MANY_PLACES,) and not conversation.agreed
    return conversation.owner is Owner.WAITING and not seen_only


def leave(turn: Turn, conversation: Conversation, *reasons: str, wipes: bool = False) -> Outcome:
    """Leaving in mid-crisis keeps the page, and nobody writes first (K2); else everything goes, or is held (A4).

    Under cover what was said goes, and the cover stays until the session ends: whoever holds the phone and writes on
    must not be greeted (K7, R10). ``reasons`` are for the page; ``wipes`` is True for BYE and CLEAR.
    """
    held = conversation.held_until and conversation.owner is Owner.WITH_ADVOCATE
    if not is_hot(conversation) and conversation.covered:
        return Outcome(_emptied(conversation, level=Level.NONE, reasons=()), blank=True)
    if not conversation.covered and (held or not is_hot(conversation)):
        return holding.end(conversation, Owner.LEFT)
    level = Level.IMMINENT if reasons and "suicide" in conversation.reasons else Level.HIGH
    codes = (handoff.LEFT, *reasons)
    # STOP undoes no lock, and makes none: nobody asked for a person by it (H1).
    waiting = handoff.enter_waiting(conversation, level=level, reasons=codes, agreed=False, at=turn.at)
    if not wipes:
        return Outcome(replace(waiting, silent=True), alert="left")
    # An advocate who is there, and one who comes to someone in danger for their life, may still read (A4, R11).
    keeps_words = waiting.owner is Owner.WITH_ADVOCATE or waiting.level is Level.IMMINENT
    return Outcome(_emptied(waiting, agreed=False), blank=not keeps_words, alert="left")


def _emptied(conversation: Conversation, **changes: Any) -> Conversation:
    """The address alone: whoever writes next is greeted as new (C9). Under cover, the way back from it stays too."""
    old, session = conversation.session, Session(conversation.session.address)
    if conversation.covered:
        session = replace(session, own_cover=old.own_cover, dull_said=old.dull_said, welcomed=old.welcomed)
    return replace(conversation, session=session, silent=True, **changes)


def _stop(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    # Twilio's carriers confirm STOP themselves and block us from then on; on Telegram the word is ours to confirm.
    confirm = conversation.channel == TELEGRAM and turn.kind is not Kind.BLOCKED
    return replace(
        leave(turn, conversation), stop=True, replies=(ReplyRef("stopped"),) if confirm and not turn.opted_out else ()
    )


def _start(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    replies = () if turn.kind is Kind.UNBLOCKED else (ReplyRef("started"),)
    return Outcome(conversation, replies=replies, stop=False)


def _stopped(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    if heard.level < Level.HIGH:
        return Outcome(conversation, forget=not is_hot(conversation) and not conversation.covered)
    waiting = handoff.enter_waiting(
        conversation, level=heard.level, reasons=(*heard.reasons, handoff.LEFT), agreed=True, at=turn.at
    )
    return Outcome(replace(waiting, silent=True), alert=heard.level.label)


def _someone_here(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    first = "someone_here" not in conversation.reasons
    waiting = handoff.enter_waiting(conversation, level=Level.IMMINENT, reasons=heard.reasons, agreed=True, at=turn.at)
    replies = (ReplyRef("neutral_ack"),) if first else ()
    return Outcome(replace(waiting, silent=True), replies=replies, alert="someone_here")


def _probe(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    waiting = conversation
    if heard.level >= Level.HIGH:
        waiting = handoff.enter_waiting(
            conversation, level=heard.level, reasons=heard.reasons, agreed=False, at=turn.at
        )
    return Outcome(waiting, replies=(ReplyRef("probe_closed"),))


def _late(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    """An outage held the text up: danger goes to a person at once, and the texter is asked who reads now (R9, R10)."""
    session = replace(conversation.session, asked_about_phone=True, awaiting_phone_ok=True)
    asked = replace(conversation, session=session)
    late = (ReplyRef("late_answer"),)
    wants = heard.choice == PERSON or (heard.keyword is not None and heard.keyword.name is KeywordName.PERSON)
    if heard.level < Level.HIGH and not wants:
        return Outcome(asked, replies=late)
    level, reasons = max(heard.level, Level.CONCERN), heard.reasons if heard.reasons else (handoff.ASKED,)
    waiting = handoff.enter_waiting(asked, level=level, reasons=reasons, agreed=True, at=turn.at)
    # Until they write, nobody writes first: neither the ladder's line nor, without a second click, an advocate (R10).
    return Outcome(
        replace(waiting, silent=True), replies=late, alert="screening_failed" if heard.failed else level.label
    )


def _imminent(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    """The crisis reply, waiting and page, unasked, in the same turn; nobody is talked over twice (R7, H1)."""
    back = conversation.owner is Owner.WAITING and not conversation.agreed  # left, and here again (C9)
    new = back or conversation.level < Level.IMMINENT or not set(heard.reasons) <= set(conversation.reasons)
    raised = handoff.enter_waiting(conversation, level=Level.IMMINENT, reasons=heard.reasons, agreed=True, at=turn.at)
    if conversation.owner is Owner.WITH_ADVOCATE:
        return Outcome(raised, replies=(ReplyRef(crisis_key(heard.reasons)),) if new else (), alert="imminent")
    if not new:
        return Outcome(raised, replies=(ReplyRef(crisis_key(heard.reasons)),))
    replies = (ReplyRef(crisis_key(heard.reasons)), status_reply(turn))
    return Outcome(replace(raised, told_joined=False), replies=replies, alert="imminent")


def _failed(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    """Screening failed: as high, unasked, with the static crisis card (R9)."""
    waiting = handoff.enter_waiting(conversation, level=Level.HIGH, reasons=heard.reasons, agreed=True, at=turn.at)
    crisis = ReplyRef("crisis_general")
    if waiting.owner is Owner.WITH_ADVOCATE:
        return Outcome(waiting, replies=(crisis,), alert="screening_failed")
    waiting = replace(waiting, told_joined=False)
    return Outcome(waiting, replies=(crisis, status_reply(turn)), alert="screening_failed")


def _ended(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    return replace(leave(turn, conversation), replies=(ReplyRef("ended_on_request"),))


def _gone(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    """Leaves at once, or wipes what was said; an open page keeps its level and reasons, marked left (K5, K6)."""
    says_bye = heard.keyword is not None and heard.keyword.name is KeywordName.BYE
    # A goodbye in danger may be meant for good: whoever reads the page is to think of it (K5).
    outcome = leave(turn, conversation, *((handoff.GOODBYE,) if says_bye else ()), wipes=True)
    clears = heard.keyword is not None and heard.keyword.name is KeywordName.CLEAR and (outcome.forget or outcome.blank)
    cleared = "cleared_chat" if conversation.channel == TELEGRAM else "cleared"
    return replace(outcome, replies=(ReplyRef(cleared if clears else "goodbye"),))


def _not_ok(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    """It is not OK to text here: nothing more until the texter writes (C2)."""
    session = replace(conversation.session, awaiting_phone_ok=False, choices=(), asked=None, on_no=None)
    return Outcome(replace(conversation, session=session, silent=True))


def ask_person(turn: Turn, conversation: Conversation) -> Outcome:
    """The texter wants a person: the lock, and the truth about who can come (H1, H4, K4)."""
    already = conversation.locked
    level = max(conversation.level, Level.CONCERN)
    waiting = handoff.enter_waiting(conversation, level=level, reasons=(handoff.ASKED,), agreed=True, at=turn.at)
    if already:
        return handoff.still_waiting(waiting, on_shift=True)
    return Outcome(waiting, replies=(status_reply(turn),), alert=level.label)


def _person(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    return ask_person(turn, conversation)


def _keyword(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    found = heard.keyword.name if heard.keyword else KeywordName.HELP
    if found is KeywordName.NUMBER:
        line = services.pick_line(conversation.channel, conversation.language, turn.at)
        return Outcome(conversation, replies=(ReplyRef("number_given", {"line": line}),))
    if found is KeywordName.AGAIN:
        last = conversation.session.last_line
        again = ReplyRef("number_again", {"line": last}) if last else ReplyRef("number_none")
        return Outcome(conversation, replies=(again,))
    return Outcome(conversation, replies=(ReplyRef("menu" if found is KeywordName.MENU else "first_help"),))


def _staff(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    """What outreach staff hand on: a line and the steps, or the places that any texter is told of (O3)."""
    if turn.staff:
        return Outcome(conversation, replies=services.answer_staff(turn.staff, turn.at))
    line = services.pick_line(conversation.channel, conversation.language, turn.at)
    return Outcome(conversation, replies=(ReplyRef("staff_pass_on", {"line": line}), ReplyRef("staff_steps")))


def _advocate(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    """An advocate is there: the words go to the window and nobody talks over them (H1, H6)."""
    raised = replace(
        conversation,
        level=max(conversation.level, heard.level),
        reasons=handoff.merge_reasons(conversation.reasons, heard.reasons),
    )
    return Outcome(raised)


def _locked(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    raised = handoff.enter_waiting(conversation, level=heard.level, reasons=heard.reasons, agreed=True, at=turn.at)
    if "someone_here" in raised.reasons:
        # Who writes now may be whoever came near: nothing is said of people, or of what was said before (R10).
        picked = heard.choice if heard.choice in services.replies.keys else None
        return Outcome(raised, replies=(ReplyRef(picked or "near_go_on"),))
    if raised.session.awaiting_phone_ok:
        # After a late answer, before which no card could be given; NO went another way (R7).
        heard_now = replace(raised, session=replace(raised.session, awaiting_phone_ok=False))
        cards = (ReplyRef(crisis_key(raised.reasons)),) if raised.level >= Level.HIGH else ()
        return Outcome(heard_now, replies=(*cards, status_reply(turn)))
    return handoff.still_waiting(raised, on_shift=turn.on_shift)


def _blocked(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    """Two people took this address for a probe: no dialogue and no place, but a line, and danger is heard (R8)."""
    if heard.level >= Level.HIGH:
        conversation = handoff.enter_waiting(
            conversation, level=heard.level, reasons=heard.reasons, agreed=False, at=turn.at
        )
    return Outcome(conversation, replies=(ReplyRef("blocked_line"),))


def _media(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    return Outcome(conversation, replies=(ReplyRef("media_unreadable"),))


ANSWERS: Mapping[Route, Answer] = {
    Route.STOP: _stop,
    Route.START: _start,
    Route.STOPPED: _stopped,
    Route.SOMEONE_HERE: _someone_here,
    Route.PROBE: _probe,
    Route.LATE: _late,
    Route.IMMINENT: _imminent,
    Route.FAILED: _failed,
    Route.ENDED: _ended,
    Route.GONE: _gone,
    Route.NOT_OK: _not_ok,
    Route.PERSON: _person,
    Route.BLOCKED: _blocked,
    Route.KEYWORD: _keyword,
    Route.STAFF: _staff,
    Route.ADVOCATE: _advocate,
    Route.LOCKED: _locked,
    Route.MEDIA: _media,
}
