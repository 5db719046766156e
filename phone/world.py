"""What both providers and the practice API share while the phone runs."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from phone.deliveries import Deliveries
from phone.events import Events
from phone.faults import Fault, Faults
from phone.handsets import Handsets
from phone.receipts import Receipts
from phone.settings import Settings


class World:
    """Handsets, faults, receipts and deliveries of one practice phone."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.events = Events()
        self.handsets = Handsets(self.events)
        self.receipts = Receipts()
        self.faults = Faults()
        self.deliveries = Deliveries(settings)
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs ``work`` beside everything else until the phone stops."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def take_fault(self, channel: str, on: str, address: str, text: str = "") -> Fault | None:
        """The fault that this call meets; one that means a refused call is noted as its receipt."""
        fault = self.faults.take(channel, on, address)
        if fault is not None and fault.kind not in {"drop", "30003", "late_status"}:
            self.receipts.add(channel, on, fault.kind, address, text=text)
        return fault

    def reset(self) -> None:
        """Forgets people, faults and receipts; ids and counters go on, so that nothing new looks like a duplicate."""
        self.handsets.clear()
        self.faults.clear()
        self.receipts.clear()

    def close_streams(self) -> None:
        """Lets those who wait or watch go, so that the program can stop."""
        self.events.closing.set()
        self.handsets.clear()

    async def aclose(self) -> None:
        """Stops what still runs and closes connections."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.deliveries.aclose()
