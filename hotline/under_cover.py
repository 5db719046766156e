"""Under cover: one dull line for whatever is texted, and a page where somebody may be in danger (K7, R10).

Only STOP, the return word and BYE act. Screening goes on; what it hears goes to a person and never to the phone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hotline import handoff
from hotline.answers import crisis_key, leave, status_reply
from hotline.conversations import Conversation, Owner
from hotline.cover import Cover
from hotline.keywords import Keyword, KeywordName
from hotline.messages import Kind
from hotline.ports import ReplyRef
from hotline.private_words import split_words
from hotline.routing import Route
from hotline.screening.result import Level
from hotline.turns import Answer, Heard, Outcome, Services, Turn


def is_covered_after(texts: Sequence[str], conversation: Conversation, cover: Cover | None) -> bool:
    """True if a turn of these texts ends under cover: the last word into or out of it that stands alone decides."""
    own, covered = conversation.session.own_cover, conversation.covered
    back = {*own[1:], *((cover.back,) if cover else ())}
    into = {*own[:1], *cover.words} if cover else set()
    for text in texts:
        words = split_words(text)
        if len(words) == 1 and words[0] in (back if covered else into):
            covered = not covered
    return covered


def _covered(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    """A dull line, whatever was said; what a person must hear reaches one."""
    if _says(heard.keyword, KeywordName.BYE) and heard.level < Level.HIGH:
        return _with_dull_line(leave(turn, conversation, handoff.GOODBYE, wipes=True), services)
    starts = turn.kind is Kind.UNBLOCKED or turn.opt_out == "START" or _says(heard.keyword, KeywordName.START)
    outcome = replace(_raise(turn, heard, replace(conversation, silent=True)), stop=False if starts else None)
    return outcome if turn.kind is Kind.UNBLOCKED else _with_dull_line(outcome, services)


def _raise(turn: Turn, heard: Heard, conversation: Conversation) -> Outcome:
    """High and imminent, a plea for a person and failed screening reach a person; no reply."""
    asks = _says(heard.keyword, KeywordName.PERSON)
    if not asks and not heard.failed and heard.level < Level.HIGH:
        return Outcome(conversation)
    waiting = handoff.enter_waiting(
        conversation,
        level=max(heard.level, Level.CONCERN),
        reasons=(*heard.reasons, *((handoff.ASKED,) if asks else ())),
        agreed=asks or heard.failed or heard.level is Level.IMMINENT,
        at=turn.at,
    )
    return Outcome(waiting, alert=_alert(heard, conversation, asks=asks))


def _alert(heard: Heard, before: Conversation, *, asks: bool) -> str | None:
    if heard.failed:
        return handoff.SCREENING_FAILED
    new = heard.level > before.level or not set(heard.reasons) <= set(before.reasons)
    return max(heard.level, Level.CONCERN).label if new or (asks and not before.locked) else None


def _says(keyword: Keyword | None, name: KeywordName) -> bool:
    return keyword is not None and keyword.name is name


def _with_dull_line(outcome: Outcome, services: Services) -> Outcome:
    """Nothing at all where the hotline has taken its cover away meanwhile: silence tells less than the truth."""
    if services.cover is None:
        return outcome
    session, line = services.cover.next_line(outcome.conversation.session)
    return replace(outcome, conversation=replace(outcome.conversation, session=session), replies=(line,))


def _back(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    """The texter is back: what was held back is said now, a crisis line first (R7, H4)."""
    outcome = _raise(turn, heard, conversation)
    after = outcome.conversation
    if after.level is Level.IMMINENT:
        crisis = ReplyRef(crisis_key(after.reasons))
        if after.owner is Owner.WITH_ADVOCATE:
            return replace(outcome, replies=(crisis,))
        return replace(outcome, conversation=replace(after, told_joined=False), replies=(crisis, status_reply(turn)))
    if after.locked and after.owner is Owner.WAITING:
        return replace(handoff.still_waiting(after, on_shift=turn.on_shift), alert=outcome.alert)
    return replace(outcome, replies=(ReplyRef("cover_over"),))


def _own_words(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    """Takes the texter's own two words, with one neutral line (K7)."""
    if services.cover is None:
        return Outcome(conversation, replies=(ReplyRef("cover_none"),))
    words = heard.act.words if heard.act else ()
    if not words or services.cover.back in words or not services.cover.words.isdisjoint(words):
        return Outcome(conversation, replies=(ReplyRef("cover_words"),))
    session = replace(conversation.session, own_cover=words)
    return Outcome(replace(conversation, session=session), replies=(ReplyRef("neutral_ack"),))


def _code(turn: Turn, heard: Heard, conversation: Conversation, services: Services) -> Outcome:
    """The same line whatever became of the word; an advocate alone sees what did (C9)."""
    session = replace(conversation.session, codes_heard=conversation.session.codes_heard + (turn.code is not None))
    noted = replace(conversation, session=session)
    reason = {"matched": handoff.CODE_MATCHED, "unmatched": handoff.CODE_UNMATCHED}.get(turn.code or "")
    if reason:
        noted = replace(noted, reasons=handoff.merge_reasons(noted.reasons, (reason,)))
    return Outcome(noted, replies=(ReplyRef("neutral_ack"),))


ANSWERS: Mapping[Route, Answer] = {
    Route.COVERED: _covered,
    Route.BACK: _back,
    Route.OWN_WORDS: _own_words,
    Route.CODE: _code,
}
