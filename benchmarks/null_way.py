"""A way that does nothing: a text goes through programs as a crisis text does, and each of them only hands it on.

Three programs on uvloop, as ours: a door, a store, a worker. One text makes the changes of process that a fresh
texter's crisis text makes in ours up to its last message, each after the one before (counted on the product, 0128,
0133, 0135, 0139):

- door: two round trips to the store, the second of which wakes the worker, then 200;
- worker: three round trips (load, keys, commit), and for each message of the answer a post to the provider with its
  answer. What is written of a message that is out, nobody waits for.

It has no signature, cryptography, screening, disk, HTTP library or Rasa, nothing of what ours does beside the way
(pages, statuses, erasures), and one store for our two. That store is Python and each of its round trips a little dearer
than one to ours; what is asked of it is nothing.

``python -m benchmarks.null_way store SOCKET | worker SOCKET PROVIDER_URL MESSAGES | door SOCKET`` says on stdout that
it is ready (the door: its port), and runs until its input ends.
"""

import asyncio
import sys
from collections import deque
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, cast
from urllib.parse import parse_qs, urlencode, urlsplit

import uvloop

from benchmarks.null_door import read_length, stay

_BEFORE_ANSWER = 3
_LISTEN, _PUT, _ASK = b"listen", b"put ", b"ask"
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
_SEND = (
    b"POST /2010-04-01/Accounts/AC0/Messages.json HTTP/1.1\r\nHost: x\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s"
)


class NullStore(asyncio.Protocol):
    """Gives every line back, and what is put to whoever listens. A form's body is always one line.

    All connections share ``listeners``, and ``held``: what was put before anybody listened, as our stores keep it.
    """

    def __init__(self, listeners: list[asyncio.WriteTransport], held: list[bytes]) -> None:
        self._listeners, self._held, self._got = listeners, held, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        *lines, self._got = (self._got + data).split(b"\n")
        for line in lines:
            self._transport.write(line + b"\n")
            if line == _LISTEN:
                self._listeners.append(self._transport)
                self._transport.writelines(self._held)
                self._held.clear()
            if line.startswith(_PUT) and not self._listeners:
                self._held.append(line + b"\n")
            elif line.startswith(_PUT):
                for listener in self._listeners:
                    listener.write(line + b"\n")


class NullCalls(asyncio.Protocol):
    """The connection that all calls of a program share; answers come in order, as those of our stores do."""

    def __init__(self) -> None:
        self._waiting = deque[asyncio.Future[None]]()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)

    def ask(self, line: bytes = _ASK) -> asyncio.Future[None]:
        """One round trip."""
        self._waiting.append(asyncio.get_running_loop().create_future())
        self._transport.write(line + b"\n")
        return self._waiting[-1]

    def data_received(self, data: bytes) -> None:
        for _ in range(data.count(b"\n")):
            self._waiting.popleft().set_result(None)


class NullSends:
    """Posts to the provider, over as many connections as there are posts at once."""

    def __init__(self, url: str) -> None:
        self._host, self._port = urlsplit(url).hostname, urlsplit(url).port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def send(self, address: str, text: str) -> None:
        """Returns when the provider has answered, whatever it says."""
        idle = self._idle
        reader, writer = idle.pop() if idle else await asyncio.open_connection(self._host, self._port)
        body = urlencode({"To": address, "From": "+17025550100", "Body": text}).encode()
        writer.write(_SEND % (len(body), body))
        await _read(reader)
        idle.append((reader, writer))


async def _read(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    return await reader.readexactly(read_length(head))


async def open_store(path: str) -> None:
    """The store, in this process."""
    listeners, held = list[asyncio.WriteTransport](), list[bytes]()
    await asyncio.get_running_loop().create_unix_server(lambda: NullStore(listeners, held), path)


async def _store(path: str) -> None:
    await open_store(path)
    await stay("ready")


async def _door(path: str, port: str = "0") -> None:
    _, calls = await asyncio.get_running_loop().create_unix_connection(NullCalls, path)
    server = await asyncio.start_server(partial(_take, calls), "127.0.0.1", int(port), backlog=1024)
    await stay(server.sockets[0].getsockname()[1])


async def _take(calls: NullCalls, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Posts of one connection, until it is closed."""
    try:
        while True:
            body = await _read(reader)
            await calls.ask()
            await calls.ask(_PUT + body)
            writer.write(_ANSWER)
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        writer.close()  # cancelled at the program's end, of which nobody is to be told


async def _worker(path: str, provider_url: str, messages: str) -> None:
    _, calls = await asyncio.get_running_loop().create_unix_connection(NullCalls, path)
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(_LISTEN + b"\n")
    await reader.readline()
    working = asyncio.create_task(_work(reader, calls, NullSends(provider_url), int(messages)))
    await stay("ready")
    working.cancel()


async def _work(reader: asyncio.StreamReader, calls: NullCalls, sends: NullSends, messages: int) -> None:
    async with asyncio.TaskGroup() as texts:
        while line := await reader.readline():
            address = parse_qs(line.removeprefix(_PUT).decode())["From"][0]
            texts.create_task(_answer(address, calls, sends, messages))


async def _answer(address: str, calls: NullCalls, sends: NullSends, messages: int) -> None:
    for _ in range(_BEFORE_ANSWER):
        await calls.ask()
    for number in range(messages):
        await sends.send(address, f"nothing {number + 1}")


PROGRAMS: dict[str, Callable[..., Coroutine[Any, Any, None]]] = {"store": _store, "door": _door, "worker": _worker}

if __name__ == "__main__":
    uvloop.run(PROGRAMS[sys.argv[1]](*sys.argv[2:]))
