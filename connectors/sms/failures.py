"""What each of Twilio's errors means for a message that we tried to send (X5)."""

import json

from connectors.errors import SendError
from connectors.sms.payload import OPTED_OUT_CODE

NOT_FOUND_CODE = "20404"
NOT_COMPLETE_CODE = "20009"
NOT_COMPLETE_SECONDS = 60.0
"""Twilio asks for at least a minute before a message in progress may be deleted."""

REDACTION_NOT_ENABLED = frozenset({"30029", "30030"})
"""The account may not ask Twilio to keep less of a message (ContentRetention, AddressRetention)."""

_BAD_NUMBER = frozenset({"21211", "21214", "21217", "21612", "21614", "30004", "30005", "30006"})
"""The number cannot be texted, now or ever; nobody on our side can mend that."""

_TRY_LATER = frozenset({"14107", "20429", "20503", "21611", "30001", "30003", "30008", "30017", "30022"})
_LONGEST_WAIT_SECONDS = 3600.0


def build_send_error(status: int, code: str, retry_after: str = "") -> SendError:
    """The error for an HTTP ``status`` with Twilio's ``code`` ("" if it sent none) and its Retry-After header.

    Anything refused that is not known as the number's own fault is for staff to look at: filtered (30007),
    unregistered (30034), wrong token (20003).
    """
    if code == OPTED_OUT_CODE:
        return SendError(code, retryable=False, opted_out=True)
    wait = NOT_COMPLETE_SECONDS if code == NOT_COMPLETE_CODE else _parse_wait(retry_after)
    if code in _TRY_LATER or code == NOT_COMPLETE_CODE or status == 429 or status >= 500:
        return SendError(code or str(status), retryable=True, retry_after_seconds=wait)
    return SendError(code or str(status), retryable=False, alert=code not in _BAD_NUMBER)


def parse_error_code(body: str) -> str:
    """Twilio's code in an error answer, or "" where there is none; never its message, which holds the number."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    code = answer.get("code") if isinstance(answer, dict) else None
    return str(code) if isinstance(code, int) and not isinstance(code, bool) else ""


def _parse_wait(header: str) -> float:
    """Seconds of a Retry-After header; the date form is not used by Twilio and counts as no advice."""
    header = header.strip()
    return min(float(header), _LONGEST_WAIT_SECONDS) if header.isascii() and header.isdigit() else 0.0
