"""Updates as Telegram posts them: every kind of message that a handset can send (Bot API, "Update")."""

from typing import Any

CAPTIONED = frozenset({"photo", "voice", "video", "audio", "document", "animation"})
SPECIAL = frozenset({"text", "edited", "blocked", "unblocked"})


def _file(name: str) -> dict[str, Any]:
    return {"file_id": f"practice-{name}", "file_unique_id": f"unique-{name}"}


_SIZE = {"width": 640, "height": 480}
ATTACHMENTS: dict[str, Any] = {
    "photo": [_file("photo") | _SIZE],
    "voice": _file("voice") | {"duration": 3},
    "video": _file("video") | _SIZE | {"duration": 3},
    "audio": _file("audio") | {"duration": 3},
    "document": _file("document"),
    "animation": _file("animation") | _SIZE | {"duration": 3},
    "video_note": _file("video_note") | {"length": 240, "duration": 3},
    "sticker": _file("sticker") | _SIZE | {"type": "regular", "is_animated": False, "is_video": False},
    "contact": {"phone_number": "+17025550123", "first_name": "Sam"},
    "location": {"latitude": 36.17, "longitude": -115.14},
}
KINDS = SPECIAL | ATTACHMENTS.keys()


def build_chat(chat_id: int) -> dict[str, Any]:
    """A private chat of an invented person."""
    return {"id": chat_id, "type": "private", "first_name": "Sam"}


def build_user(chat_id: int) -> dict[str, Any]:
    """The invented person."""
    return {"id": chat_id, "is_bot": False, "first_name": "Sam", "language_code": "en"}


def build_message(chat_id: int, message_id: int, text: str, kind: str, date: int) -> dict[str, Any]:
    """A Message from the person; ``text`` is the caption where there is an attachment that takes one."""
    message = {"message_id": message_id, "from": build_user(chat_id), "chat": build_chat(chat_id), "date": date}
    if kind == "text":
        command = text.split(maxsplit=1)[0] if text.startswith("/") else ""
        entities = {"entities": [{"type": "bot_command", "offset": 0, "length": len(command)}]} if command else {}
        return message | {"text": text} | entities
    if kind == "edited":
        return message | {"text": text, "edit_date": date + 1}
    caption = {"caption": text} if text and kind in CAPTIONED else {}
    return message | {kind: ATTACHMENTS[kind]} | caption


def build_update(update_id: int, kind: str, message: dict[str, Any]) -> dict[str, Any]:
    """The Update that carries a message."""
    return {"update_id": update_id, "edited_message" if kind == "edited" else "message": message}


def build_membership(update_id: int, chat_id: int, bot: dict[str, Any], date: int, *, blocked: bool) -> dict[str, Any]:
    """The Update for a person who blocks the bot or lets it back (ChatMemberUpdated)."""
    member = {"status": "member", "user": bot}
    kicked = {"status": "kicked", "user": bot, "until_date": 0}
    old, new = (member, kicked) if blocked else (kicked, member)
    change = {"chat": build_chat(chat_id), "from": build_user(chat_id), "date": date}
    return {"update_id": update_id, "my_chat_member": change | {"old_chat_member": old, "new_chat_member": new}}
