"""A host that takes what it is told to, window after window."""

import os
from collections.abc import Iterator

from benchmarks.machine import Moment

_SECONDS = 10.0


class Host:
    """``read`` is read_moment's place: each two of its moments are the ends of a window of which so much was taken."""

    def __init__(self, *percents: float | None) -> None:
        self.windows = 0
        self._moments = self._play(percents)

    def read(self) -> Moment:
        return next(self._moments)

    def _play(self, percents: tuple[float | None, ...]) -> Iterator[Moment]:
        for n, percent in enumerate(percents):
            yield Moment(100.0 * n, 0.0, 0.0, None if percent is None else 7.0)
            self.windows += 1
            taken = None if percent is None else 7.0 + percent / 100 * _SECONDS * (os.cpu_count() or 1)
            yield Moment(100.0 * n + _SECONDS, 1.0, 1.0, taken)
