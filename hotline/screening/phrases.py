"""The phrase language of ``safety_content/screening``: readable phrases in, linear-time patterns out (R3, R4).

``want to die``      these words, next to each other
``(die|be dead)``    one of these            ``[just]``   this or nothing
``<he>``             one of a named group    ``#``        a number
``~`` ``~~``         up to two, up to four words of any kind between
``^`` ``$``          the message begins, ends here
``? ...``            the phrase is likely, not sure: it needs another sign or the second stage (entries.py)
"""

import sys
from collections.abc import Callable, Mapping
from math import inf
from typing import NamedTuple

from hotline.errors import ContentError

_SIGNS = {"~": "(?: [a-z0-9]+){0,2}?", "~~": "(?: [a-z0-9]+){0,4}?", "#": " [0-9]+", "^": "^", "$": "$"}
_BRACKETS = {"(": "(?:", "|": "|", ")": ")", "[": "(?:", "]": ")?"}
_OPENING_OF = {")": "(", "]": "["}
_OPENING = frozenset(_OPENING_OF.values())


class Pattern(NamedTuple):
    """One phrase, compiled.

    ``source`` is RE2 over words each led by one space; ``needed`` are words of which a matching text holds at
    least one (empty when there is none); ``denies`` if it names a denial.
    """

    source: str
    needed: frozenset[str]
    denies: bool


class _Part(NamedTuple):
    """What one token, or all in one bracket, needs: ``words`` of which one is there; ``price`` says how common."""

    words: tuple[str, ...]
    price: float


_EMPTY = _Part((), inf)
"""No part yet."""
_NOTHING = _Part((), sys.float_info.max)
"""A part that needs no word: dearer than any that does."""


def _need_any(options: list[_Part]) -> _Part:
    """What a bracket needs: a word of any of its options, if every one of them needs one."""
    if not all(option.words for option in options):
        return _NOTHING
    return _Part(tuple([word for option in options for word in option.words]), sum([one.price for one in options]))


def part_phrase(phrase: str) -> list[str]:
    """The tokens of a phrase: brackets, bars, signs, groups and words."""
    for mark in _BRACKETS:
        phrase = phrase.replace(mark, f" {mark} ")
    return phrase.split()


class PhraseReader:
    """Reads phrases. ``groups`` are the named groups, ``spell`` turns a typed word into its plain words, ``cost``
    says how common a word is (the rarest words of a phrase become its ``needed``), ``deniers`` are words like "not".

    Every start reads some hundred thousand tokens: what a token is, is looked up once and kept (R9).
    """

    def __init__(
        self,
        groups: Mapping[str, list[str]],
        spell: Callable[[str], tuple[str, ...]],
        cost: Callable[[str], int],
        deniers: frozenset[str],
    ) -> None:
        self._groups, self._spell, self._cost, self._deniers = groups, spell, cost, deniers
        self._sources: dict[str, str] = dict(_BRACKETS)
        self._parts: dict[str, _Part | None] = dict.fromkeys(_BRACKETS)
        """What each token needs; None for a bracket."""
        self._denials: set[str] = set()
        self.words: set[str] = set()
        """Every word that a phrase read so far names outright."""

    def read(self, phrase: str) -> Pattern:
        """The phrase compiled. Raises ContentError on a phrase that breaks the language."""
        tokens = part_phrase(phrase)
        for token in tokens:
            if token not in self._parts:
                self._learn(token, phrase)
        source, part = self._join(tokens, phrase)
        return Pattern(source + r"\b", frozenset(part.words), not self._denials.isdisjoint(tokens))

    def _join(self, tokens: list[str], phrase: str) -> tuple[str, _Part]:
        """The pattern of known tokens, and what it needs: of a sequence its rarest part, the first of equals."""
        parts = self._parts
        # Of the bracket at hand: its mark, the rarest part of its option so far, and what the options before need.
        mark, rarest, options = "", _EMPTY, list[_Part]()
        outer: list[tuple[str, _Part, list[_Part]]] = []
        for token in tokens:
            part = parts[token]
            if part is not None:
                if part.price < rarest.price:
                    rarest = part
                continue
            if token in _OPENING:
                outer.append((mark, rarest, options))
                mark, rarest, options = token, _EMPTY, []
                continue
            if rarest is _EMPTY:
                raise ContentError(f"screening phrase {phrase!r}: an empty part")
            options.append(rarest)
            rarest = _EMPTY
            if token == "|":
                continue
            if mark != _OPENING_OF[token]:
                raise ContentError(f"screening phrase {phrase!r}: a bracket too many, or one not closed")
            part = _NOTHING if mark == "[" else _need_any(options)
            mark, rarest, options = outer.pop()
            if part.price < rarest.price:
                rarest = part
        if rarest is _EMPTY or outer:
            raise ContentError(
                f"screening phrase {phrase!r}: {'a bracket is not closed' if outer else 'an empty part'}"
            )
        source = "".join([self._sources[token] for token in tokens])
        return (f"(?:{source})", _need_any([*options, rarest])) if options else (source, rarest)

    def _learn(self, token: str, phrase: str) -> None:
        if token.startswith("<") and token.endswith(">"):
            self._sources[token], self._parts[token] = self._read_group(token, phrase)
        elif token in _SIGNS:
            self._sources[token], self._parts[token] = _SIGNS[token], _NOTHING
        else:
            words = self._spell(token)
            whole = "".join(words)
            if not (whole.isascii() and whole.isalnum()):
                raise ContentError(f"screening phrase {phrase!r}: {token!r} is not a word")
            self.words.update(words)
            if not self._deniers.isdisjoint(words):
                self._denials.add(token)
            rarest = min(words, key=self._cost) if len(words) > 1 else words[0]
            self._sources[token] = f" {' '.join(words)}"
            self._parts[token] = _Part((rarest,), self._cost(rarest))

    def _read_group(self, token: str, phrase: str) -> tuple[str, _Part]:
        name = token[1:-1]
        if name not in self._groups:
            raise ContentError(f"screening phrase {phrase!r}: no group of words called {name!r}")
        if any("<" in option for option in self._groups[name]):
            raise ContentError(f"screening group {name!r}: a group holds no other group")
        whole = f"({'|'.join(self._groups[name])})"
        tokens = part_phrase(whole)
        for one in tokens:
            if one not in self._parts:
                self._learn(one, whole)
        if not self._denials.isdisjoint(tokens):
            self._denials.add(token)
        return self._join(tokens, whole)
