"""What every channel promises. A third channel is one folder that keeps this contract (X6)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from hotline.messages import Address, ChannelName, ExternalId, InboundMessage, OutboundMessage, StatusUpdate

type Confirm = Callable[[], Awaitable[None]]
"""Asked when a connection stands and the first byte of a message is about to go: raises SendError if it must not."""


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """A provider's request in plain primitives.

    ``url`` is the public URL that the provider called (built from settings, never from the Host header) with its query;
    ``headers`` have lower-case names; ``body`` is untouched bytes. ``read`` is its connector's own: what it has made of
    the body, so that what it verified is what it parses.
    """

    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    read: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class SendResult:
    """The provider took the message under ``external_id``."""

    external_id: ExternalId


@dataclass(frozen=True, slots=True)
class Erasure:
    """A provider's copies of messages with one texter that are to go. An SMS is found by its id alone."""

    channel: ChannelName
    address: Address = field(repr=False)
    external_ids: tuple[ExternalId, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """A message that the provider still holds: its id and when it was made, never its words or its number."""

    external_id: ExternalId
    created_at: datetime
    from_texter: bool


class Connector(Protocol):
    """One channel's protocol. ``verify`` and ``parse`` are pure; the other calls ask the provider."""

    channel: ChannelName

    def may_be_signed(self, headers: Mapping[str, str]) -> bool:
        """False if no body could make a request with these headers genuine, so that none is read; never raises."""

    def verify(self, request: WebhookRequest) -> bool:
        """True if the provider really sent this request; never raises (X1, X2)."""

    def parse(self, request: WebhookRequest) -> InboundMessage | StatusUpdate | None:
        """The message or status in a verified request, or None if there is nothing for us in it.

        Raises PayloadError and nothing else on a body that cannot be read.
        """

    async def send(self, message: OutboundMessage, confirm: Confirm | None = None) -> SendResult:
        """Hands the message to the provider, if ``confirm`` lets it. Raises SendError and nothing else."""

    async def find_sent(self, message: OutboundMessage) -> SendResult | None:
        """The provider's record of this very message since its ``created_at``, if the provider can tell (X5).

        Called after a crash between "sending" and "sent", and before trying again what ended in a timeout. A channel
        that cannot tell answers None. Raises SendError (retryable: ask again later) and nothing else.
        """

    async def erase(self, erasure: Erasure) -> None:
        """Removes the provider's copies; gone already is success, and so the whole may be asked for again (P5).

        Raises SendError and nothing else. Retryable: ask again later. ``alert``: nothing went, and somebody of ours
        must mend it first. Neither: what is left never goes, and whatever else was asked for is gone.
        """

    async def list_copies(self, since: datetime, before: datetime, limit: int) -> Sequence[Copy] | None:
        """What the provider still holds of ours from between those times, ``limit`` at most; None if it cannot tell.

        Raises SendError and nothing else (P5).
        """

    async def read_copy(self, external_id: ExternalId) -> InboundMessage | None:
        """The texter's message that a copy is, as its webhook would have brought it; None if nothing is there for us.

        Raises PayloadError on one that cannot be read, SendError if the provider cannot be asked, and nothing else.
        """

    async def aclose(self) -> None:
        """Closes connections."""
