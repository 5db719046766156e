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
"""Turns that one worker has in its own hands at a time, not counting those that wait for the engine. A worker has one
core: with more side by side none is done sooner. Beyond it turns stand in line, but for those that cannot wait."""

MOST_SENDS = 16
"""The same for messages that are about to go out, not counting those that a provider has."""

MOST_STATUSES = 8
"""The same for statuses: they can wait longest."""

_LOOK_AGAIN_SECONDS = 2.0


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
        try:
            step_out()
            return await self._dialogue.answer(
                text, language=language, channel=channel, state=state, now=now, choice=choice
            )
        finally:
            self._asked -= 1


class Gate:
    """Lets so many in at a time; what cannot wait never stands in line.

    What one loop has in hand at a time is what everything else in it waits for: a crisis, and the worker's own leases.
    """

    def __init__(self, most: int) -> None:
        self._room = asyncio.Semaphore(most)

    @contextlib.asynccontextmanager
    async def enter(self, cannot_wait: Callable[[], Awaitable[bool]] = _can_wait) -> AsyncIterator[None]:
        """Waits for room. ``cannot_wait`` is asked only where there is none, and again for what came meanwhile."""
        has_room = not self._room.locked() and await self._room.acquire()
        while not has_room and not await cannot_wait():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN_SECONDS):
                    has_room = await self._room.acquire()
        place = _Place(self._room if has_room else None)
        token = _PLACE.set(place)
        try:
            yield
        finally:
            _PLACE.reset(token)
            place.leave()


class _Place:
    """A place in the room, until it is left."""

    def __init__(self, room: asyncio.Semaphore | None) -> None:
        self._room = room

    def leave(self) -> None:
        if self._room:
            self._room.release()
        self._room = None


_PLACE: ContextVar[_Place | None] = ContextVar("place", default=None)


def step_out() -> None:
    """Called by who is about to wait for the engine or a provider: one that hangs keeps nobody out of the room.

    It does not stand in line again for what is left to do: that is little, and comes no faster than they answer.
    """
    if place := _PLACE.get():
        place.leave()
