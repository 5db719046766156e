"""How long a door waits for a request, and how many may stand in it: slow and idle ones never keep a signed one out."""

import asyncio
import resource
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0
"""From the connection, or the first byte of its next request, to the end of the headers."""

BODY_SECONDS = 10.0
"""From there to the end of the body."""

MOST_HEAD_BYTES = 64 * 1024
MOST_CONNECTIONS = 4096
"""Of more than these, the one is closed that has idled longest after an answer; else the one waited for longest."""

_MOST_FILES = 16_384


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's connection, with an end to its patience: a head or body that does not come closes the connection."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._deadline: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._in_body = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begins to wait for a head; where there are too many, one goes that idles or is waited for."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._wait(HEAD_SECONDS)
        if len(self.connections) > MOST_CONNECTIONS:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Reads on; a head that does not end is refused with 400."""
        if self._deadline is None and (self.cycle is None or self.cycle.response_complete):
            self._wait(HEAD_SECONDS)
        if not self._in_body:
            self._head_bytes += len(data)
        super().data_received(data)
        if not self._in_body and self._head_bytes > MOST_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head is too long.")

    def on_headers_complete(self) -> None:
        """From now on a body is waited for."""
        self._in_body, self._head_bytes = True, 0
        self._wait(BODY_SECONDS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole: its answer may take as long as it takes."""
        self._in_body, self._head_bytes = False, 0
        self._stop_waiting()
        super().on_message_complete()

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        self.transport.abort()

    def _make_room(self) -> None:
        others = [one for one in self.connections if isinstance(one, PatientProtocol) and one is not self]
        leaving = [(order, id(one), one) for one in others if (order := one._find_order())]
        if leaving:
            _, _, first = min(leaving)
            first._stop_waiting()
            first._unset_keepalive_if_required()
            first._give_up()

    def _find_order(self) -> tuple[bool, float] | None:
        """Which connection goes before which where there are too many; None while a request is worked on."""
        timer = self._deadline or self.timeout_keep_alive_task
        return (self._deadline is not None, timer.when()) if timer else None


def allow_connections() -> None:
    """Raises this process's limit of open files as far as the machine lets it: idle callers must not use it up."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
