"""The phrase language of ``safety_content/screening``: readable phrases in, linear-time patterns out (R3, R4).

``want to die``      these words, next to each other
``(die|be dead)``    one of these            ``[just]``   this or nothing
``<he>``             one of a named group    ``#``        a number
``~`` ``~~``         up to two, up to four words of any kind between
``^`` ``$``          the message begins, ends here
``? ...``            the phrase is likely, not sure: it needs another sign or the second stage (entries.py)
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from hotline.errors import ContentError

_SIGNS = {"~": "(?: [a-z0-9]+){0,2}?", "~~": "(?: [a-z0-9]+){0,4}?", "#": " [0-9]+", "^": "^", "$": "$"}
_MARKS = "()[]|"
_ENDS = frozenset("|)]")


class Pattern(NamedTuple):
    """One phrase, compiled.

    ``source`` is RE2 over words each led by one space; ``needed`` are words of which a matching text holds at
    least one (empty when there is none), ``price`` says how common those are; ``denies`` if it names a denial.
    """

    source: str
    needed: frozenset[str] = frozenset()
    price: int = 0
    denies: bool = False


class PhraseReader:
    """Reads phrases. ``groups`` are the named groups, ``spell`` turns a typed word into its plain words, ``cost``
    says how common a word is (the rarest words of a phrase become its ``needed``), ``deniers`` are words like "not"."""

    def __init__(
        self,
        groups: Mapping[str, list[str]],
        spell: Callable[[str], tuple[str, ...]],
        cost: Callable[[str], int],
        deniers: frozenset[str],
    ) -> None:
        self._groups, self._spell, self._cost, self._deniers = groups, spell, cost, deniers
        self._read_groups: dict[str, Pattern] = {}
        self._read_words: dict[str, Pattern] = {}
        self.words: set[str] = set()
        """Every word that a phrase read so far names outright."""

    def read(self, phrase: str) -> Pattern:
        """The phrase compiled. Raises ContentError on a phrase that breaks the language."""
        for mark in _MARKS:
            phrase = phrase.replace(mark, f" {mark} ")
        tokens = phrase.split()
        pattern, rest = self._alternatives(tokens, 0, phrase)
        if rest != len(tokens):
            raise ContentError(f"screening phrase {phrase!r}: a bracket too many")
        return pattern._replace(source=pattern.source + r"\b")

    def _alternatives(self, tokens: list[str], at: int, phrase: str) -> tuple[Pattern, int]:
        options: list[Pattern] = []
        while True:
            word = self._read_words.get(tokens[at]) if at + 1 < len(tokens) and tokens[at + 1] in _ENDS else None
            if word is not None:  # most of a long list of words: nothing to take apart
                option, at = word, at + 1
            else:
                option, at = self._sequence(tokens, at, phrase)
            options.append(option)
            if at >= len(tokens) or tokens[at] != "|":
                return self._either(options), at
            at += 1

    def _either(self, options: list[Pattern]) -> Pattern:
        if len(options) == 1:
            return options[0]
        needed = frozenset[str]()
        if all(option.needed for option in options):
            needed = needed.union(*(option.needed for option in options))
        price = sum(option.price for option in options)
        source = "(?:" + "|".join([option.source for option in options]) + ")"
        return Pattern(source, needed, price, any(option.denies for option in options))

    def _sequence(self, tokens: list[str], at: int, phrase: str) -> tuple[Pattern, int]:
        parts: list[Pattern] = []
        while at < len(tokens) and tokens[at] not in _ENDS:
            part, at = self._item(tokens, at, phrase)
            parts.append(part)
        if not parts:
            raise ContentError(f"screening phrase {phrase!r}: an empty part")
        if len(parts) == 1:
            return parts[0], at
        rarest = min([part for part in parts if part.needed], key=lambda part: part.price, default=Pattern(""))
        source = "".join([part.source for part in parts])
        return Pattern(source, rarest.needed, rarest.price, any(part.denies for part in parts)), at

    def _item(self, tokens: list[str], at: int, phrase: str) -> tuple[Pattern, int]:
        token = tokens[at]
        if token in {"(", "["}:
            inner, at = self._alternatives(tokens, at + 1, phrase)
            if at >= len(tokens) or tokens[at] != {"(": ")", "[": "]"}[token]:
                raise ContentError(f"screening phrase {phrase!r}: a bracket is not closed")
            if token == "[":
                inner = Pattern(f"(?:{inner.source})?", denies=inner.denies)
            return inner, at + 1
        if token.startswith("<") and token.endswith(">"):
            return self._group(token[1:-1], phrase), at + 1
        if token not in self._read_words:
            self._read_words[token] = self._plain(token, phrase)
        return self._read_words[token], at + 1

    def _plain(self, token: str, phrase: str) -> Pattern:
        if token in _SIGNS:
            return Pattern(_SIGNS[token])
        words = self._spell(token)
        if not words or not all(word.isascii() and word.isalnum() for word in words):
            raise ContentError(f"screening phrase {phrase!r}: {token!r} is not a word")
        self.words.update(words)
        rarest = min(words, key=self._cost)
        source = "".join([f" {word}" for word in words])
        return Pattern(source, frozenset({rarest}), self._cost(rarest), not self._deniers.isdisjoint(words))

    def _group(self, name: str, phrase: str) -> Pattern:
        if name not in self._groups:
            raise ContentError(f"screening phrase {phrase!r}: no group of words called {name!r}")
        if name not in self._read_groups:
            options = [self._alternatives(self._split(option), 0, option)[0] for option in self._groups[name]]
            self._read_groups[name] = self._either(options)
        return self._read_groups[name]

    @staticmethod
    def _split(phrase: str) -> list[str]:
        if "<" in phrase:
            raise ContentError(f"screening group {phrase!r}: a group holds no other group")
        for mark in _MARKS:
            phrase = phrase.replace(mark, f" {mark} ")
        return phrase.split()
