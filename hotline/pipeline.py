"""The way of a message through the core: hear, remember, route, answer, open. Only this decides (architecture §1)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from hotline import answers, dialogue_turn, under_cover
from hotline.conversations import Conversation, Recent
from hotline.handoff import SCREENING_FAILED
from hotline.keywords import Keyword, KeywordName
from hotline.openings import with_later, with_openings
from hotline.pace import count_texts
from hotline.questions import find_pick, find_question
from hotline.rationing import ration_lines, ration_places
from hotline.routing import Route, decide_route
from hotline.screening.result import REASONS, Earlier, Level, ScreeningResult
from hotline.turns import Heard, Outcome, Services, Turn

_CONTEXT_SECONDS = 300
_RECENT_TEXTS = 6
_OFFERED_KEPT = 20
_ANSWERS = {**answers.ANSWERS, **under_cover.ANSWERS}
_KEEP_COVER = {Route.STOP, Route.STOPPED}
"""Ways on which no word goes under cover or comes back: the texter wants to hear nothing (K2)."""

_TEACHES_EXIT = "phone_exit"
"""The reply that teaches the short way out (K5)."""


async def handle_inbound(turn: Turn, conversation: Conversation, services: Services) -> Outcome:
    """What follows from the texts of one turn. Raises nothing that the texts could cause."""
    heard = hear(turn, conversation, services)
    conversation = remember(conversation, turn, heard)
    route = decide_route(conversation, turn, heard)
    if route not in _KEEP_COVER:
        conversation = replace(conversation, covered=heard.covered)
    pace = count_texts(turn.pace, max(1, len(turn.texts)), turn.at)
    turn = replace(turn, unasked=pace.floods)
    if route in {Route.DIALOGUE, Route.HIGH}:
        outcome = await dialogue_turn.answer(route, turn, heard, conversation, services)
    else:
        outcome = _ANSWERS[route](turn, heard, conversation, services)
    outcome = note_clearing(route, note_level(outcome, heard), heard)
    outcome, pace = ration_places(outcome, pace, turn)
    if not turn.unasked:
        outcome = with_openings(route, outcome, services)
    if route is Route.DIALOGUE:
        outcome = with_later(conversation.session.later, outcome, services)
    outcome, pace = ration_lines(route, outcome, pace, turn)
    return replace(note_offers(outcome, services), pace=pace)


def hear(turn: Turn, conversation: Conversation, services: Services) -> Heard:
    """Screens every text of the turn with those before it as context, and looks for what the last one may be.

    Whatever of it goes wrong, a person is told and a crisis card is sent, or a dull line where the line is under cover
    (R9, R10); what else was heard still counts.
    """
    text, reading = "\n".join(turn.texts), _Reading()
    result = _screen_all(turn, conversation, services, reading)
    keyword = reading.ask(_find_keyword, turn, conversation, services, otherwise=None)
    covered = reading.ask(
        under_cover.is_covered_after, turn.texts, conversation, services.cover, otherwise=conversation.covered
    )
    act = reading.ask(services.find_act, turn.texts[-1], otherwise=None) if turn.texts else None
    language = reading.ask(services.guess_language, text, otherwise=None)
    choice = reading.ask(find_pick, text, keyword, conversation, services, otherwise=None)
    heard = Heard(text, keyword, result.level, result.reasons, choice, covered=covered, act=act, language=language)
    if not reading.failed:
        return heard
    level, reasons = max(result.level, Level.HIGH), (*result.reasons, SCREENING_FAILED)
    return replace(heard, level=level, reasons=reasons, choice=None, failed=True)


class _Reading:
    """Asks what a text is, and remembers whether an answer failed."""

    failed = False

    def ask[*Ts, T](self, ask: Callable[[*Ts], T], *given: *Ts, otherwise: T) -> T:
        try:
            return ask(*given)
        except Exception:
            self.failed = True
            return otherwise


def _find_keyword(turn: Turn, conversation: Conversation, services: Services) -> Keyword | None:
    """A keyword that the last text is, or the short way out where it was taught in this session (K5)."""
    if not turn.texts:
        return None
    taught = conversation.session.taught_exit and services.is_exit(turn.texts[-1])
    return Keyword(KeywordName.BYE) if taught else services.find_keyword(turn.texts[-1])


def remember(conversation: Conversation, turn: Turn, heard: Heard) -> Conversation:
    """The conversation with this turn's texts as later context, its language, and anyone near gone (C13, V9, R10)."""
    session = conversation.session
    recent = (*session.recent, *(Recent(text, turn.at) for text in turn.texts))
    keyword_language = heard.keyword.language if heard.keyword else None
    return replace(
        conversation,
        language=keyword_language or heard.language or conversation.language,
        silent=conversation.silent and turn.opted_out,
        session=replace(session, recent=_fresh(recent, turn.at)),
    )


def note_level(outcome: Outcome, heard: Heard) -> Outcome:
    """Keeps the highest level that the conversation has reached."""
    conversation = outcome.conversation
    return replace(outcome, conversation=replace(conversation, level=max(conversation.level, heard.level)))


def note_clearing(route: Route, outcome: Outcome, heard: Heard) -> Outcome:
    """CLEAR empties the chat even after STOP, and even with a page open, which stays (K6)."""
    clears = heard.keyword is not None and heard.keyword.name is KeywordName.CLEAR
    return replace(outcome, erase_chat=clears and route in {Route.GONE, Route.STOPPED})


def note_offers(outcome: Outcome, services: Services) -> Outcome:
    """Keeps which replies were given, and what a short answer would now mean (H5, R7)."""
    conversation = outcome.conversation
    if not outcome.replies or conversation.covered:
        return outcome
    session = conversation.session
    keys = tuple(ref.key for ref in outcome.replies)
    line = _find_line(outcome, services)
    asked = find_question(outcome, services)
    session = replace(
        session,
        offered=(*session.offered, *keys)[-_OFFERED_KEPT:],
        choices=asked.offers,
        asked=asked.key,
        on_no=asked.no,
        last_line=line or session.last_line,
        taught_exit=session.taught_exit or _TEACHES_EXIT in keys,
    )
    return replace(outcome, conversation=replace(conversation, session=session))


def _find_line(outcome: Outcome, services: Services) -> str | None:
    """The number that a turn gave, which "again" repeats (K4): a reply's own before the welcome's."""
    named = [line for ref in outcome.replies for line in (ref.params.get("line"), *services.replies.lines_in(ref.key))]
    return next((line for line in named if line), None)


def _screen_all(turn: Turn, conversation: Conversation, services: Services, reading: _Reading) -> ScreeningResult:
    """What the texts amount to; one that cannot be screened leaves what the others are."""
    level, found = Level.NONE, set[str]()
    earlier = [(recent.text, (turn.at - recent.at).total_seconds()) for recent in conversation.session.recent]
    for text in turn.texts:
        context = [Earlier(words, max(0.0, seconds)) for words, seconds in earlier if seconds <= _CONTEXT_SECONDS]
        result = reading.ask(services.screen, text, context, otherwise=ScreeningResult(Level.NONE))
        level = max(level, result.level)
        found.update(result.reasons)
        earlier.append((text, 0.0))
    return ScreeningResult(level, tuple(reason for reason in REASONS if reason in found))


def _fresh(recent: Sequence[Recent], at: datetime) -> tuple[Recent, ...]:
    kept = [one for one in recent if (at - one.at).total_seconds() <= _CONTEXT_SECONDS]
    return tuple(kept[-_RECENT_TEXTS:])
