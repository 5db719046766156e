"""Rounds: what can wait begins together with what came meanwhile, so that a store writes it to its disk once."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

ROUND_SECONDS = 0.1
"""Nobody sees that a delivery is noted so much later; at fifty texts a second some seven of them go together."""

MOST_IN_A_ROUND = 32
"""After an outage thousands wait; by reckoning a round holds its loop up for some ten milliseconds."""

NEXT_SECONDS = 0.01
"""To the next round, if more wait than went."""

_MOST_HELD_SECONDS = 0.5


class Rounds:
    """Lets in together whoever has come by the next round, the first to come first."""

    def __init__(self, is_held: Callable[[], bool] = lambda: False) -> None:
        """``is_held``: True while a round had better not begin; it does half a second late all the same."""
        self._is_held = is_held
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._held = 0.0

    @asynccontextmanager
    async def enter(self, _cannot_wait: Callable[[], Awaitable[bool]] | None = None) -> AsyncIterator[None]:
        """As a ``Gate`` does: waits to be let in. Nobody needs to leave."""
        await self.wait()
        yield

    async def wait(self) -> None:
        """Returns with the round."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._set_timer(ROUND_SECONDS)
        await turn

    def _set_timer(self, seconds: float) -> None:
        if self._waiting and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._begin)

    def _begin(self) -> None:
        self._timer = None
        if self._is_held() and self._held < _MOST_HELD_SECONDS:
            self._held += ROUND_SECONDS
            self._set_timer(ROUND_SECONDS)
        else:
            self._held = 0.0
            self._let_in()
            self._set_timer(NEXT_SECONDS)

    def _let_in(self) -> None:
        let_in = 0
        while self._waiting and let_in < MOST_IN_A_ROUND:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                let_in += 1
