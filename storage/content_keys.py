"""The memory-only instance: wrapped content keys and the inbox's key pairs (P3)."""

import os
from collections.abc import AsyncIterator, Sequence
from typing import Any

from hotline.messages import ConversationId
from storage.connection import Store
from storage.keyspace import BACKSTOP_SECONDS
from storage.sweep_pages import find_older
from storage.wire import Part
from vault.content import ContentKey
from vault.errors import SealBroken
from vault.inbox import EPOCH_CHARACTERS, InboxPrivateKey, InboxPublicKey, epoch_of
from vault.keyring import Keyring
from vault.purposes import Purpose

_PUBLIC = "inbox-public"
_INBOX_KEY_SECONDS = 24 * 3600
"""How long texts can wait for a worker when every worker is gone, and with them the rotation."""

_PUBLIC_SECONDS = _INBOX_KEY_SECONDS - 60
"""The public half ends before its private one: what nobody could open is refused, so that the provider asks again."""

_OLD_INBOX_KEY_SECONDS = 3600
LEAVING_SECONDS = 300
"""How long a content key outlives its conversation while the last message goes out."""
_OPENED_KEPT = 3
_RAW_BYTES = 32


class InboxPublicKeys:
    """Hands out the inbox's public half; all that the internet-facing program may read here."""

    def __init__(self, keys: Store) -> None:
        self._keys = keys

    async def get(self) -> InboxPublicKey:
        """The public half in force. Raises KeyError before any worker has made one."""
        public = parse_public(await self._keys.call("GET", _PUBLIC) or b"")
        if public is None:
            raise KeyError(_PUBLIC)
        return public


class ContentKeys:
    """Keeps content keys wrapped by the server key. An instance that lost them has erased what they sealed."""

    def __init__(self, keys: Store, keyring: Keyring) -> None:
        self._keys = keys
        self._keyring = keyring
        self._inbox: dict[str, InboxPrivateKey] = {}
        self._checked = ""

    async def find(self, conversation: ConversationId) -> ContentKey | None:
        """The conversation's key, or None if it is gone, or the server key that wraps it is: both are the same loss."""
        return self._unwrap(conversation, await self._keys.call("GET", f"content-key:{conversation}"))

    async def find_with(self, conversation: ConversationId, command: Sequence[Part]) -> tuple[ContentKey | None, Any]:
        """The same, and the answer to what else is asked of this instance at that moment."""
        wrapped, answer = await self._keys.call_all([("GET", f"content-key:{conversation}"), command])
        return self._unwrap(conversation, wrapped), answer

    def _unwrap(self, conversation: ConversationId, wrapped: bytes | None) -> ContentKey | None:
        if wrapped is None:
            return None
        try:
            return ContentKey(conversation, self._keyring.open(Purpose.CONTENT_KEY, wrapped, conversation))
        except SealBroken:
            return None

    async def create(self, conversation: ConversationId) -> ContentKey:
        """Makes and keeps a new key."""
        key = ContentKey.create(conversation)
        await self._keys.call(*self.keeping(key))
        return key

    def keeping(self, key: ContentKey) -> tuple[Part, ...]:
        """The command that keeps a new key, for who has more to ask of this instance at that moment."""
        wrapped = self._keyring.seal(Purpose.CONTENT_KEY, key.secret, key.conversation)
        return ("SET", f"content-key:{key.conversation}", wrapped, "EX", BACKSTOP_SECONDS)

    async def extend(self, conversation: ConversationId) -> None:
        """Puts off the key's own expiry while a conversation goes on."""
        await self._keys.call("EXPIRE", f"content-key:{conversation}", BACKSTOP_SECONDS)

    async def let_go(self, conversation: ConversationId) -> None:
        """Lets the key live just long enough for the last message to go out."""
        await self._keys.call("EXPIRE", f"content-key:{conversation}", LEAVING_SECONDS)

    async def ping(self) -> None:
        """Comes back if the instance answers. Raises StoreError."""
        await self._keys.call("PING")

    def find_older(self, seconds: int) -> AsyncIterator[list[str]]:
        """Conversations whose key was made or put off at least so long ago, and is not being let go, page by page."""
        return find_older(self._keys, ("content-key",), BACKSTOP_SECONDS, seconds, LEAVING_SECONDS)

    async def delete(self, conversation: ConversationId) -> None:
        """Shreds: what this key sealed can never be opened again, wherever a copy lies."""
        await self._keys.remove(f"content-key:{conversation}")

    async def ensure_inbox(self) -> None:
        """Makes a key pair if there is none that opens; two workers at once agree on a first one.

        What comes in must never be sealed to a pair whose private half is gone, or whose server key is (P3).
        """
        public = await self._keys.call("GET", _PUBLIC)
        if public:
            epoch = public.split(b":", 1)[0].decode()
            there = await self._keys.call("EXISTS", _private_name(public))
            if not there or (epoch != self._checked and await self._find_private(epoch) is None):
                await self.rotate_inbox()
                return
            self._checked = epoch
            return
        private = await self._keep_new_inbox_key()
        if not await self._keys.call("SET", _PUBLIC, public_value(private.public()), "NX", "EX", _PUBLIC_SECONDS):
            await self._keys.call("DEL", f"inbox-key:{private.epoch}")

    async def rotate_inbox(self) -> None:
        """A new key pair for what comes from now on; any other opens for an hour more and is gone then (P3)."""
        private = await self._keep_new_inbox_key()
        await self._keys.call("SET", _PUBLIC, public_value(private.public()), "EX", _PUBLIC_SECONDS)
        current = _private_name(await self._keys.call("GET", _PUBLIC) or b"")
        for name in await self._keys.scan("inbox-key:*"):
            if name != current:
                await self._keys.call("EXPIRE", name, _OLD_INBOX_KEY_SECONDS, "LT")

    async def _keep_new_inbox_key(self) -> InboxPrivateKey:
        private = InboxPrivateKey.create(os.urandom(8).hex())
        wrapped = self._keyring.seal(Purpose.INBOX_KEY, private.raw, private.epoch)
        await self._keys.call("SET", f"inbox-key:{private.epoch}", wrapped, "EX", _INBOX_KEY_SECONDS)
        return private

    async def open_inbox(self, sealed: bytes, context: str) -> bytes:
        """What was sealed to the inbox. Raises SealBroken if its key pair is gone."""
        private = await self._find_private(epoch_of(sealed))
        if private is None:
            raise SealBroken(Purpose.INBOX)
        return private.open(sealed, context)

    async def _find_private(self, epoch: str) -> InboxPrivateKey | None:
        private = self._inbox.get(epoch)
        if private is None:
            wrapped = await self._keys.call("GET", f"inbox-key:{epoch}")
            if wrapped is None:
                return None
            try:
                private = InboxPrivateKey(epoch, self._keyring.open(Purpose.INBOX_KEY, wrapped, epoch))
            except SealBroken:
                return None
            self._inbox = {epoch: private, **dict(list(self._inbox.items())[: _OPENED_KEPT - 1])}
        return private


def _private_name(public: bytes) -> str:
    return "inbox-key:" + public.split(b":", 1)[0].decode()


def public_value(public: InboxPublicKey) -> bytes:
    """A public half as it is stored."""
    return public.epoch.encode() + b":" + public.raw


def parse_public(value: bytes) -> InboxPublicKey | None:
    """The public half that ``public_value`` wrote; None for anything else."""
    epoch, _, raw = value.partition(b":")
    if len(epoch) != EPOCH_CHARACTERS or len(raw) != _RAW_BYTES:
        return None
    return InboxPublicKey(epoch.decode("ascii", "replace"), raw)
