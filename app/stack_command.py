"""``porchlight run``: the whole stack in the foreground until Ctrl-C, with one clear line for whatever goes wrong."""

import asyncio
import errno
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.embedded_store import StoreMissing
from app.ports import PortTaken
from app.settings import SettingsError
from app.stack import FolderInUse, Prepare, Stack
from app.supervised import Say, StartFailed

STOPPED, FAILED, REFUSED = 0, 1, 2
"""Exit codes: stopped in good order · something could not start · the settings are not fit to start with."""


def run_stack(
    environ: Mapping[str, str], folder: Path, *, prepare: Prepare | None = None, say: Say | None = None, **more: Any
) -> int:
    """Runs every program until SIGINT, SIGTERM or SIGHUP and returns an exit code; no process is left behind.

    ``more`` goes to Stack.
    """
    speak = say or _print
    try:
        return asyncio.run(_run(Stack(folder, environ=environ, prepare=prepare, say=speak, **more), speak))
    except SettingsError as error:
        speak(str(error))
        return REFUSED
    except (PortTaken, StoreMissing, FolderInUse, StartFailed) as error:
        speak(str(error))
    except OSError as error:
        speak(_explain(error))
    return FAILED


async def _run(stack: Stack, say: Say) -> int:
    loop = asyncio.get_running_loop()
    main = asyncio.current_task()
    assert main is not None  # noqa: S101 - we are in it
    asked = _Asked(main)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, asked.stop)
    try:
        async with stack:
            _show_doors(stack, say)
            await asyncio.Event().wait()
    except asyncio.CancelledError:
        say("everything has stopped")
    return STOPPED


class _Asked:
    """Turns the first signal into a cancellation; more of them change nothing while everything stops."""

    def __init__(self, main: asyncio.Task[Any]) -> None:
        self._main = main
        self._stopping = False

    def stop(self) -> None:
        if not self._stopping:
            self._stopping = True
            self._main.cancel()


def _show_doors(stack: Stack, say: Say) -> None:
    programs = {program.name for program in stack.plan.programs}
    if "phone" in programs:
        say(f"practice phone  {stack.url('phone')}")
    if "console" in programs:
        say(f"console         {stack.settings.console_url}")
    if stack.login and "console" in programs:
        say(f"practice login  {stack.login.alias} / {stack.login.password}")
        say("                the same password: administrator changes content, supervisor approves it")
    say("Ctrl-C stops everything")


def _explain(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"the disk is full: {error.filename or 'a file'} could not be written; make room and start again"
    return f"cannot start: {error.strerror or type(error).__name__}{f' ({error.filename})' if error.filename else ''}"


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
