"""Measures a window again while the host of this machine gives the cores to others, and keeps the one it took least of.

The choice is made by what the host took, alone: it never looks at our figures. That is why it is fair: a slow window of
which little was taken ends the tries and is kept, however fast another was.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from benchmarks.machine import Moment, find_taken_share, read_moment

MOST_TAKEN_PERCENT = 1.0
"""A window of which the host took no more is undisturbed; in quiet minutes it takes 0.1 to 1."""

type Rest = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Tries:
    """How often a window may be measured at most, and how long the machine is let alone before each time but the first.

    Waves last for minutes: a try at once would fall into the same.
    """

    most: int = 1
    rest_seconds: float = 15.0


ONCE, AGAIN = Tries(), Tries(most=5)


class Watch:
    """``with watch:`` around the seconds of a try that count, once or more; ``spans`` are their ends."""

    def __init__(self, read: Callable[[], Moment] = read_moment) -> None:
        self.spans: list[tuple[Moment, Moment]] = []
        self._read = read

    def __enter__(self) -> Self:
        self._before = self._read()
        return self

    def __exit__(self, *_: object) -> None:
        self.spans.append((self._before, self._read()))

    @property
    def taken_percent(self) -> float | None:
        """Of these seconds what the host took of the cores; None where nobody counts it."""
        share = find_taken_share(self.spans)
        return None if share is None else round(100 * share, 1)


@dataclass(frozen=True, slots=True)
class Kept[T]:
    """What was measured in the try that is kept, and in the others; of every try what the host took, in percent."""

    found: T
    taken_each: tuple[float | None, ...]
    others: tuple[T, ...] = ()

    @property
    def taken(self) -> dict[str, Any]:
        """What an entry of results.json says of it: enough to make the choice once more."""
        return {"taken_percent": self.taken_each[choose_least(self.taken_each)], "taken_each": list(self.taken_each)}


def choose_least(taken_each: Sequence[float | None]) -> int:
    """The place of the try of which the host took least, the first of equals; the first where nobody counts."""
    return min(range(len(taken_each)), key=lambda n: -1.0 if (taken := taken_each[n]) is None else taken)


def is_disturbed(taken_percent: float | None) -> bool:
    """Whether the host took more of it than it does in quiet minutes; what nobody counted is not held against it."""
    return taken_percent is not None and taken_percent > MOST_TAKEN_PERCENT


async def measure_undisturbed[T](
    measure: Callable[[Watch], Awaitable[T]],
    tries: Tries,
    *,
    before_rest: Rest | None = None,
    read: Callable[[], Moment] = read_moment,
) -> Kept[T]:
    """The first try that was not disturbed, or else that of which the host took least.

    ``measure`` says with its watch which of its seconds count; ``before_rest`` waits for what a try has left to do.
    """
    found, taken_each = list[T](), list[float | None]()
    while True:
        watch = Watch(read)
        found.append(await measure(watch))
        taken_each.append(watch.taken_percent)
        if not is_disturbed(taken_each[-1]) or len(found) >= tries.most:
            return Kept(found.pop(choose_least(taken_each)), tuple(taken_each), tuple(found))
        if before_rest:
            await before_rest()
        await asyncio.sleep(tries.rest_seconds)
