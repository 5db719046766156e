"""What the two providers send, in the shapes that they send it in; people and numbers are invented."""

import base64
import hmac
import json
from typing import Any
from urllib.parse import urlencode

from connectors.contract import WebhookRequest

PUBLIC_URL = "https://hotline.example"
SMS_URL = PUBLIC_URL + "/webhooks/sms"
STATUS_URL = PUBLIC_URL + "/webhooks/sms/status"
TELEGRAM_URL = PUBLIC_URL + "/webhooks/telegram"
TEXTER = "+17025550123"
HOTLINE = "+17025550100"
ACCOUNT = "AC" + "0" * 31 + "1"
SID = "SM" + "a1" * 16
AUTH_TOKEN = "practice-auth-token-one"
OTHER_TOKEN = "practice-auth-token-two"
SECRET = "practice-Secret_1"
BOT_TOKEN = "7025550100:practice-bot-token"
CHAT_ID = 7025550199

SMS_TEXT = {
    "ToCountry": "US",
    "ToState": "NV",
    "SmsMessageSid": SID,
    "NumMedia": "0",
    "ToCity": "",
    "FromZip": "",
    "SmsSid": SID,
    "FromState": "NV",
    "SmsStatus": "received",
    "FromCity": "",
    "Body": "i need somewhere to sleep & food = ok? ñ",
    "FromCountry": "US",
    "To": HOTLINE,
    "ToZip": "",
    "NumSegments": "1",
    "MessageSid": SID,
    "AccountSid": ACCOUNT,
    "From": TEXTER,
    "ApiVersion": "2010-04-01",
}
SMS_SERVICE = {**SMS_TEXT, "MessagingServiceSid": "MG" + "b2" * 16}
SMS_PICTURE = {
    **SMS_TEXT,
    "MessageSid": "MM" + "c3" * 16,
    "Body": "",
    "NumMedia": "1",
    "MediaContentType0": "image/jpeg",
    "MediaUrl0": "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1",
}
SMS_STATUS = {
    "SmsSid": SID,
    "SmsStatus": "delivered",
    "MessageStatus": "delivered",
    "To": TEXTER,
    "MessageSid": SID,
    "AccountSid": ACCOUNT,
    "From": HOTLINE,
    "ApiVersion": "2010-04-01",
}


def form_body(fields: dict[str, Any]) -> bytes:
    return urlencode(fields, doseq=True).encode()


def sign(url: str, pairs: list[tuple[str, str]], token: str, digest: str = "sha1") -> str:
    """Twilio's signature, written from its documentation and not from the library that we check it with.

    The URL, then every field's name and value run together, in order of name, a repeated value once.
    """
    signed_text = url + "".join(name + value for name, value in sorted(set(pairs)))
    return base64.b64encode(hmac.new(token.encode(), signed_text.encode(), digest).digest()).decode()


def signed(
    fields: dict[str, Any], *, url: str = SMS_URL, signed_url: str = "", token: str = AUTH_TOKEN, algorithm: str = ""
) -> WebhookRequest:
    """A request as Twilio signs it; ``signed_url`` where Twilio's spelling of the URL is not ours."""
    values = {name: value if isinstance(value, list) else [value] for name, value in fields.items()}
    pairs = [(name, one) for name, several in values.items() for one in several]
    digest = "sha256" if algorithm == "HMAC_SHA256" else "sha1"
    headers = {
        "x-twilio-signature": sign(signed_url or url, pairs, token, digest),
        "content-type": "application/x-www-form-urlencoded",
    }
    if algorithm:
        headers["x-twilio-webhooks-signature-settings"] = f"key=webhooks_sharedkey_1,algorithm={algorithm}"
    return WebhookRequest(url, headers, form_body(fields))


FROM = {"id": CHAT_ID, "is_bot": False, "first_name": "Sam", "username": "sam_invented", "language_code": "en"}
CHAT = {"id": CHAT_ID, "first_name": "Sam", "username": "sam_invented", "type": "private"}


def message(**fields: Any) -> dict[str, Any]:
    return {"message_id": 41, "from": FROM, "chat": CHAT, "date": 1795200000, **fields}


def update(**fields: Any) -> dict[str, Any]:
    return {"update_id": 910001, **fields}


def text_update(text: str, **fields: Any) -> dict[str, Any]:
    return update(message=message(text=text, **fields))


def membership(before: str, after: str, **fields: Any) -> dict[str, Any]:
    bot = {"id": 7025550100, "is_bot": True, "first_name": "Porch", "username": "porch_bot"}
    members = {
        "kicked": {"user": bot, "status": "kicked", "until_date": 0},
        "member": {"user": bot, "status": "member"},
        "left": {"user": bot, "status": "left"},
    }
    change = {"chat": CHAT, "from": FROM, "date": 1795200000}
    return update(
        my_chat_member={**change, "old_chat_member": members[before], "new_chat_member": members[after], **fields}
    )


PHOTO_SIZE = {"file_id": "f1", "file_unique_id": "u1", "width": 90, "height": 90, "file_size": 1024}
FILE = {"file_id": "f2", "file_unique_id": "u2", "duration": 3}
LOCATION = {"latitude": 36.1, "longitude": -115.1}
STICKER = {
    **{"file_id": "f3", "file_unique_id": "u3", "type": "regular", "width": 512, "height": 512},
    **{"is_animated": False, "is_video": False},
}
GROUP = {"id": -100200300, "title": "A group", "type": "supergroup"}
POLL = {
    **{"id": "p1", "question": "Which?", "options": [], "total_voter_count": 0, "is_closed": False, "type": "regular"},
    **{"is_anonymous": True, "allows_multiple_answers": False, "members_only": False, "allows_revoting": True},
}
MEDIA_UPDATES = {
    "photo": update(message=message(photo=[PHOTO_SIZE])),
    "voice": update(message=message(voice=FILE)),
    "sticker": update(message=message(sticker=STICKER)),
    "location": update(message=message(location=LOCATION)),
    "contact": update(message=message(contact={"phone_number": TEXTER, "first_name": "Lee"})),
    "poll in the chat": update(message=message(poll=POLL)),
    "empty text": update(message=message(text=" ")),
    "a kind that does not exist yet": update(message=message(hologram={"size": 1})),
    "edited text": update(edited_message=message(text="changed words", edit_date=1795200060)),
    "edited photo": update(edited_message=message(photo=[PHOTO_SIZE], edit_date=1795200060)),
}
IGNORED_UPDATES = {
    "group": update(message=message(text="hello", chat=GROUP)),
    "another bot": update(message=message(text="hello", **{"from": {**FROM, "is_bot": True}})),
    "timer set": update(message=message(message_auto_delete_timer_changed={"message_auto_delete_time": 86400})),
    "pinned": update(message=message(pinned_message=message(text="old"))),
    "live location moving": update(edited_message=message(location=LOCATION, edit_date=1795200060)),
    "group edited": update(edited_message=message(text="hello", chat=GROUP)),
    "channel post": update(channel_post=message(text="news", chat={**GROUP, "type": "channel"})),
    "poll": update(poll=POLL),
    "callback query": update(callback_query={"id": "1", "from": FROM, "chat_instance": "1", "data": "x"}),
    "inline query": update(inline_query={"id": "1", "from": FROM, "query": "", "offset": ""}),
    "added to a group": membership("left", "member", chat=GROUP),
    "member as before": membership("member", "member"),
    "left": membership("member", "left"),
    "a kind that does not exist yet": update(hologram_update={"id": 1}),
}


def told(body: dict[str, Any] | bytes, secret: str = SECRET) -> WebhookRequest:
    """A request as Telegram sends it."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return WebhookRequest(
        TELEGRAM_URL, {"x-telegram-bot-api-secret-token": secret, "content-type": "application/json"}, raw
    )
