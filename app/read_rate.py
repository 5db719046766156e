"""How often one reader, and all together, may ask the read API; counted in memory and forgotten within a minute."""

import time
from collections import OrderedDict
from collections.abc import Callable

from console.throttle import name_source

A_MINUTE = 120
ALTOGETHER_A_MINUTE = 1200
_MOST_SOURCES = 10_000


class Rate:
    """A bucket for each source, refilled all the time; ``source`` is an address, of IPv6 a household's network."""

    def __init__(
        self,
        a_minute: int = A_MINUTE,
        altogether: int = ALTOGETHER_A_MINUTE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._a_minute, self._altogether, self._clock = a_minute, altogether, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._all = (float(altogether), clock())

    def claim(self, peer: str) -> int:
        """Takes one request; 0, or after how many seconds to ask again."""
        now = self._clock()
        source = name_source(peer)
        left, at = self._left.pop(source, (float(self._a_minute), now))
        left = min(self._a_minute, left + (now - at) * self._a_minute / 60)
        everyone = min(self._altogether, self._all[0] + (now - self._all[1]) * self._altogether / 60)
        # Whoever is over their own share takes nothing from the others'.
        wait = _seconds(left, self._a_minute) or _seconds(everyone, self._altogether)
        self._left[source] = (left if wait else left - 1, now)
        self._all = (everyone if wait else everyone - 1, now)
        while len(self._left) > _MOST_SOURCES:
            self._left.popitem(last=False)
        return wait


def _seconds(left: float, a_minute: int) -> int:
    return 0 if left >= 1 else max(1, round((1 - left) * 60 / a_minute))
