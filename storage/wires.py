"""The connections of one store: one that all calls share, and one more for each call that waits for something."""

import asyncio
from typing import Any

from storage.wire import Target, Wire, open_wire


class Wires:
    """Opens what is needed when it is needed, and anew after it has ended. Nothing is asked twice."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._shared: Wire | None = None
        self._opening: asyncio.Task[Wire] | None = None
        self._idle: list[Wire] = []

    async def ask(self, packed: bytes, count: int) -> list[Any]:
        """The answers to ``count`` commands, errors among them as values. Raises StoreError."""
        wire = self._shared
        if wire is None or not _serves(wire):
            wire = await self._open_shared()
        return await wire.ask(packed, count)

    async def ask_alone(self, packed: bytes) -> list[Any]:
        """The same for one command that waits at the server, which would hold up all others of its connection."""
        self._idle = [wire for wire in self._idle if _serves(wire)]
        wire = self._idle.pop() if self._idle else await open_wire(self._target)
        try:
            answers = await wire.ask(packed, 1)
        except BaseException:
            # What it still waits for would be the next caller's answer.
            wire.close()
            raise
        self._idle.append(wire)
        return answers

    async def aclose(self) -> None:
        """Closes every connection; what is under way fails."""
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
        for wire in (self._shared, *self._idle):
            if wire is not None and not wire.loop.is_closed():
                wire.close()
        self._shared, self._idle = None, []

    async def _open_shared(self) -> Wire:
        """One attempt for all who wait for it, so that a store that is away keeps nobody longer than one attempt."""
        opening = self._opening
        if opening is None or opening.done() or opening.get_loop() is not asyncio.get_running_loop():
            opening = self._opening = asyncio.create_task(self._open())
            opening.add_done_callback(_hear)
        return await asyncio.shield(opening)

    async def _open(self) -> Wire:
        wire = await open_wire(self._target)
        # In the step that opened it: whoever asks next would else open another, and this one be closed to its callers.
        if asyncio.current_task() is self._opening:
            self._shared = wire
        else:
            wire.close()
        return wire


def _hear(opened: asyncio.Task[Wire]) -> None:
    """An error that all its callers were too late for is not worth a word in a log."""
    if not opened.cancelled():
        opened.exception()


def _serves(wire: Wire) -> bool:
    return not wire.closed and wire.loop is asyncio.get_running_loop()
