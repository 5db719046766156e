"""Doors that stay open while the program behind them begins anew, so that words leave its memory (P1) and nobody who
comes meanwhile is refused (X4): the process replaces itself, and its listening sockets go with it.
"""

import os
import socket
import sys
from collections.abc import Sequence
from typing import NoReturn

from app.network import Bind

_HANDED_ON = "PORCHLIGHT_DOORS"
_BACKLOG = 1024


def open_doors(binds: Sequence[Bind]) -> list[socket.socket]:
    """A listening socket for each bind, or those that were handed on to this process. Raises OSError."""
    handed_on = os.environ.pop(_HANDED_ON, "")
    if not handed_on:
        return [_listen(bind) for bind in binds]
    doors = [socket.socket(fileno=int(number)) for number in handed_on.split(",")]
    for door in doors:
        door.set_inheritable(False)
    return doors


def begin_anew(doors: Sequence[socket.socket]) -> NoReturn:
    """Runs this program from its beginning in this process: of its memory nothing stays, its doors do."""
    for door in doors:
        door.set_inheritable(True)
    handed_on = ",".join(str(door.fileno()) for door in doors)
    command = [sys.executable, *sys.orig_argv[1:]]
    os.execve(sys.executable, command, {**os.environ, _HANDED_ON: handed_on})  # noqa: S606 - itself, as it was started


def _listen(bind: Bind) -> socket.socket:
    family = socket.AF_INET6 if ":" in bind.host else socket.AF_INET
    return socket.create_server((bind.host, bind.port), family=family, backlog=_BACKLOG)
