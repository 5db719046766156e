"""How long a text is as SMS: GSM-7 and UCS-2 parts, and the fold that keeps Spanish in GSM-7 (V1, V9)."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The basic character table of GSM 03.38 (3GPP TS 23.038, 6.2.1), one unit each."""

EXTENSION = frozenset("\f^{}\\[~]|€")
"""The extension table (3GPP TS 23.038, 6.2.1.1): an escape and a character, two units that stay in one part."""

_ACUTE = re.compile("([aiouAIOU])\u0301+")

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000", " "),
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff", None),
        "…": "...",
    }
)


class Encoding(StrEnum):
    """How the characters of an SMS are packed."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"

    @property
    def single_units(self) -> int:
        """Units that fit when the whole text is one part."""
        return 160 if self is Encoding.GSM7 else 70

    @property
    def part_units(self) -> int:
        """Units that fit a part of several, its joining header taken off."""
        return 153 if self is Encoding.GSM7 else 67


@dataclass(frozen=True, slots=True)
class Parts:
    """What a text costs as SMS: parts, encoding, and units (septets or UTF-16 code units) in all."""

    count: int
    encoding: Encoding
    units: int


def fold_for_sms(text: str) -> str:
    """The text with á í ó ú unaccented and typographic quotes, dashes, dots and spaces made plain (V9).

    é ñ ü ¿ ¡ are in GSM-7 and stay. Folding twice equals folding once.
    """
    unaccented = _ACUTE.sub(r"\1", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", unaccented).translate(_PLAIN)


def find_encoding(text: str) -> Encoding:
    """GSM-7 if every character of the text is in its tables, else UCS-2."""
    return Encoding.GSM7 if all(character in BASIC or character in EXTENSION for character in text) else Encoding.UCS2


def count_units(text: str, encoding: Encoding) -> int:
    """Septets (GSM-7) or UTF-16 code units (UCS-2) of the text."""
    return sum(_cost(character, encoding) for character in text)


def split_parts(text: str) -> tuple[str, ...]:
    """The text as a phone network cuts it; joined again it is the text. Empty text has no parts.

    No part exceeds 160 or 70 units alone, 153 or 67 among several; an extension pair or a surrogate pair is never cut.
    """
    encoding = find_encoding(text)
    if count_units(text, encoding) <= encoding.single_units:
        return (text,) if text else ()
    return tuple(_cut(text, encoding))


def count_parts(text: str) -> Parts:
    """Parts, encoding and units of the text as it stands; fold it first for what SMS really sends (V1)."""
    encoding = find_encoding(text)
    return Parts(len(split_parts(text)), encoding, count_units(text, encoding))


def _cut(text: str, encoding: Encoding) -> Iterator[str]:
    start = used = 0
    for position, character in enumerate(text):
        cost = _cost(character, encoding)
        if used + cost > encoding.part_units:
            yield text[start:position]
            start, used = position, 0
        used += cost
    yield text[start:]


def _cost(character: str, encoding: Encoding) -> int:
    wide = character in EXTENSION if encoding is Encoding.GSM7 else character > "\uffff"
    return 2 if wide else 1
