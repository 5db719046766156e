"""The only module of the console that opens sealed windows. A later version opens in the browser and this file goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from console.ports import OpenEntry, WindowEntry
from hotline.errors import PorchlightError
from hotline.messages import ConversationId


class GetKey(Protocol):
    """Where the conversations' content keys are (P3)."""

    async def __call__(self, conversation: ConversationId) -> bytes | None:
        """The key, or None once it was erased. May raise PorchlightError."""


class OpenSealed(Protocol):
    """The vault's way to open one window entry."""

    def __call__(self, conversation: ConversationId, key: bytes, sealed: bytes) -> bytes:
        """The UTF-8 text. Raises PorchlightError when it cannot be opened."""


@dataclass(frozen=True, slots=True)
class ServerOpener:
    """Opens windows on the server with the conversation's content key; keeps nothing."""

    get_key: GetKey
    open_sealed: OpenSealed

    async def open_window(self, conversation: ConversationId, entries: Sequence[WindowEntry]) -> Sequence[OpenEntry]:
        """The entries in the same order; ``text`` is None where the key is gone or the seal broken."""
        try:
            key = await self.get_key(conversation)
        except PorchlightError:
            key = None
        return [OpenEntry(entry.at, entry.who, self._open(conversation, key, entry), entry.status) for entry in entries]

    def _open(self, conversation: ConversationId, key: bytes | None, entry: WindowEntry) -> str | None:
        if key is None:
            return None
        try:
            return self.open_sealed(conversation, key, entry.sealed).decode("utf-8")
        except (PorchlightError, ValueError):
            return None
