"""How many parts a carrier makes of a text (3GPP TS 23.038: GSM-7, else UCS-2).

The phone's own count, so that it can disagree with the hotline's.
"""

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class Parts:
    """``count`` parts in ``encoding`` (GSM-7 or UCS-2), together ``units`` septets or 16-bit units."""

    count: int
    encoding: str
    units: int


def count_parts(text: str) -> Parts:
    """The parts of a text as the carrier would bill them; an empty text is one part."""
    if all(character in _BASIC or character in _EXTENDED for character in text):
        costs = [2 if character in _EXTENDED else 1 for character in text]
        return Parts(_fill(costs, 160, 153), "GSM-7", sum(costs))
    costs = [2 if ord(character) > 0xFFFF else 1 for character in text]
    return Parts(_fill(costs, 70, 67), "UCS-2", sum(costs))


def _fill(costs: list[int], single: int, each: int) -> int:
    """Parts needed when a two-unit character may not be cut in half."""
    if sum(costs) <= single:
        return 1
    parts, used = 1, 0
    for cost in costs:
        if used + cost > each:
            parts, used = parts + 1, 0
        used += cost
    return parts
