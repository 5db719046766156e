"""Language: a careful guess from small words, and requests for a language; the texter's own choice always wins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hotline.errors import ContentError
from hotline.text import fold

_LOOKED_AT = 1000
_LEAD = 2
"""How many more words of one language than of the other make a guess safe; half of all small words must agree too."""

_FILLER = frozenset(
    {"please", "pls", "plz", "por", "favor", "porfa", "hi", "hello", "hey", "hola", "ok", "sorry", "perdon"}
)


@dataclass(frozen=True, slots=True)
class Languages:
    """Small words and plain requests by language."""

    words: Mapping[str, frozenset[str]] = field(repr=False)
    alone: Mapping[str, frozenset[str]] = field(repr=False)
    """Words that tell a language by themselves, in a text without a word of another."""
    requests: Mapping[tuple[str, ...], str] = field(repr=False)


def build_languages(documents: Mapping[str, Any]) -> Languages:
    """Languages from the ``languages`` document. Raises ContentError when it is not well formed."""
    words: dict[str, frozenset[str]] = {}
    alone: dict[str, frozenset[str]] = {}
    requests: dict[tuple[str, ...], str] = {}
    try:
        for language, lists in documents["languages"].items():
            words[language], alone[language] = frozenset(lists["words"]), frozenset(lists["alone"])
            for request in lists["requests"]:
                if requests.setdefault(tuple(request.split()), language) != language:
                    raise ContentError(f"languages: {request!r} asks for two languages")
    except (KeyError, TypeError, AttributeError) as error:
        raise ContentError(f"languages: the document is not well formed ({type(error).__name__})") from None
    if not all(isinstance(word, str) for small in words.values() for word in small):
        raise ContentError("languages: words that YAML reads as yes or no must stand in quotes")
    both = frozenset.intersection(*words.values()) if len(words) > 1 else None
    if both is None or both:
        raise ContentError(f"languages: two languages or more, and no word in both: {sorted(both or ())}")
    return Languages(words, alone, requests)


def guess_language(text: str, languages: Languages) -> str | None:
    """The language of ``text``, or None when it is too short or too mixed to say."""
    words = _split(text)
    counts = sorted(((sum(word in small for word in words), name) for name, small in languages.words.items()))
    (second, _), (first, name) = counts[-2:]
    if first - second >= _LEAD and first >= 2 * second:
        return name
    telling = [one for one, sure in languages.alone.items() if sure.intersection(words)]
    others = sum(count for count, one in counts if one not in telling)
    return telling[0] if len(telling) == 1 and not others else None


def find_language_request(text: str, languages: Languages) -> str | None:
    """The language that ``text`` as a whole asks for ("english please", "en español"), or None."""
    words = tuple(_split(text))
    plain = tuple(word for word in words if word not in _FILLER)
    return languages.requests.get(words) or languages.requests.get(plain)


def _split(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in fold(text[:_LOOKED_AT])).split()
