"""Why a text was given its level, for reviewers (R4)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hotline.screening.learned import list_weights, score
from hotline.screening.matching import Hit
from hotline.screening.result import Earlier, Level
from hotline.screening.rules import Rules
from hotline.screening.screen import count_hits, judge_text, read_plain

LEARNED = "learned"
"""How ``explain`` names the second stage."""

_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text was read: in plain words; the entries that counted, each with its meaning; and what the second stage
    made of it: the logarithm of the odds, where it counts from, and the words that weighed most for or against."""

    plain: str = field(repr=False)
    entries: tuple[tuple[str, str], ...]
    odds: float | None
    threshold: float | None
    words: tuple[tuple[str, float], ...] = field(repr=False)


def explain(text: str, context: Sequence[Earlier], rules: Rules) -> tuple[str, ...]:
    """Ids of the entries that gave ``text`` its level and reasons, for reviewers; no text (R1).

    The second stage is named last where the rules alone would have given less: it raised, confirmed, or put a doubt
    aside.
    """
    plain, before = read_plain(text, context, rules)
    counted = count_hits(plain, before, rules)
    given = max(_find_level(counted), judge_text(plain, before, rules).level)
    raised = given > _find_level(count_hits(plain, before, replace(rules, learned=None)))
    return (*dict.fromkeys(hit.entry.id for hit in counted), *([LEARNED] if raised else []))


def _find_level(counted: list[Hit]) -> Level:
    return max((hit.level for hit in counted), default=Level.NONE)


def describe(text: str, context: Sequence[Earlier], rules: Rules) -> Reading:
    """All of how ``text`` was read; holds its words, so it goes to nobody but who gave them."""
    plain, before = read_plain(text, context, rules)
    entries = dict.fromkeys((hit.entry.id, hit.entry.meaning) for hit in count_hits(plain, before, rules))
    if rules.learned is None:
        return Reading(plain, tuple(entries), None, None, ())
    weighed = tuple(list_weights(plain, rules.learned)[:_MOST_WORDS])
    return Reading(plain, tuple(entries), score(plain, rules.learned), rules.learned.thresholds["raised"], weighed)
