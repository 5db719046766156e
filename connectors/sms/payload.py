"""Twilio's webhook forms: a message from a texter, or what became of one of ours."""

import re

from connectors.errors import PayloadError
from connectors.sms.form import Form
from hotline.messages import SMS, Address, ExternalId, InboundMessage, Kind, Status, StatusUpdate

OPTED_OUT_CODE = "21610"

_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_SHORT_CODE = re.compile(r"[0-9]{3,8}")
_SID = re.compile(r"[A-Za-z0-9]{1,64}")
_ERROR_CODE = re.compile(r"[0-9]{1,6}")
_SID_FIELDS = ("MessageSid", "SmsSid", "SmsMessageSid")
_OPT_OUT_TYPES = frozenset({"STOP", "START", "HELP"})
_INBOUND_STATUSES = frozenset({"", "receiving", "received"})
_STATUSES = {
    "accepted": Status.QUEUED,
    "scheduled": Status.QUEUED,
    "queued": Status.QUEUED,
    "sending": Status.QUEUED,
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.DELIVERED,
    "undelivered": Status.FAILED,
    "failed": Status.FAILED,
    "canceled": Status.FAILED,
}


def parse_webhook(form: Form) -> InboundMessage | StatusUpdate | None:
    """What a verified form says, or None if it is nothing for us (a short code's advert, an unknown status).

    Raises PayloadError. Words come before a picture: a picture with words is text, one without is media (C12).
    A message without a usable id has ``external_id`` None and is handled all the same (X4).
    """
    status = form.find_first("MessageStatus", "SmsStatus").lower()
    is_message = status in _INBOUND_STATUSES or ("Body" in form and "MessageStatus" not in form)
    return _parse_message(form) if is_message else _parse_status(form, status)


def build_message(
    sender: str, words: str, external_id: ExternalId | None, opt_out: str | None = None
) -> InboundMessage | None:
    """A texter's message from what a form or a record says, or None for a short code's advert. Raises PayloadError."""
    if _SHORT_CODE.fullmatch(sender):
        return None
    if not _PHONE.fullmatch(sender):
        raise PayloadError("not from a phone number")
    words = words.strip()
    return InboundMessage(SMS, Address(sender), external_id, Kind.TEXT if words else Kind.MEDIA, words, opt_out)


def _parse_message(form: Form) -> InboundMessage | None:
    opt_out = form.find_first("OptOutType").upper()
    understood = opt_out if opt_out in _OPT_OUT_TYPES else None
    return build_message(form.find_first("From"), form.find_first("Body"), _find_sid(form), understood)


def _parse_status(form: Form, status: str) -> StatusUpdate | None:
    sid = _find_sid(form)
    if sid is None or status not in _STATUSES:
        return None
    code = form.find_first("ErrorCode")
    return StatusUpdate(
        channel=SMS,
        external_id=sid,
        status=_STATUSES[status],
        error_code=code if _ERROR_CODE.fullmatch(code) else None,
        opted_out=code == OPTED_OUT_CODE,
    )


def _find_sid(form: Form) -> ExternalId | None:
    sid = form.find_first(*_SID_FIELDS)
    return ExternalId(sid) if _SID.fullmatch(sid) else None
