"""How a conversation is written down: codes and times in the open, everything else under its content key."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hotline.conversations import Conversation, Owner, Recent, Session
from hotline.messages import Address, AddressHash, ChannelName, ConversationId
from hotline.screening.result import Level
from vault.content import ContentKey
from vault.purposes import Purpose

_NAMES = ("partner", "transfer_to", "last_advocate", "held_by", "block_by")
_TIMES = ("transfer_at", "paged_at", "acknowledged_at", "held_since", "held_until")


def time_text(at: datetime | None) -> str:
    """A time as it is stored: ISO 8601 in UTC, or nothing."""
    return at.astimezone(UTC).isoformat() if at else ""


def parse_time(text: str) -> datetime | None:
    """The time that ``time_text`` wrote."""
    return datetime.fromisoformat(text) if text else None


def conversation_fields(
    conversation: Conversation, lane: AddressHash, key: ContentKey, last_at: datetime
) -> dict[str, str | bytes]:
    """The fields of a conversation's hash; ``session`` is sealed."""
    c = conversation
    listed = c.owner in {Owner.WAITING, Owner.WITH_ADVOCATE}
    handed = {name: getattr(c, name) or "" for name in _NAMES} | {name: time_text(getattr(c, name)) for name in _TIMES}
    return {
        "id": c.id,
        "channel": c.channel,
        "language": c.language,
        "owner": c.owner,
        "level": str(int(c.level)),
        "reasons": ",".join(c.reasons),
        "agreed": "1" if c.agreed else "",
        "waiting_since": time_text(c.waiting_since),
        "told_waiting": "1" if c.told_waiting else "",
        "advocate": c.advocate or "",
        "silent": "1" if c.silent else "",
        "covered": "1" if c.covered else "",
        "address_hash": lane,
        "last_at": time_text(last_at),
        "offered": ",".join(c.session.offered) if listed else "",
        "session": key.seal(Purpose.SESSION, _session_json(c.session)),
        **handed,
        "declined": ",".join(c.declined),
        "told_joined": "1" if c.told_joined else "",
        "rung": str(c.rung),
    }


def parse_conversation(fields: Mapping[str, bytes], key: ContentKey) -> Conversation:
    """The conversation that ``conversation_fields`` wrote. Raises SealBroken if the key is not the one."""
    return parse_codes(fields, _parse_session(key.open(Purpose.SESSION, fields["session"])))


def parse_codes(fields: Mapping[str, bytes], session: Session) -> Conversation:
    """The conversation with the given session, from what is written in the open."""
    text = {name: value.decode() for name, value in fields.items() if name != "session"}
    handed: dict[str, Any] = {name: text.get(name) or None for name in _NAMES}
    handed |= {name: parse_time(text.get(name, "")) for name in _TIMES}
    return Conversation(
        id=ConversationId(text["id"]),
        channel=ChannelName(text["channel"]),
        session=session,
        language=text["language"],
        owner=Owner(text["owner"]),
        level=Level(int(text["level"])),
        reasons=tuple(filter(None, text["reasons"].split(","))),
        agreed=bool(text["agreed"]),
        waiting_since=parse_time(text["waiting_since"]),
        told_waiting=bool(text["told_waiting"]),
        advocate=text["advocate"] or None,
        silent=bool(text["silent"]),
        covered=bool(text.get("covered")),
        declined=tuple(filter(None, text.get("declined", "").split(","))),
        told_joined=bool(text.get("told_joined")),
        rung=int(text.get("rung") or 0),
        **handed,
    )


def _session_json(session: Session) -> bytes:
    document: dict[str, Any] = {name: getattr(session, name) for name in Session.__slots__}
    document["recent"] = [[recent.text, time_text(recent.at)] for recent in session.recent]
    return json.dumps(document).encode()


def _parse_session(plain: bytes) -> Session:
    document = json.loads(plain)
    document["address"] = Address(document["address"])
    document["recent"] = tuple(Recent(text, datetime.fromisoformat(at)) for text, at in document["recent"])
    document["offered"], document["choices"] = tuple(document["offered"]), tuple(document["choices"])
    document["own_cover"] = tuple(document.get("own_cover", ()))
    document["noted"] = tuple(document.get("noted", ()))
    return Session(**document)
