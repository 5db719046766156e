"""The words that no reply holds and the words that some must: ``safety_content/banned.yml`` (V3-V5, V9, R11)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotline.errors import ContentError
from hotline.gsm import fold_for_sms
from hotline.keywords import KeywordName, build_keywords
from hotline.text import fold

DOCUMENT = "banned"
_STAR = "*"
_LEAVING = frozenset({KeywordName.STOP, KeywordName.BYE, KeywordName.CLEAR})


@dataclass(frozen=True, slots=True)
class Words:
    """A list of whole words or phrases in small letters; a star ends a word in any way.

    Of a list only what may stand in a text is compiled: the worker's start checks a few lines against all of them (R9).
    """

    words: tuple[str, ...]

    def find_all(self, text: str) -> Iterator[str]:
        """What of it stands in a text of small letters, from left to right."""
        likely = [word for word in self.words if all(piece in text for piece in word.split(_STAR))]
        if likely:
            pattern = "|".join(rf"(?<!\w){re.escape(word).replace(re.escape(_STAR), r'\w*')}(?!\w)" for word in likely)
            yield from (found[0] for found in re.finditer(pattern, text))


@dataclass(frozen=True, slots=True)
class Rules:
    """Word rules by language."""

    banned: Mapping[str, Mapping[str, Words]]
    accented: Mapping[str, Words]
    brings: Mapping[str, Mapping[str, Words]]
    choices: Mapping[str, Words]
    always: Mapping[str, Words]
    person: Mapping[str, Words]
    opting_out: frozenset[str]

    def find_banned(self, text: str, language: str) -> Iterator[str]:
        """What a text says that no reply says, each with its reason; words that hang on an accent among them."""
        folded = fold_for_sms(text.lower())
        for reason, words in self.banned.get(language, {}).items():
            yield from (f"says {found!r} ({reason})" for found in words.find_all(folded))
        if language in self.accented:
            found_words = self.accented[language].find_all(text.lower())
            yield from (f"says {found!r}, which SMS turns into another word (V9)" for found in found_words)

    def find_unsaid(self, text: str, lines: set[str], language: str) -> Iterator[str]:
        """Lines of a text beside which it does not say what they may bring (R11)."""
        for line in sorted(lines & set(self.brings)):
            if not self._says(self.brings[line], text, language):
                yield f"does not say what {line} may bring (R11)"

    def gives_choices(self, text: str, language: str) -> bool:
        """True if the text names at least two ways (V3)."""
        return self._says(self.choices, text, language)

    def says_always(self, text: str, language: str) -> bool:
        """True if the text says that a line answers day and night."""
        return self._says(self.always, text, language)

    def mentions_person(self, text: str, language: str) -> bool:
        """True if the text speaks of a person to talk to."""
        return self._says(self.person, text, language)

    def _says(self, words: Mapping[str, Words], text: str, language: str) -> bool:
        return language in words and any(True for _ in words[language].find_all(fold_for_sms(text.lower())))


def build_rules(documents: Mapping[str, Any]) -> Rules:
    """The rules of ``banned.yml``. Raises ContentError if the document is missing or malformed."""
    document = documents.get(DOCUMENT)
    wanted = {"review", "phrases", "accented", "brings", "choices", "always", "person"}
    if not isinstance(document, dict) or set(document) != wanted:
        raise ContentError(f"{DOCUMENT}: needs {', '.join(sorted(wanted))}")
    try:
        return Rules(
            banned={
                language: {reason: _read_words(words) for reason, words in groups.items()}
                for language, groups in document["phrases"].items()
            },
            accented={language: _read_words(words, fold=False) for language, words in document["accented"].items()},
            brings={line: _read_all(by_language) for line, by_language in document["brings"].items()},
            choices=_read_all(document["choices"]),
            always=_read_all(document["always"]),
            person=_read_all(document["person"]),
            opting_out=list_opting_out(documents),
        )
    except (AttributeError, TypeError) as error:
        raise ContentError(f"{DOCUMENT}: not lists of words by language ({type(error).__name__})") from None


def list_opting_out(documents: Mapping[str, Any]) -> frozenset[str]:
    """Single words that leave or wipe, in any language (K2, K5, K6)."""
    words = build_keywords(documents).words
    return frozenset(word for word, keyword in words.items() if keyword.name in _LEAVING and " " not in word)


def find_opting_out(text: str, words: frozenset[str]) -> str | None:
    """A word of the text's question that would opt out, or wipe, if a texter answered with it alone."""
    asked = [sentence for sentence in re.split(r"(?<=[.?])\s+", fold(text)) if "?" in sentence]
    said = {word for sentence in asked for word in re.findall(r"\w+", sentence)}
    return min(said & words, default=None)


def _read_all(by_language: Mapping[str, Sequence[str]]) -> Mapping[str, Words]:
    return {language: _read_words(words) for language, words in by_language.items()}


def _read_words(words: Sequence[str], *, fold: bool = True) -> Words:
    if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
        raise TypeError("not a list of words")
    return Words(tuple(fold_for_sms(word.lower()) if fold else word.lower() for word in words))
