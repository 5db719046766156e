"""When the whole service is flooded: the dialogue gives way before the crisis path does, and danger goes first."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from hotline.errors import DialogueError
from hotline.ports import Dialogue, DialogueAnswer

MOST_ASKED_OF_ONE = 100
"""Texts that one worker has with each engine process at a time; one answers more than that within its three seconds
on a quiet machine (250 a second)."""

MOST_TURNS = 8
"""Turns that one worker has in its own hands at a time before the engine, and as many after it. A worker has one core:
with more side by side none is done sooner. Beyond it turns stand in line, but for those that cannot wait."""

MOST_SENDS = 8
"""The same for messages that are about to go out, not counting those that a provider has."""

_LOOK_AGAIN_SECONDS = 2.0
_GIVE_WAY_SECONDS = 0.01


async def _can_wait() -> bool:
    return False


class BoundedDialogue:
    """The engine, which is not asked for more than it can answer; the texter gets a line and the offer of a person."""

    def __init__(self, dialogue: Dialogue, most: int = 2 * MOST_ASKED_OF_ONE) -> None:
        self._dialogue = dialogue
        self._most = most
        self._asked = 0

    async def answer(
        self,
        text: str,
        *,
        language: str,
        channel: str,
        state: Mapping[str, Any],
        now: datetime,
        choice: str | None = None,
    ) -> DialogueAnswer:
        """The engine's answer. Raises DialogueError as it does, and at once while too many texts are with it."""
        if self._asked >= self._most:
            raise DialogueError("too many texts are with the engine")
        self._asked += 1
        step_out()
        try:
            answer = await self._dialogue.answer(
                text, language=language, channel=channel, state=state, now=now, choice=choice
            )
        except DialogueError:
            await _come_back()
            raise
        finally:
            self._asked -= 1
        await _come_back()
        return answer


class Gate:
    """Lets so many in at a time; what cannot wait never stands in line.

    What one loop has in hand at a time is what everything else in it waits for: a crisis, and the worker's own leases.
    """

    def __init__(self, most: int, behind: "Gate | None" = None) -> None:
        """``behind``: what is let in here ends up there, so nobody is while others stand in line there."""
        self._room = asyncio.Semaphore(most)
        self._second = asyncio.Semaphore(most)
        self._behind = behind
        self._waiting = 0

    @property
    def is_crowded(self) -> bool:
        """True while somebody stands in line."""
        return self._waiting > 0

    @contextlib.asynccontextmanager
    async def enter(self, cannot_wait: Callable[[], Awaitable[bool]] = _can_wait) -> AsyncIterator[None]:
        """Waits for room. ``cannot_wait`` is asked only where there is none, and again for what came meanwhile."""
        crowded = self._behind is not None and self._behind.is_crowded
        has_room = not crowded and not self._room.locked() and await self._room.acquire()
        while not has_room and not await cannot_wait():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN_SECONDS):
                    has_room = await self._stand_in_line()
        place = _Place(self._room if has_room else None, self._second)
        token = _PLACE.set(place)
        try:
            yield
        finally:
            _PLACE.reset(token)
            place.leave()

    async def _stand_in_line(self) -> bool:
        """True once there is a place here and no line behind."""
        self._waiting += 1
        try:
            await self._room.acquire()
        finally:
            self._waiting -= 1
        try:
            while self._behind and self._behind.is_crowded:
                await asyncio.sleep(_GIVE_WAY_SECONDS)
        except asyncio.CancelledError:
            self._room.release()
            raise
        return True


class _Place:
    """A place in the room, until it is left."""

    def __init__(self, room: asyncio.Semaphore | None, second: asyncio.Semaphore) -> None:
        self._room = room
        self._second = second
        self._was_in = room is not None

    def leave(self) -> None:
        if self._room:
            self._room.release()
        self._room = None

    async def come_back(self) -> None:
        if self._was_in and self._room is None:
            await self._second.acquire()
            self._room = self._second


_PLACE: ContextVar[_Place | None] = ContextVar("place", default=None)


def step_out() -> None:
    """Called by who is about to wait for the engine or a provider: one that hangs keeps nobody out of the room."""
    if place := _PLACE.get():
        place.leave()


async def _come_back() -> None:
    """After the engine there are as many places again, for those who have asked it: they end before others begin."""
    if place := _PLACE.get():
        await place.come_back()
