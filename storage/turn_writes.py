"""What a turn writes: each function adds the writes of one effect, so that a commit reads like a list of effects."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.conversations import Conversation, Owner
from hotline.deadlines import KINDS, LEASE, Timings, due_times
from hotline.messages import AddressHash, ConversationId, OutboundMessage
from hotline.pace import Pace
from storage.commit import Writes
from storage.epochs import Epoch
from storage.keyspace import BACKSTOP_SECONDS, BLOCK_SECONDS, DEDUPE_SECONDS, PACE_SECONDS, partition_of
from storage.paces import pace_fields
from storage.page_queue import RUNG, page_entry
from storage.records import conversation_fields, time_text
from vault.content import ContentKey
from vault.purposes import Purpose

WINDOW_ENTRIES = 40
TEXTER, BOT, ADVOCATE, NOTE = "texter", "bot", "advocate", "note"
_OPEN = {Owner.WAITING, Owner.WITH_ADVOCATE}


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands of an address besides its conversation; ``blocked_until`` is a Unix time."""

    opted_out: bool = False
    blocked_until: float = 0.0
    blocked_seconds: float = 0.0
    offset_seconds: float = 0.0


def keep_conversation(
    writes: Writes,
    conversation: Conversation,
    lane: AddressHash,
    key: ContentKey,
    at: datetime,
    *,
    elsewhere: bool = False,
) -> None:
    """Writes the conversation's state and where its address leads: to one that has ended, nowhere (A4, C9).

    ``elsewhere`` is True if the address leads elsewhere already, and is to be left alone.
    """
    fields = conversation_fields(conversation, lane, key, at)
    flat = [part for item in fields.items() for part in item]
    writes.add("HSET", f"conversation:{conversation.id}", *flat)
    writes.add("EXPIRE", f"conversation:{conversation.id}", BACKSTOP_SECONDS)
    if conversation.ended and not elsewhere:
        writes.add("DEL", f"address:{lane}")
    elif not elsewhere:
        writes.add("SET", f"address:{lane}", conversation.id, "EX", BACKSTOP_SECONDS)
    if conversation.owner in _OPEN or conversation.ended:
        writes.add("SADD", "open", conversation.id)
    else:
        writes.add("SREM", "open", conversation.id)


def keep_deadlines(
    writes: Writes,
    conversation: Conversation,
    lane: AddressHash,
    at: datetime,
    offset_seconds: float,
    timings: Timings,
    *,
    new_lease: bool = False,
) -> None:
    """Writes what falls due when, in real time: a conversation that is ahead is due that much earlier.

    ``new_lease`` is True when it goes from one advocate to another, who begins a lease of their own.
    """
    name = f"deadlines:{partition_of(lane)}"
    due = due_times(conversation, at, timings)
    for kind in KINDS:
        member = f"{kind}|{lane}|{conversation.id}"
        if kind in due:
            real = (due[kind] - timedelta(seconds=offset_seconds)).timestamp()
            # A texter who keeps writing must not keep a gone advocate's lease alive.
            only_new = ("NX",) if kind == LEASE and not new_lease else ()
            writes.add("ZADD", name, *only_new, real, member)
        else:
            writes.add("ZREM", name, member)


def drop_deadlines(writes: Writes, conversation: ConversationId, lane: AddressHash) -> None:
    """Nothing is due any more."""
    writes.add("ZREM", f"deadlines:{partition_of(lane)}", *(f"{kind}|{lane}|{conversation}" for kind in KINDS))


def keep_window(writes: Writes, epoch: Epoch, who: str, text: str, at: datetime, number: str = "") -> None:
    """Adds a line to the window (H5): who, when, number and epoch in the open, words sealed to the readers (P2)."""
    name, time = f"window:{epoch.conversation}", time_text(at)
    head = f"{who}|{time}|{number}|{epoch.id}|".encode()
    writes.add("RPUSH", name, head + epoch.seal(who, time, number, text))
    writes.add("LTRIM", name, -WINDOW_ENTRIES, -1)
    writes.add("EXPIRE", name, BACKSTOP_SECONDS)


def wipe_window(writes: Writes, conversation: ConversationId) -> None:
    """Takes away what was said; its epoch must be deleted beside this, so that the rest cannot be opened (P3)."""
    writes.add("DEL", f"window:{conversation}", f"status:{conversation}")


def put_outbox(
    writes: Writes, key: ContentKey, lane: AddressHash, message: OutboundMessage, number: str, *, begun: bool = False
) -> None:
    """Queues a message for sending; one that is ``begun`` is marked as being sent from the first (X5)."""
    plain = json.dumps([message.channel, message.address, message.text, time_text(message.created_at)]).encode()
    sealed = key.seal(Purpose.OUTBOX, plain)
    partition = partition_of(lane)
    entry = ("XADD", f"outbox:{partition}", "*", "a", lane, "c", key.conversation, "n", number, "m", sealed)
    if begun:
        writes.add_begun(partition, number, key, message.created_at.isoformat(), *entry)
    else:
        writes.add(*entry)
    set_status(writes, key.conversation, number, "queued")


def set_status(writes: Writes, conversation: str, number: str, status: str) -> None:
    """Notes what became of a message that we sent, for advocates to see."""
    writes.add("HSET", f"status:{conversation}", number, status)
    writes.add("EXPIRE", f"status:{conversation}", BACKSTOP_SECONDS)


def set_status_if_kept(writes: Writes, conversation: str, number: str, status: str) -> None:
    """The same; of the last message of a conversation that is erased nothing is noted any more (P3)."""
    kept = f"conversation:{conversation}"
    writes.add_if_there(kept, "HSET", f"status:{conversation}", number, status)
    writes.add_if_there(kept, "EXPIRE", f"status:{conversation}", BACKSTOP_SECONDS)


def note_sent(writes: Writes, external_id_hash: str, conversation: str, number: str) -> None:
    """Remembers whose message a provider's status will speak of."""
    writes.add("SET", f"sent:{external_id_hash}", f"{conversation}:{number}", "EX", DEDUPE_SECONDS)


def forget_conversation(
    writes: Writes, conversation: ConversationId, lane: AddressHash, *, elsewhere: bool = False
) -> None:
    """Erases a conversation; its content key and its epoch must be deleted beside this (P3).

    ``elsewhere`` is True if its address leads to another conversation, or to none.
    """
    writes.add("DEL", f"conversation:{conversation}", f"window:{conversation}", f"status:{conversation}")
    if not elsewhere:
        writes.add("DEL", f"address:{lane}")
    writes.add("SREM", "open", conversation)
    drop_deadlines(writes, conversation, lane)


def set_opted_out(writes: Writes, lane: AddressHash, stopped: bool, key_id: str = "") -> None:
    """Writes or lifts an opt-out: a keyed hash, and the id of the address key that made it, which must stay (P3)."""
    if stopped:
        writes.add("SET", f"opted-out:{lane}", key_id or "1")
    else:
        writes.add("DEL", f"opted-out:{lane}")


def block(writes: Writes, lane: AddressHash, at: datetime) -> None:
    """Blocks an address for a day: a keyed hash and when it ends (R8)."""
    writes.add("SET", f"blocked:{lane}", at.timestamp() + BLOCK_SECONDS, "EX", BLOCK_SECONDS)


def keep_pace(writes: Writes, lane: AddressHash, pace: Pace) -> None:
    """Keeps how much an address asked for, for an hour: counts and times under its keyed hash (D6)."""
    writes.add("HSET", f"pace:{lane}", *pace_fields(pace))
    writes.add("EXPIRE", f"pace:{lane}", PACE_SECONDS)


def move_marks(writes: Writes, old: AddressHash, lane: AddressHash, marks: Marks, key_id: str = "") -> None:
    """Writes what stands under a hash from before a key rotation anew under the newest one (P4)."""
    if marks.opted_out:
        set_opted_out(writes, lane, True, key_id)
    if marks.blocked_seconds > 0:
        writes.add("SET", f"blocked:{lane}", marks.blocked_until, "EX", math.ceil(marks.blocked_seconds))
    if marks.offset_seconds:
        writes.add("SET", f"offset:{lane}", marks.offset_seconds, "EX", BACKSTOP_SECONDS)
    writes.add("DEL", f"opted-out:{old}", f"blocked:{old}", f"offset:{old}", f"pace:{old}")


def tell_consoles(writes: Writes, kind: str, conversation: str) -> None:
    """Wakes open consoles; ids and kinds only."""
    writes.add(*_event(kind, conversation))


def tell_consoles_if_kept(writes: Writes, kind: str, conversation: str) -> None:
    """The same, unless the conversation is erased (P3)."""
    writes.add_if_there(f"conversation:{conversation}", *_event(kind, conversation))


def _event(kind: str, conversation: str) -> tuple[str | int, ...]:
    return ("XADD", "events", "MAXLEN", "~", 1000, "*", "kind", kind, "c", conversation)


def put_page(writes: Writes, lane: AddressHash, conversation: ConversationId, rungs: Sequence[str]) -> None:
    """Queues a page for the people of these rungs, in the commit that made it due (H3)."""
    if rungs:
        writes.add(*page_entry(lane, RUNG, conversation=conversation, rungs=",".join(rungs)))


def answer_command(writes: Writes, command: str, result: str) -> None:
    """Tells the console what became of a click."""
    if command:
        writes.add("SET", f"result:{command}", result, "EX", 60)


def complete_inbox(writes: Writes, partition: int, entries: list[str]) -> None:
    """The entries are worked off, once; their sealed texts leave the store."""
    writes.entries += ((f"inbox:{partition}", entry) for entry in entries)
    writes.add("XDEL", f"inbox:{partition}", *entries)
    writes.add("HDEL", f"attempts:{partition}", *entries)


def bury(writes: Writes, lane: str, kind: str, sealed: bytes, why: str) -> None:
    """Moves what cannot be worked off to the dead letters, which page."""
    writes.add("XADD", "dead", "MAXLEN", "~", 10_000, "*", "a", lane, "k", kind, "m", sealed, "why", why)
    tell_consoles(writes, "dead", "")
