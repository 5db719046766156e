"""A national evening, event by event: when texts come, and how long they wait for cores and for the carrier. Seeded."""

import heapq
import random
from collections.abc import Sequence
from dataclasses import dataclass

_WARM_SECONDS = 300
_LOOKED_AT_SECONDS = 600
_SECONDS_OF_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Evening:
    """How an evening goes; every figure of it is an assumption."""

    conversations_per_day: float
    messages_per_conversation: float
    seconds_between_messages: float
    evening_factor: float
    burst_factor: float
    burst_seconds: float

    @property
    def messages_per_second(self) -> float:
        """On an evening without a burst."""
        a_second = self.conversations_per_day / _SECONDS_OF_A_DAY
        return a_second * self.evening_factor * self.messages_per_conversation


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds that texts waited before their turn began."""

    p50: float
    p99: float
    longest: float


def make_arrivals(evening: Evening, seed: int = 7) -> list[float]:
    """The moments at which texts come, in order: five minutes to warm up, then ten with a burst of new texters in it.

    Before the warm-up there were conversations too: they begin at zero in the state that the evening is in.
    """
    source = random.Random(seed)
    a_second = evening.conversations_per_day / _SECONDS_OF_A_DAY * evening.evening_factor
    burst_from, burst_until = _WARM_SECONDS, _WARM_SECONDS + evening.burst_seconds
    end, at, moments = _WARM_SECONDS + _LOOKED_AT_SECONDS, 0.0, list[float]()
    under_way = int(a_second * evening.messages_per_conversation * evening.seconds_between_messages)
    more = 1 - 1 / evening.messages_per_conversation
    starts = [source.expovariate(1 / evening.seconds_between_messages) for _ in range(under_way)]
    while at < end:
        is_burst = burst_from <= at < burst_until
        at += source.expovariate(a_second * (evening.burst_factor if is_burst else 1))
        starts.append(at)
    for start in starts:
        moment = start
        while moment < end:
            moments.append(moment)
            if source.random() >= more:
                break
            moment += source.expovariate(1 / evening.seconds_between_messages)
    moments.sort()
    return moments


def find_busiest(arrivals: Sequence[float], seconds: int) -> float:
    """The most texts a second over any stretch of so many whole seconds."""
    counts = [0] * (int(arrivals[-1]) + 1)
    for moment in arrivals:
        counts[int(moment)] += 1
    window = sum(counts[:seconds])
    most = window
    for index in range(seconds, len(counts)):
        window += counts[index] - counts[index - seconds]
        most = max(most, window)
    return most / seconds


def find_waits(arrivals: Sequence[float], servers: int, seconds_each: float) -> Waits:
    """Waits in one line before so many servers that take so long for each, from the end of the warm-up on."""
    free = [0.0] * servers
    waits: list[float] = []
    for moment in arrivals:
        begins = max(moment, free[0])
        heapq.heapreplace(free, begins + seconds_each)
        if moment >= _WARM_SECONDS:
            waits.append(begins - moment)
    waits.sort()
    return Waits(waits[len(waits) // 2], waits[int(len(waits) * 0.99)], waits[-1])
