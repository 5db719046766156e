"""The real worker, on a machine whose clock jumps: by so many hours as stand in a file."""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

import app.world
import app.world_wiring
from app.worker import main

_WHERE = Path(os.environ["CLOCK_FILE"])
_LOOK_SECONDS = 0.05
_real_time = time.time


class JumpingClock(app.world.SystemClock):
    """The machine's clock as it is set at the moment."""

    def __init__(self) -> None:
        self._looked, self._ahead = 0.0, 0.0

    def seconds_ahead(self) -> float:
        if time.monotonic() - self._looked > _LOOK_SECONDS:
            self._looked = time.monotonic()
            try:
                self._ahead = float(_WHERE.read_text()) * 3600
            except (OSError, ValueError):
                self._ahead = 0.0
        return self._ahead

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self.seconds_ahead())


_CLOCK = JumpingClock()
app.world_wiring.SystemClock = lambda: _CLOCK  # type: ignore[misc,assignment]
time.time = lambda: _real_time() + _CLOCK.seconds_ahead()

if __name__ == "__main__":
    main()
