"""Finds the conversation that a piece of work belongs to, or begins one."""

import secrets
from dataclasses import replace

from app.world import World
from hotline import handoff
from hotline.conversations import Conversation, Session
from hotline.messages import SMS, Address, AddressHash, ConversationId, InboundMessage
from hotline.screening.result import Level
from storage.conversations import Loaded
from storage.records import parse_codes
from vault.content import ContentKey

OPEN = {b"waiting", b"with_advocate"}


async def load_for_message(world: World, message: InboundMessage, lane: str) -> tuple[Loaded, Conversation, ContentKey]:
    """The texter's conversation, or a new one. ``lane`` is the hash that the message came in under.

    One whose key is gone begins anew, as if a stranger wrote (C9); if it was open, it stays open, as unreadable (P3).
    Where ``Loaded`` has no key, the one that comes with it is new, and to be kept before anything sealed by it is.
    """
    lanes = world.address_keys.hash_address_under_all(message.channel, message.address, known=lane)
    loaded = await world.conversations.load(lanes, now=world.clock.now().timestamp())
    if loaded.conversation and loaded.key:
        # One that was kept without its address, its key having died, is answered again from here on (P3).
        session = replace(loaded.conversation.session, address=message.address)
        return loaded, replace(loaded.conversation, channel=message.channel, session=session), loaded.key
    session = Session(address=message.address)
    if loaded.unreadable and loaded.fields.get("owner") in OPEN:
        lost, at = parse_codes(loaded.fields, session), world.now(loaded.offset_seconds)
        conversation = handoff.enter_waiting(lost, level=Level.HIGH, reasons=(handoff.UNREADABLE,), agreed=True, at=at)
    else:
        # A cover outlives what it covered: whoever holds the phone must not be greeted because a key died (K7).
        covered = loaded.fields.get("covered") == b"1"
        conversation = Conversation(
            _new_id(), message.channel, session, language=_language(loaded), covered=covered, silent=covered
        )
    return loaded, conversation, ContentKey.create(conversation.id)


async def load_lane(world: World, lane: str, wanted: str | None = None) -> Loaded:
    """What a lane's hash leads to, or the conversation ``wanted`` of it, for work that brings no address of its own."""
    return await world.conversations.load((AddressHash(lane),), ConversationId(wanted) if wanted else None)


async def load_for_unreadable(
    world: World, lane: str, wanted: str | None = None
) -> tuple[Loaded, Conversation, ContentKey]:
    """The conversation of a text that cannot be opened; without an address if we know none."""
    loaded = await load_lane(world, lane, wanted)
    if loaded.conversation and loaded.key:
        return loaded, loaded.conversation, loaded.key
    session = Session(address=Address(""))
    nobody = parse_codes(loaded.fields, session) if loaded.fields else Conversation(_new_id(), SMS, session)
    # There is no address to tell that the wait ran out; a deadline for it would stay due for ever.
    nobody = replace(nobody, told_waiting=True)
    return loaded, nobody, ContentKey.create(nobody.id)


def _language(loaded: Loaded) -> str:
    return loaded.fields.get("language", b"en").decode() if loaded.fields.get("covered") == b"1" else "en"


def _new_id() -> ConversationId:
    return ConversationId(secrets.token_hex(12))
