"""How a conversation ended and what was wrong with a place: codes instead of words (A2, P1)."""

from collections.abc import Mapping

_KINDLY, _WITH_LINE = "closed_kindly", "closed_with_line"

CLOSING_REPLIES: Mapping[str, str] = {
    "referred": _KINDLY,
    "safe_for_now": _KINDLY,
    "emergency_called": _KINDLY,
    "reported": _KINDLY,
    "left_no_answer": _KINDLY,
    "wrong_number": _KINDLY,
    "abusive": _WITH_LINE,
    "probe": _WITH_LINE,
    "other": _KINDLY,
}
"""Every outcome code, to the reply that its texter gets; ending an abusive chat still gives a crisis line (A5)."""

OUTCOMES = tuple(CLOSING_REPLIES)
"""What an advocate says of a conversation on closing it."""

HARD_OUTCOMES = frozenset({"emergency_called", "reported", "abusive"})
"""After these an advocate is asked to stop for a moment (A5)."""

FLAG_REASONS = ("wrong_number", "closed", "turned_away", "unsafe", "other")
"""What an advocate may say of a place or line; an administrator finds out the rest."""
