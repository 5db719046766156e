"""The first worker's process, begun before the supervisor itself is loaded: it imports and reads while we do.

It is told nothing of ours until the supervisor hands it its plan, and is the worker from then on. Whatever goes wrong
with it before, the worker is started as any other time. Linux alone: elsewhere nothing would end it with its parent.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from app.bare_environment import build_bare_environment

WORKER = (sys.executable, "-m", "app.worker")
"""The only command in whose place it may stand."""

EARLY = "early"
"""The worker's argument that says: prepare, then wait for the plan on standard input."""

_FOLDER = Path(__file__).resolve().parent


class EarlyWorker:
    """A process that waits for its plan; once it has it, it is supervised as any other."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """The process id, also that of its group."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """None while it runs; negative for a signal."""
        return self._process.poll()

    async def wait(self) -> int:
        """Its exit code, once it has ended."""
        import asyncio

        return await asyncio.to_thread(self._process.wait)

    def take_over(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> bool:
        """Lets it be what ``command`` would be, with ``environment``, writing to ``log``; False, and its end, if not.

        No more than what a child started now would get: secrets by the names of their files.
        """
        plan = {"environment": dict(environment), "log": str(log)}
        pipe = self._process.stdin
        if tuple(command) == WORKER and pipe:
            with suppress(OSError):  # it is gone
                pipe.write(json.dumps(plan).encode() + b"\n")
                pipe.close()
                return True
        self.end()
        return False

    def end(self) -> None:
        """Leaves nothing of it."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()


def begin_worker() -> EarlyWorker | None:
    """Begins it with the machine's own environment alone; None where it cannot be begun. Raises nothing."""
    if sys.platform != "linux":
        return None
    launch = (sys.executable, "-I", "-S", str(_FOLDER / "launch.py"), str(os.getpid()))
    with suppress(OSError):
        return EarlyWorker(
            subprocess.Popen(
                [*launch, *WORKER, EARLY],
                cwd=_FOLDER.parent,
                env=build_bare_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        )
    return None
