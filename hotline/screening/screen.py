"""The check itself: level and reasons of one text with what came just before it (R1-R4)."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf

from hotline.meanings import BREAK
from hotline.screening.entries import Weight
from hotline.screening.learned import is_raised, judge, score
from hotline.screening.matching import Hit, find_hits
from hotline.screening.result import REASONS, Earlier, Level, ScreeningResult
from hotline.screening.rules import Rules
from hotline.screening.spelling import normalise

HEAD_CHARACTERS = 4096
"""Longest text of any channel: all of it is read. Of anything longer, head and tail."""

TAIL_CHARACTERS = 1024
PAUSE_SECONDS = 60.0
"""Texts with no longer pause between belong together (C13)."""

JOIN_SECONDS = 300.0
"""Nothing older than this is joined (R4)."""

CONFIRMED_FROM = -1.5
"""Log-odds from which on the second stage confirms a likely phrase: about one in five."""

BELIEVED_FROM = -2.0
"""Log-odds from which on a doubt is put aside, about one in eight: lower, since a film or a laugh beside real danger
takes from the odds too, and what is doubted was said plainly."""

NOTHING = ScreeningResult(Level.NONE)
_JOINED_CHARACTERS = 600


def screen(text: str, context: Sequence[Earlier], rules: Rules) -> ScreeningResult:
    """Level and reasons of ``text``; ``context`` are earlier texts of the same texter, in any order (R1, R4).

    Pure and deterministic, linear in the text's length, never raises. Context can raise a level, never lower it:
    a match must end in ``text`` itself, so an answered text is not reported again.
    """
    plain, before = read_plain(text, context, rules)
    counted = count_hits(plain, before, rules)
    level = max((hit.level for hit in counted), default=Level.NONE)
    touched = {hit.entry.detector for hit in counted}
    learned = judge_text(plain, before, rules) if rules.learned and level < Level.IMMINENT else NOTHING
    if learned.level > level:
        level, touched = learned.level, {*touched, *learned.reasons}
    return ScreeningResult(level, tuple(reason for reason in REASONS if reason in touched))


def judge_text(plain: str, before: str, rules: Rules) -> ScreeningResult:
    """What the learned stage makes of the text, or of it with what came just before if that alone was nothing.

    Both texts are in plain words.
    """
    if rules.learned is None:
        return NOTHING
    alone = judge(plain, rules.learned)
    if alone.level or not before:
        return alone
    together = f"{before} {plain}"
    if not is_raised(together, rules.learned) or is_raised(before, rules.learned):
        return NOTHING
    return judge(together, rules.learned)


def read_plain(text: str, context: Sequence[Earlier], rules: Rules) -> tuple[str, str]:
    """The text in plain words, and what came just before it."""
    return normalise(cut(text), rules.spelling), normalise(_join(context), rules.spelling)


def count_hits(plain: str, before: str, rules: Rules) -> list[Hit]:
    """The matches of the first stage that give a text its level; both texts are in plain words."""
    hits = _confirm(plain, find_hits(plain, rules), rules)
    if not before:
        return _combine(hits, hits)
    joined = f"{before} {plain}"
    together = _confirm(joined, find_hits(joined, rules), rules)
    boundary = sum(token != BREAK for token in before.split())
    across = [hit for hit in together if hit.start < boundary < hit.end]
    return _combine([*hits, *across], [*hits, *together])


def _confirm(plain: str, hits: list[Hit], rules: Rules) -> list[Hit]:
    """The hits that stand: doubted ones at their own level, and likely ones once more as sure, where the second stage
    finds the text likely enough."""
    unsure = any(hit.entry.likely or hit.undoubted > hit.level for hit in hits)
    odds = score(plain, rules.learned) if rules.learned and unsure else -inf
    if odds >= BELIEVED_FROM:
        hits = [replace(hit, level=hit.undoubted) for hit in hits]
    standing = [hit for hit in hits if hit.level]
    if odds < CONFIRMED_FROM:
        return standing
    return standing + [replace(hit, entry=replace(hit.entry, likely=False)) for hit in standing if hit.entry.likely]


def cut(text: str) -> str:
    """Head and tail of a text that is longer than any channel delivers."""
    if len(text) <= HEAD_CHARACTERS + TAIL_CHARACTERS:
        return text
    return f"{text[:HEAD_CHARACTERS]}\n{text[-TAIL_CHARACTERS:]}"


def _join(context: Sequence[Earlier]) -> str:
    """Earlier texts, oldest first, back to the first long pause."""
    joined: list[str] = []
    last = 0.0
    for earlier in sorted(context, key=lambda earlier: earlier.seconds_ago):
        if earlier.seconds_ago - last > PAUSE_SECONDS or earlier.seconds_ago > JOIN_SECONDS:
            break
        joined.append(earlier.text)
        last = earlier.seconds_ago
    return " ".join(reversed(joined))[-_JOINED_CHARACTERS:]


def _combine(hits: list[Hit], signs: list[Hit]) -> list[Hit]:
    """Hits that stand alone, and signs that stand together: two medium of different classes raise to high, a
    medium and a weak one of another class to concern; a sign alone never raises (R3)."""
    counted = [hit for hit in hits if hit.entry.stands_alone]
    own = [hit for hit in hits if not hit.entry.stands_alone]
    medium = [hit for hit in signs if hit.entry.is_medium]
    weak = [hit for hit in signs if hit.entry.weight is Weight.WEAK]
    for hit in own:
        others = [other for other in medium if other.entry.sign != hit.entry.sign]
        if hit.entry.is_medium and others:
            counted += [hit, *others]
        elif others or (hit.entry.is_medium and any(w.entry.sign != hit.entry.sign for w in weak)):
            counted += [
                Hit(seen.entry, min(seen.level, Level.CONCERN), seen.start, seen.end) for seen in [hit, *others]
            ]
    return counted
