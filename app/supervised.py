"""A process that is kept running: started until it is ready, started again when it dies, stopped when we say so."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.early import EarlyWorker
from app.network import Bind
from app.processes import Child, last_lines, start_child

type Say = Callable[[str], None]

_POLL_SECONDS = 0.02
_FIRST_DELAY_SECONDS = 0.1
_LONGEST_DELAY_SECONDS = 10.0
_STEADY_SECONDS = 10.0
_RECYCLED_SECONDS = 1.0
"""A program that ends by itself with 0 has been recycled, unless it had only just begun."""


class StartFailed(Exception):
    """A program ended, or was not ready in time; the message names it, its log and the log's last lines."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to run one process. ``is_ready`` asks it; ``ready_seconds`` is how long its start may take."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    folder: Path
    log: Path
    is_ready: Callable[[], Awaitable[bool]] = field(repr=False)
    ready_seconds: float = 60.0


class Supervised:
    """One process under supervision."""

    def __init__(self, plan: Plan, say: Say, early: EarlyWorker | None = None) -> None:
        """``early`` stands in for its first start, and for no other."""
        self.plan = plan
        self._early = early
        self.restarts = 0
        self._say = say
        self._child: Child | None = None
        self._watcher: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process id, or None while it is not running."""
        return self._child.pid if self._child and self._child.exit_code is None else None

    async def start(self) -> None:
        """Starts it and waits until it is ready. Raises StartFailed, or OSError if it cannot be started at all."""
        if self.pid is None:
            await self._spawn()
            try:
                await self.wait_ready()
            except BaseException:
                await self._end_child()
                raise
            self._watcher = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Ends it for good; it may be started again."""
        if self._watcher:
            self._watcher.cancel()
            with suppress(asyncio.CancelledError):
                await self._watcher
            self._watcher = None
        await self._end_child()

    async def kill(self) -> None:
        """kill -9, as if it had crashed: returns once it is gone; supervision starts it again."""
        if self._child:
            child = self._child
            child.signal(signal.SIGKILL)
            await child.wait()

    def signal(self, number: signal.Signals) -> None:
        """Signals the process and everything it started."""
        if self._child and self.pid is not None:
            self._child.signal(number)

    async def wait_ready(self) -> None:
        """Returns once it answers. Raises StartFailed if its first process ends, or after ``ready_seconds``."""
        deadline = time.monotonic() + self.plan.ready_seconds
        while not (self.pid is not None and await self.plan.is_ready()):
            if self._watcher is None and self.pid is None:
                raise self._failure(f"ended before it was ready{self._describe_end()}")
            if time.monotonic() > deadline:
                raise self._failure(f"was not ready after {self.plan.ready_seconds:.0f} s")
            await asyncio.sleep(_POLL_SECONDS)

    async def _spawn(self) -> None:
        plan, early, self._early = self.plan, self._early, None
        if early and early.take_over(plan.command, plan.environment, plan.log):
            self._child = Child(early)
        else:
            self._child = await start_child(plan.command, plan.environment, plan.folder, plan.log)

    async def _end_child(self) -> None:
        if self._child:
            await self._child.stop()

    async def _watch(self) -> None:
        delay = _FIRST_DELAY_SECONDS
        while self._child:
            began = time.monotonic()
            code = await self._child.wait()
            ran_seconds = time.monotonic() - began
            self._child.signal(signal.SIGKILL)  # what it had started goes with it
            if ran_seconds > (_RECYCLED_SECONDS if code == 0 else _STEADY_SECONDS):
                delay = _FIRST_DELAY_SECONDS
            self._say(f"{self.plan.name} ended ({_describe(code)}); starting it again")
            await asyncio.sleep(delay)
            delay = min(delay * 2, _LONGEST_DELAY_SECONDS)
            try:
                await self._spawn()
            except OSError as error:
                self._say(f"{self.plan.name} cannot be started: {error.strerror}")
            self.restarts += 1

    def _describe_end(self) -> str:
        code = self._child.exit_code if self._child else None
        return "" if code is None else f" ({_describe(code)})"

    def _failure(self, what: str) -> StartFailed:
        tail = "".join(f"\n    {line}" for line in last_lines(self.plan.log))
        return StartFailed(f"{self.plan.name} {what}; its log is {self.plan.log}{tail}")


async def answers_ok(bind: Bind, path: str) -> bool:
    """True if a GET of ``path`` there answers 200. A few bytes by hand: an HTTP client takes longer to import."""
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_connection(bind.host, bind.port)
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: {bind}\r\nConnection: close\r\n\r\n".encode())
                return (await reader.readline()).split()[1:2] == [b"200"]
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False


def _describe(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit {code}"
