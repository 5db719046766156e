"""Lanes: one conversation's work in order, different conversations side by side."""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Coroutine
from contextlib import nullcontext
from functools import partial
from typing import Any

from app.precedence import Precedence
from app.pressure import Gate
from app.rounds import Rounds


class Lane[Item]:
    """What is to be done for one keyed hash, oldest first."""

    def __init__(self, name: str, partition: int) -> None:
        self.name = name
        self.partition = partition
        self.items: deque[Item] = deque()
        self.begun = False
        """True while its head is worked on."""


class Lanes[Item]:
    """Runs one task for each lane that has something to do, and works off what ``gate`` lets in."""

    def __init__(
        self,
        work_off: Callable[[Lane[Item]], Coroutine[Any, Any, None]],
        gate: Gate | Rounds | None = None,
        precedence: Precedence | None = None,
    ) -> None:
        """``precedence``: lanes that have it stand in no line, and each step of the others waits for theirs."""
        self._work_off = work_off
        self._gate = gate
        self._precedence = precedence or Precedence()
        self._lanes: dict[str, Lane[Item]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def feed(self, name: str, partition: int, item: Item) -> None:
        """Appends to a lane and starts it if it was idle."""
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = Lane(name, partition)
            self._tasks[name] = asyncio.create_task(self._run(lane))
        lane.items.append(item)

    def is_busy(self, name: str) -> bool:
        """True while a lane has something to do."""
        return name in self._lanes

    @property
    def has_work(self) -> bool:
        """True while any lane has something to do."""
        return bool(self._lanes)

    def busy(self) -> set[int]:
        """Partitions in which something is being done."""
        return {lane.partition for lane in self._lanes.values()}

    def begin_nothing_new(self, partitions: Collection[int]) -> None:
        """Of these partitions only what is being done is done; the rest lies in the store still."""
        for lane in self._lanes.values():
            while lane.partition in partitions and len(lane.items) > lane.begun:
                lane.items.pop()

    async def finish(self, seconds: float) -> None:
        """Lets what is being done come to its end, for so long at most."""
        self.begin_nothing_new(self.busy())
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=seconds)

    async def drop(self, keep: set[int]) -> None:
        """Stops lanes of partitions that are no longer ours; what they held lies in the store still."""
        gone = [name for name, lane in self._lanes.items() if lane.partition not in keep]
        tasks = [self._tasks.pop(name) for name in gone]
        for name in gone:
            self._lanes.pop(name).items.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _goes_first(self, lane: Lane[Item]) -> bool:
        return self._precedence.has(lane.name)

    async def _run(self, lane: Lane[Item]) -> None:
        try:
            while lane.items:
                async with self._gate.enter(partial(self._goes_first, lane)) if self._gate else nullcontext():
                    if not lane.items:
                        break
                    lane.begun = True
                    await self._precedence.step_through(lane.name, self._work_off(lane))
                lane.begun = False
        finally:
            if self._lanes.get(lane.name) is lane:
                del self._lanes[lane.name]
                self._tasks.pop(lane.name, None)
