"""Why an advocate's reply may not go out as it is: pure checks of its words (A8)."""

from collections.abc import Callable

from hotline.personal_numbers import find_personal_number

LONGEST_REPLY = 1600
"""Characters: the provider's own limit for one SMS."""


def find_problem(text: str, is_known: Callable[[str], bool], *, number_checked: bool) -> str | None:
    """Why the reply must not go out yet: empty, too_long, personal_number; None if it may."""
    if not text.strip():
        return "empty"
    if len(text) > LONGEST_REPLY:
        return "too_long"
    if not number_checked and find_personal_number(text, is_known):
        return "personal_number"
    return None
