"""What a reply costs and why it may not go out as it is: pure checks of an advocate's words (A8)."""

from collections.abc import Callable
from dataclasses import dataclass

from console.personal_numbers import find_personal_number
from hotline.gsm import Encoding, count_parts, fold_for_sms
from hotline.messages import SMS, ChannelName

LONGEST_REPLY = 1600
"""Characters: the provider's own limit for one SMS."""


@dataclass(frozen=True, slots=True)
class Length:
    """How long a reply is: SMS parts (0 on other channels), characters, and what makes it dear."""

    parts: int
    characters: int
    dear: bool
    folded: bool


def count_length(text: str, channel: ChannelName) -> Length:
    """The length as it would be sent; ``folded`` if SMS drops accents, ``dear`` if a character forces short parts."""
    if channel != SMS:
        return Length(0, len(text), dear=False, folded=False)
    sent = fold_for_sms(text)
    parts = count_parts(sent)
    return Length(parts.count, len(text), dear=parts.encoding is Encoding.UCS2, folded=sent != text)


def find_problem(text: str, is_known: Callable[[str], bool], *, number_checked: bool) -> str | None:
    """Why the reply must not go out yet: empty, too_long, personal_number; None if it may."""
    if not text.strip():
        return "empty"
    if len(text) > LONGEST_REPLY:
        return "too_long"
    if not number_checked and find_personal_number(text, is_known):
        return "personal_number"
    return None
