"""How a program starts and serves: one clear message when it cannot, two doors when it can (public and private)."""

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from typing import Any, NoReturn

import uvicorn

from app.network import Bind
from app.patience import PatientProtocol, allow_connections
from bot.priority import load_undisturbed, spare_what_is_loaded
from bot.short_turns import take_short_turns

_CANNOT_START = 2
_LET_OUT_SECONDS = 2.0


def start_program(name: str, build: Callable[[], Any]) -> None:
    """Runs a program's main function with its memory closed to others (P1), in short turns at a core (R9).

    What keeps it from starting is one message on stderr and exit code 2 (X3).
    """
    from app.settings import SettingsError
    from hotline.errors import PorchlightError
    from vault.memory import MemoryOpen, close_memory

    load_undisturbed()
    take_short_turns()
    try:
        close_memory()
        build()
    except (SettingsError, PorchlightError, MemoryOpen, ValueError, LookupError) as error:
        _refuse(name, str(error))
    except OSError as error:
        _refuse(name, error.strerror or type(error).__name__)


def build_server(application: Any, bind: Bind, proxies: Sequence[str] = ()) -> uvicorn.Server:
    """A server for one door; it logs nothing of what it is asked (P6). ``proxies``: whose forwarded-for is believed."""
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
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
    )
    server = uvicorn.Server(config)
    # The program answers signals itself, once for all its doors.
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    return server


async def serve_doors(
    doors: Sequence[tuple[Any, Bind]], stopping: asyncio.Event | None = None, *, proxies: Sequence[str] = ()
) -> None:
    """Serves until SIGINT or SIGTERM, then lets open requests end; ``stopping`` tells those that never would."""
    spare_what_is_loaded()
    allow_connections()
    servers = [build_server(application, bind, proxies) for application, bind in doors]
    async with stop_signal() as stopped:
        running = [asyncio.create_task(server.serve()) for server in servers]
        waiting = asyncio.create_task(stopped.wait())
        await asyncio.wait([*running, waiting], return_when=asyncio.FIRST_COMPLETED)
        if stopping:
            stopping.set()
        await _end(servers, running)
        waiting.cancel()


async def serve_until_due(
    doors: Sequence[tuple[Any, Bind]], sockets: Sequence[socket.socket], due: Callable[[], Awaitable[None]]
) -> bool:
    """Serves listening sockets until a signal (False) or until it is ``due`` to begin anew (True).

    The sockets stay open: who comes while nobody accepts waits in them. What was let in is answered before the end.
    """
    spare_what_is_loaded()
    allow_connections()
    servers = [build_server(application, bind) for application, bind in doors]
    async with stop_signal() as stopped:
        copies = [one.dup() for one in sockets]
        running = [asyncio.create_task(server.serve([copy])) for server, copy in zip(servers, copies, strict=True)]
        waiting = [asyncio.create_task(stopped.wait()), asyncio.ensure_future(due())]
        await asyncio.wait([*running, *waiting], return_when=asyncio.FIRST_COMPLETED)
        if waiting[1].done():
            await _let_nobody_in(servers)
        await _end(servers, running)
        for task in waiting:
            task.cancel()
        return not stopped.is_set() and waiting[1].done() and not waiting[1].cancelled()


async def _end(servers: Sequence[uvicorn.Server], running: Sequence["asyncio.Task[None]"]) -> None:
    for server in servers:
        server.should_exit = True
    await asyncio.gather(*running)


async def _let_nobody_in(servers: Sequence[uvicorn.Server]) -> None:
    """Accepts no more, and waits for the answers of those that are in; one that says nothing is not waited for."""
    for server in servers:
        for accepting in server.servers:
            accepting.close()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LET_OUT_SECONDS):
            while any(_is_asking(one) for server in servers for one in server.server_state.connections):
                await asyncio.sleep(0.01)


def _is_asking(connection: Any) -> bool:
    """True for a connection whose first or present request has no answer yet."""
    return connection.cycle is None or not connection.cycle.response_complete


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


def run[Result](main: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Runs a coroutine function on uvloop."""
    import uvloop

    return uvloop.run(main())


def _refuse(name: str, message: str) -> NoReturn:
    sys.stderr.write(message if message.startswith("porchlight") else f"porchlight {name} cannot start: {message}")
    sys.stderr.write("\n")
    sys.exit(_CANNOT_START)
