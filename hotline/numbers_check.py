"""What is refused in the list of lines at start: letters that dial something else, misprints, doubles (D8, N4)."""

from collections.abc import Collection, Iterable, Mapping

from hotline.digits import flatten, is_code, is_full_number, letters_agree
from hotline.errors import ContentError
from hotline.line_records import Line, Way

NEVER_HIDDEN = frozenset({"emergency", "lifeline", "info_211"})


def refuse_number(taken: Mapping[str, str], number: str, where: str) -> None:
    """Raise ContentError naming who has the number already."""
    owner = taken.get(flatten(number))
    if owner is not None:
        raise ContentError(f"{where}: this number is already used by {owner}")


def check_lines(lines: Iterable[Line], *, refused: Collection[str], aliases: Mapping[str, str]) -> None:
    """Raise ContentError for the first thing wrong with the lines as a whole."""
    if set(aliases) & set(refused):
        raise ContentError("numbers/aliases: a known misprint leads nowhere, so it cannot be an alias")
    taken = dict(aliases)
    lines = tuple(lines)
    for line in lines:
        where = f"numbers/lines/{line.id}"
        for way in (line.call, line.text):
            if way is not None:
                _check_way(way, where, texted=way is line.text)
        numbers = {flatten(way.number) for way in (line.call, line.text) if way is not None}
        if numbers & set(refused):
            raise ContentError(f"{where}: this number is a known misprint or out of use")
        for number in numbers:
            refuse_number(taken, number, where)
        taken |= dict.fromkeys(numbers, line.id)
    _check_never_hidden(lines)


def _check_way(way: Way, where: str, *, texted: bool) -> None:
    if not is_code(way.number) and not is_full_number(way.number):
        raise ContentError(f"{where}: a number is a service code, a short code of 5 or 6 digits, or 10 digits")
    if not texted and len(way.number) in (5, 6):
        raise ContentError(f"{where}: a short code can be texted, not called")
    for form in (way.aid, *way.forms):
        if form and not letters_agree(form, way.number):
            raise ContentError(f"{where}: letters and digits disagree")


def _check_never_hidden(lines: Collection[Line]) -> None:
    lasting = {line.id for line in lines if line.never_hidden}
    texted = [line for line in lines if line.never_hidden and line.text is not None and line.call is None]
    if not lasting >= NEVER_HIDDEN or not texted:
        raise ContentError("numbers: emergency, lifeline, info_211 and one line for texts alone are never_hidden")
