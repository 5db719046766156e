"""A crisis text's answer in peace, while Rasa is saturated, while it hangs, and after it has ended (H3, R9).

Rasa alone is saturated by turns asked of it directly; in another case ordinary texts at the door flood every program.
Beside it, in the same seconds, other texts go through a way that does nothing: what that takes is the machine's.

Nobody takes a crisis over here, so each is paged again every minute. So every try has stores of its own, and ends
within that minute: a case would else bear the pages of all the cases and tries before it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.engine_load import saturate_engine
from benchmarks.figures import LOST_ELSEWHERE, count_outcomes, count_unheard, describe_load, find_first_ms
from benchmarks.load import Load, run_closed, run_open
from benchmarks.loader import Loader, open_loader
from benchmarks.nothing import RATE, SEED, open_null_way
from benchmarks.questions import CRISIS
from benchmarks.sides import Ours, Say, start_ours
from benchmarks.texters import Texters, wait_quiet
from benchmarks.undisturbed import ONCE, Tries, Watch, measure_undisturbed

PEACE, SATURATED, HANGING, ENDED, FLOODED = "peace", "saturated", "hanging", "ended", "flooded"
_MESSAGES = "messages"
_OUTSTANDING = 64
_BESIDE_RATE = 10.0

type _Beside = Callable[[], Awaitable[Load]] | None
type _Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lengths:
    """Crisis texts a second, for how many seconds in each of the five cases, and how often a case is tried."""

    rate: float = 10
    seconds: float = 50
    tries: Tries = ONCE


@dataclass(frozen=True, slots=True)
class _Scene:
    ours: Ours
    loader: Loader
    plain: Texters
    crisis: Texters
    nothing: Texters
    lengths: Lengths

    async def play(self, beside: _Beside, watch: Watch) -> _Found:
        """Crisis texts of fresh texters, with other texts beside them and what does nothing between them."""
        other = asyncio.ensure_future(beside()) if beside else None
        await asyncio.sleep(1.5 if other else 0)
        with watch:
            load, nothing = await asyncio.gather(
                run_open(self.crisis, rate=self.lengths.rate, seconds=self.lengths.seconds, seed=3),
                run_open(self.nothing, rate=RATE, seconds=self.lengths.seconds, seed=SEED),
            )
        found = {**describe_load(load), "first_message_ms": find_first_ms(load.exchanges)}
        found["nothing"] = describe_load(nothing)
        if other:
            found["beside"] = count_outcomes((await other).exchanges)
        await wait_quiet(self.loader.provider)
        return found

    async def flood(self) -> Load:
        """So many ordinary texts outstanding all the while, and a little before and after: every program is busy."""
        return await run_closed(self.plain, outstanding=_OUTSTANDING, seconds=self.lengths.seconds + 2.5)

    async def text_on(self) -> Load:
        """Ordinary texts at a quiet evening's rate; without Rasa they get a safety reply."""
        return await run_open(self.plain, rate=_BESIDE_RATE, seconds=self.lengths.seconds + 2.5, seed=4)


async def measure(bench: Path, say: Say, lengths: Lengths) -> _Found:
    """One entry for each case. Raises RuntimeError if the crisis text gets no number to call."""
    found: dict[str, _Found] = {}
    async with open_loader() as loader:
        for case in _CASES:
            kept = await measure_undisturbed(partial(_play_afresh, bench, loader, say, lengths, case), lengths.tries)
            found[case] = {**kept.found, **kept.taken, LOST_ELSEWHERE: count_unheard(kept.others)}
            say(f"crisis {case}: {found[case]}")
    messages = max(entry.pop(_MESSAGES) for entry in found.values())
    return {"texts_per_second": lengths.rate, "messages_in_the_answer": messages, "cases": found}


async def _play_afresh(bench: Path, loader: Loader, say: Say, lengths: Lengths, case: str, watch: Watch) -> _Found:
    """One try of a case, with everything started anew."""
    async with _set_scene(bench, loader, say, lengths) as scene:
        found = await _CASES[case](scene, watch)
        return {**found, _MESSAGES: len(scene.crisis.answers[0, 0])}


@asynccontextmanager
async def _set_scene(bench: Path, loader: Loader, say: Say, lengths: Lengths) -> AsyncIterator[_Scene]:
    async with start_ours(bench, loader.provider, say) as ours:
        plain = loader.build_texters(ours.build_door())
        crisis = loader.build_texters(ours.build_door(scripts=((CRISIS,),)))
        await plain.learn()
        await crisis.learn()
        if not any(sign.isdigit() for text in crisis.answers[0, 0] for sign in text):
            raise RuntimeError("the answer to the crisis text names no number")
        await run_closed(plain, outstanding=8, seconds=3)
        await wait_quiet(loader.provider)
        async with open_null_way(loader, len(crisis.answers[0, 0])) as nothing:
            yield _Scene(ours, loader, plain, crisis, nothing, lengths)


async def _in_peace(scene: _Scene, watch: Watch) -> _Found:
    return await scene.play(None, watch)


async def _saturated(scene: _Scene, watch: Watch) -> _Found:
    settings = scene.ours.stack.settings
    async with saturate_engine(settings.rasa_urls, settings.rasa_token.reveal()) as turns:
        began = time.monotonic()
        found = await scene.play(scene.text_on, watch)
        seconds = time.monotonic() - began
    return {**found, "turns_answered_by_rasa": turns.answered, "per_second": round(turns.answered / seconds, 1)}


async def _flooded(scene: _Scene, watch: Watch) -> _Found:
    return await scene.play(scene.flood, watch)


async def _hanging(scene: _Scene, watch: Watch) -> _Found:
    scene.ours.stack.pause("rasa")
    try:
        return await scene.play(scene.text_on, watch)
    finally:
        scene.ours.stack.resume("rasa")


async def _ended(scene: _Scene, watch: Watch) -> _Found:
    await scene.ours.stack.stop("rasa")
    return await scene.play(scene.text_on, watch)


_CASES: Mapping[str, Callable[[_Scene, Watch], Awaitable[_Found]]] = {
    PEACE: _in_peace,
    SATURATED: _saturated,
    FLOODED: _flooded,
    HANGING: _hanging,
    ENDED: _ended,
}
