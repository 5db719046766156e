"""The console's seals in memory: the same promises as the store's, without a store."""

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from console.ports import Command, Missing, WindowEntry, Wrap
from hotline.messages import ConversationId
from storage.records import time_text
from vault.errors import SealBroken
from vault.inbox import InboxPrivateKey, InboxPublicKey
from vault.readers import (
    LinePlace,
    ReaderPrivateKey,
    key_fingerprint,
    open_line,
    open_wrap,
    roster_digest,
    seal_line,
    wrap_epoch,
)


class FakeSeals:
    """The roster, the epochs and the inbox's key pair; seals lines and opens replies as the worker does.

    ``private`` holds the readers' own halves, which in life are in their browsers alone.
    """

    def __init__(self) -> None:
        self.readers: dict[str, bytes] = {}
        self.private: dict[str, ReaderPrivateKey] = {}
        self.wraps: dict[ConversationId, dict[tuple[str, str], bytes]] = {}
        self.epochs: dict[ConversationId, tuple[str, str, bytes]] = {}
        self.inbox = InboxPrivateKey.create(secrets.token_hex(8))

    def add_reader(self, name: str) -> ReaderPrivateKey:
        """Puts a person on the roster, with a new key."""
        self.private[name] = ReaderPrivateKey.create()
        self.readers[name] = self.private[name].public()
        return self.private[name]

    def remove_reader(self, name: str) -> None:
        del self.readers[name]

    def seal(self, conversation: ConversationId, who: str, at: datetime, number: str, text: str) -> tuple[str, bytes]:
        """One line: the epoch's id and the sealed words."""
        digest = roster_digest(self.readers)
        epoch, known, public = self.epochs.get(conversation, ("", "", b""))
        if known != digest:
            epoch, private = secrets.token_hex(8), ReaderPrivateKey.create()
            public = private.public()
            self.epochs[conversation] = epoch, digest, public
            kept = self.wraps.setdefault(conversation, {})
            for name, key in self.readers.items():
                kept[epoch, name] = wrap_epoch(private, key, conversation, epoch, name)
            for place in [place for place in kept if place[1] not in self.readers]:
                del kept[place]
        return epoch, seal_line(public, LinePlace(conversation, epoch, who, time_text(at), number), text)

    async def read_wraps(self, conversation: ConversationId, name: str) -> Mapping[str, bytes]:
        if name not in self.readers:
            return {}
        mine = key_fingerprint(self.readers[name])
        kept = self.wraps.get(conversation, {})
        return {epoch: wrap for (epoch, who), wrap in kept.items() if who == name and wrap.startswith(mine)}

    async def missing_wraps(self, conversation: ConversationId) -> Sequence[Missing]:
        kept = self.wraps.get(conversation, {})
        return [
            Missing(epoch, name, public)
            for epoch in sorted({epoch for epoch, _ in kept})
            for name, public in sorted(self.readers.items())
            if not kept.get((epoch, name), b"").startswith(key_fingerprint(public))
        ]

    async def put_wraps(self, conversation: ConversationId, wraps: Sequence[Wrap]) -> int:
        wanted = {(m.epoch, m.name): key_fingerprint(m.public) for m in await self.missing_wraps(conversation)}
        good = [w for w in wraps if len(w.sealed) == 88 and w.sealed[:8] == wanted.get((w.epoch, w.name))]
        self.wraps.setdefault(conversation, {}).update({(w.epoch, w.name): w.sealed for w in good})
        return len(good)

    async def inbox_key(self) -> InboxPublicKey:
        return self.inbox.public()

    def renew_inbox(self) -> None:
        """The instance died: what was sealed to its key pair opens no more."""
        self.inbox = InboxPrivateKey.create(secrets.token_hex(8))

    def open_reply(self, command: Command) -> str | None:
        """A reply's words, or None."""
        context = f"reply|{command.conversation}|{command.advocate}"
        try:
            return self.inbox.open(base64.b64decode(command.text), context).decode()
        except (SealBroken, ValueError):
            return None

    def read(self, conversation: ConversationId, name: str, entry: WindowEntry) -> str:
        """What a reader's browser would show. Raises KeyError without a wrap, SealBroken for a changed line."""
        wrap = self.wraps[conversation][entry.epoch, name]
        epoch = open_wrap(self.private[name], conversation, entry.epoch, name, wrap)
        place = LinePlace(conversation, entry.epoch, entry.who, time_text(entry.at), entry.number)
        return open_line(epoch, place, entry.sealed)
