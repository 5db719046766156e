"""What a worker holds for its whole life: content, rules, stores, keys and channels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from app.paging import Paging
from app.watch import Watch
from connectors.contract import Connector
from hotline.content import Content
from hotline.deadlines import Timings
from hotline.messages import SMS, ChannelName
from hotline.numbers import Lines
from hotline.ports import Clock, ReplyRef
from hotline.replies import render
from hotline.resources import Directory
from hotline.turns import Services
from storage.commit import Committer
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.conversations import Conversations
from storage.epochs import Epochs
from storage.erase_keys import EraseKeys
from storage.inbox import Inbox
from vault.addresses import AddressKeys


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """This moment, aware UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that turns a reply key into text."""

    content: Content
    lines: Lines
    """Those that ran out too: replies that name one still find it. What is picked or known comes of ``lines_at``."""
    directory: Directory
    hotline_name: str
    version: str = ""
    """Of the content, without the hotline's own cover."""

    def render(self, ref: ReplyRef, *, language: str, channel: ChannelName, now: datetime) -> tuple[str, ...]:
        """The one or two messages of a reply, as they are sent."""
        return render(
            ref,
            language=language,
            channel=channel,
            content=self.content,
            lines=self.lines,
            directory=self.directory,
            now=now,
            hotline_name=self.hotline_name,
        )

    def lines_at(self, now: datetime) -> Lines:
        """The lines that may be given at ``now`` (aware): one runs out at its time, and not at the next start (D3)."""
        return self.lines.served(mode=self.directory.mode, now=now)

    def knows_number(self, digits: str, now: datetime) -> bool:
        """True for the digits of one of our lines or places: ten without the leading 1, or a short code (A8)."""
        if self.lines_at(now).find_by_digits(digits) is not None:
            return True
        places = self.directory.places.values()
        return any(_ten_digits(place.gaps("en", SMS, now)["phone"]) == digits for place in places)


def _ten_digits(number: str) -> str:
    return "".join(filter(str.isdecimal, number))[-10:]


@dataclass(frozen=True, slots=True)
class World:
    """The parts that turns and sends are worked off with."""

    store: Store
    content_keys: ContentKeys
    epochs: Epochs
    erase_keys: EraseKeys
    conversations: Conversations
    inbox: Inbox
    committer: Committer
    address_keys: AddressKeys
    services: Services
    words: Words
    connectors: Mapping[ChannelName, Connector]
    timings: Timings
    watch: Watch
    paging: Paging
    clock: Clock = field(default_factory=SystemClock)

    def now(self, offset_seconds: float = 0.0) -> datetime:
        """A conversation's own time: practice may put it ahead."""
        return self.clock.now() + timedelta(seconds=offset_seconds)
