"""What this worker has begun to send: messages that were marked in the commit that put them into the outbox (X5)."""

import time
from collections.abc import Iterable

FRESH_SECONDS = 1.0
"""A lease that was ours a moment ago is ours still: it lasts three seconds."""

_MOST = 1000
"""Far more than are ever on their way; what another worker sends instead would stay for ever."""


class Begun:
    """By a message's random number, the moment (monotonic seconds) right before its commit was asked for."""

    def __init__(self) -> None:
        self._asked_at: dict[str, float] = {}

    def note(self, numbers: Iterable[str]) -> None:
        """To be called before the commit: its messages may be read from the outbox before its answer is."""
        if len(self._asked_at) >= _MOST:
            self._asked_at.clear()
        self._asked_at.update(dict.fromkeys(numbers, time.monotonic()))

    def is_fresh(self, number: str) -> bool:
        """True if this message may go out without being marked once more."""
        asked_at = self._asked_at.get(number)
        return asked_at is not None and time.monotonic() - asked_at < FRESH_SECONDS

    def take(self, number: str) -> float | None:
        """That moment, once, if it was just now: whoever tries a second time may have sent it the first time."""
        asked_at = self._asked_at[number] if self.is_fresh(number) else None
        self._asked_at.pop(number, None)
        return asked_at
