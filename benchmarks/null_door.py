"""A door that does nothing: reads a request and answers 200. What a burst costs here is the load maker's own time.

``python -m benchmarks.null_door`` listens on a free loopback port, prints it, and runs until its input ends.
"""

import asyncio
import sys

from bot.short_turns import take_short_turns

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
_END = b"\r\n\r\n"


class NullDoor(asyncio.Protocol):
    """One connection, kept open as ours is."""

    def __init__(self) -> None:
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._got += data
        while (length := find_request(self._got)) is not None:
            self._got = self._got[length:]
            if isinstance(self._transport, asyncio.WriteTransport):
                self._transport.write(_ANSWER)


def find_request(got: bytes) -> int | None:
    """How many bytes the first whole request has; None if there is none yet."""
    head, end, rest = got.partition(_END)
    if not end:
        return None
    length = read_length(head)
    return len(head) + len(_END) + length if len(rest) >= length else None


def read_length(head: bytes) -> int:
    """How many bytes follow the head of a request or an answer."""
    fields = dict(line.split(b":", 1) for line in head.strip().lower().split(b"\r\n")[1:])
    return int(fields.get(b"content-length", b"0"))


async def stay(ready: object) -> None:
    """Says on stdout that it is ready, and where; returns when its input ends, as it does with its parent.

    Its turns at a core are short from here on, as those of our programs are (0137).
    """
    take_short_turns()
    sys.stdout.write(f"{ready}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(NullDoor, "127.0.0.1", 0, backlog=1024)
    await stay(server.sockets[0].getsockname()[1])


if __name__ == "__main__":
    asyncio.run(_serve())
