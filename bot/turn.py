"""One turn: asked of one engine, of the next where that one is down, of a second as well where it is slow."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import aiohttp

from bot.engines import ASK_ELSEWHERE_SECONDS, Engine, Engines
from hotline.errors import DialogueError
from hotline.ports import DialogueAnswer

_LOOK_AGAIN_SECONDS = 0.2
_MOST_AT_A_TIME = 2

type Ask = Callable[[str], Awaitable[DialogueAnswer]]


class NotReady(DialogueError):
    """This process takes no turns now; nothing of it has happened."""


class WrongAnswer(DialogueError):
    """What this process answered is another turn's, or no answer at all, or a fault of its own."""


class Turn:
    """Asks until one has answered. The first answer counts; what comes later is dropped with its connection."""

    def __init__(self, engines: Engines, ask: Ask) -> None:
        self._engines = engines
        self._ask = ask
        self._left = engines.order()
        self._asked: dict[asyncio.Task[DialogueAnswer], tuple[Engine, float]] = {}
        self._second_opinion = True
        self._error: Exception = NotReady("no engine is ready")

    async def run(self) -> DialogueAnswer:
        """The answer. Raises DialogueError or aiohttp.ClientError when nobody is left to ask; takes any time."""
        self._ask_next()
        wait = ASK_ELSEWHERE_SECONDS
        try:
            while self._asked:
                done, _ = await asyncio.wait(self._asked, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    answer = self._take(task)
                    if answer is not None:
                        return answer
                if not done:
                    self._ask_another_if_slow()
                    wait = _LOOK_AGAIN_SECONDS
            raise self._error
        finally:
            await self._give_up_the_rest()

    def _ask_next(self) -> None:
        if self._left:
            engine = self._left.pop(0)
            self._asked[asyncio.ensure_future(self._ask(engine.url))] = engine, time.monotonic()

    def _ask_another_if_slow(self) -> None:
        if self._left and len(self._asked) < _MOST_AT_A_TIME:
            slow, _ = next(iter(self._asked.values()))
            if self._engines.may_ask_twice(slow, self._left[0]):
                self._ask_next()

    def _take(self, task: asyncio.Task[DialogueAnswer]) -> DialogueAnswer | None:
        engine, _ = self._asked.pop(task)
        try:
            answer = task.result()
        except WrongAnswer as error:
            # Of another process, once: if that one's answer cannot be read either, it is the text.
            self._engines.failed(engine)
            self._go_on_after(error, is_free=self._second_opinion)
            self._second_opinion = False
        except (NotReady, aiohttp.ClientConnectorError) as error:
            self._engines.leave_out(engine)
            self._go_on_after(error, is_free=True)
        except aiohttp.ClientError as error:
            # A connection that was kept open too long ends like this too.
            self._engines.failed(engine)
            self._go_on_after(error, is_free=True)
        except DialogueError as error:
            self._go_on_after(error, is_free=False)
        else:
            self._engines.answered(engine)
            return answer
        return None

    def _go_on_after(self, error: Exception, *, is_free: bool) -> None:
        self._error = error
        if is_free and not self._asked:
            self._ask_next()

    async def _give_up_the_rest(self) -> None:
        for task, (engine, began) in self._asked.items():
            task.cancel()
            # One that was not given the time to answer is not blamed.
            if time.monotonic() - began >= ASK_ELSEWHERE_SECONDS:
                self._engines.failed(engine)
        await asyncio.gather(*self._asked, return_exceptions=True)
