"""What a short answer picks from what the last message offered: "yes", "2", "the ride", "more" (V3, C11)."""

import functools
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotline.content import PERSON
from hotline.errors import ContentError
from hotline.keywords import KeywordName
from hotline.text import fold

DOCUMENT = "choices"
ENOUGH = "enough"
FEW_WORDS = 5
"""A text of no more words can pick by a word that an option is called; a longer one says something of its own."""

_OPTION_JOINTS = re.compile(r",|\bor\b|\bo\b|\bu\b", re.IGNORECASE)
_SHORTEST_NAME = 3
_REFUSED_WITHIN = 3
SEVERAL_WORDS = 12
"""As FEW_WORDS, for a text that nothing else was made of."""


Names = Callable[[str], Iterable[str]]
"""The plain words by which an option can be called."""


@dataclass(frozen=True, slots=True)
class ChoiceWords:
    """Words that pick by place, that ask for the next thing, that mean a person, that refuse, and that say little."""

    positions: tuple[frozenset[str], ...]
    ordinals: tuple[frozenset[str], ...]
    around: frozenset[str]
    more: frozenset[str]
    person: tuple[str, ...]
    refusals: frozenset[str]
    small: frozenset[str]


def build_choice_words(documents: Mapping[str, Any]) -> ChoiceWords:
    """The words of ``choices.yml``. Raises ContentError if it is not there or not lists of words."""
    try:
        given = documents[DOCUMENT]["choices"]
        return ChoiceWords(
            positions=tuple(_read_words(words) for words in given["positions"]),
            ordinals=tuple(_read_words(words) for words in given["ordinals"]),
            around=_read_words(given["around"]),
            more=_read_words(given["more"]),
            person=tuple(sorted(_read_words(given["person"]))),
            refusals=_read_words(given["not"]),
            small=_read_words(given["small"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ContentError(f"{DOCUMENT}: not well formed ({type(error).__name__})") from None


def find_choice(
    text: str, keyword: KeywordName | None, offers: Sequence[str], words: ChoiceWords, names: Names
) -> str | None:
    """The option that a short text picks from ``offers``, or None if it says something of its own."""
    if not offers:
        return None
    if keyword is KeywordName.YES:
        return offers[0]
    plain = plain_words(text)
    number = _find_position(plain, words)
    if number is not None:
        return offers[number] if number < len(offers) else None
    if plain in words.more:
        return find_next(offers)
    return find_named(plain, offers, words, names, longest=FEW_WORDS)


def find_next(offers: Sequence[str]) -> str | None:
    """What "more" means: the first option that is neither a person nor the end."""
    return next((option for option in offers if option not in (PERSON, ENOUGH)), None)


def find_named(
    text: str, offers: Sequence[str], words: ChoiceWords, names: Names, *, longest: int = SEVERAL_WORDS
) -> str | None:
    """The one option that a text of at most ``longest`` words calls by name, and does not refuse."""
    said = plain_words(text).split()
    if not said or len(said) > longest:
        return None
    wanted = [option for option in offers if _says(said, words.person if option == PERSON else names(option), words)]
    return wanted[0] if len(wanted) == 1 else None


def find_spoken_names(question: str, offers: Sequence[str], small: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The words that a question says of each of its options, which it names in their order.

    A word that it says of two options names neither; what it says after the last option is a way to end. Empty if the
    question cannot be told apart into its options.
    """
    return dict(_find_spoken_names(question, tuple(offers), frozenset(small)))


@functools.lru_cache(maxsize=1024)
def _find_spoken_names(question: str, offers: Sequence[str], small: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Remembered by question: they are the content's, and no word of a texter's is in them."""
    asked = question[: question.rfind("?")]
    asked = asked[max(asked.rfind(sign) for sign in ".\u00bf!:") + 1 :]
    parts = [set(plain_words(part).split()) for part in _OPTION_JOINTS.split(asked) if part.strip()]
    if len(parts) not in (len(offers), len(offers) + 1):
        return {}
    counts = Counter(word for part in parts for word in part)
    own = [tuple(sorted(word for word in part if counts[word] == 1 and _tells(word, small))) for part in parts]
    return dict(zip((*offers, ENOUGH), own, strict=False))


def _tells(word: str, small: Collection[str]) -> bool:
    return len(word) >= _SHORTEST_NAME and word not in small


def _find_position(plain: str, words: ChoiceWords) -> int | None:
    for number, forms in enumerate(words.positions):
        if plain in forms:
            return number
    said = set(plain.split()) - words.around
    found = [number for number, forms in enumerate(words.ordinals) if said and said <= forms]
    return found[0] if len(found) == 1 else None


def plain_words(text: str) -> str:
    """Small letters and digits without accents, apostrophes and other signs, single blanks between words."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in fold(text)).split())


def _says(said: Sequence[str], names: Iterable[str], words: ChoiceWords) -> bool:
    """True if a name stands in the words and is not refused just before it ("not the ride")."""
    for name in names:
        parts = plain_words(name).split()
        for start in range(len(said) - len(parts) + 1):
            refused = words.refusals & set(said[max(0, start - _REFUSED_WITHIN) : start])
            if list(said[start : start + len(parts)]) == parts and not refused:
                return True
    return False


def _read_words(words: Any) -> frozenset[str]:
    if not isinstance(words, list) or not words or not all(isinstance(word, str) and word.strip() for word in words):
        raise TypeError("not a list of words")
    return frozenset(plain_words(word) for word in words)
