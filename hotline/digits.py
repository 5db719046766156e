"""One spelling for a phone number, its letters, and whether the two agree (N1, D8)."""

import re

_KEYS = {"2": "ABC", "3": "DEF", "4": "GHI", "5": "JKL", "6": "MNO", "7": "PQRS", "8": "TUV", "9": "WXYZ"}
KEYPAD = {letter: digit for digit, letters in _KEYS.items() for letter in letters}
SERVICE_CODES = frozenset({"211", "711", "911", "988"})

_TOLL_FREE = ("+1800", "+1833", "+1844", "+1855", "+1866", "+1877", "+1888")
_SHORT_CODE = re.compile(r"[1-9]\d{4,5}")
_FULL_NUMBER = re.compile(r"[2-9]\d{2}[2-9]\d{6}")


def flatten(text: str) -> str:
    """A number as typed, without spaces, marks and a leading 1: ``+1 (888) 373-7888`` and ``8883737888`` are one."""
    flat = re.sub(r"[^0-9A-Z]", "", text.upper())
    return flat[1:] if flat.startswith("1") and len(flat) >= 11 else flat


def to_digits(letters: str) -> str:
    """Letters as the keypad dials them: ``BEFREE`` is 233733."""
    return "".join(KEYPAD.get(sign, sign) for sign in flatten(letters))


def letters_agree(letters: str, number: str) -> bool:
    """True if letters dial a number or its end; one surplus letter is allowed, since overdialling works (D8).

    ``U-ARE-SAFE`` has eight letters for the seven digits 827-3723.
    """
    dialled, digits = to_digits(letters), flatten(number)
    endings = {digits, digits[-7:], digits[-4:]} if len(digits) == 10 else {digits}
    return dialled in endings or (len(flatten(letters)) > 7 and dialled[:-1] in endings)


def is_code(number: str) -> bool:
    """True for a service code such as 988, or a short code of five or six digits (D8)."""
    return number in SERVICE_CODES or bool(_SHORT_CODE.fullmatch(number))


def is_full_number(number: str) -> bool:
    """True for a ten-digit North American number, however it is grouped."""
    return bool(_FULL_NUMBER.fullmatch(flatten(number)))


def is_toll_free(number: str) -> bool:
    """True for a toll-free number of North America, as ``+1888...``: carriers want it verified, and no campaign."""
    return number.startswith(_TOLL_FREE)
