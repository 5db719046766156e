"""What a turn asks of the keys instance: an epoch to seal lines to, and how long keys live."""

import asyncio

from app.outcome_writes import pending_messages
from app.world import World
from hotline.conversations import Owner
from hotline.messages import ConversationId
from hotline.turns import Outcome
from storage.conversations import Loaded
from storage.epochs import Epoch
from storage.streams import is_in_outbox
from vault.content import ContentKey


async def ensure_epoch(world: World, loaded: Loaded, key: ContentKey) -> Epoch:
    """The conversation's epoch for who stands on the roster now; a key that is new is kept first. Raises StoreError.

    Both instances are asked at once.
    """
    conversation, new = ConversationId(key.conversation), () if loaded.key else (world.content_keys.keeping(key),)
    readers, kept = await asyncio.gather(world.roster.read(), world.epochs.read(conversation, new))
    return await world.epochs.ensure(conversation, readers, kept)


async def keep_keys(world: World, partition: int, conversation: ConversationId, outcome: Outcome) -> None:
    """Keys live as long as their conversation; the readers' go first, since nobody reads what is forgotten (P3)."""
    keys, epochs = world.content_keys, world.epochs
    if outcome.blank:
        await epochs.delete(conversation)
    if outcome.forget:
        await epochs.delete(conversation)
        if pending_messages(outcome) or await is_in_outbox(world.store, partition, conversation):
            await keys.let_go(conversation)
        else:
            await keys.delete(conversation)
    elif outcome.conversation.owner is not Owner.WITH_BOT:
        await keys.extend(conversation)
        await epochs.extend(conversation)
