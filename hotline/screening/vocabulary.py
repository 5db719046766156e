"""Vocabulary: the words that texters use, to tell a slip of the finger or words run together from a word (R4)."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

_SHORTEST_MENDED, _LONGEST_MENDED = 4, 20
_SHORTEST_SPLIT, _LONGEST_SPLIT = 5, 60
_LONGEST_PART = 14
_FEWEST_FOR_PART = 8
_LETTERS_A_PART = 2.4
_WORST_SHORT_SPLIT = -22.0
_SHORT_SPLIT = 7
_ALONE = frozenset("aiy")
_TWICE = re.compile(r"(.)\1+")
_SOUNDS = [("ph", "f"), ("ck", "k"), ("qu", "k"), ("ll", "y"), ("h", ""), ("ce", "se"), ("ci", "si"), ("cy", "sy")]
_SOUNDS += [("ge", "je"), ("gi", "ji")]
_SAME_SOUND = str.maketrans("cqvzx", "kkbss")


@dataclass(frozen=True)
class Vocabulary:
    """Words of texters with how often they were seen, and ``ordinary`` words that are no slip of another.

    Neither holds anybody's text: the counts are over invented messages. Its tables are made when a word that it does
    not have first asks for them, or by ``compile``: the start waits for none (R9).
    """

    counts: Mapping[str, int] = field(default_factory=dict, repr=False)
    """The words that a slip may have meant."""
    ordinary: frozenset[str] = field(default=frozenset(), repr=False)

    def compile(self) -> None:
        """Makes the tables that no word has asked for yet."""
        _ = self.near, self.parts

    @property
    def near(self) -> Mapping[str, str]:
        """From a word, and from it with one letter left out, to the words it may have been, a space between."""
        return self._alike[0]

    @property
    def sounds(self) -> Mapping[str, str]:
        """From a sound to the words that sound so, a space between."""
        return self._alike[1]

    @cached_property
    def _alike(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        return _list_alike(self.counts)

    @cached_property
    def parts(self) -> Mapping[str, float]:
        """Words that others may be run together from, with the logarithm of their share."""
        total = math.log(sum(self.counts.values()) or 1)
        return {
            word: math.log(count) - total
            for word, count in self.counts.items()
            if count >= _FEWEST_FOR_PART and (len(word) > 1 or word in _ALONE)
        }

    def has(self, word: str) -> bool:
        """Whether a word is one."""
        return word in self.counts or word in self.ordinary


def _list_alike(counts: Iterable[str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    heard = [word for word in sorted(counts) if len(word) >= _SHORTEST_MENDED - 1]
    sounds: dict[str, str] = {}
    near: dict[str, str] = {}
    # All sounds in one call: nothing in one reaches over the end of a line. Words stand in strings, not in lists: half
    # the memory, and nothing that the garbage collector looks at.
    for word, sound in zip(heard, _sound("\n".join(heard)).split("\n"), strict=False):
        sounds[sound] = f"{sounds[sound]} {word}" if sound in sounds else word
        if len(word) >= _SHORTEST_MENDED:
            for form in {word, *_shorter(word)}:
                near[form] = f"{near[form]} {word}" if form in near else word
    return near, sounds


def mend(word: str, vocabulary: Vocabulary) -> str:
    """The word that was most likely meant: one slip away or of the same sound; the word itself where there is none."""
    if not _SHORTEST_MENDED <= len(word) <= _LONGEST_MENDED or not word.isalpha() or vocabulary.has(word):
        return word
    sound = _sound(word)
    meant = set(vocabulary.sounds.get(sound, "").split())
    for form in (word, *_shorter(word)):
        meant.update([near for near in vocabulary.near.get(form, "").split() if _is_one_slip(word, near)])
    if len(word) == _SHORTEST_MENDED:
        meant = {one for one in meant if one[0] == word[0]}
    return max(sorted(meant), key=lambda one: _likeness(word, sound, one, vocabulary), default=word)


def split(word: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The words that were run together, the likeliest way; the word itself where there is no likely one."""
    if not _SHORTEST_SPLIT <= len(word) <= _LONGEST_SPLIT or not word.isalpha() or vocabulary.has(word):
        return (word,)
    best: list[tuple[float, tuple[str, ...]] | None] = [(0.0, ()), *[None] * len(word)]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST_PART), end):
            before, share = best[start], vocabulary.parts.get(word[start:end])
            if before is not None and share is not None:
                known = best[end]
                if known is None or before[0] + share > known[0]:
                    best[end] = (before[0] + share, (*before[1], word[start:end]))
    found = best[-1]
    if found is None or len(found[1]) > max(2.0, len(word) / _LETTERS_A_PART):
        return (word,)
    if len(word) <= _SHORT_SPLIT and found[0] < _WORST_SHORT_SPLIT:
        return (word,)
    return found[1]


def joins(first: str, second: str, vocabulary: Vocabulary) -> bool:
    """Whether two words are one that was broken apart."""
    whole = first + second
    if len(whole) < _SHORTEST_SPLIT or not whole.isalpha() or whole not in vocabulary.counts:
        return False
    return not (vocabulary.has(first) and vocabulary.has(second))


def _shorter(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))]


def _sound(word: str) -> str:
    """How a word sounds, in English or Spanish: ``kiero`` and ``quiero``, ``bolber`` and ``volver`` are alike."""
    plain = _TWICE.sub(r"\1", word)
    for written, said in _SOUNDS:
        plain = plain.replace(written, said)
    return plain.translate(_SAME_SOUND)


def _is_one_slip(typed: str, meant: str) -> bool:
    """One letter more, less or another, or two swapped."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    at = 0
    while at < min(len(typed), len(meant)) and typed[at] == meant[at]:
        at += 1
    if len(typed) > len(meant):
        return typed[at + 1 :] == meant[at:]
    if len(typed) < len(meant):
        return typed[at:] == meant[at + 1 :]
    swapped = typed[at + 1 : at + 2] + typed[at : at + 1] + typed[at + 2 :]
    return typed[at + 1 :] == meant[at + 1 :] or swapped == meant[at:]


def _likeness(typed: str, sound: str, meant: str, vocabulary: Vocabulary) -> float:
    same = 3.0 * (_sound(meant) == sound) + 2.0 * (sorted(typed) == sorted(meant))
    return math.log(vocabulary.counts[meant]) + same + 2.0 * (typed[0] == meant[0]) + 0.7 * (typed[-1] == meant[-1])
