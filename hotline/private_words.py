"""Words that a texter makes their own: two for going under cover and back (K7), one that proves it is them (C9)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hotline.errors import ContentError
from hotline.records import get_document
from hotline.text import fold

_LONGEST = 80
_WORD = re.compile("[a-z0-9ñ]{3,20}")


class ActName(StrEnum):
    """What a texter does with a word of their own."""

    COVER = "cover"
    """Names two words: one that goes under cover, one that comes back (K7)."""
    CHOOSE_CODE = "choose_code"
    SAY_CODE = "say_code"


@dataclass(frozen=True, slots=True)
class PrivateAct:
    """An act and its words, folded; a COVER without words is one whose words cannot be used."""

    name: ActName
    words: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class ActForms:
    """How the acts begin, in every language, and words that are said too often to be anybody's secret."""

    cover: frozenset[str] = field(repr=False)
    code: frozenset[str] = field(repr=False)
    new_code: frozenset[tuple[str, ...]] = field(repr=False)
    exits: frozenset[str] = field(repr=False)
    """Short ways out, which count only once they were taught (K5)."""
    ordinary: frozenset[str] = field(repr=False)


def build_act_forms(documents: Mapping[str, Any]) -> ActForms:
    """The forms in ``keywords``. Raises ContentError naming what is missing."""
    record = get_document(documents, "keywords").record("private_words")
    forms = {key: record.texts(key) for key in ("cover", "code", "new_code", "exits", "ordinary")}
    missing = sorted(key for key, words in forms.items() if not words)
    if missing:
        raise ContentError(f"keywords: private_words: no words for {', '.join(missing)}")
    return ActForms(
        cover=frozenset(forms["cover"]),
        code=frozenset(forms["code"]),
        new_code=frozenset(tuple(form.split()) for form in forms["new_code"]),
        exits=frozenset(forms["exits"]),
        ordinary=frozenset(forms["ordinary"]),
    )


def split_words(text: str) -> tuple[str, ...]:
    """The folded words of a short text; of a long one, or one that begins with ``/``, none (K8)."""
    if len(text) > 4 * _LONGEST:
        return ()
    plain = fold(text).strip()
    if len(plain) > _LONGEST or plain.startswith("/"):
        return ()
    return tuple("".join(letter if letter.isalnum() else " " for letter in plain).split())


def is_private_word(word: str) -> bool:
    """True for three to twenty letters and digits, one letter at least: a ZIP code is no secret."""
    return bool(_WORD.fullmatch(word)) and not word.isdigit()


def find_act(text: str, forms: ActForms, is_keyword: Callable[[str], bool]) -> PrivateAct | None:
    """The act that ``text`` as a whole is, or None: a sentence of ordinary words is never one."""
    words = split_words(text)
    if not 1 <= len(words) <= 3:
        return None
    if words[0] in forms.cover:
        return _find_cover(words[1:], forms, is_keyword)
    name = ActName.CHOOSE_CODE if words[:2] in forms.new_code else ActName.SAY_CODE
    said = words[2:] if name is ActName.CHOOSE_CODE else words[1:]
    if name is ActName.SAY_CODE and words[0] not in forms.code:
        return None
    usable = len(said) == 1 and is_private_word(said[0]) and said[0] not in forms.ordinary
    return PrivateAct(name, said) if usable else None


def _find_cover(words: tuple[str, ...], forms: ActForms, is_keyword: Callable[[str], bool]) -> PrivateAct | None:
    if not words:
        return PrivateAct(ActName.COVER)
    if len(words) != 2 or not all(map(is_private_word, words)) or not forms.ordinary.isdisjoint(words):
        return None
    taken = words[0] == words[1] or any(is_keyword(word) for word in words)
    return PrivateAct(ActName.COVER, () if taken else words)
