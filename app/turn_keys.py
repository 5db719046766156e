"""What a turn asks of the keys instance: an epoch to seal lines to, and how long keys live."""

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
    """The conversation's epoch for who stood on the roster when it was loaded. Raises StoreError.

    A new key is kept in the same step; its conversation, if it is not new, loses the epoch that went with the old one.
    """
    conversation = ConversationId(key.conversation)
    if loaded.key:
        return await world.epochs.ensure(conversation, loaded.readers, loaded.epoch)
    return await world.epochs.begin(conversation, loaded.readers, world.content_keys.keeping(key))


async def keep_keys(
    world: World, partition: int, conversation: ConversationId, outcome: Outcome, *, new: bool = False
) -> None:
    """Keys live as long as their conversation; the readers' go first, since nobody reads what is forgotten (P3).

    ``new``: they were made in this turn, and have all their time before them.
    """
    keys, epochs = world.content_keys, world.epochs
    if outcome.blank:
        await epochs.delete(conversation)
    if outcome.forget:
        await epochs.delete(conversation)
        if pending_messages(outcome) or await is_in_outbox(world.store, partition, conversation):
            await keys.let_go(conversation)
        else:
            await keys.delete(conversation)
    elif outcome.conversation.owner is not Owner.WITH_BOT and not new:
        await keys.extend(conversation)
        await epochs.extend(conversation)
