"""Starts a way that does nothing as ``porchlight run`` starts ours: one Python, which starts the door and the worker.

Those two start at once and bring the library beside asyncio and uvloop that ours cannot do without, aiohttp, for
nothing. The store is in the first: ours are servers in C, up in milliseconds.

``python -m benchmarks.null_start SOCKET PROVIDER_URL PORT`` says that it has begun; all three end with its input.
"""

import subprocess
import sys

import uvloop

from benchmarks.null_door import stay
from benchmarks.null_way import open_store

_PROGRAM = (
    "import sys, aiohttp, uvloop\nfrom benchmarks.null_way import PROGRAMS\n"
    "uvloop.run(PROGRAMS[sys.argv[1]](*sys.argv[2:]))"
)
_ONE_MESSAGE = "1"


async def _run(socket: str, provider_url: str, port: str) -> None:
    await open_store(socket)
    with _start("worker", socket, provider_url, _ONE_MESSAGE), _start("door", socket, port):
        await stay("begun")


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    """A child that ends with this process, of which it holds the other end of its input."""
    command = [sys.executable, "-c", _PROGRAM, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    uvloop.run(_run(*sys.argv[1:]))
