"""A conversation: messages between one texter and us on one channel until closed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from hotline.messages import Address, ChannelName, ConversationId
from hotline.screening.result import Level


class Owner(StrEnum):
    """Who answers. Every conversation has exactly one owner (H2)."""

    WITH_BOT = "with_bot"
    WAITING = "waiting"
    WITH_ADVOCATE = "with_advocate"
    LEFT = "left"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Recent:
    """A text of the texter that later screening may need (C13); ``at`` is aware UTC."""

    text: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """What is known while the conversation is open; sealed at rest, gone 30 minutes after the last text (P3).

    ``dialogue`` is the engine's state (slots, active form, last intent; no text). ``choices`` are the options of the
    last question, which was the reply ``asked``: ``person``, reply keys, topics; a "yes" takes the first, a "no" the
    reply ``on_no``. ``later`` is a topic that was asked about beside another and waits for room. ``last_line`` is the
    id of the last memorable number given (K4).
    """

    address: Address = field(repr=False)
    dialogue: Mapping[str, Any] = field(default_factory=dict, repr=False)
    recent: tuple[Recent, ...] = field(default=(), repr=False)
    choices: tuple[str, ...] = ()
    asked: str | None = None
    on_no: str | None = None
    later: str | None = None
    welcomed: bool = False
    asked_about_phone: bool = False
    awaiting_phone_ok: bool = False
    """True while a "no" would mean "it is not OK to text here" (C2)."""
    last_line: str | None = None
    own_cover: tuple[str, ...] = ()
    """The texter's own two words: the one that goes under cover, and the one that comes back (K7)."""
    dull_said: int = 0
    """How many dull lines went out, so that they take turns."""
    taught_exit: bool = False
    """True once the texter was taught the short way out (K5)."""
    codes_heard: int = 0
    """How many code words were weighed; each is dear (C9)."""
    misunderstood: int = 0
    offered: tuple[str, ...] = ()
    """Reply keys that the texter has been given, newest last, at most twenty: what an advocate need not repeat (H5)."""
    noted: tuple[str, ...] = ()
    """Codes for the counts, kept until the conversation ends (O4)."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation's state. Outside ``session`` it holds codes and times alone, which staff may see in lists."""

    id: ConversationId
    channel: ChannelName
    session: Session
    language: str = "en"
    owner: Owner = Owner.WITH_BOT
    level: Level = Level.NONE
    """The highest level reached since the conversation was last with the bot alone."""
    reasons: tuple[str, ...] = ()
    agreed: bool = False
    """True if a hand-off is locked: unasked at imminent, or after the texter's yes (H1)."""
    waiting_since: datetime | None = None
    told_waiting: bool = False
    """True once the texter was told that the wait ran out (H4)."""
    advocate: str | None = None
    silent: bool = False
    """Someone is near: nothing goes out from anyone until the texter writes (R10)."""
    covered: bool = False
    """The line plays another service: whoever holds the phone sees dull lines alone (K7)."""
    partner: str | None = None
    """A second advocate, who reads and writes too."""
    transfer_to: str | None = None
    """Whom the advocate offered it to; until that one accepts, it stays with the advocate."""
    transfer_at: datetime | None = None
    declined: tuple[str, ...] = ()
    """Advocates who would rather not; it is no longer put first before them (A5)."""
    last_advocate: str | None = None
    """Who had it last in this wait: takes it up again without a word, and it stands first in its level's line (H6)."""
    told_joined: bool = False
    """True while the texter was told that a person is here, and not yet that they are gone (H4)."""
    rung: int = 0
    """How many pages have gone out in this wait."""
    paged_at: datetime | None = None
    acknowledged_at: datetime | None = None
    """When somebody saw the last page; None again with the next one."""
    held_by: str | None = None
    """Who keeps window and address after its end, while a report or an imminent page is open (A4)."""
    held_since: datetime | None = None
    held_until: datetime | None = None
    block_by: str | None = None
    """Who proposed to block this address; a second person decides (R8)."""

    @property
    def locked(self) -> bool:
        """True while no dialogue reply may go out (H1)."""
        return self.owner is Owner.WITH_ADVOCATE or (self.owner is Owner.WAITING and self.agreed)

    @property
    def ended(self) -> bool:
        """True once the texter left or an advocate closed it; only a hold keeps it then (A4)."""
        return self.owner in {Owner.LEFT, Owner.CLOSED}
