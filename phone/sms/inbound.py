"""A text from a handset as Twilio's webhook fields, the blank ones included."""

import secrets

from phone.sms.messages import Media

CONTENT_TYPES = {
    "photo": "image/jpeg",
    "voice": "audio/amr",
    "audio": "audio/mpeg",
    "video": "video/3gpp",
    "document": "application/pdf",
    "contact": "text/vcard",
    "location": "text/x-vlocation",
}
"""Kinds of MMS; SMS has no stickers and no edited messages."""


def build_media(kind: str) -> list[Media]:
    """The one attachment that a message of this kind has, none for a text."""
    return [Media("ME" + secrets.token_hex(16), CONTENT_TYPES[kind])] if kind in CONTENT_TYPES else []


def build_fields(
    *,
    account_sid: str,
    sid: str,
    sender: str,
    hotline_number: str,
    text: str,
    parts: int,
    media: list[Media],
    service_sid: str | None,
    opt_out_type: str | None,
) -> dict[str, str | list[str]]:
    """Twilio's fields for an incoming message, in the order in which Twilio sends them.

    Source: Twilio, "Twilio's request to your incoming message Webhook URL"; places of invented numbers are blank.
    """
    fields: dict[str, str | list[str]] = {"ToCountry": "US"}
    for n, item in enumerate(media):
        fields[f"MediaContentType{n}"] = item.content_type
    fields |= {"ToState": "NV", "SmsMessageSid": sid, "NumMedia": str(len(media)), "ToCity": "LAS VEGAS"}
    fields |= {"FromZip": "", "SmsSid": sid, "FromState": "", "SmsStatus": "received", "FromCity": "", "Body": text}
    fields |= {"FromCountry": "US", "To": hotline_number}
    if service_sid is not None:
        fields["MessagingServiceSid"] = service_sid
    if opt_out_type is not None:
        fields["OptOutType"] = opt_out_type
    fields |= {"ToZip": "", "NumSegments": str(parts), "MessageSid": sid, "AccountSid": account_sid, "From": sender}
    for n, item in enumerate(media):
        root = "https://api.twilio.com/2010-04-01/Accounts"
        fields[f"MediaUrl{n}"] = f"{root}/{account_sid}/Messages/{sid}/Media/{item.sid}"
    return fields | {"ApiVersion": "2010-04-01"}
