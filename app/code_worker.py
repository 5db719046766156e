"""Weighs code words, away from the path of every other message (C9)."""

import asyncio
from dataclasses import dataclass

from app.world import World
from hotline.conversations import Conversation
from hotline.messages import InboundMessage, Kind
from hotline.private_words import ActName, PrivateAct
from storage.code_words import CodeWords, keep_code_word
from storage.commit import Writes
from vault.code_words import hash_code_word

_MOST_A_SESSION = 5
_MOST_WAITING = 8
"""More than these at once are answered unweighed: nobody can keep the machine busy with them."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What became of a code word, and what has to be kept."""

    code: str | None = None
    keep: str | None = None
    key_id: str = ""
    hidden: bool = False
    """True if the text is a code word: nobody of ours is to read what an advocate is told of."""

    def write(self, writes: Writes) -> None:
        """Adds what is to be kept to the turn's commit."""
        if self.keep:
            keep_code_word(writes, self.keep, self.key_id)


class CodeWorker:
    """Hashes one word at a time, beside the event loop: other lanes go on meanwhile."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._words = CodeWords(world.store)
        self._one_at_a_time = asyncio.Semaphore(1)
        self._waiting = 0

    async def weigh(self, message: InboundMessage, before: Conversation, *, opted_out: bool) -> Weighed:
        """What a message comes to; the work is the same for a word that is right, wrong or new. Raises StoreError."""
        act = self._find_act(message)
        if act is None or act.name is ActName.COVER:
            return Weighed()
        if (
            opted_out
            or before.covered
            or before.session.codes_heard >= _MOST_A_SESSION
            or self._waiting >= _MOST_WAITING
        ):
            return Weighed(hidden=True)
        self._waiting += 1
        try:
            return await self._weigh(message, act)
        finally:
            self._waiting -= 1

    def _find_act(self, message: InboundMessage) -> PrivateAct | None:
        """None also for a text that cannot be read: the turn meets the same error and brings it to a person (R9)."""
        try:
            return self._world.services.find_act(message.text) if message.kind is Kind.TEXT else None
        except Exception:
            return None

    async def _weigh(self, message: InboundMessage, act: PrivateAct) -> Weighed:
        async with self._one_at_a_time:
            keys = self._world.address_keys
            hashes = await asyncio.to_thread(hash_code_word, keys, message.channel, message.address, act.words[0])
        known = await self._words.is_known(hashes)
        if act.name is ActName.CHOOSE_CODE:
            newest, key_id = next(iter(hashes.items()))
            return Weighed("chosen", newest, key_id, hidden=True)
        return Weighed("matched" if known else "unmatched", hidden=True)
