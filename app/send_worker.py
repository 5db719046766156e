"""Works off one lane of the outbox: marks, sends, completes. Order is kept, and a crash repeats as little as can be."""

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from app.begun import FRESH_SECONDS, Beginning
from app.copies import CopyNotes
from app.lanes import Lane
from app.precedence import Precedence
from app.pressure import step_out
from app.world import World
from connectors.contract import SendResult
from connectors.errors import SendError
from hotline.messages import Address, AddressHash, ChannelName, ConversationId, InboundMessage, Kind, OutboundMessage
from storage import turn_writes
from storage.commit import LeaseLost, Writes
from storage.connection import StoreError
from storage.inbox import UNSENT, DeskCommand
from storage.streams import Entry
from vault.content import ContentKey
from vault.errors import SealBroken
from vault.purposes import Purpose

BACK_OFF_SECONDS = (0.2, 0.5, 1, 2, 5, 10, 20, 40, 60)
GIVE_UP_AFTER = timedelta(minutes=15)
_MOST_MARKS = 3
_MOST_TAKEN = 1000
"""Far more than is ever on its way; what another worker has completed would stay for ever."""

NOTE_AGAIN_SECONDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.5, 0.5)
"""Together less than a lease lasts: after it another worker may send the same."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """That sending begins, by a worker whose lease held at ``asked_at`` (monotonic seconds)."""

    begun_before: bool
    asked_at: float


class SendWorker:
    """Sends. Raises LeaseLost and StoreError; the entry stays in the outbox then."""

    def __init__(self, world: World, precedence: Precedence | None = None) -> None:
        self._world = world
        self._precedence = precedence or Precedence()
        self._copies = CopyNotes(world)
        self._taken: dict[tuple[int, str], SendResult] = {}
        """What a provider took and the store has not heard of yet: it was away just then."""

    async def work_off(self, lane: Lane[Entry]) -> None:
        """Sends the head of a lane, trying again as the provider says.

        What was begun in the same commit goes out while the end of the one before is written.
        """
        entry = lane.items[0]
        writes = await self._send_out(lane, entry)
        while behind := self._find_begun(lane):
            ending = asyncio.create_task(self._complete(lane, entry, writes))
            try:
                entry, writes = behind, await self._send_out(lane, behind)
            except asyncio.CancelledError:
                ending.cancel()
                raise
            finally:
                await ending
        await self._complete(lane, entry, writes)
        if not lane.items:
            self._precedence.end(lane.name)

    def _find_begun(self, lane: Lane[Entry]) -> Entry | None:
        """The message behind the head, if it was begun a moment ago."""
        behind = lane.items[1] if len(lane.items) > 1 else None
        return behind if behind and self._precedence.begun.is_fresh(behind.fields[b"n"].decode()) else None

    async def _send_out(self, lane: Lane[Entry], entry: Entry) -> Writes:
        """Sends one message. What comes back is to be written when it is out, or can never be."""
        conversation, number = entry.fields[b"c"].decode(), entry.fields[b"n"].decode()
        begun = self._precedence.begun.take(number)
        key = begun.key if begun else await self._world.content_keys.find(ConversationId(conversation))
        message = _open(entry, key)
        writes = Writes()
        if message is None:
            await self._note_lost(writes, lane, entry)
        else:
            await self._deliver(lane, entry, message, begun, writes)
        writes.add("XDEL", f"outbox:{entry.partition}", entry.id)
        writes.add("HDEL", f"sending:{entry.partition}", entry.id)
        return writes

    async def _complete(self, lane: Lane[Entry], entry: Entry, writes: Writes) -> None:
        """One commit. A lane that is given up meanwhile has nothing left to go on with."""
        await _patiently(lambda: self._world.committer.commit(entry.partition, writes))
        self._taken.pop((entry.partition, entry.id), None)
        self._world.watch.step("completed")
        if lane.items and lane.items[0] is entry:
            lane.items.popleft()

    async def _deliver(
        self, lane: Lane[Entry], entry: Entry, message: OutboundMessage, begun: Beginning | None, writes: Writes
    ) -> None:
        conversation, number = entry.fields[b"c"].decode(), entry.fields[b"n"].decode()
        self._world.watch.step("taken")
        mark, name = await self._begin(entry, begun), (entry.partition, entry.id)
        try:
            result = self._taken.get(name) or await self._send(entry, message, mark)
        except SendError as error:
            await self._note_failure(lane, entry, message, error, writes)
            return
        if len(self._taken) >= _MOST_TAKEN:
            self._taken.clear()
        self._taken[name] = result
        self._world.watch.step("sent")
        self._tell("taken", message)
        for hashed in self._world.address_keys.hash_external_id_under_all(message.channel, result.external_id):
            turn_writes.note_sent(writes, hashed, conversation, number)
        await _patiently(lambda: self._copies.note_sent(writes, message, result, AddressHash(lane.name)))
        turn_writes.set_status_if_kept(writes, conversation, number, "sent")

    async def _note_lost(self, writes: Writes, lane: Lane[Entry], entry: Entry) -> None:
        """Its key died with the keys instance: a person is told (R9), unless its conversation was erased (P3)."""
        conversation, number = entry.fields[b"c"].decode(), entry.fields[b"n"].decode()
        if await _patiently(lambda: self._world.store.call("EXISTS", f"conversation:{conversation}")):
            turn_writes.set_status(writes, conversation, number, "failed")
            self._world.watch.failed("send_failed", "unreadable")
            await self._tell_unsent(lane, conversation)

    async def _begin(self, entry: Entry, begun: Beginning | None) -> "_Mark":
        """The mark that was made a moment ago in the commit that put it there, or a new one."""
        if begun is None:
            return await self._mark(entry)
        self._world.watch.step("marked")
        return _Mark(begun_before=False, asked_at=begun.asked_at)

    async def _mark(self, entry: Entry) -> "_Mark":
        """Notes that sending begins, and says if it had begun before, so that the message may be out already (X5).

        Whoever was frozen while asking asks once more: the lease may have been lost meanwhile. With a store that takes
        so long every time the message goes out all the same: twice is better than never.
        """
        begun = False
        for _ in range(_MOST_MARKS):
            asked = time.monotonic()
            at = self._world.now().isoformat()
            new = await self._world.committer.mark_sending(entry.partition, entry.id, at)
            begun = begun or not new
            if time.monotonic() - asked < FRESH_SECONDS:
                break
        self._world.watch.step("marked")
        return _Mark(begun, asked)

    async def _send(self, entry: Entry, message: OutboundMessage, mark: "_Mark") -> SendResult:
        """Tries until the provider takes it or says no. What may be out already is looked up first (X5)."""
        connector = self._world.connectors[message.channel]
        maybe_out, tries = mark.begun_before, 0
        while True:
            try:
                step_out()
                found = await self._find_sent(entry, message) if maybe_out else None
                if found:
                    return found
                return await connector.send(message, partial(self._confirm, entry, mark))
            except SendError as error:
                if not error.retryable or self._world.now() - message.created_at > GIVE_UP_AFTER:
                    raise
                maybe_out = maybe_out or not error.code.isdecimal()
                wait = max(error.retry_after_seconds, BACK_OFF_SECONDS[min(tries, len(BACK_OFF_SECONDS) - 1)])
                tries += 1
                await asyncio.sleep(wait)
            # Another worker may have taken over, and sent it.
            mark = await _patiently(lambda: self._mark(entry))

    async def _confirm(self, entry: Entry, mark: "_Mark") -> None:
        """Marks again what was marked longer ago than a moment: a successor may have sent it. Raises SendError (X5).

        Asked right before the bytes go: a worker may be frozen, or a connection take its time, after any check before.
        """
        if time.monotonic() - mark.asked_at <= FRESH_SECONDS:
            return
        try:
            await self._mark(entry)
        except (LeaseLost, StoreError, OSError, TimeoutError):
            raise SendError("withheld", retryable=True) from None

    async def _find_sent(self, entry: Entry, message: OutboundMessage) -> SendResult | None:
        """The provider's record of this message. It is known by its words: an earlier message of ours is not it.

        Looked for since the outbox has it by the store's clock, should ours have been ahead when it was decided on.
        """
        queued_at = datetime.fromtimestamp(int(entry.id.partition("-")[0]) / 1000, UTC)
        since = replace(message, created_at=min(message.created_at, queued_at))
        found = await self._world.connectors[message.channel].find_sent(since)
        if found is None:
            return None
        hashes = self._world.address_keys.hash_external_id_under_all(message.channel, found.external_id)
        noted = await self._world.store.call("MGET", *(f"sent:{hashed}" for hashed in hashes))
        ours = f"{entry.fields[b'c'].decode()}:{entry.fields[b'n'].decode()}".encode()
        return found if all(one in {None, ours} for one in noted) else None

    async def _note_failure(
        self, lane: Lane[Entry], entry: Entry, message: OutboundMessage, error: SendError, writes: Writes
    ) -> None:
        """The provider's STOP is ours too (K2); anything else that cannot be sent is shown to an advocate (X5)."""
        conversation, number = entry.fields[b"c"].decode(), entry.fields[b"n"].decode()
        turn_writes.set_status_if_kept(writes, conversation, number, "failed")
        self._world.watch.failed("send_failed", error.code)
        self._tell("refused", message)
        if error.opted_out:
            blocked = InboundMessage(message.channel, message.address, None, Kind.BLOCKED)
            await self._world.inbox.put_message(blocked)
            return
        await self._tell_unsent(lane, conversation)

    async def _tell_unsent(self, lane: Lane[Entry], conversation: str) -> None:
        unsent = DeskCommand("", UNSENT, conversation, "")
        await self._world.inbox.put_command(AddressHash(lane.name), unsent)

    def _tell(self, outcome: str, message: OutboundMessage) -> None:
        seconds = (self._world.now() - message.created_at).total_seconds()
        self._world.watch.sent(message.channel, outcome, seconds)


async def _patiently[Value](action: Callable[[], Awaitable[Value]]) -> Value:
    """Waits for a store that is away for a moment: what is out and not noted would be sent once more (X5)."""
    for seconds in NOTE_AGAIN_SECONDS:
        with contextlib.suppress(StoreError, OSError, TimeoutError):
            return await action()
        await asyncio.sleep(seconds)
    return await action()


def _open(entry: Entry, key: ContentKey | None) -> OutboundMessage | None:
    if key is None:
        return None
    try:
        channel, address, text, created_at = json.loads(key.open(Purpose.OUTBOX, entry.fields[b"m"]))
    except SealBroken:
        return None
    return OutboundMessage(ChannelName(channel), Address(address), text, datetime.fromisoformat(created_at))
