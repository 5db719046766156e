"""When the whole service is flooded: the dialogue gives way before the crisis path does, and danger goes first."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from hotline.errors import DialogueError
from hotline.ports import Dialogue, DialogueAnswer

MOST_ASKED_OF_ONE = 100
"""Texts that one worker has with each engine process at a time; one answers more than that within its three seconds
on a quiet machine (250 a second)."""

MOST_TURNS = 256
"""Turns that one worker has in work at a time. Beyond it turns stand in line, but for those that cannot wait."""


_LOOK_AGAIN_SECONDS = 2.0


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
            return await self._dialogue.answer(
                text, language=language, channel=channel, state=state, now=now, choice=choice
            )
        finally:
            self._asked -= 1


class TurnGate:
    """Lets so many turns in at a time; what cannot wait never stands in line."""

    def __init__(self, most: int = MOST_TURNS) -> None:
        self._room = asyncio.Semaphore(most)

    @contextlib.asynccontextmanager
    async def enter(self, cannot_wait: Callable[[], Awaitable[bool]]) -> AsyncIterator[None]:
        """Waits for room. ``cannot_wait`` is asked only where there is none, and again for what came meanwhile."""
        has_room = not self._room.locked() and await self._room.acquire()
        while not has_room and not await cannot_wait():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN_SECONDS):
                    has_room = await self._room.acquire()
        try:
            yield
        finally:
            if has_room:
                self._room.release()
