"""The worker: screens, routes, asks Rasa, sends, erases. Any number may run; each conversation has one at a time."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

from app.deadline_watch import DeadlineWatch
from app.eraser import Eraser
from app.lanes import Lane, Lanes
from app.pager import Pager
from app.precedence import Precedence
from app.pressure import MOST_SENDS, MOST_TURNS, Gate
from app.readiness import answers
from app.reconciler import Reconciler
from app.rounds import Rounds
from app.send_worker import SendWorker
from app.status_worker import StatusWorker
from app.sweeping import Sweeper
from app.turn_items import Item
from app.turn_worker import TurnWorker
from app.world import World
from storage.commit import LeaseLost
from storage.connection import StoreError
from storage.erase_keys import COPY_SECONDS
from storage.figures import Figures, StoreFigures
from storage.inbox import STATUS
from storage.ownership import Ownership
from storage.streams import OUTBOX, PAGES, Entry, Streams

_BEAT_SECONDS = 1.0
_DUE_SECONDS = 0.25
_BLOCK_MILLISECONDS = 250
_MEASURE_SECONDS = 5.0
_DUTY_SECONDS = 10.0
_FINISH_SECONDS = 2.0
_NOTE_SECONDS = 2.8
"""For what was on its way when the store went away: as long as sending waits to note it, within a lease."""
_ERASE_SECONDS = 1.0
_RECONCILE_LOOK_SECONDS = 60.0
STALL_SECONDS = 5.0
"""A loop that has not come round for so long reads nothing any more."""


class Worker:
    """Owns partitions, reads their queues, keeps lanes. Whatever goes wrong, the store still holds the work."""

    def __init__(
        self,
        world: World,
        name: str,
        measure: Callable[[int, Figures], None],
        find_newer: Callable[[World], Awaitable[World | None]] | None = None,
        content_seconds: float = 5.0,
    ) -> None:
        """``measure`` is told how many partitions this worker owns, and the store's figures if it looks for all.

        ``find_newer`` gives the world with newer content, or None, and raises nothing; asked every ``content_seconds``.
        """
        self._find_newer = find_newer
        self._content_seconds = content_seconds
        self._world = world
        self._measure = measure
        self._ownership = Ownership(world.store, name)
        self._streams = Streams(world.store)
        self._watch = DeadlineWatch(world.store, world.clock)
        self._reconciler = Reconciler(world)
        sends = Gate(MOST_SENDS)
        self._gate, self._precedence = Gate(MOST_TURNS, behind=sends), Precedence()
        self._turn_worker = TurnWorker(world, self._gate, self._precedence)
        first = self._precedence
        self._rounds = Rounds(lambda: first.is_given)
        self._pager = Pager(world, self._rounds)
        self._turns = Lanes[Item](self._guard(self._work_turn), precedence=first)
        self._sends = Lanes[Entry](self._guard(SendWorker(world, first).work_off), sends, first)
        self._statuses = Lanes[Entry](self._guard(StatusWorker(world).work_off), self._rounds, first)
        self._pages = Lanes[Entry](self._guard(self._work_page))
        self._sweeper = Sweeper(world)
        self._erasers = [Eraser(world, c, self._is_awaited) for c in world.connectors if c in COPY_SECONDS]
        self._figures = StoreFigures(world.store, world.clock)
        self._owned: set[int] = set()
        self._doubted: set[int] = set()
        self._broken = asyncio.Event()
        self._fault = "starting"
        self._beat_at = self._read_at = 0.0

    async def run(self) -> None:
        """Works until cancelled, then gives its partitions up at once."""
        try:
            while True:
                self._broken.clear()
                await self._run_until_something_breaks()
                await self._finish_sends(_NOTE_SECONDS)
                await self._own(set())
                await asyncio.sleep(0.2)
        finally:
            with contextlib.suppress(StoreError, OSError):
                # What is on its way is noted as sent; a successor could not ask every provider whether it is (X5).
                await self._ownership.renew()
                await self._sends.finish(_FINISH_SECONDS)
                await self._ownership.release_all()
            await self._own(set())

    async def find_fault(self) -> str:
        """Why this worker works nothing off: store, partitions, stalled ...; empty if it does (R9)."""
        if not await answers(self._world.store.call("PING")):
            return "store"
        if not await answers(self._world.content_keys.ping()):
            return "keys"
        if self._fault:
            return self._fault
        if not self._owned:
            return "partitions"
        return "stalled" if time.monotonic() - min(self._beat_at, self._read_at) > STALL_SECONDS else ""

    async def _run_until_something_breaks(self) -> None:
        """Whatever breaks, the worker begins anew from the store: a worker that stands still helps nobody."""
        try:
            await self._run_while_store_answers()
        except (StoreError, OSError, TimeoutError) as error:
            self._fault = "store"
            self._world.watch.failed("store_lost", type(error).__name__)
        except Exception as error:
            self._fault = "crashed"
            self._world.watch.failed("crashed", type(error).__name__)

    async def _run_while_store_answers(self) -> None:
        # Before the first turn: after an outage nobody is named a place that was pulled meanwhile (D7).
        await self._take_content()
        await self._world.content_keys.ensure_inbox()
        await self._own(await self._ownership.beat())
        self._fault, self._beat_at, self._read_at = "", time.monotonic(), time.monotonic()
        loops = [
            self._every(_BEAT_SECONDS, self._beat),
            self._every(_DUE_SECONDS, self._feed_due),
            self._every(_MEASURE_SECONDS, self._count),
            self._every(_DUTY_SECONDS, self._sweeper.do_due),
            self._every(self._content_seconds, self._take_content),
            self._every(_RECONCILE_LOOK_SECONDS, self._reconcile),
            *(self._every(_ERASE_SECONDS, partial(self._erase, eraser)) for eraser in self._erasers),
            self._read(),
        ]
        tasks: list[asyncio.Task[Any]] = [asyncio.create_task(loop) for loop in [*loops, self._broken.wait()]]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self._fault = self._fault or "starting"
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _every(self, seconds: float, action: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            await action()

    async def _beat(self) -> None:
        owned = await self._ownership.beat(self._sends.busy())
        for partition in self._ownership.lapsed:
            self._disown(partition)
        await self._own(owned)
        await self._world.content_keys.ensure_inbox()
        self._beat_at = time.monotonic()

    async def _finish_sends(self, seconds: float) -> None:
        """What is on its way ends, and is noted; meanwhile nobody else takes what this worker goes on with."""
        finishing = asyncio.create_task(self._sends.finish(seconds))
        while not finishing.done():
            with contextlib.suppress(StoreError, OSError, TimeoutError):
                async with asyncio.timeout(_BEAT_SECONDS):
                    await self._ownership.renew()
            await asyncio.wait([finishing], timeout=_BEAT_SECONDS)

    async def _work_turn(self, lane: Lane[Item]) -> None:
        await self._turn_worker.work_off(lane)

    async def _work_page(self, lane: Lane[Entry]) -> None:
        await self._pager.work_off(lane)

    async def _take_content(self) -> None:
        """A newer version of the content is in place from the next turn on; a turn that has begun ends on its own."""
        newer = await self._find_newer(self._world) if self._find_newer else None
        if newer:
            self._world = newer
            self._turn_worker = TurnWorker(newer, self._gate, self._precedence)
            self._pager = Pager(newer, self._rounds)

    def _is_awaited(self) -> bool:
        return self._turns.has_work or self._sends.has_work

    async def _erase(self, eraser: Eraser) -> None:
        await eraser.run(self._owned)

    async def _reconcile(self) -> None:
        """One worker does this for all."""
        if 0 in self._owned:
            await self._reconciler.run_if_due()

    async def _count(self) -> None:
        """One worker reads the store's figures for all. Whatever fails in it disturbs no turn; they go missing."""
        figures: Figures = {}
        try:
            for kind, ask in (
                ("store", lambda: self._world.store.call("PING")),
                ("keys", self._world.content_keys.ping),
            ):
                began = time.perf_counter()
                await ask()
                self._world.watch.took("store", time.perf_counter() - began, kind)
            figures = await self._figures.read() if 0 in self._owned else {}
        except Exception as error:
            self._world.watch.failed("figures_failed", type(error).__name__)
        self._measure(len(self._owned), figures)

    def _disown(self, partition: int) -> None:
        """Nothing of it is begun any more. If it is ours at the next beat it is read from its beginning."""
        self._doubted.add(partition)
        self._owned.discard(partition)
        self._streams.own(self._owned)
        self._watch.forget()

    async def _own(self, partitions: set[int]) -> None:
        self._doubted.clear()
        finishing = set[int]()
        if partitions:
            # What stays after all is read from its beginning: not before what is being sent of it is done.
            finishing = self._sends.busy() & (set(self._ownership.leaving) | (partitions - self._owned))
            partitions -= finishing
        if not self._owned <= partitions:
            self._watch.forget()
        # While lanes are dropped nothing comes in that would be begun before what they held.
        self._owned = self._owned & partitions
        self._streams.own(self._owned)
        for lanes in (self._turns, self._statuses, self._pages):
            await lanes.drop(keep=self._owned)
        self._sends.begin_nothing_new(finishing)
        await self._sends.drop(keep=partitions | finishing)
        # What was lost while others were let go is not ours before the next beat.
        self._owned = partitions - self._doubted
        self._streams.own(self._owned)

    async def _feed_due(self) -> None:
        await self._watch.feed_due(
            self._owned, lambda lane, partition, due: self._turns.feed(lane, partition, Item(deadline=due))
        )

    async def _read(self) -> None:
        while True:
            self._read_at = time.monotonic()
            entries = await self._streams.read(_BLOCK_MILLISECONDS)
            if not entries and not self._owned:
                await asyncio.sleep(_BLOCK_MILLISECONDS / 1000)
            for entry in entries:
                self._feed(entry)

    def _feed(self, entry: Entry) -> None:
        self._world.watch.step("read")
        if entry.partition not in self._owned:
            return
        if entry.queue == OUTBOX:
            self._sends.feed(entry.lane, entry.partition, entry)
        elif entry.queue == PAGES:
            self._pages.feed(entry.lane, entry.partition, entry)
        elif entry.fields[b"k"].decode() == STATUS:
            self._statuses.feed(entry.lane, entry.partition, entry)
        else:
            self._turns.feed(entry.lane, entry.partition, Item(entry=entry))

    def _guard[Work](
        self, work_off: Callable[[Lane[Work]], Awaitable[None]]
    ) -> Callable[[Lane[Work]], Coroutine[Any, Any, None]]:
        """What a lane stumbles over that is not its message's fault is begun anew from the store.

        A lease that is gone concerns its partition alone: whoever let go of all that it has for it would lose the
        others' leases too, to a worker that has enough to do, and that one would lose them next.
        """

        async def guarded(lane: Lane[Work]) -> None:
            try:
                await work_off(lane)
            except LeaseLost:
                self._world.watch.failed("lane_dropped", LeaseLost.__name__)
                lane.items.clear()
                self._disown(lane.partition)
            except (StoreError, OSError, TimeoutError) as error:
                self._world.watch.failed("lane_dropped", type(error).__name__)
                lane.items.clear()
                self._broken.set()
                await asyncio.sleep(_BEAT_SECONDS)

        return guarded
