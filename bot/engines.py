"""The engine processes that a worker may ask: in turn, without those that are dead, each looked at until it is back."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

ASK_ELSEWHERE_SECONDS = 0.7
"""A turn that waits longer is asked of another process too; a turn takes some hundredths of a second."""

_MOST_SLOW_TURNS = 3
_FIRST_LOOK_SECONDS = 0.5
_LONGEST_LOOK_SECONDS = 8.0
_SPARE_EACH_TURN = 0.1
_MOST_SPARE = 10.0

type IsReady = Callable[[str], Awaitable[bool]]
"""Asks a process how it is. Never raises."""

type Tell = Callable[[str], None]


def tell_nobody(_event: str) -> None:
    """What a client without a log says."""


@dataclass(slots=True)
class Engine:
    """One process, by its URL. ``slow_turns`` were not answered in time, one after the other."""

    url: str
    slow_turns: int = 0
    left_out: bool = False
    look_seconds: float = field(default=_FIRST_LOOK_SECONDS)


class Engines:
    """All of them. State goes in and out with every turn, so any process answers any turn.

    Under too much load nothing is asked twice but every tenth turn, or a slow hour would double itself.
    """

    def __init__(self, urls: Sequence[str], is_ready: IsReady, tell: Tell = tell_nobody) -> None:
        self._engines = [Engine(url) for url in urls]
        self._is_ready = is_ready
        self._tell = tell
        self._turn = 0
        self._spare = _MOST_SPARE
        self._looks: dict[str, asyncio.Task[None]] = {}

    def order(self) -> list[Engine]:
        """For the next turn: whom to ask first, second and so on. Those left out come last, as a last hope.

        One alone is asked again: it may have closed a connection that was kept open.
        """
        self._turn += 1
        self._spare = min(_MOST_SPARE, self._spare + _SPARE_EACH_TURN)
        start = self._turn % len(self._engines)
        turned = self._engines[start:] + self._engines[:start]
        if len(turned) == 1:
            return turned * 2
        return sorted(turned, key=lambda engine: engine.left_out)

    def may_ask_twice(self, slow: Engine, other: Engine) -> bool:
        """True if a turn that waits for ``slow`` may be asked of ``other`` too."""
        if slow.left_out and not other.left_out:
            return True
        if slow is other or self._spare < 1:
            return False
        self._spare -= 1
        return True

    def answered(self, engine: Engine) -> None:
        """It works."""
        engine.slow_turns = 0
        engine.left_out = False
        engine.look_seconds = _FIRST_LOOK_SECONDS
        if look := self._looks.pop(engine.url, None):
            look.cancel()

    def failed(self, engine: Engine) -> None:
        """It gave no answer in time, or none of this turn's; after three in a row it is left out."""
        engine.slow_turns += 1
        if engine.slow_turns >= _MOST_SLOW_TURNS:
            self.leave_out(engine)

    def leave_out(self, engine: Engine) -> None:
        """It is down, or says itself that it takes no turns: not asked until it says that it is ready."""
        if not engine.left_out:
            engine.left_out = True
            self._tell("engine_left_out")
            self._looks[engine.url] = asyncio.create_task(self._look_until_back(engine))

    async def aclose(self) -> None:
        """Looks at nothing any more."""
        looks = list(self._looks.values())
        for look in looks:
            look.cancel()
        await asyncio.gather(*looks, return_exceptions=True)

    async def _look_until_back(self, engine: Engine) -> None:
        while True:
            await asyncio.sleep(engine.look_seconds)
            engine.look_seconds = min(engine.look_seconds * 2, _LONGEST_LOOK_SECONDS)
            if await self._is_ready(engine.url):
                break
        # One more slow turn leaves it out again, and longer: a process can say that it is ready and answer nothing.
        engine.slow_turns = _MOST_SLOW_TURNS - 1
        engine.left_out = False
        self._looks.pop(engine.url, None)
