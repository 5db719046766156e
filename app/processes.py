"""One child process: its own group, its own log, gone when the supervisor is gone."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

_LAUNCH = Path(__file__).with_name("launch.py")
_GRACE_SECONDS = 8.0


class Process(Protocol):
    """One that leads a group of its own."""

    @property
    def pid(self) -> int:
        """The process id, also that of its group."""

    @property
    def returncode(self) -> int | None:
        """None while it runs; negative for a signal."""

    async def wait(self) -> int:
        """Its exit code, once it has ended."""


class Child:
    """A running process and everything it starts."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """The process id, also that of its group."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative for a signal."""
        return self._process.returncode

    def signal(self, number: signal.Signals) -> None:
        """Signals the whole group; a group that is gone is not an error."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    async def wait(self) -> int:
        """Its exit code, once it has ended."""
        return await self._process.wait()

    async def stop(self, grace_seconds: float = _GRACE_SECONDS) -> None:
        """Ends the group: asked first, killed after ``grace_seconds``. Returns when the process is gone."""
        self.signal(signal.SIGTERM)
        self.signal(signal.SIGCONT)
        try:
            async with asyncio.timeout(grace_seconds):
                await self.wait()
        except TimeoutError:
            pass
        finally:
            self.signal(signal.SIGKILL)
        await self.wait()


async def start_child(command: Sequence[str], environ: Mapping[str, str], folder: Path, log: Path) -> Child:
    """Starts ``command`` with ``environ`` and nothing else of ours, in ``folder``, writing to ``log`` (mode 0600).

    Raises OSError if the log cannot be written or the command is not there.
    """
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", str(_LAUNCH), str(os.getpid()), *command),
            cwd=folder,
            env=dict(environ),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=handle,
            stderr=handle,
            start_new_session=True,
        )
    finally:
        os.close(handle)
    return Child(process)


def last_lines(log: Path, count: int = 5) -> list[str]:
    """The end of a log, for telling why a program did not start; empty if it wrote nothing."""
    try:
        lines = log.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [line for line in lines if line.strip()][-count:]
