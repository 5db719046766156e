"""Danger first: while a text of somebody in danger is in hand, all other work of the loop goes on slowly.

Every round trip to a store ends in a step of the event loop, which waits for the steps of everything else in hand; a
crisis text makes some twenty. Nothing stands still for it, so nothing that it waits for itself can be kept from it.
"""

import asyncio
import time
import types
from collections import deque
from collections.abc import Coroutine, Generator
from typing import Any

from app.begun import Begun

LONGEST_SECONDS = 1.0
"""For how long one piece of work keeps others back; a provider that is slow keeps nobody back for longer."""

BETWEEN_SECONDS = 0.002
"""Between two steps of other work meanwhile: a little more than a store takes to answer."""

IN_LINE_SECONDS = 0.5
"""For how long a step waits, however many do: a message that is marked must be out within a lease's three (X5)."""


class Precedence:
    """Which lanes go first just now, and who waits for them. One for all lanes of a worker."""

    def __init__(self) -> None:
        self.begun = Begun()
        """Messages of such lanes, which are marked in the commit that queues them: they go out at once."""
        self._until: dict[str, float] = {}
        self._waiting: deque[tuple[float, asyncio.Future[None]]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_given(self) -> bool:
        """True while some lane goes first."""
        if self._until:
            now = time.monotonic()
            self._until = {lane: until for lane, until in self._until.items() if until > now}
        return bool(self._until)

    def give(self, lane: str) -> None:
        """This lane goes first from now on, for a second at most; given again, for a second more."""
        self._until[lane] = time.monotonic() + LONGEST_SECONDS

    def end(self, lane: str) -> None:
        """What was urgent in this lane is done."""
        if self._until.pop(lane, None) and not self._until:
            self._let_on()

    def has(self, lane: str) -> bool:
        """True if this lane goes first."""
        return self.is_given and lane in self._until

    @types.coroutine
    def step_through[T](self, lane: str, work: Coroutine[Any, Any, T]) -> Generator[Any, None, T]:
        """Awaits ``work``. While another lane goes first, each of its steps but the first waits for its turn."""
        error: BaseException | None = None
        while True:
            try:
                awaited = work.throw(error) if error else work.send(None)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            finally:
                # Kept in a frame that it names itself, it would keep all its frames, and the words in them (P1).
                error = None
            try:
                yield awaited
                if self._until and self.is_given and lane not in self._until:
                    yield from self._stand_in_line()
            except BaseException as thrown:
                error = thrown

    def _stand_in_line(self) -> Generator[Any, None, None]:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append((time.monotonic(), turn))
        self._set_timer()
        yield from turn

    def _set_timer(self) -> None:
        if self._waiting and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(BETWEEN_SECONDS, self._let_on)

    def _let_on(self) -> None:
        """Lets the first in line take a step, with who has stood there too long; all, if nobody goes first any more."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        given, late, let_on = self.is_given, time.monotonic() - IN_LINE_SECONDS, False
        while self._waiting and not (let_on and given and self._waiting[0][0] > late):
            _, turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                let_on = True
        # Behind that step, however long it takes: the time between two steps is danger's.
        asyncio.get_running_loop().call_soon(self._set_timer)
