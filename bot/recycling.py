"""When a process that has seen words must end, so that they leave its memory within a stated time (P1).

Python never overwrites what it forgets; only the end of the process does. The first text starts the time.
"""

import os
import time
from collections.abc import Callable, Mapping

MAX_TURNS = 50_000
MAX_SECONDS = 1800.0


class Recycling:
    """Counts turns and time since the first text. All times are monotonic seconds."""

    def __init__(
        self,
        max_turns: int,
        max_seconds: float,
        quiet_seconds: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.max_turns = max_turns
        self.max_seconds = max_seconds
        self.quiet_seconds = quiet_seconds
        self.open_turns = 0
        self._clock = clock
        self._turns = 0
        self._first_at: float | None = None
        self._last_at = 0.0

    def begin(self) -> None:
        """A text came in."""
        self._turns += 1
        self.open_turns += 1
        if self._first_at is None:
            self._first_at = self._clock()

    def end(self) -> None:
        """Its answer went out."""
        self.open_turns -= 1
        self._last_at = self._clock()

    @property
    def due(self) -> bool:
        """True once no further text may be taken."""
        if self._first_at is None:
            return False
        return self._turns >= self.max_turns or self._clock() - self._first_at >= self.max_seconds

    @property
    def ready_to_end(self) -> bool:
        """True once the process is due and no text is being answered.

        One that cannot be stood in for waits for a quiet moment, at most until twice its time.
        """
        if self._first_at is None or not self.due or self.open_turns:
            return False
        now = self._clock()
        return now - self._last_at >= self.quiet_seconds or now - self._first_at >= 2 * self.max_seconds


def build_recycling(
    environment: Mapping[str, str] = os.environ, *, spread: float = 1.0, quiet_seconds: float = 0.0
) -> Recycling:
    """From PORCHLIGHT_RECYCLE_TURNS and PORCHLIGHT_RECYCLE_SECONDS.

    ``spread`` (0 to 1) shortens both, so that processes which started together do not end together.
    """
    turns = int(environment.get("PORCHLIGHT_RECYCLE_TURNS") or MAX_TURNS)
    seconds = float(environment.get("PORCHLIGHT_RECYCLE_SECONDS") or MAX_SECONDS)
    return Recycling(max(1, round(turns * spread)), seconds * spread, quiet_seconds)
