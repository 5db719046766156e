"""What the console needs of the store and the vault, as Protocols; the plain values are the store's own."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from console.people import Person
from hotline.audit import AuditEntry, Linked
from hotline.messages import ConversationId
from storage.accounts import LOGIN_SECONDS, Account, Lock, Passkey, StoreAccounts
from storage.connection import StoreError
from storage.desk import Answer, Command, Event, Listed, WindowEntry
from storage.load import LoadFacts
from storage.seals import Missing, Wrap
from vault.inbox import InboxPublicKey

__all__ = [
    "IDLE_SECONDS",
    "Account",
    "Accounts",
    "Answer",
    "AuditEntry",
    "AuditLog",
    "Command",
    "Desk",
    "Event",
    "Listed",
    "Load",
    "LoadFacts",
    "Lock",
    "Missing",
    "Passkey",
    "People",
    "Person",
    "Seals",
    "StoreError",
    "WindowEntry",
    "Wrap",
]

type Accounts = StoreAccounts
"""People and their logins: no Protocol, since tests run the same class over a store in memory."""

IDLE_SECONDS = LOGIN_SECONDS
"""A login that nobody uses for this long is gone (A6)."""


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

    async def present_names(self) -> Sequence[str]:
        """Account names of those whose console is open and who take no break."""

    async def set_break(self, advocate: str, resting: bool) -> None:
        """Begins or ends an advocate's break; a break ends presence at once (A5)."""

    async def is_on_break(self, advocate: str) -> bool:
        """True while the advocate takes a break."""

    def events(self, after: str | None) -> AsyncIterator[Event]:
        """Events after the one with that id, or from now on; never ends by itself."""


class Seals(Protocol):
    """What a browser needs to open and to seal. Nothing here opens anything."""

    async def read_wraps(self, conversation: ConversationId, name: str) -> Mapping[str, bytes]:
        """This reader's wraps by epoch."""

    async def missing_wraps(self, conversation: ConversationId) -> Sequence[Missing]:
        """Readers of the roster who lack a wrap, by epoch and name."""

    async def put_wraps(self, conversation: ConversationId, wraps: Sequence[Wrap]) -> int:
        """Keeps those that are missing and says how many."""

    async def inbox_key(self) -> InboxPublicKey:
        """What replies are sealed to. Raises KeyError before any worker has made one."""


class AuditLog(Protocol):
    """Who did what when, without content (A6)."""

    async def note(self, actor: str, action: str, object: str = "") -> None:
        """Adds an entry: a code and two names. Raises ContentError for words, and StoreError."""

    def read_back(self, before: int | None = None) -> AsyncIterator[AuditEntry]:
        """Entries from the newest, or from the one before that number, back to the first."""

    async def find_newest(self) -> Linked | None:
        """The newest entry with its MAC, or None."""


class People(Protocol):
    """Inviting people and changing what they may do; every change takes effect on the roster of readers too."""

    async def list_people(self) -> Sequence[Person]:
        """Everybody, by name."""

    async def find_person(self, name: str) -> Person | None:
        """One of them, or None."""

    async def create_invitation(self, name: str, roles: tuple[str, ...], language: str, by: str) -> str:
        """A token that is shown once and expires. Raises ValueError for a name that is taken or not an alias."""

    async def put_roles(self, name: str, roles: tuple[str, ...]) -> None:
        """Replaces the roles."""

    async def suspend(self, name: str) -> None:
        """Ends every login at once and lets nobody in until restored."""

    async def restore(self, name: str) -> None:
        """Lets them in again."""

    async def reset(self, name: str, by: str) -> str:
        """Takes key, password, passkeys, ways to be paged and shifts away; the token of a new invitation.

        Older windows stay closed to them.
        """

    async def set_training(self, name: str, course: str, valid_until: date | None) -> None:
        """Keeps a date, or forgets it."""

    async def refresh_reader(self, name: str) -> None:
        """Puts them on the roster of readers, or takes them off."""


class Load(Protocol):
    """How much there is to do, and who is there to do it (A5)."""

    async def read(self) -> LoadFacts:
        """The facts of this moment."""
