"""Breaks a running Porchlight as a plan says, and notes when."""

import asyncio
import contextlib
import os
import resource
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from app.stack import Stack
from tests.chaos.plan import ALL_WORKERS, Trouble
from tests.chaos.records import Span

_FULL_LEFT_BYTES = 300
"""What a full disk still takes of the store: less than a turn writes, so that a write ends in its middle."""

_FAULTS_AT_ONCE = 6


class NothingThere(Exception):
    """What was to break was down already, by an earlier trouble."""


class Troubles:
    """Makes trouble. ``spans`` are what happened, for whoever judges; ``missed`` is how often nothing was there."""

    def __init__(self, stack: Stack, http: aiohttp.ClientSession, clock: Path) -> None:
        self._stack, self._http, self._clock = stack, http, clock
        self.spans: list[Span] = []
        self.failed: list[str] = []
        self.missed = 0

    async def make_all(self, troubles: Sequence[Trouble]) -> None:
        """All of them, each at its time; then everything is mended."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for one in troubles:
                group.create_task(self._make_in_time(one, began))
        await self.mend()

    async def mend(self) -> None:
        """Every program runs, no provider fails, the clock is right."""
        self._clock.unlink(missing_ok=True)
        async with self._http.delete(f"{self._stack.url('phone')}/practice/faults"):
            pass
        for name in ("store", "keys", *(one.name for one in self._stack.plan.instances())):
            self._stack.resume(name)
            await self._stack.wait_ready(name)

    async def _make_in_time(self, trouble: Trouble, began: float) -> None:
        await asyncio.sleep(max(0.0, began + trouble.at - time.monotonic()))
        at = time.monotonic()
        try:
            await self._make(trouble)
        except NothingThere:
            self.missed += 1
            return
        except Exception as error:
            self.failed.append(f"{trouble.kind} {trouble.target}: {type(error).__name__} {error}")
        self.spans.append(Span(f"{trouble.kind} {trouble.target} {trouble.how}".strip(), at, time.monotonic()))

    async def _make(self, one: Trouble) -> None:
        match one.kind:
            case "kill":
                self._signal(one, signal.SIGKILL)
            case "restart":
                self._signal(one, signal.SIGTERM)
            case "pause":
                pids = self._signal(one, signal.SIGSTOP)
                await asyncio.sleep(one.seconds)
                self._tell(pids, signal.SIGCONT)
            case "stop":
                await self._stack.stop(one.target)
                await asyncio.sleep(one.seconds)
                await self._stack.start(one.target)
            case "disk":
                await self._fill_disk(one)
            case "clock":
                self._clock.write_text(one.how)
                await asyncio.sleep(one.seconds)
                self._clock.unlink(missing_ok=True)
            case _:
                await self._fail_provider(one)

    def _signal(self, one: Trouble, number: signal.Signals) -> list[int]:
        """To one process of a program and what it started; to every worker if it says so. Raises NothingThere."""
        everyone = one.target == ALL_WORKERS
        pids = self._stack.pids("worker" if everyone else one.target)
        if not pids:
            raise NothingThere
        chosen = pids if everyone else [pids[one.pick % len(pids)]]
        self._tell(chosen, number)
        return chosen

    def _tell(self, pids: Sequence[int], number: signal.Signals) -> None:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, number)

    async def _fill_disk(self, one: Trouble) -> None:
        """The store's file may grow by a few bytes more, of every process that is started meanwhile too."""
        ended, known = time.monotonic() + one.seconds, set[int]()
        while time.monotonic() < ended:
            for pid in set(self._stack.pids(one.target)) - known:
                known.add(pid)
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    most = max((path.stat().st_size for path in self._files(one.target)), default=0)
                    limit = most + _FULL_LEFT_BYTES
                    resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            await asyncio.sleep(0.02)
        for pid in set(self._stack.pids(one.target)) & known:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def _files(self, name: str) -> list[Path]:
        return [path for path in (self._stack.settings.data / name).rglob("*.aof") if path.is_file()]

    async def _fail_provider(self, one: Trouble) -> None:
        """The next calls of everybody's go wrong: refused, held, or taken without an answer."""
        body = {"channel": one.target, "kind": one.how, "count": 1 + one.pick % _FAULTS_AT_ONCE}
        body |= {"on": "erase"} if one.kind == "erase" else {}
        body |= {"seconds": one.seconds} if one.seconds else {}
        async with self._http.post(f"{self._stack.url('phone')}/practice/faults", json=body) as answer:
            assert answer.status == 200, await answer.text()
