"""Works off one lane of the inbox: opens, loads, asks the pipeline, commits. Every path ends in one commit."""

import asyncio
import contextlib
from dataclasses import replace
from datetime import datetime

from app.code_worker import CodeWorker
from app.copies import CopyNotes
from app.counting import count_outcome
from app.desk_commands import Circumstances
from app.lanes import Lane
from app.link_worker import LinkWorker, read_as_hello
from app.loading import OPEN, load_for_message, load_for_unreadable, load_lane
from app.outcome_writes import Moment, pending_messages, write_outcome
from app.outreach_turns import OutreachReader
from app.precedence import Precedence
from app.pressure import MOST_TURNS, Gate
from app.reply_opening import answer_command
from app.turn_items import Item, ItemOpener, are_late
from app.turn_keys import ensure_epoch, keep_keys
from app.world import World
from hotline import handoff
from hotline.conversations import Conversation
from hotline.deadlines import handle_deadline
from hotline.ladder import climb
from hotline.messages import AddressHash, ConversationId, InboundMessage, Kind
from hotline.pipeline import handle_inbound
from hotline.ports import ReplyRef
from hotline.screening.result import Level
from hotline.turns import Outcome, Turn
from storage import turn_writes
from storage.commit import LeaseLost, Writes
from storage.connection import StoreError
from storage.conversations import Loaded
from storage.inbox import UNSENT, DeskCommand
from storage.sweep import is_stale, is_too_old
from vault.content import ContentKey

MOST_ATTEMPTS = 5
_MOST_JOINS = 2
_MOST_SURVIVED = 10_000
_UNREAD = "[...]"
"""What the window shows for a picture: it is never fetched (C12)."""


class PoisonMessage(Exception):
    """This message was begun five times by workers that died."""


class TurnWorker:
    """Works off lanes. Failure of a message ends in a dead letter, a person and a reply, never in silence."""

    def __init__(self, world: World, gate: Gate | None = None, precedence: Precedence | None = None) -> None:
        """``gate`` and ``precedence`` are shared by those who follow each other with newer content."""
        self._world = world
        self._items = ItemOpener(world)
        self._links = LinkWorker(world)
        self._codes = CodeWorker(world)
        self._copies = CopyNotes(world)
        self._outreach = OutreachReader(world)
        self._gate = gate or Gate(MOST_TURNS)
        self._precedence = precedence or Precedence()
        self._survived: set[tuple[int, str]] = set()

    async def work_off(self, lane: Lane[Item]) -> None:
        """Works off a lane's head and what joins it. Raises LeaseLost and StoreError; nothing is lost by either."""
        item = lane.items[0]
        try:
            await self._begin(item)
            if self._precedence.is_given:
                # Danger that is let in as any text is would go on behind other danger as any text does.
                await self._cannot_wait(lane)
            async with self._gate.enter(lambda: self._cannot_wait(lane)):
                await self._work(lane, item)
        except (LeaseLost, StoreError, asyncio.CancelledError):
            raise
        except Exception as error:
            item.attempts += 1
            self._world.watch.failed("attempt_failed", type(error).__name__)
            if item.attempts < MOST_ATTEMPTS:
                await asyncio.sleep(0.05 * 2**item.attempts)
                return
            if item.attempts == MOST_ATTEMPTS + 1:
                # Once, to learn who wrote; should opening be what kills, the next worker does without.
                with contextlib.suppress(Exception):
                    await self._items.open(lane, item)
            await self._give_up(lane, item, type(error).__name__)

    async def _cannot_wait(self, lane: Lane[Item]) -> bool:
        """As ``ItemOpener`` says. A lane with a sign of danger to life goes first, until its answer has gone out."""
        cannot = await self._items.cannot_wait(lane)
        if cannot and any(item.imminent for item in lane.items):
            self._precedence.give(lane.name)
        return cannot

    async def _begin(self, item: Item) -> None:
        """Counts attempts at what lay there when the last worker died: it may be what killed it.

        What this worker has begun before has not killed it: it only lost its lease, or the store.
        """
        if item.entry is None or (known := (item.entry.partition, item.entry.id)) in self._survived:
            return
        if len(self._survived) >= _MOST_SURVIVED:
            self._survived.clear()
        self._survived.add(known)
        if item.entry.taken_over and not item.attempts:
            name = f"attempts:{item.entry.partition}"
            item.attempts = int(await self._world.store.call("HINCRBY", name, item.entry.id, 1)) - 1
            if item.attempts >= MOST_ATTEMPTS:
                raise PoisonMessage

    async def _work(self, lane: Lane[Item], item: Item) -> None:
        await self._items.open(lane, item)
        if item.deadline:
            await self._work_deadline(lane, item, *item.deadline)
        elif item.broken:
            await self._work_unreadable(lane, item)
        elif isinstance(item.opened, DeskCommand):
            await self._work_command(lane, item, item.opened)
        elif isinstance(item.opened, InboundMessage):
            writes = await self._links.link(item.opened)
            if writes:
                await self._finish(lane, [item], writes)
            else:
                item.opened = read_as_hello(item.opened)
                await self._work_messages(lane, item, item.opened)

    async def _work_messages(self, lane: Lane[Item], first: Item, message: InboundMessage) -> None:
        """Texts that come while the answer is made join it (C13); the joined turn answers all of them."""
        loaded, before, key = await load_for_message(self._world, message, lane.name)
        self._world.watch.step("loaded")
        read = first.read = first.read or await self._outreach.read(message, before)
        message = first.opened = read.message
        weighed, writes = await self._codes.weigh(message, before, opted_out=loaded.opted_out), Writes()
        items: list[Item] = []
        for _ in range(_MOST_JOINS + 1):
            joined = await self._items.open_joined(lane)
            if len(joined) == len(items):
                break
            items, at = joined, self._world.now(loaded.offset_seconds)
            texts = tuple(i.opened.text for i in items if isinstance(i.opened, InboundMessage) and i.opened.text)
            blocked = at.timestamp() < loaded.blocked_until
            how = message.kind, message.opt_out, loaded.on_shift, loaded.opted_out, blocked, weighed.code, loaded.pace
            turn = Turn(texts, at, *how, late=are_late(items, self._world), staff=read.staff)
            outcome = await handle_inbound(turn, before, self._world.services)
        self._world.watch.step("decided")
        if outcome.conversation.level is Level.IMMINENT:
            self._precedence.give(lane.name)
        heard = (_UNREAD,) if message.kind is Kind.MEDIA or weighed.hidden else texts
        weighed.write(writes)
        self._outreach.write(writes, read)
        moment = await self._moment(lane, loaded, before, key, at, heard)
        waited, first_of_all = max(item.waited() for item in items), self._precedence.has(lane.name)
        moment = replace(moment, waited_seconds=waited, goes_first=first_of_all)
        await self._commit(lane, items, moment, before, outcome, writes)
        if not pending_messages(outcome):
            self._precedence.end(lane.name)
        level = outcome.conversation.level.label
        self._world.watch.took("turn", max(item.waited() for item in items), level)

    async def _work_command(self, lane: Lane[Item], item: Item, command: DeskCommand) -> None:
        loaded, writes = await load_lane(self._world, lane.name, command.conversation), Writes()
        before, key = loaded.conversation, loaded.key
        if moved := loaded.moved_from(lane.name):
            await self._world.inbox.pass_command_on(writes, moved, command)
            await self._finish(lane, [item], writes)
            return
        if loaded.unreadable and command.action == UNSENT:
            # Its key died before the answer was sent: a person is told in any case (R9).
            await self._bring_before_person(lane, item, "unreadable_message", writes, command.conversation)
            return
        if not before or not key:
            turn_writes.answer_command(writes, command.id, "gone")
            await self._finish(lane, [item], writes)
            return
        at = self._world.now(loaded.offset_seconds)
        now = Circumstances(at, loaded.opted_out, self._world.timings, loaded.readers)
        outcome = await answer_command(self._world, command, before, now)
        turn_writes.answer_command(writes, command.id, outcome.result)
        await self._commit(lane, [item], await self._moment(lane, loaded, before, key, at), before, outcome, writes)

    async def _work_deadline(self, lane: Lane[Item], item: Item, kind: str, conversation: str) -> None:
        name, member = f"deadlines:{lane.partition}", f"{kind}|{lane.name}|{conversation}"
        due = await self._world.store.call("ZSCORE", name, member)
        if due is None or float(due) > self._world.clock.now().timestamp():
            # Put off by a text that was before it in the lane: ended now, the answer to that text could not go out.
            await self._finish(lane, [item], Writes())
            return
        loaded, writes = await load_lane(self._world, lane.name, conversation), Writes()
        writes.add("ZREM", name, member)
        before, key = loaded.conversation, loaded.key
        if loaded.moved_from(lane.name):
            # It has taken its deadlines along into its new lane.
            await self._finish(lane, [item], writes)
            return
        if not before or not key:
            stale = is_stale(loaded.fields, self._world.now(loaded.offset_seconds))
            if loaded.unreadable and loaded.fields.get("owner") in OPEN and not stale:
                # Its key died: what waits goes on waiting, and is paged, until the texter writes or someone closes it.
                await self._bring_before_person(lane, item, "unreadable_message", writes)
                return
            if loaded.unreadable:
                gone = ConversationId(conversation)
                await self._world.epochs.delete(gone)
                turn_writes.forget_conversation(writes, gone, AddressHash(lane.name), elsewhere=loaded.elsewhere)
            await self._finish(lane, [item], writes)
            return
        at = self._world.now(loaded.offset_seconds)
        outcome = handle_deadline(kind, before, at)
        await self._commit(lane, [item], await self._moment(lane, loaded, before, key, at), before, outcome, writes)

    async def _work_unreadable(self, lane: Lane[Item], item: Item) -> None:
        """The inbox's key is gone (P3): to waiting, high, and the texter hears that it could not be read.

        One from hours ago comes from an older copy of the disk, or from an outage that left nobody to answer: counted.
        """
        self._world.watch.failed("unreadable")
        if item.entry and is_too_old(item.entry.id, self._world.now()):
            await self._finish(lane, [item], Writes())
            return
        await self._bring_before_person(lane, item, "unreadable_message", Writes())

    async def _give_up(self, lane: Lane[Item], item: Item, why: str) -> None:
        """Five tries failed: the message goes to the dead letters, the conversation to a person (R9)."""
        writes = Writes()
        if item.entry:
            kind, sealed = item.entry.fields[b"k"].decode(), item.entry.fields[b"m"]
            turn_writes.bury(writes, lane.name, kind, sealed, why)
            self._world.watch.failed("dead_letter", why)
            await self._bring_before_person(lane, item, "crisis_general", writes)
        elif item.deadline:
            writes.add("ZREM", f"deadlines:{lane.partition}", f"{item.deadline[0]}|{lane.name}|{item.deadline[1]}")
            await self._finish(lane, [item], writes)

    async def _bring_before_person(
        self, lane: Lane[Item], item: Item, reply: str, writes: Writes, conversation: str | None = None
    ) -> None:
        if isinstance(item.opened, InboundMessage):
            loaded, before, key = await load_for_message(self._world, item.opened, lane.name)
        else:
            wanted = item.deadline[1] if item.deadline else conversation
            loaded, before, key = await load_for_unreadable(self._world, lane.name, wanted)
        at = self._world.now(loaded.offset_seconds)
        there = handle_deadline(item.deadline[0], before, at).conversation if item.deadline else before
        waiting = handoff.enter_waiting(there, level=Level.HIGH, reasons=(handoff.UNREADABLE,), agreed=True, at=at)
        replies = () if waiting.silent or loaded.opted_out else (ReplyRef(reply),)
        outcome = Outcome(waiting, replies=replies, alert=handoff.UNREADABLE)
        heard = (item.opened.text,) if isinstance(item.opened, InboundMessage) else ()
        moment = await self._moment(lane, loaded, before, key, at, heard)
        await self._commit(lane, [item], moment, before, outcome, writes)

    async def _moment(
        self,
        lane: Lane[Item],
        loaded: Loaded,
        before: Conversation,
        key: ContentKey,
        at: datetime,
        heard: tuple[str, ...] = (),
    ) -> Moment:
        epoch = await ensure_epoch(self._world, loaded, key)
        return Moment(AddressHash(lane.name), loaded, key, epoch, at, heard)

    async def _commit(
        self,
        lane: Lane[Item],
        items: list[Item],
        moment: Moment,
        before: Conversation,
        outcome: Outcome,
        writes: Writes | None = None,
    ) -> None:
        writes = writes or Writes()
        for item in items:
            if isinstance(item.opened, InboundMessage):
                await self._copies.note_heard(writes, item.opened, moment.lane)
        outcome = climb(before, outcome, moment.at, self._world.timings)
        outcome = count_outcome(self._world, writes, moment, before, outcome)
        writes.facts = moment.loaded.facts
        write_outcome(self._world, writes, moment, before, outcome)
        self._copies.note_cleared(writes, outcome)
        await self._finish(lane, items, writes)
        if outcome.closed_as:
            self._world.watch.closed(outcome.closed_as)
        await keep_keys(self._world, lane.partition, before.id, outcome, new=not moment.loaded.key)

    async def _finish(self, lane: Lane[Item], items: list[Item], writes: Writes) -> None:
        """One commit, and the lane goes on."""
        entries = [item.entry.id for item in items if item.entry]
        if entries:
            turn_writes.complete_inbox(writes, lane.partition, entries)
        self._precedence.begun.note(writes.begun)
        await self._world.committer.commit(lane.partition, writes)
        self._world.watch.step("committed")
        for _ in items:
            lane.items.popleft()
