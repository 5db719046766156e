"""The school grade that a text asks of its reader, per language (V2); docs/decisions/0040-words.md has the formulas."""

import re
from collections.abc import Callable, Mapping

_SENTENCE_END = re.compile(r"[.?!]+(?:\s|$)|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_LEFT_OUT = re.compile(r"\{[^{}]*\}|\S*\d\S*|\S+\.(?:org|com|net|gov)\b\S*|\b[A-ZÁÉÍÓÚÑÜ]{2,}\b")

_EN_SILENT_END = re.compile(r"(?:[^laeiouy]es|[^aeioutdy]ed|(?<![^aeiouy]l)(?<=[^aeiouy])e)$")
_EN_SOUNDED_ES = re.compile(r"(?:[sxz]|ch|sh|[cg])es$")
_EN_VOWELS = re.compile(r"[aeiouy]+")
_EN_HIATUS = re.compile(r"ia(?!l)|io(?!n)|iu|eo(?!p)|ua(?!r)|[aeo]ing|uing|[^q]uie|ism$|n't$")
_EN_ODD = {"every": 2, "everything": 3, "everyone": 3, "people": 2, "area": 3, "idea": 3, "being": 2, "quiet": 2}
_EN_ODD |= {
    "therapy": 3,
    "sometimes": 2,
    "someone": 2,
    "something": 2,
    "somewhere": 2,
    "don't": 1,
    "won't": 1,
    "can't": 1,
    "aren't": 1,
    "anyone": 3,
}

_ES_VOWELS = re.compile(r"[aeiouáéíóúüy]+")
_ES_MUTE = re.compile(r"(?<=[qg])u(?=[eiéí])")
_ES_HARD_Y = re.compile(r"y(?=[aeiouáéíóú])")


def compute_grade(text: str, language: str) -> float:
    """School grade (years of schooling in the United States) at which a text reads easily.

    English is Flesch-Kincaid; Spanish is Fernandez Huerta's reading ease put on the grades of its own scale. Gaps,
    numbers, web addresses and keywords in capitals are left out. A text without words has grade 0.
    Raises KeyError for a language without a formula.
    """
    ease = _GRADES[language]
    plain = _LEFT_OUT.sub(" ", text)
    sentences = [words for words in map(_WORD.findall, _SENTENCE_END.split(plain)) if words]
    words = [word.lower() for sentence in sentences for word in sentence]
    return ease(words, len(sentences)) if words else 0.0


def count_syllables(word: str, language: str) -> int:
    """Spoken syllables of one word, at least one. Raises KeyError for a language without rules."""
    return _SYLLABLES[language](word.lower())


def _grade_english(words: list[str], sentences: int) -> float:
    syllables = sum(map(_count_english, words))
    return max(0.0, 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59)


def _grade_spanish(words: list[str], sentences: int) -> float:
    syllables = sum(map(_count_spanish, words))
    ease = 206.84 - 60 * syllables / len(words) - 1.02 * len(words) / sentences
    return max(0.0, 13 - ease / 10) if ease >= 70 else 6 + (70 - ease) / 5


def _count_english(word: str) -> int:
    if word in _EN_ODD:
        return _EN_ODD[word]
    stem = word if _EN_SOUNDED_ES.search(word) else _EN_SILENT_END.sub("", word)
    return max(1, len(_EN_VOWELS.findall(stem)) + len(_EN_HIATUS.findall(stem)))


def _count_spanish(word: str) -> int:
    groups = _ES_VOWELS.findall(_ES_HARD_Y.sub("-", _ES_MUTE.sub("", word)))
    return max(1, sum(_count_spanish_group(group) for group in groups))


def _count_spanish_group(group: str) -> int:
    """Strong vowels and stressed weak ones each carry a syllable; other weak ones lean on a neighbour."""
    return max(1, sum(vowel in "aeoáéóíú" for vowel in group))


_SYLLABLES: Mapping[str, Callable[[str], int]] = {"en": _count_english, "es": _count_spanish}
_GRADES: Mapping[str, Callable[[list[str], int], float]] = {"en": _grade_english, "es": _grade_spanish}
