"""Ports of this machine: are they free, and which are."""

import random
import socket
from collections.abc import Iterable

from app.network import Bind

_BELOW_EPHEMERAL = range(20_000, 32_000)
"""Linux gives outgoing connections ports from 32768 on: a port below is not taken by chance between look and use."""


class PortTaken(Exception):
    """Somebody else listens there; the message names the port and the setting."""


def check_ports(binds: Iterable[tuple[str, Bind]]) -> None:
    """Raises PortTaken for the first (setting name, bind) that cannot be listened on."""
    for name, bind in binds:
        if problem := _find_problem(bind):
            raise PortTaken(f"port {bind.port} on {bind.host} cannot be used: {problem}. Free it, or change {name}.")


def find_free_ports(count: int) -> list[int]:
    """Different ports that nobody listens on now, on the IPv4 loopback address."""
    candidates = random.SystemRandom().sample(_BELOW_EPHEMERAL, 20 * count + 200)
    free = (port for port in candidates if not _find_problem(Bind("127.0.0.1", port)))
    return [next(free) for _ in range(count)]


def _find_problem(bind: Bind) -> str | None:
    family = socket.AF_INET6 if ":" in bind.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind.host, bind.port))
            probe.listen(1)
        except OSError as error:
            return (error.strerror or type(error).__name__).lower()
    return None
