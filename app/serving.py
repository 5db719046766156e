"""How a program starts and serves: one clear message when it cannot, two doors when it can (public and private)."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, NoReturn

import uvicorn

from app.network import Bind
from app.patience import PatientProtocol, allow_connections

_CANNOT_START = 2


def start_program(name: str, build: Callable[[], Any]) -> None:
    """Runs a program's main function with its memory closed to others (P1).

    What keeps it from starting is one message on stderr and exit code 2 (X3).
    """
    from app.settings import SettingsError
    from hotline.errors import PorchlightError
    from vault.memory import MemoryOpen, close_memory

    try:
        close_memory()
        build()
    except (SettingsError, PorchlightError, MemoryOpen, ValueError, LookupError) as error:
        _refuse(name, str(error))
    except OSError as error:
        _refuse(name, error.strerror or type(error).__name__)


def build_server(application: Any, bind: Bind) -> uvicorn.Server:
    """A server for one door; it logs nothing of what it is asked (P6)."""
    config = uvicorn.Config(
        application,
        host=bind.host,
        port=bind.port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=5,
        backlog=1024,
        http=PatientProtocol,
    )
    server = uvicorn.Server(config)
    # The program answers signals itself, once for all its doors.
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    return server


async def serve_doors(doors: Sequence[tuple[Any, Bind]], stopping: asyncio.Event | None = None) -> None:
    """Serves until SIGINT or SIGTERM, then lets open requests end; ``stopping`` tells those that never would."""
    allow_connections()
    servers = [build_server(application, bind) for application, bind in doors]
    async with stop_signal() as stopped:
        running = [asyncio.create_task(server.serve()) for server in servers]
        waiting = asyncio.create_task(stopped.wait())
        await asyncio.wait([*running, waiting], return_when=asyncio.FIRST_COMPLETED)
        if stopping:
            stopping.set()
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*running)
        waiting.cancel()


@contextlib.asynccontextmanager
async def stop_signal() -> AsyncIterator[asyncio.Event]:
    """An event that is set by SIGINT or SIGTERM."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    try:
        yield stopped
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def run(main: Callable[[], Any]) -> None:
    """Runs a coroutine function on uvloop."""
    import uvloop

    uvloop.run(main())


def _refuse(name: str, message: str) -> NoReturn:
    sys.stderr.write(message if message.startswith("porchlight") else f"porchlight {name} cannot start: {message}")
    sys.stderr.write("\n")
    sys.exit(_CANNOT_START)
