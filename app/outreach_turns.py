"""Reads what came from paper or from outreach staff, before the pipeline (O2, O3)."""

from collections.abc import Collection
from dataclasses import dataclass

from app.world import World
from hotline.conversations import Conversation, Owner
from hotline.messages import InboundMessage, Kind
from hotline.outreach_words import (
    HELLOS,
    begins_with,
    find_site_text,
    find_staff_rest,
    looks_like_staff_word,
    read_as,
)
from storage.commit import Writes
from storage.outreach_codes import OutreachCodes, count_hello


@dataclass(frozen=True, slots=True)
class Read:
    """A message as the turn takes it, the code that it is to be counted under, and what staff asked."""

    message: InboundMessage
    code: str = ""
    staff: str | None = None


def stands_apart(text: str, site_words: Collection[str]) -> bool:
    """True for a text that no other joins, since it may be more than words: it has a code's shape and a code's word."""
    return begins_with(text, site_words) and (find_site_text(text) is not None or looks_like_staff_word(text))


class OutreachReader:
    """Asks the store only about texts that have the shape of a code; every other goes on as it came."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._codes = OutreachCodes(world.store)

    async def read(self, message: InboundMessage, before: Conversation) -> Read:
        """The message, with a site code read as a hello. Raises StoreError.

        A code counts once, as the first text of a conversation. Later it is plain text, as a word of the texter's own
        may be (K7); a button stays a hello (K8).
        """
        if message.kind is not Kind.TEXT or message.opt_out:
            return Read(message)
        if site := find_site_text(message.text):
            batch = await self._codes.find_batch(site.code) if _begins(before) else None
            hello = site.hello or (HELLOS.get(batch.language, "hi") if batch else "")
            return Read(read_as(message, hello) if hello else message, site.code if batch else "")
        if not looks_like_staff_word(message.text) or before.covered:
            return Read(message)
        words = await self._codes.working_staff_words(self._world.now().date())
        return Read(message, staff=find_staff_rest(message.text, words))

    def write(self, writes: Writes, read: Read) -> None:
        """Adds the count to the turn's commit."""
        if read.code:
            count_hello(writes, read.code, self._world.now().date())


def _begins(before: Conversation) -> bool:
    """True for a conversation in which nothing was said yet."""
    session = before.session
    return before.owner is Owner.WITH_BOT and not (before.covered or session.welcomed or session.own_cover)
