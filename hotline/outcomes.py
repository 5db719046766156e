"""Outcome codes: how a conversation ended, the only thing that is kept of it (A2); there is no free text."""

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
