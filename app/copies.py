"""Notes the provider's copy of each message on the erase list, in the commit that ends our need of it (P4, P5)."""

from app.world import World
from connectors.contract import SendResult
from hotline.messages import SMS, TELEGRAM, AddressHash, ChannelName, ExternalId, InboundMessage, OutboundMessage
from hotline.turns import Outcome
from storage import erasures
from storage.commit import Writes
from storage.connection import StoreError
from storage.erase_keys import COPY_SECONDS
from storage.erasures import KeptCopy
from vault.content import ContentKey

STATUS_SECONDS = 600.0
"""How long Twilio may take to say what became of a message before its record is erased without."""
FAREWELL_SECONDS = 60.0
"""How long what we sent last stays in a chat that was cleared: long enough to be read."""


class CopyNotes:
    """Adds to a commit; asks the keys instance once a day, and the store nothing but for Telegram's sent messages."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def note_heard(self, writes: Writes, message: InboundMessage, lane: AddressHash) -> None:
        """Its turn is committed: at Twilio it is due now, with its pictures; on Telegram if the texter asks (C12)."""
        if message.external_id is None or message.channel not in COPY_SECONDS:
            return
        copy, name = self._describe(message, message.external_id)
        due = float(copy.made_at) if message.channel == SMS else None
        key = await self._get_key(message.channel)
        if key:
            erasures.put_copy(writes, key, name, lane, copy, due)

    async def note_sent(self, writes: Writes, message: OutboundMessage, result: SendResult, lane: AddressHash) -> None:
        """It is out: at Twilio it is due with its final status, or in ten minutes (X5 needs it no more)."""
        if message.channel not in COPY_SECONDS:
            return
        copy, name = self._describe(message, result.external_id)
        due = copy.made_at + STATUS_SECONDS if message.channel == SMS else None
        if message.channel == TELEGRAM and await self._was_cleared(message, lane):
            due = copy.made_at + FAREWELL_SECONDS
        key = await self._get_key(message.channel)
        if key:
            erasures.put_copy(writes, key, name, lane, copy, due)

    def note_cleared(self, writes: Writes, outcome: Outcome) -> None:
        """The texter wants the chat empty: everything of theirs on the list, this turn's words and our reply (K6)."""
        after = outcome.conversation
        if outcome.erase_chat and after.channel == TELEGRAM:
            lanes = self._world.address_keys.hash_address_under_all(after.channel, after.session.address)
            erasures.clear_chat(writes, lanes, self._world.now().timestamp())

    def _describe(self, message: InboundMessage | OutboundMessage, external_id: ExternalId) -> tuple[KeptCopy, str]:
        made_at = int(self._world.now().timestamp())
        copy = KeptCopy(message.channel, message.address, external_id, made_at)
        return copy, self._world.address_keys.hash_external_id(message.channel, external_id)

    async def _get_key(self, channel: ChannelName) -> ContentKey | None:
        """The key of the day; without one the message is answered all the same, and its copy stays."""
        try:
            return await self._world.erase_keys.get(channel, self._world.now())
        except (StoreError, OSError, TimeoutError) as error:
            self._world.watch.failed("erase_failed", type(error).__name__)
            return None

    async def _was_cleared(self, message: OutboundMessage, lane: AddressHash) -> bool:
        cleared_at = await self._world.store.call("GET", f"cleared:{lane}")
        return cleared_at is not None and message.created_at.timestamp() <= float(cleared_at)
