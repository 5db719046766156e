"""Keywords: words that act by themselves in every state, in both languages, with the engine down (K1-K6, K8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hotline.errors import ContentError
from hotline.text import fold

_LONGEST = 80
"""Characters; no keyword and no plain request to be left alone is longer."""


class KeywordName(StrEnum):
    """What a keyword asks for."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"
    PERSON = "PERSON"
    NUMBER = "NUMBER"
    AGAIN = "AGAIN"
    MENU = "MENU"
    BYE = "BYE"
    CLEAR = "CLEAR"
    STOP_PLAIN = "STOP_PLAIN"
    """A plain request to be left alone: sending ends without the carrier's block (K2)."""
    YES = "YES"
    NO = "NO"


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword that stood alone in a message; ``language`` is the one that the word belongs to, else None."""

    name: KeywordName
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Keywords:
    """All keywords by their plain form, and the plain requests with the words allowed around them."""

    words: Mapping[str, Keyword] = field(repr=False)
    requests: Mapping[tuple[str, ...], str] = field(repr=False)
    around: frozenset[str] = field(repr=False)


def build_keywords(documents: Mapping[str, Any]) -> Keywords:
    """Keywords from the ``keywords`` document. Raises ContentError naming what is missing or there twice."""
    try:
        document = documents["keywords"]
        words: dict[str, Keyword] = {}
        for name, by_language in document["words"].items():
            for language, forms in by_language.items():
                for form in forms:
                    if not isinstance(form, str) or form in words:
                        raise ContentError(f"keywords: {form!r} is there twice or not quoted")
                    words[form] = Keyword(KeywordName(name), None if language == "any" else language)
        requests = {tuple(form.split()): lang for lang, forms in document["plain_requests"].items() for form in forms}
        around = frozenset(document["around"])
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ContentError(f"keywords: the document is not well formed ({type(error).__name__})") from None
    missing = set(KeywordName) - {keyword.name for keyword in words.values()} - {KeywordName.STOP_PLAIN}
    if missing or not requests:
        raise ContentError(f"keywords: no words for {sorted(missing) or 'plain requests'}")
    return Keywords(words, requests, around)


def find_keyword(text: str, keywords: Keywords) -> Keyword | None:
    """The keyword that ``text`` as a whole is, or None (K1, K2).

    Case, spacing, full stops, quotes and emoji around do not count. Text that begins with ``/`` is never a keyword
    (K8). A caller who gets STOP_PLAIN from a text that screening raised keeps to the screening: plain words in
    danger are no request to be left alone.
    """
    if len(text) > 4 * _LONGEST:
        return None
    plain = fold(text).strip()
    if len(plain) > _LONGEST or plain.startswith("/"):
        return None
    found = keywords.words.get(" ".join(_trim(plain).split()))
    if found:
        return found
    words = tuple(_split(plain))
    language = _find_request(words, keywords)
    return Keyword(KeywordName.STOP_PLAIN, language) if language else None


def _trim(plain: str) -> str:
    """Without whatever stands before the first and after the last letter or digit."""
    kept = [i for i, letter in enumerate(plain) if letter.isalnum()]
    return plain[kept[0] : kept[-1] + 1] if kept else ""


def _split(plain: str) -> Iterator[str]:
    yield from "".join(letter if letter.isalnum() else " " for letter in plain).split()


def _find_request(words: tuple[str, ...], keywords: Keywords) -> str | None:
    """The language of a request that is all the message says, but for words that change nothing."""
    for start in range(len(words)):
        for end in range(len(words), start, -1):
            language = keywords.requests.get(words[start:end])
            if language and keywords.around.issuperset(words[:start] + words[end:]):
                return language
    return None
