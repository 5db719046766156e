"""Messages in and out, and the names that must not be mixed up."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

ChannelName = NewType("ChannelName", str)
"""A configured way in: ``sms`` or ``telegram``."""

Address = NewType("Address", str)
"""Where a channel finds the texter: an E.164 number or a Telegram chat id. Always sealed at rest (P4)."""

AddressHash = NewType("AddressHash", str)
"""Keyed hash of channel and address, in hex; the only form in which an address is looked up (P4)."""

ConversationId = NewType("ConversationId", str)
"""Random id of one conversation; says nothing about who it is with."""

ExternalId = NewType("ExternalId", str)
"""A message's id at its provider."""

SMS = ChannelName("sms")
TELEGRAM = ChannelName("telegram")
CHANNELS = (SMS, TELEGRAM)


class Kind(StrEnum):
    """What came in."""

    TEXT = "text"
    MEDIA = "media"
    """A picture, voice, sticker, location, contact or edited message: never fetched (C12)."""
    BLOCKED = "blocked"
    """The texter blocked us at the provider; taken as STOP."""
    UNBLOCKED = "unblocked"


class Status(StrEnum):
    """What became of a message that we sent."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        """True if nothing follows; what comes before says nothing that sending did not say."""
        return self in {Status.DELIVERED, Status.FAILED}


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message from a texter, as its channel's connector understood it.

    ``opt_out`` is the provider's own reading of a keyword (Twilio's ``OptOutType``: STOP, START or HELP), else None.
    ``sent_at`` is when the provider had it, or we, if that is all that can be told; aware UTC. A
    second delivery of the same message may say another time.
    """

    channel: ChannelName
    address: Address = field(repr=False)
    external_id: ExternalId | None
    kind: Kind = Kind.TEXT
    text: str = field(default="", repr=False)
    opt_out: str | None = None
    sent_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class StatusUpdate:
    """What the provider says became of a message that we sent."""

    channel: ChannelName
    external_id: ExternalId
    status: Status
    error_code: str | None = None
    opted_out: bool = False


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """One message to a texter, ready to send. ``created_at`` is aware UTC."""

    channel: ChannelName
    address: Address = field(repr=False)
    text: str = field(repr=False)
    created_at: datetime
