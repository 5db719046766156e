"""Telegram's updates: a message in a private chat, or the news that somebody blocked the bot."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from connectors.errors import PayloadError
from connectors.telegram.fields import SERVICE_FIELDS
from hotline.messages import TELEGRAM, Address, ExternalId, InboundMessage, Kind

_START = re.compile(r"/start(@\w+)?( [A-Za-z0-9_-]{1,64})?")
_SITE_CODE = re.compile(r"/start(?:@\w+)? ([A-Za-z]{3,8}[1-9][0-9]?)")
_PAGE_LINK = re.compile(r"/start(@\w+)? page-[A-Za-z0-9_-]{22}")
"""What staff send to be paged in their chat; the worker reads it before anything else."""
_MEMBERS = ("old_chat_member", "new_chat_member")
_LARGEST_ID = 2**53
_LAST_TIME = 2**33


def parse_update(body: bytes) -> InboundMessage | None:
    """What a verified update says, or None if it is nothing for us: a group, a channel, a poll, a notice (X2).

    Raises PayloadError and nothing else. Words come before a picture: a caption is text. An edited message is media,
    read by nobody (C12). Every ``external_id`` is of the form of ``build_external_id``.
    """
    update = _load_object(body)
    update_id = _get_id(update, "update_id")
    if "message" in update:
        return _parse_message(update_id, _get_object(update, "message"))
    if "edited_message" in update:
        return _parse_edited(update_id, _get_object(update, "edited_message"))
    if "my_chat_member" in update:
        return _parse_membership(update_id, _get_object(update, "my_chat_member"))
    return None


def build_external_id(update_id: int | None, message_id: int | None) -> ExternalId:
    """``update:message``, either blank where there is none: the first tells a repeat, the second what to delete."""
    return ExternalId(f"{'' if update_id is None else update_id}:{'' if message_id is None else message_id}")


def find_message_id(external_id: ExternalId) -> int | None:
    """The message's number in its chat, or None where the id has none."""
    number = external_id.rpartition(":")[2]
    return int(number) if number.isascii() and number.isdigit() else None


def _parse_message(update_id: int, raw: dict[str, Any]) -> InboundMessage | None:
    sender = raw.get("from")
    if not _is_private(raw) or (isinstance(sender, dict) and sender.get("is_bot") is True):
        return None
    words, message_id = _read_words(raw)
    if not words and not SERVICE_FIELDS.isdisjoint(raw):
        return None
    if _START.fullmatch(words) and not _PAGE_LINK.fullmatch(words):
        words = _read_start(words, sender)
    kind = Kind.TEXT if words else Kind.MEDIA
    return _build_inbound(update_id, message_id, raw, kind, words)


def _parse_edited(update_id: int, raw: dict[str, Any]) -> InboundMessage | None:
    # A live location is edited every few seconds; the first message has been answered already.
    if not _is_private(raw) or "location" in raw:
        return None
    return _build_inbound(update_id, _get_id(raw, "message_id"), raw, Kind.MEDIA)


def _parse_membership(update_id: int, raw: dict[str, Any]) -> InboundMessage | None:
    if not _is_private(raw):
        return None
    before, after = (_get_object(raw, name).get("status") if name in raw else None for name in _MEMBERS)
    if after == "kicked":
        return _build_inbound(update_id, None, raw, Kind.BLOCKED)
    if after == "member" and before != "member":
        return _build_inbound(update_id, None, raw, Kind.UNBLOCKED)
    return None


def _read_words(raw: dict[str, Any]) -> tuple[str, int]:
    """The words and number of a message; nothing else of it is looked at."""
    words = raw.get("text") or raw.get("caption") or ""
    if not isinstance(words, str):
        raise PayloadError("not a message")
    return _clean(words), _get_id(raw, "message_id")


def _read_start(words: str, sender: Any) -> str:
    """A hello; what may be a site code of print goes before it, for the worker to count or drop (O2)."""
    code, hello = _SITE_CODE.fullmatch(words), _build_hello(sender)
    return f"/start {code[1].lower()} {hello}" if code else hello


def _build_hello(sender: Any) -> str:
    """A hello in the language of the texter's Telegram, for the button that every chat begins with (K8)."""
    language = sender.get("language_code") if isinstance(sender, dict) else None
    return "hola" if isinstance(language, str) and language.lower().startswith("es") else "hi"


def _build_inbound(
    update_id: int, message_id: int | None, raw: dict[str, Any], kind: Kind, words: str = ""
) -> InboundMessage:
    return InboundMessage(
        channel=TELEGRAM,
        address=Address(str(raw["chat"]["id"])),
        external_id=build_external_id(update_id, message_id),
        kind=kind,
        text=words,
        sent_at=_find_time(raw),
    )


def _find_time(raw: dict[str, Any]) -> datetime | None:
    """When Telegram had it: what could not be brought for hours is brought then all the same (X4)."""
    when = raw.get("edit_date", raw.get("date"))
    if not isinstance(when, int) or isinstance(when, bool) or not 0 < when < _LAST_TIME:
        return None
    return datetime.fromtimestamp(when, UTC)


def _clean(words: str) -> str:
    """Without outer white space, and without half characters, which could not be sealed."""
    return words.encode("utf-8", "replace").decode("utf-8").strip()


def _is_private(raw: dict[str, Any]) -> bool:
    """True in a private chat. Raises PayloadError where the chat cannot be read."""
    chat = _get_object(raw, "chat")
    _get_id(chat, "id")
    return chat.get("type") == "private"


def _load_object(body: bytes) -> dict[str, Any]:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        raise PayloadError("not JSON") from None
    if not isinstance(update, dict):
        raise PayloadError("not an object")
    return update


def _get_object(raw: dict[str, Any], name: str) -> dict[str, Any]:
    value = raw.get(name)
    if not isinstance(value, dict):
        raise PayloadError(f"{name} is not an object")
    return value


def _get_id(raw: dict[str, Any], name: str) -> int:
    value = raw.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= _LARGEST_ID:
        raise PayloadError(f"{name} is not an id")
    return value
