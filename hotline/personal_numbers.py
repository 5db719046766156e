"""Catches a phone number in an advocate's reply that is not one of the hotline's lines or places (A8)."""

import re
import unicodedata
from collections.abc import Callable, Iterator

SHORTEST_LOCAL = 7
SHORTEST_FULL = 10
LONGEST = 15
"""Digits of a phone number: local, with area code, and E.164's most."""

SPOKEN = {
    **{"zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4"},
    **{"five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9"},
    **{"cero": "0", "uno": "1", "dos": "2", "tres": "3", "cuatro": "4"},
    **{"cinco": "5", "seis": "6", "siete": "7", "ocho": "8", "nueve": "9"},
}
_WORD = re.compile(rf"\b({'|'.join(SPOKEN)})\b")
_RUN = re.compile(r"\d(?:[\s.\-_()/*~|\u2010-\u2015]{0,3}\d)+")


def find_personal_number(text: str, is_known: Callable[[str], bool]) -> bool:
    """True if the text holds a phone number for which ``is_known(digits)`` is False.

    Digits may be spaced, punctuated, full-width or spelled out in English or Spanish. ``is_known`` gets ten digits
    without the leading 1 where there are eleven, else the digits as found.
    """
    return any(not is_known(digits) for digits in _candidates(text))


def _candidates(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = "".join(_as_digit(character) for character in plain)
    spoken = _WORD.sub(lambda match: SPOKEN[match.group()], plain)
    for match in _RUN.finditer(spoken):
        digits = re.sub(r"\D", "", match.group())
        if _looks_like_phone(digits):
            yield digits[1:] if len(digits) == SHORTEST_FULL + 1 and digits.startswith("1") else digits


def _as_digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def _looks_like_phone(digits: str) -> bool:
    return len(digits) == SHORTEST_LOCAL or SHORTEST_FULL <= len(digits) <= LONGEST
