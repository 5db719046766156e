"""Meanings: one meaning for a word, whatever its language, and the features that the second stage reads (R5).

Stands outside ``hotline.screening`` so that the program that fits the model can read texts the same way without the
rules. Pure, deterministic, linear in the length of the text.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from hotline.errors import ContentError

KINDS = ("c", "w", "m", "p")
"""The kinds of features: pieces of words, words, meanings, pairs of meanings."""

BREAK = "."
"""Where a clause ends. Left out too: many texters put no full stops."""

UNREAD = "identity"
"""The meaning of words that say who somebody is: they are left out, so that they change no score."""

_ALIKE = {
    other: one
    for one, others in {
        "he": "she", "him": "her his hers", "himself": "herself", "boyfriend": "girlfriend", "bf": "gf",
        "husband": "wife", "boy": "girl", "boys": "girls", "brother": "sister", "son": "daughter", "man": "woman",
        "el": "ella", "ellos": "ellas", "novio": "novia", "esposo": "esposa", "amigo": "amiga", "hermano": "hermana",
        "primo": "prima", "hijo": "hija", "muchacho": "muchacha", "muchachos": "muchachas", "chico": "chica",
        "morro": "morra", "nino": "nina",
    }.items()
    for other in others.split()
}  # fmt: skip
"""A girl is heard like a boy, and a woman who hurts like a man who does."""

_SHORTEST_STEM = 4
_SHORTEST_PIECE, _LONGEST_PIECE = 2, 5
_SKIPS = (2, 3)
_MOST_WORDS = 160
_MOST_PAIRED_WORDS, _MOST_PAIRED = 60, 24


@dataclass(frozen=True, slots=True)
class Meanings:
    """Plain words, and stems with any ending, each with its one meaning."""

    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    stems: Mapping[str, str] = field(default_factory=dict, repr=False)

    def find(self, word: str) -> str | None:
        """The meaning of a plain word, by the word itself or its longest stem."""
        found = self.words.get(word)
        for end in range(len(word), _SHORTEST_STEM - 1, -1):
            if found is not None:
                break
            found = self.stems.get(word[:end])
        return found


def parse_meanings(text: str) -> Meanings:
    """Meanings from lines of ``name: word word stem*``; ``#`` begins a comment.

    Raises ContentError for a line without a name and for a word that is there twice.
    """
    words: dict[str, str] = {}
    stems: dict[str, str] = {}
    for line in text.splitlines():
        said = line.partition("#")[0].strip()
        if not said:
            continue
        name, colon, listed = said.partition(":")
        if not colon or not listed.split() or not name.isidentifier():
            raise ContentError(f"meanings: {said[:40]!r} is not a name and its words")
        for word in listed.split():
            table = stems if word.endswith("*") else words
            if table.setdefault(word.removesuffix("*"), name) != name:
                raise ContentError(f"meanings: {word!r} is there twice")
    return Meanings(words, stems)


def list_features(plain: str, meanings: Meanings) -> tuple[Counter[str], ...]:
    """The features of a normalised text, one counter for each of ``KINDS``."""
    read = [word for word in plain.split() if word != BREAK and meanings.words.get(word) != UNREAD]
    words = [_ALIKE.get(word, word) for word in read[:_MOST_WORDS]]
    meant = [meanings.find(word) for word in words]
    row = [name or word for name, word in zip(meant, words, strict=True)]
    known = sorted({name for name in meant[:_MOST_PAIRED_WORDS] if name})[:_MOST_PAIRED]
    pairs = Counter(f"{one}+{other}" for one, other in combinations(known, 2))
    return _cut(words), _list_phrases(words), _list_phrases(row), pairs


def _cut(words: Sequence[str]) -> Counter[str]:
    pieces = []
    for word in words:
        padded = f" {word} "
        for size in range(_SHORTEST_PIECE, min(_LONGEST_PIECE, len(padded)) + 1):
            pieces += [padded[start : start + size] for start in range(len(padded) - size + 1)]
    return Counter(pieces)


def _list_phrases(words: Sequence[str]) -> Counter[str]:
    """Single words, two and three neighbours, and two words with one or two between them."""
    phrases = [*words, *(f"{one}_{two}" for one, two in pairwise(words))]
    phrases += [f"{one}_{two}_{three}" for one, two, three in zip(words, words[1:], words[2:], strict=False)]
    for skip in _SKIPS:
        phrases += [f"{one}~{two}" for one, two in zip(words, words[skip:], strict=False)]
    return Counter(phrases)
