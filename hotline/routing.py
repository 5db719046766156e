"""Which way a turn goes. The order of the rules is the order of what matters (requirements K, R7, R10, H1)."""

from collections.abc import Callable
from enum import StrEnum

from hotline.content import PERSON
from hotline.conversations import Conversation, Owner
from hotline.handoff import LEFT
from hotline.keywords import KeywordName
from hotline.messages import Kind
from hotline.private_words import ActName
from hotline.screening.result import Level
from hotline.turns import Heard, Turn


class Route(StrEnum):
    """The ways that a turn can go."""

    STOP = "stop"
    START = "start"
    STOPPED = "stopped"
    COVERED = "covered"
    BACK = "back"
    SOMEONE_HERE = "someone_here"
    PROBE = "probe"
    LATE = "late"
    IMMINENT = "imminent"
    FAILED = "failed"
    ENDED = "ended"
    GONE = "gone"
    NOT_OK = "not_ok"
    BLOCKED = "blocked"
    OWN_WORDS = "own_words"
    CODE = "code"
    STAFF = "staff"
    PERSON = "person"
    KEYWORD = "keyword"
    ADVOCATE = "advocate"
    LOCKED = "locked"
    MEDIA = "media"
    HIGH = "high"
    DIALOGUE = "dialogue"


_ANSWERED = {KeywordName.HELP, KeywordName.NUMBER, KeywordName.AGAIN, KeywordName.MENU}

_CRISIS_LINES = {KeywordName.NUMBER, KeywordName.AGAIN}
"""Keywords that give a line and nothing else: no block stops them (R8)."""

_LEAVING = {KeywordName.BYE, KeywordName.CLEAR}


def decide_route(conversation: Conversation, turn: Turn, heard: Heard) -> Route:
    """The first rule that holds. Pure: the same turn in the same state goes the same way."""
    return next(route for route, holds in _RULES if holds(conversation, turn, heard))


def _keyword(heard: Heard) -> KeywordName | None:
    return heard.keyword.name if heard.keyword else None


def _stops(conversation: Conversation, turn: Turn, heard: Heard) -> bool:
    return turn.kind is Kind.BLOCKED or turn.opt_out == "STOP" or _keyword(heard) is KeywordName.STOP


def _starts(conversation: Conversation, turn: Turn, heard: Heard) -> bool:
    return turn.kind is Kind.UNBLOCKED or turn.opt_out == "START" or _keyword(heard) is KeywordName.START


def _starts_openly(conversation: Conversation, turn: Turn, heard: Heard) -> bool:
    return _starts(conversation, turn, heard) and not heard.covered


def _act(heard: Heard) -> ActName | None:
    return heard.act.name if heard.act and heard.level < Level.HIGH else None


def _asks_for_person(conversation: Conversation, turn: Turn, heard: Heard) -> bool:
    wants = _keyword(heard) is KeywordName.PERSON or heard.choice == PERSON
    return wants and conversation.owner is not Owner.WITH_ADVOCATE


def _is_blocked(conversation: Conversation, turn: Turn, heard: Heard) -> bool:
    return turn.blocked and not conversation.locked and _keyword(heard) not in _CRISIS_LINES


def _is_staff_word(conversation: Conversation, turn: Turn, heard: Heard) -> bool:
    """Only where the bot answers, and never instead of what danger asks for (O3)."""
    return turn.staff is not None and not conversation.locked and heard.level < Level.HIGH


def _newly_high(conversation: Conversation, turn: Turn, heard: Heard) -> bool:
    back = LEFT in conversation.reasons  # whoever left is answered as new (C9)
    return heard.level is Level.HIGH and (back or not set(heard.reasons) <= set(conversation.reasons))


def _comes_late(conversation: Conversation, turn: Turn, heard: Heard) -> bool:
    # Where anything was said in this session, the phone is in the hands that wrote last; leaving is obeyed as ever.
    leaves = heard.level < Level.HIGH and _keyword(heard) in {*_LEAVING, KeywordName.STOP_PLAIN}
    new = conversation.owner is Owner.WITH_BOT and not conversation.session.offered
    return turn.late and new and not leaves and not turn.blocked


def _comes_back(conversation: Conversation, turn: Turn, heard: Heard) -> bool:
    # Danger beside the return word goes its own way, but not before a crisis line that was held back (R7).
    return conversation.covered and heard.level < max(Level.HIGH, conversation.level)


_RULES: tuple[tuple[Route, Callable[[Conversation, Turn, Heard], bool]], ...] = (
    (Route.STOP, _stops),
    (Route.START, _starts_openly),
    (Route.STOPPED, lambda c, t, h: t.opted_out and not _starts(c, t, h)),
    (Route.COVERED, lambda c, t, h: h.covered),
    (Route.BACK, _comes_back),
    (Route.SOMEONE_HERE, lambda c, t, h: "someone_here" in h.reasons),
    (Route.PROBE, lambda c, t, h: "probe" in h.reasons and h.level < Level.IMMINENT),
    (Route.LATE, _comes_late),
    (Route.IMMINENT, lambda c, t, h: h.level is Level.IMMINENT),
    (Route.FAILED, lambda c, t, h: h.failed),
    (Route.ENDED, lambda c, t, h: _keyword(h) is KeywordName.STOP_PLAIN and h.level < Level.HIGH),
    (Route.GONE, lambda c, t, h: _keyword(h) in _LEAVING and h.level < Level.HIGH),
    (Route.NOT_OK, lambda c, t, h: _keyword(h) is KeywordName.NO and c.session.awaiting_phone_ok),
    (Route.BLOCKED, _is_blocked),
    (Route.OWN_WORDS, lambda c, t, h: _act(h) is ActName.COVER),
    (Route.CODE, lambda c, t, h: _act(h) in {ActName.CHOOSE_CODE, ActName.SAY_CODE}),
    (Route.STAFF, _is_staff_word),
    (Route.PERSON, _asks_for_person),
    (Route.KEYWORD, lambda c, t, h: _keyword(h) in _ANSWERED or t.opt_out == "HELP"),
    (Route.ADVOCATE, lambda c, t, h: c.owner is Owner.WITH_ADVOCATE),
    (Route.LOCKED, lambda c, t, h: c.locked),
    (Route.MEDIA, lambda c, t, h: t.kind is Kind.MEDIA),
    (Route.HIGH, _newly_high),
    (Route.DIALOGUE, lambda c, t, h: True),
)
