"""Turns an outcome into one commit: state, window, outbox, deadlines, opt-out, notices."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from app.world import World
from hotline.conversations import Conversation, Owner
from hotline.gsm import fold_for_sms
from hotline.messages import SMS, Address, AddressHash, OutboundMessage
from hotline.turns import Outcome
from storage import turn_writes
from storage.commit import Writes
from storage.conversations import Loaded
from storage.epochs import Epoch
from vault.content import ContentKey

_OPEN = {Owner.WAITING, Owner.WITH_ADVOCATE}


@dataclass(frozen=True, slots=True)
class Moment:
    """Where and when an outcome is written: the lane, what was loaded, the keys, the conversation's own time."""

    lane: AddressHash
    loaded: Loaded
    key: ContentKey
    epoch: Epoch
    at: datetime
    heard: tuple[str, ...] = field(default=(), repr=False)
    """The texter's texts of this turn, for the window."""
    waited_seconds: float = 0.0
    """How long ago the oldest of them came in."""
    goes_first: bool = False
    """True if its lane stands in no line: what it has to send goes out at once."""


def write_outcome(world: World, writes: Writes, moment: Moment, before: Conversation, outcome: Outcome) -> None:
    """Adds every effect of an outcome to one commit."""
    after = outcome.conversation
    key_id = world.address_keys.id_of(after.channel, after.session.address, moment.lane)
    _move_to_newest_hash(writes, moment, after, outcome, key_id)
    if outcome.stop:
        turn_writes.set_opted_out(writes, moment.lane, True, key_id)
    elif outcome.stop is False:
        # A STOP may stand under a hash from before a key rotation (P4).
        for lane in world.address_keys.hash_address_under_all(after.channel, after.session.address):
            turn_writes.set_opted_out(writes, lane, False)
    if outcome.block:
        turn_writes.block(writes, moment.lane, moment.at)
    if outcome.pace:
        turn_writes.keep_pace(writes, moment.lane, outcome.pace)
    for text in moment.heard:
        turn_writes.keep_window(writes, moment.epoch, turn_writes.TEXTER, text, moment.at)
    _write_messages(world, writes, moment, outcome)
    if outcome.blank:
        turn_writes.wipe_window(writes, after.id)
    if outcome.forget:
        turn_writes.forget_conversation(writes, after.id, moment.lane, elsewhere=moment.loaded.elsewhere)
    else:
        _write_state(world, writes, moment, before, after)
    _tell(writes, before, outcome, moment)


def pending_messages(outcome: Outcome) -> bool:
    """True if something is still to be sent, so that the content key must outlive the conversation a little."""
    return bool(outcome.replies or outcome.words)


def _write_state(world: World, writes: Writes, moment: Moment, before: Conversation, after: Conversation) -> None:
    loaded = moment.loaded
    turn_writes.keep_conversation(writes, after, moment.lane, moment.key, moment.at, elsewhere=loaded.elsewhere)
    turn_writes.keep_deadlines(
        writes,
        after,
        moment.lane,
        moment.at,
        loaded.offset_seconds,
        world.timings,
        new_lease=before.advocate != after.advocate,
    )


def _move_to_newest_hash(writes: Writes, moment: Moment, after: Conversation, outcome: Outcome, key_id: str) -> None:
    """On contact, all that stands under a hash from before a key rotation goes to the newest one (P4)."""
    loaded, old = moment.loaded, moment.loaded.found_under
    if old and old != moment.lane:
        turn_writes.drop_deadlines(writes, after.id, old)
        writes.add("DEL", f"address:{old}", f"pace:{old}")
    marks = turn_writes.Marks(
        opted_out=loaded.opted_out and outcome.stop is None,
        blocked_until=loaded.blocked_until,
        blocked_seconds=loaded.blocked_until - moment.at.timestamp(),
        offset_seconds=loaded.offset_seconds,
    )
    # A program that takes a new key up later than we do still makes the old hash: then there is nothing to move yet.
    for lane in set(loaded.older) - {moment.lane}:
        turn_writes.move_marks(writes, lane, moment.lane, marks, key_id)


def _write_messages(world: World, writes: Writes, moment: Moment, outcome: Outcome) -> None:
    after = outcome.conversation
    if not after.session.address:
        return
    texts = [
        (turn_writes.BOT, text)
        for ref in outcome.replies
        for text in world.words.render(ref, language=after.language, channel=after.channel, now=moment.at)
    ]
    texts += [(turn_writes.ADVOCATE, fold_for_sms(words) if after.channel == SMS else words) for words in outcome.words]
    for who, text in texts:
        number = secrets.token_hex(6)
        message = OutboundMessage(after.channel, Address(after.session.address), text, world.now())
        turn_writes.keep_window(writes, moment.epoch, who, text, moment.at, number)
        turn_writes.put_outbox(writes, moment.key, moment.lane, message, number, begun=moment.goes_first)


def _tell(writes: Writes, before: Conversation, outcome: Outcome, moment: Moment) -> None:
    after = outcome.conversation
    listed = before.owner in _OPEN or after.owner in _OPEN
    if listed and _listed_codes(before) != _listed_codes(after):
        turn_writes.tell_consoles(writes, "waiting", after.id)
    if listed:
        turn_writes.tell_consoles(writes, "window", after.id)
    if outcome.page and not outcome.forget:
        turn_writes.tell_consoles(writes, "page", after.id)
        turn_writes.put_page(writes, moment.lane, after.id, outcome.page)


def _listed_codes(conversation: Conversation) -> tuple[object, ...]:
    """What the lists show of a conversation: if it changes, they look again."""
    c = conversation
    people = (c.advocate, c.partner, c.transfer_to, c.declined, c.block_by)
    return (c.owner, c.level, c.reasons, c.silent, c.covered, c.held_until, *people)
