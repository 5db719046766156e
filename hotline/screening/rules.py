"""Rules: all that screening knows, compiled once at start."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import re2

from hotline.errors import ContentError
from hotline.screening.entries import Entry, parse_entries
from hotline.screening.learned import LearnedStage
from hotline.screening.phrases import Pattern, PhraseReader, part_phrase
from hotline.screening.scopes import Negation, Scope, parse_negation, parse_scope
from hotline.screening.spelling import Spelling, build_slips
from hotline.screening.vocabulary import Vocabulary
from hotline.text import fold


@dataclass(frozen=True)
class Matcher:
    """Phrases of one owner (an entry or a scope) as one pattern; ``denies`` if the phrases hold a denial themselves."""

    owner: Entry | Scope
    denies: bool
    source: str = field(repr=False)

    @cached_property
    def pattern(self) -> Any:
        """The pattern, compiled when it is first asked for."""
        return re2.compile(self.source.encode())


@dataclass(frozen=True, slots=True)
class Rules:
    """Compiled rules. ``by_word`` leads from a word to the matchers that can match only where it stands."""

    spelling: Spelling = field(repr=False)
    negation: Negation = field(repr=False)
    entries: tuple[Entry, ...] = field(repr=False)
    by_word: Mapping[str, tuple[Matcher, ...]] = field(repr=False)
    scopes_by_word: Mapping[str, tuple[Matcher, ...]] = field(repr=False)
    learned: LearnedStage | None = field(default=None, repr=False)
    """The second stage; rules stand without it (R5)."""

    def compile(self) -> None:
        """Compiles every pattern and makes every table that no text has asked for yet.

        Raises ContentError for one that cannot be.
        """
        self.spelling.vocabulary.compile()
        for by_word in (self.by_word, self.scopes_by_word):
            for matcher in {id(one): one for matchers in by_word.values() for one in matchers}.values():
                try:
                    matcher.pattern  # noqa: B018 - compiled by being asked for
                except re2.error:
                    owner = matcher.owner.id if isinstance(matcher.owner, Entry) else matcher.owner.name
                    raise ContentError(f"screening: {owner} cannot be compiled") from None


def build_rules(
    documents: Mapping[str, Any],
    vocabulary: Vocabulary | None = None,
    learned: LearnedStage | None = None,
    *,
    hurried: bool = False,
) -> Rules:
    """Rules from every document below ``screening/``, with the ``vocabulary`` and the ``learned`` stage if there are.

    ``hurried``: patterns and tables are left to the texts that need them, or to ``Rules.compile``. Raises ContentError
    naming the entry that is wrong.
    """
    ours = {name: document for name, document in sorted(documents.items()) if name.startswith("screening/")}
    if not ours:
        raise ContentError("no screening rules in the content")
    entries = [entry for name, document in ours.items() for entry in parse_entries(name, document)]
    _refuse_doubles(entry.id for entry in entries)
    scopes = _read_scopes(ours.values())
    words, pairs = _read_spelling(ours.values())
    groups: dict[str, list[str]] = {}
    for document in ours.values():
        _refuse_doubles([*groups, *document.get("groups", {})])
        groups |= document.get("groups", {})
    owners: list[Entry | Scope] = [*entries, *scopes]
    common = _count_words([phrase for owner in owners for phrase in owner.phrases], groups)
    negation = _merge_negation(ours.values())
    reader = PhraseReader(
        groups, lambda word: words.get(plain := fold(word), (plain,)), lambda word: 1 + common[word], negation.deniers
    )
    by_word, scopes_by_word = _compile(entries, reader), _compile(scopes, reader)
    risk = [word for document in ours.values() for word in document.get("slips", [])]
    listed = [word for document in ours.values() for key in ("known", "slips") for word in document.get(key, [])]
    if not all(isinstance(word, str) for word in [*listed, *words]):
        raise ContentError("screening spelling: words that YAML reads as yes or no must stand in quotes")
    known = frozenset(reader.words.union(listed, *words.values(), *pairs.values(), negation.deniers, negation.carriers))
    signs = {ord(sign): f" {word} " for document in ours.values() for sign, word in document.get("signs", {}).items()}
    spelling = Spelling(
        known, words, pairs, signs, build_slips(risk, known), frozenset(risk), vocabulary or Vocabulary()
    )
    rules = Rules(spelling, negation, tuple(entries), by_word, scopes_by_word, learned)
    if not hurried:
        rules.compile()
    return rules


def _compile(owners: Iterable[Entry | Scope], reader: PhraseReader) -> dict[str, tuple[Matcher, ...]]:
    by_word: defaultdict[str, list[Matcher]] = defaultdict(list)
    for owner in owners:
        kinds: dict[bool, list[Pattern]] = {True: [], False: []}
        for phrase in owner.phrases:
            pattern = reader.read(phrase)
            if not pattern.needed:
                raise ContentError(f"screening phrase {phrase!r}: needs a word that is always there")
            kinds[pattern.denies].append(pattern)
        for denies, patterns in kinds.items():
            if patterns:
                source = "|".join([pattern.source for pattern in patterns])
                matcher = Matcher(owner, denies, source)
                for word in sorted(frozenset[str]().union(*(pattern.needed for pattern in patterns))):
                    by_word[word].append(matcher)
    return {word: tuple(matchers) for word, matchers in by_word.items()}


def _read_scopes(documents: Iterable[Mapping[str, Any]]) -> list[Scope]:
    merged: dict[str, dict[str, Any]] = {}
    for document in documents:
        for name, raw in document.get("scopes", {}).items():
            known = merged.setdefault(name, {"phrases": []})
            known |= {key: value for key, value in raw.items() if key != "phrases"}
            known["phrases"] = [*known["phrases"], *raw.get("phrases", [])]
    return [parse_scope(name, raw) for name, raw in merged.items()]


def _merge_negation(documents: Iterable[Mapping[str, Any]]) -> Negation:
    merged: defaultdict[str, list[str]] = defaultdict(list)
    for document in documents:
        for key, words in document.get("negation", {}).items():
            merged[key].extend(words)
    return parse_negation(merged)


def _read_spelling(
    documents: Iterable[Mapping[str, Any]],
) -> tuple[dict[str, tuple[str, ...]], dict[tuple[str, str], tuple[str, ...]]]:
    words: dict[str, tuple[str, ...]] = {}
    pairs: dict[tuple[str, str], tuple[str, ...]] = {}
    for document in documents:
        for plain, typed in document.get("spelling", {}).items():
            for form in typed.split(", "):
                key = tuple(form.split())
                twice = len(key) == 1 and words.get(key[0], tuple(plain.split())) != tuple(plain.split())
                if len(key) not in {1, 2} or twice:
                    raise ContentError(f"screening spelling: {form!r} is given twice or is not one or two words")
                if len(key) == 1:
                    words[key[0]] = tuple(plain.split())
                else:
                    pairs[key[0], key[1]] = tuple(plain.split())
    for spelled in [*words.values(), *pairs.values()]:
        for word in spelled:
            if words.get(word, (word,)) != (word,):
                raise ContentError(f"screening spelling: {word!r} is both a plain word and a spelling of another")
    return words, pairs


def _count_words(phrases: Iterable[str], groups: Mapping[str, list[str]]) -> Counter[str]:
    tokens = Counter([token for phrase in phrases for token in part_phrase(phrase)])
    counts: Counter[str] = Counter()
    for token, times in tokens.items():
        if token.startswith("<"):
            for word in [word for option in groups.get(token.strip("<>"), [token]) for word in part_phrase(option)]:
                counts[word] += times
        else:
            counts[token] += times
    return counts


def _refuse_doubles(names: Iterable[str]) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise ContentError(f"screening: {name!r} is there twice")
