"""Matching: which entries a normalised text touches, and what lowers them (R3, R4)."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hotline.meanings import BREAK
from hotline.screening.entries import Entry
from hotline.screening.result import Level
from hotline.screening.rules import Matcher, Rules
from hotline.screening.scopes import Negation, Reach, Scope

_MOST_TRIES = 64
"""Places looked at for one matcher; the last of so many stands whatever would lower it (over-caution)."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One match: entry, the level that is left of it, and the words it covers, ``start`` to ``end``, end outside.

    ``undoubted`` is the level without the scopes that only doubt.
    """

    entry: Entry
    level: Level
    start: int
    end: int
    undoubted: Level = Level.NONE


@dataclass(frozen=True, slots=True)
class _Match:
    matcher: Matcher
    start: int
    end: int
    stands: bool


@dataclass(slots=True)
class _Sentence:
    """A normalised text as words, with clause numbers and the byte place of every word."""

    words: list[str] = field(default_factory=list, repr=False)
    clauses: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    line: bytes = field(default=b"", repr=False)


def find_hits(text: str, rules: Rules) -> list[Hit]:
    """Every match in ``text`` (normalised), each with the level that is left after the scopes.

    A denied match, or one lowered to none without a doubt, is left out. Linear in the length of the text.
    """
    sentence = _read(text, rules.negation)
    matchers = _candidates(sentence, rules.by_word)
    # Phrases that hold a denial go first: their "not" is used up and denies nothing else.
    used: set[int] = set()
    found: list[_Match] = []
    for matcher in sorted(matchers, key=lambda matcher: not matcher.denies):
        for match in _find_matches(matcher, sentence):
            if matcher.denies:
                used.update(range(match.start, match.end))
            found.append(match)
    if not found:
        return []
    scopes = [m for matcher in _candidates(sentence, rules.scopes_by_word) for m in _find_matches(matcher, sentence)]
    hits = [_weigh(match, sentence, scopes, used, rules.negation) for match in found]
    return [hit for hit in hits if hit is not None]


def _read(text: str, negation: Negation) -> _Sentence:
    sentence = _Sentence()
    clause, place = 0, 0
    for token in text.split():
        if token == BREAK:
            clause += 1
            continue
        if token in negation.turns:
            clause += 1
        sentence.words.append(token)
        sentence.clauses.append(clause)
        sentence.places.append(place)
        place += len(token) + 1
    sentence.line = "".join(f" {word}" for word in sentence.words).encode()
    return sentence


def _candidates(sentence: _Sentence, by_word: Mapping[str, tuple[Matcher, ...]]) -> list[Matcher]:
    seen: dict[int, Matcher] = {}
    for word in dict.fromkeys(sentence.words):
        for matcher in by_word.get(word, ()):
            seen[id(matcher)] = matcher
    return list(seen.values())


def _find_matches(matcher: Matcher, sentence: _Sentence) -> Iterator[_Match]:
    """Matches from left to right; the next may begin inside the last, so that a lowered one hides no other."""
    at = 0
    for tried in range(1, _MOST_TRIES + 1):
        found = matcher.pattern.search(sentence.line, at)
        if not found:
            return
        start = bisect_right(sentence.places, found.start()) - 1
        yield _Match(matcher, start, bisect_right(sentence.places, found.end() - 1), tried == _MOST_TRIES)
        at = found.start() + 1


def _weigh(match: _Match, sentence: _Sentence, scopes: list[_Match], used: set[int], negation: Negation) -> Hit | None:
    entry = match.matcher.owner
    assert isinstance(entry, Entry)  # noqa: S101
    if match.stands:
        return Hit(entry, entry.level, match.start, match.end, entry.level)
    if _is_denied(match, sentence, used, negation):
        return None
    level = undoubted = entry.level
    for scope_match in scopes:
        scope = scope_match.matcher.owner
        if not isinstance(scope, Scope) or entry.detector not in scope.touches:
            continue
        if _reaches(scope.reach, scope_match, match, sentence, negation):
            level = min(level, scope.lowers_to)
            undoubted = undoubted if scope.doubts else min(undoubted, scope.lowers_to)
    return Hit(entry, level, match.start, match.end, undoubted) if undoubted else None


def _is_denied(match: _Match, sentence: _Sentence, used: set[int], negation: Negation) -> bool:
    words = sentence.words
    inside = range(match.start, match.end)
    if not match.matcher.denies and any(words[i] in negation.deniers and i not in used for i in inside):
        return True
    if words[match.start] in negation.subjects:
        return False
    at = match.start - 1
    while at >= 0 and sentence.clauses[at] == sentence.clauses[match.start]:
        if words[at] in negation.deniers:
            return at not in used
        if words[at] not in negation.carriers:
            return False
        at -= 1
    return False


def _reaches(reach: Reach, scope: _Match, match: _Match, sentence: _Sentence, negation: Negation) -> bool:
    if reach is Reach.MESSAGE:
        return True
    if reach is Reach.OVER:
        return scope.start < match.end and match.start < scope.end
    if reach is Reach.BEFORE:
        between = sentence.words[scope.end : match.start]
        return scope.end <= match.start and (not between or (len(between) == 1 and between[0] in negation.subjects))
    touched = sentence.clauses[match.start], sentence.clauses[match.end - 1]
    return touched[0] <= sentence.clauses[scope.end - 1] and sentence.clauses[scope.start] <= touched[1]
