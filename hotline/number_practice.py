"""How near a number that somebody typed from memory comes to a line's own (N3)."""

import re
from enum import StrEnum

from hotline.digits import flatten, letters_agree, to_digits
from hotline.edits import count_edits
from hotline.line_records import Line, Way

_GROUPED = re.compile(r"[+(]?\d[\d\s().-]*")
_WORD = re.compile(r"[A-Za-z0-9]+")
_MOST_WORDS = 3
_SHORT, _LOCAL, _FULL = 3, 7, 10
_SHORTEST_WORD = 5
_LONGEST = 200


class Nearness(StrEnum):
    """What somebody typed, beside the number that was to be kept."""

    RIGHT = "right"
    NEAR = "near"
    """A slip or two, or the end without the area code: worth a hint, never "wrong"."""
    OTHER = "other"


def compare_digits(typed: str, line: Line) -> Nearness:
    """How near a typed number comes to a line's number to call or to text (N3).

    Letters count as the keypad dials them, one letter too many is fine; blanks, dashes and a leading 1 do not matter,
    nor do words around the number. Pure and total: any text gives an answer.
    """
    ways = [way for way in (line.call, line.text) if way is not None]
    candidates = _list_candidates(typed, lettered=any(_has_letters(way) for way in ways))
    if any(_is_right(candidate, way) for candidate in candidates for way in ways):
        return Nearness.RIGHT
    return Nearness.NEAR if count_slips(typed, line) is not None else Nearness.OTHER


def count_slips(typed: str, line: Line) -> int | None:
    """Slips between a typed number and the nearest number of a line, or None if they are too many to be a slip."""
    found = [
        slips
        for way in (line.call, line.text)
        if way is not None
        for candidate in _list_candidates(typed, lettered=_has_letters(way))
        if (slips := _count_way_slips(candidate, flatten(way.number))) is not None
    ]
    return min(found, default=None)


def _count_way_slips(candidate: str, number: str) -> int | None:
    digits = to_digits(candidate)
    if len(number) == _FULL and digits == number[-_LOCAL:]:
        return 1
    # Words are no near misses of a few digits ("help" is one key from 44357), unless they are nearly the letters.
    lettered = not candidate.isdecimal()
    if lettered and len(candidate) < _SHORTEST_WORD:
        return None
    allowed = 1 if len(number) <= _SHORT or (lettered and len(number) < _FULL) else 2
    slips = count_edits(digits, number) if abs(len(digits) - len(number)) <= allowed else allowed + 1
    return slips if slips <= allowed else None


def _is_right(candidate: str, way: Way) -> bool:
    number = flatten(way.number)
    if to_digits(candidate) == number:
        return True
    # U-ARE-SAFE has a letter more than the number has digits; only after the area code is it the whole number.
    surplus = len(flatten(candidate)) == len(number) + 1
    return surplus and not candidate.isdecimal() and letters_agree(candidate, number)


def _has_letters(way: Way) -> bool:
    return any(sign.isalpha() for form in (way.aid or "", *way.forms) for sign in form)


def _list_candidates(typed: str, *, lettered: bool) -> list[str]:
    """Every piece of a text that may be the number: the whole, digits with marks between, and up to three words."""
    typed = typed[:_LONGEST]
    pieces = [piece for piece in _GROUPED.findall(typed) if any(sign.isdecimal() for sign in piece)]
    if lettered:
        words = _WORD.findall(typed)
        pieces.append(typed)
        for length in range(1, _MOST_WORDS + 1):
            pieces += ["".join(words[at : at + length]) for at in range(len(words) - length + 1)]
    return [flat for piece in dict.fromkeys(pieces) if (flat := flatten(piece))]
