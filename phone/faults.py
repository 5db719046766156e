"""What a provider can be told to get wrong, a counted number of times."""

from collections import deque
from dataclasses import dataclass

from phone.errors import PracticeError

SHARED_KINDS = frozenset({"429", "500", "503", "timeout", "drop"})
KINDS = {
    "sms": SHARED_KINDS | {"21610", "21211", "30003", "30029", "late_status", "echo"},
    "telegram": SHARED_KINDS | {"blocked", "echo"},
    "push": SHARED_KINDS | {"403", "404", "410"},
}
CALLS = frozenset({"send", "erase", "webhook"})
DEFAULT_SECONDS = {"429": 1.0, "timeout": 30.0, "late_status": 1.0}


@dataclass(slots=True)
class Fault:
    """``kind`` for the next ``left`` calls; ``seconds`` is what the kind makes of it (a wait, a hold, a delay)."""

    kind: str
    left: int
    seconds: float


class Faults:
    """Faults in the order in which they were asked for, looked up by channel, call and address."""

    def __init__(self) -> None:
        self._faults: dict[tuple[str, str, str | None], deque[Fault]] = {}

    def plan(self, channel: str, kind: str, *, count: int, address: str | None, seconds: float | None, on: str) -> None:
        """The next ``count`` calls (of this address, or of any) go wrong as ``kind``. Raises PracticeError."""
        if kind not in KINDS.get(channel, ()):
            raise PracticeError("no such fault on this channel")
        if on not in CALLS or (on == "erase" and kind not in SHARED_KINDS):
            raise PracticeError("this fault does not go with this call")
        if on == "webhook" and (channel, kind) != ("sms", "drop"):
            raise PracticeError("this fault does not go with this call")
        if count < 1 or (seconds is not None and seconds < 0):
            raise PracticeError("count must be 1 or more and seconds not negative")
        length = DEFAULT_SECONDS.get(kind, 0.0) if seconds is None else seconds
        self._faults.setdefault((channel, on, address), deque()).append(Fault(kind, count, length))

    def take(self, channel: str, on: str, address: str) -> Fault | None:
        """The fault that this call meets, used up by one; an address's own faults come before everybody's."""
        for key in ((channel, on, address), (channel, on, None)):
            if queue := self._faults.get(key):
                fault = queue[0]
                fault.left -= 1
                if fault.left == 0:
                    queue.popleft()
                return fault
        return None

    def clear(self) -> None:
        """Everything works again."""
        self._faults.clear()
