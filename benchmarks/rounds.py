"""One run: both sides up at once, short windows by turns, so that a noisy machine is noisy to both."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from benchmarks import nothing
from benchmarks.figures import (
    FAR,
    LADDER,
    LOST_ELSEWHERE,
    OURS,
    REPLY,
    SATURATION,
    SIDES,
    Window,
    count_outcomes,
    count_unheard,
    find_reply_ms,
)
from benchmarks.load import Load, run_closed, run_open
from benchmarks.machine import find_busy_cores, read_groups_cpu
from benchmarks.provider import Provider
from benchmarks.texters import Texters, wait_quiet
from benchmarks.undisturbed import AGAIN, ONCE, Tries, Watch, measure_undisturbed

RATE = 10.0
OUTSTANDING = 64
FAR_SECONDS = 0.1
"""What a send takes over the open internet, roughly; a round number, not a measured one."""

BESIDE_RATE = 50
"""At this rate of ours, which a goal speaks of, texts also go through a way that does nothing."""

_WARM_OUTSTANDING = 16
_LOST_SHARE, _SLOW_MS = 0.9, 3000.0
_LONGEST_QUIET_SECONDS = 60.0
"""A side that was asked for more than it can answers on after its window; the next one is not to run beside that."""

type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Lengths:
    """How many rounds, seconds of each kind of window, and the ladder: rates, each with its seconds.

    Five pairs in full: on a machine that others share one slow moment on either side decides the middle of three.

    ``learn_seconds`` is the silence after which an answer is taken as whole while the answers are learned; ``tries``
    are those of the rung that a goal speaks of.
    """

    rounds: int
    reply_seconds: float
    saturation_seconds: float
    far_seconds: float
    ladder: tuple[tuple[float, float], ...] = ()
    learn_seconds: float = 1.5
    warm_seconds: float = 4.0
    tries: Tries = ONCE


QUICK = Lengths(rounds=2, reply_seconds=12, saturation_seconds=7, far_seconds=6, ladder=((50, 6),))
FULL = Lengths(
    rounds=5,
    reply_seconds=14,
    saturation_seconds=8,
    far_seconds=6,
    ladder=((20, 5), (50, 20), (75, 5), (100, 8)),
    tries=AGAIN,
)


class Run:
    """Takes both sides through their windows."""

    def __init__(
        self,
        texters: Mapping[str, Texters],
        provider: Provider,
        lengths: Lengths,
        say: Say,
        idle: Texters | None = None,
    ) -> None:
        """``idle`` are those of the way that does nothing, which none of stock Rasa's windows has beside it."""
        self._idle = idle
        self._texters = texters
        self._provider = provider
        self._lengths = lengths
        self._say = say
        self._sides = [side for side in SIDES if side in texters]
        self.windows: list[Window] = []

    async def play(self) -> list[Window]:
        """Learns the answers, warms up, and measures. Raises RuntimeError if a side does not answer."""
        for texters in self._texters.values():
            await texters.learn(self._lengths.learn_seconds)
            await run_closed(texters, outstanding=_WARM_OUTSTANDING, seconds=self._lengths.warm_seconds)
            await wait_quiet(self._provider)
        for number in range(self._lengths.rounds):
            order = self._sides if number % 2 == 0 else self._sides[::-1]
            for side in order:
                await self._measure_open(REPLY, side, number, RATE, self._lengths.reply_seconds)
            for side in order:
                await self._measure_saturation(side, number)
        await self._measure_far()
        await self._climb()
        return self.windows

    async def _measure_open(self, kind: str, side: str, number: int, rate: float, seconds: float) -> Window:
        texters = self._texters[side]
        return await self._measure(
            kind, side, number, lambda: run_open(texters, rate=rate, seconds=seconds, seed=number), rate
        )

    async def _measure_saturation(self, side: str, number: int) -> None:
        texters, seconds = self._texters[side], self._lengths.saturation_seconds
        await self._measure(
            SATURATION, side, number, lambda: run_closed(texters, outstanding=OUTSTANDING, seconds=seconds)
        )

    async def _measure_far(self) -> None:
        """The same 10 a second with a provider that takes its time, as one on the internet does."""
        self._provider.answer_seconds = FAR_SECONDS
        try:
            for side in self._sides:
                await self._measure_open(FAR, side, 0, RATE, self._lengths.far_seconds)
        finally:
            self._provider.answer_seconds = 0.0

    async def _climb(self) -> None:
        """Each side up the ladder until it loses answers or takes seconds for them."""
        climbing = set(self._sides)
        for number, (rate, seconds) in enumerate(self._lengths.ladder):
            for side in [side for side in self._sides if side in climbing]:
                window = await self._measure_rung(side, number, rate, seconds)
                asked = len(window.load.exchanges)
                answered = window.replies_per_second * window.load.seconds
                p95 = find_reply_ms(window.load.exchanges)["p95"]
                if answered < _LOST_SHARE * asked or p95 is None or p95 > _SLOW_MS:
                    climbing.discard(side)

    async def _measure_rung(self, side: str, number: int, rate: float, seconds: float) -> Window:
        if not self._idle or (side, rate) != (OURS, BESIDE_RATE):
            return await self._measure_open(LADDER, side, number, rate, seconds)
        look = partial(self._look_beside, self._idle, number, seconds)
        kept = await measure_undisturbed(look, self._lengths.tries)
        lost = count_unheard(count_outcomes(window.load.exchanges) for window in kept.others)
        self.windows.append(replace(kept.found, tries={**kept.taken, LOST_ELSEWHERE: lost}))
        return self.windows[-1]

    async def _look_beside(self, idle: Texters, number: int, seconds: float, watch: Watch) -> Window:
        """One try: ours and, in the same seconds, what does nothing."""
        ours = partial(run_open, self._texters[OURS], rate=BESIDE_RATE, seconds=seconds, seed=number)
        beside = run_open(idle, rate=nothing.RATE, seconds=seconds, seed=nothing.SEED)
        window, load = await asyncio.gather(self._look(LADDER, OURS, number, ours, BESIDE_RATE, watch), beside)
        return replace(window, nothing=load)

    async def _measure(
        self, kind: str, side: str, number: int, work: Callable[[], Awaitable[Load]], offered: float | None = None
    ) -> Window:
        self.windows.append(await self._look(kind, side, number, work, offered, Watch()))
        return self.windows[-1]

    async def _look(
        self,
        kind: str,
        side: str,
        number: int,
        work: Callable[[], Awaitable[Load]],
        offered: float | None,
        watch: Watch,
    ) -> Window:
        used = self._read_cpu(side)
        with watch:
            load = await work()
        busy, own = find_busy_cores(*watch.spans[0])
        quiet = await wait_quiet(self._provider, _LONGEST_QUIET_SECONDS)
        window = Window(kind, side, number, load, offered, busy, own, quiet, self._read_cpu(side) - used)
        p50 = find_reply_ms(load.exchanges)["p50"]
        answered = f"{window.replies_per_second:6.1f} replies/s, p50 {p50} ms"
        busy_cores = f"{busy:.1f} cores busy, the host took {watch.taken_percent} %"
        self._say(f"{kind:12} {side:10} {answered}, {window.cpu_ms} ms of processor each, {busy_cores}")
        return window

    def _read_cpu(self, side: str) -> float:
        return read_groups_cpu(self._texters[side].door.find_groups())
