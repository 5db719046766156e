"""Everything on one machine: starts the programs in order, keeps them running, and leaves none behind."""

import asyncio
import fcntl
import os
import shutil
import signal
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from app.early import EarlyWorker
from app.ports import check_ports
from app.practice import Login
from app.programs import PROGRAMS, Program
from app.settings import Settings, load_settings
from app.stack_plan import StackPlan
from app.supervised import Plan, Say, Supervised

type Prepare = Callable[[Settings, Login | None], Awaitable[None]]
"""Makes it usable once the store answers: the practice advocate, or (no login) the first administrator in live mode.

Given the settings of ``porchlight staff``."""


class FolderInUse(Exception):
    """Another stack runs on this folder."""


def _say_nothing(_line: str) -> None:
    """What a stack in a test says."""


class Stack:
    """All programs of one machine, or some of them.

    Below ``folder`` lie data, keys (practice), logs (one file a process) and run (secrets, while it runs). In practice
    mode what is missing is made up. ``programs`` picks by name; ``free_ports`` takes ports that nobody uses;
    ``extra`` adds to the environment of a program; ``early`` is what the first worker starts as. Entering raises
    SettingsError, PortTaken, StoreMissing, FolderInUse, StartFailed or OSError, and then leaves nothing running.
    """

    plan: StackPlan

    def __init__(
        self,
        folder: Path,
        *,
        environ: Mapping[str, str] | None = None,
        programs: Collection[str] | None = None,
        catalog: Mapping[str, Program] = PROGRAMS,
        free_ports: bool = False,
        prepare: Prepare | None = None,
        extra: Mapping[str, Mapping[str, str]] | None = None,
        say: Say = _say_nothing,
        early: EarlyWorker | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self._given = {"PORCHLIGHT_MODE": "practice"} if environ is None else dict(environ)
        self._free_ports = free_ports
        self._catalog = catalog
        self._wanted = set(catalog if programs is None else programs)
        self._prepare = prepare
        self._extra = extra or {}
        self._say = say
        self._early = {"worker": early}
        self._groups: list[dict[str, Supervised]] = []
        self._lock: int | None = None

    async def __aenter__(self) -> Self:
        """Starts everything; the crisis path is ready before the rest begins."""
        try:
            await self._start_all()
        except BaseException:
            await self._stop_all()
            raise
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Stops everything, last started first, and removes the secrets of this run."""
        await self._stop_all()

    @property
    def settings(self) -> Settings:
        """All settings of this stack."""
        return self.plan.settings

    @property
    def login(self) -> Login | None:
        """The practice advocate's login; None in live mode."""
        return self.plan.login

    def url(self, name: str) -> str:
        """Where a program, or one process of it (``worker-2``), listens. Raises KeyError."""
        return self.plan.find_instance(name).binds[0][1].url

    def env(self, program: str) -> dict[str, str]:
        """The environment that ``program`` gets; also for the commands ``staff`` and ``channels``."""
        return self.plan.env(program)

    def store_url(self, program: str = "worker") -> str:
        """The store's URL as ``program`` has it."""
        return self.plan.store_url("store", program)

    def keys_url(self, program: str = "worker") -> str:
        """The keys instance's URL as ``program`` has it."""
        return self.plan.store_url("keys", program)

    def log(self, name: str) -> Path:
        """The log of one process."""
        return self.plan.log(name)

    def pids(self, name: str) -> list[int]:
        """Process ids of a program, of one process of it, or of ``store`` or ``keys``."""
        return [process.pid for process in self._select(name) if process.pid is not None]

    async def start(self, name: str) -> None:
        """Starts what was stopped and waits until it is ready. Raises StartFailed."""
        await asyncio.gather(*(process.start() for process in self._select(name)))

    async def stop(self, name: str) -> None:
        """Stops a program in good order; it stays stopped until it is started."""
        await asyncio.gather(*(process.stop() for process in self._select(name)))

    async def kill(self, name: str) -> None:
        """kill -9, as if it had crashed. Returns once it is gone; supervision starts it again."""
        await asyncio.gather(*(process.kill() for process in self._select(name)))

    async def wait_ready(self, name: str) -> None:
        """Returns once a program answers. Raises StartFailed when that takes too long."""
        await asyncio.gather(*(process.wait_ready() for process in self._select(name)))

    def pause(self, name: str) -> None:
        """Freezes a program: it keeps its connections and answers nothing."""
        for process in self._select(name):
            process.signal(signal.SIGSTOP)

    def resume(self, name: str) -> None:
        """Lets a frozen program go on."""
        for process in self._select(name):
            process.signal(signal.SIGCONT)

    def restarts(self, name: str) -> int:
        """How often supervision has started a program again."""
        return sum(process.restarts for process in self._select(name))

    def _select(self, name: str) -> list[Supervised]:
        found = [p for group in self._groups for n, p in group.items() if name in {n, n.partition("-")[0]}]
        if not found:
            raise KeyError(name)
        return found

    async def _start_all(self) -> None:
        began = time.monotonic()
        self._take_folder()
        plan = self.plan = StackPlan(
            self.folder, self._given, self._catalog, self._wanted, self._extra, free_ports=self._free_ports
        )
        check_ports(bind for instance in plan.instances() for bind in instance.binds)
        for store in plan.stores:
            store.end_leftover()
        await self._start_group(plan.store_plans())
        plan.hand_over_to_operator()
        if await self._start_group(plan.plans(1)):
            self._say(f"the crisis path answers, {time.monotonic() - began:.1f} s after the start")
        if self._prepare and (plan.login or plan.settings.mode == "live"):
            await self._prepare(load_settings(plan.env("staff"), "staff"), plan.login)
        await self._start_group(plan.plans(2))

    async def _start_group(self, plans: list[Plan]) -> bool:
        group = {plan.name: Supervised(plan, self._say, self._early.get(plan.name)) for plan in plans}
        self._groups.append(group)
        starts = [asyncio.create_task(self._start_one(name, process)) for name, process in group.items()]
        try:
            await asyncio.gather(*starts)
        finally:
            for start in starts:
                start.cancel()
            await asyncio.gather(*starts, return_exceptions=True)
        return bool(group)

    async def _start_one(self, name: str, process: Supervised) -> None:
        began = time.monotonic()
        await process.start()
        self._say(f"{name} is ready ({time.monotonic() - began:.1f} s)")

    async def _stop_all(self) -> None:
        for group in reversed(self._groups):
            await asyncio.gather(*(process.stop() for process in group.values()))
        self._groups.clear()
        if self._lock is None:
            return
        shutil.rmtree(self.folder / "run", ignore_errors=True)
        for store in self.plan.stores if hasattr(self, "plan") else ():
            store.remove_socket_folder()
        os.close(self._lock)
        self._lock = None

    def _take_folder(self) -> None:
        for name in ("logs", "run"):
            (self.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise FolderInUse(f"another Porchlight runs on {self.folder}; stop it first") from None
        self._lock = lock
        for log in (self.folder / "logs").iterdir():
            log.unlink()
