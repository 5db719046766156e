"""What the console needs of the store and the vault, as Protocols; the plain values are the store's own."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from hotline.messages import ConversationId
from storage.accounts import LOGIN_SECONDS, Account, Lock, Passkey, StoreAccounts
from storage.connection import StoreError
from storage.desk import Answer, Command, Event, Listed, WindowEntry

__all__ = [
    "IDLE_SECONDS",
    "Account",
    "Accounts",
    "Answer",
    "Command",
    "Desk",
    "Event",
    "Listed",
    "Lock",
    "OpenEntry",
    "Opener",
    "Passkey",
    "StoreError",
    "WindowEntry",
]

type Accounts = StoreAccounts
"""People and their logins: no Protocol, since tests run the same class over a store in memory."""

IDLE_SECONDS = LOGIN_SECONDS
"""A login that nobody uses for this long is gone (A6)."""


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """A message that was opened; ``text`` is None if it could not be."""

    at: datetime
    who: str
    text: str | None = field(repr=False)
    status: str | None = None


class Desk(Protocol):
    """The waiting list, the windows and the way to the worker."""

    async def list_open(self) -> Sequence[Listed]:
        """Conversations waiting or with an advocate, in H3's order."""

    async def find(self, conversation: ConversationId) -> Listed | None:
        """One open conversation, or None if it is gone."""

    async def read_window(self, conversation: ConversationId) -> Sequence[WindowEntry]:
        """The sealed messages of the window, oldest first."""

    async def submit(self, command: Command) -> Answer:
        """The worker's answer. Raises TimeoutError if none came in time: the command may still take effect."""

    async def renew(self, conversation: ConversationId, advocate: str) -> bool:
        """Keeps the lease (H6); False if the conversation is no longer this advocate's."""

    async def set_present(self, advocate: str, seconds: int) -> None:
        """Marks the advocate as on shift for so many seconds; 0 ends it."""

    def events(self, after: str | None) -> AsyncIterator[Event]:
        """Events after the one with that id, or from now on; never ends by itself."""


class Opener(Protocol):
    """Opens the sealed window: on the server in this version, in the browser later."""

    async def open_window(self, conversation: ConversationId, entries: Sequence[WindowEntry]) -> Sequence[OpenEntry]:
        """The entries in the same order and number, each with its text or None."""
