"""The two ways of load: open (texters come when they come) and closed (so many texts outstanding at any moment)."""

import asyncio
import random
import time
from collections import deque
from dataclasses import dataclass, field

from benchmarks.texters import Conversation, Exchange, Texters

_REST_SECONDS = 2.0
"""How long a texter of the open loop reads before the next question."""

_SPREAD_SECONDS = 0.2
"""Over how long the texters of the closed loop begin."""


@dataclass(slots=True)
class Load:
    """Every exchange of a window. ``seconds`` is the window's (open), or first text to last answer (closed).

    ``late_ms``: by how much each text of an open loop went out after its moment, for want of a core.
    """

    seconds: float
    exchanges: list[Exchange] = field(default_factory=list, repr=False)
    late_ms: list[float] = field(default_factory=list, repr=False)


async def run_open(texters: Texters, *, rate: float, seconds: float, seed: int) -> Load:
    """Texts at exponential gaps, ``rate`` a second, whether or not earlier ones are answered; waits for all answers.

    The same ``seed`` gives both sides the same moments.
    """
    load, resting, tasks = Load(seconds), deque[tuple[float, Conversation]](), list[asyncio.Task[None]]()
    began = time.monotonic()
    for moment in arrivals(rate, seconds, seed):
        await asyncio.sleep(began + moment - time.monotonic())
        now = time.monotonic()
        load.late_ms.append(1000 * (now - began - moment))
        rested = resting and resting[0][0] <= now
        conversation = resting.popleft()[1] if rested else texters.new_conversation()
        tasks.append(asyncio.create_task(_ask(conversation, load, resting)))
    await asyncio.gather(*tasks)
    return load


async def _ask(conversation: Conversation, load: Load, resting: deque[tuple[float, Conversation]]) -> None:
    load.exchanges.append(await conversation.ask_next())
    if conversation.has_more:
        resting.append((time.monotonic() + _REST_SECONDS, conversation))


def arrivals(rate: float, seconds: float, seed: int) -> list[float]:
    """Moments of independent arrivals within ``seconds``."""
    chance, moments, moment = random.Random(seed), list[float](), 0.0
    while (moment := moment + chance.expovariate(rate)) < seconds:
        moments.append(moment)
    return moments


async def run_closed(texters: Texters, *, outstanding: int, seconds: float) -> Load:
    """``outstanding`` texters who for ``seconds`` ask again as soon as they are answered; waits for all answers.

    Its length is measured to the last answer: a server that leaves some texts waiting while it answers newer ones, or
    that answers in waves, must not gain by where the window ends.
    """
    load = Load(seconds)
    began = time.monotonic()
    delays = [_SPREAD_SECONDS * n / outstanding for n in range(outstanding)]
    await asyncio.gather(*(_keep_asking(texters, load, began + seconds, delay) for delay in delays))
    answers = [e.answered_at for e in load.exchanges if e.outcome == "answered"]
    load.seconds = max(answers, default=began + seconds) - began
    return load


async def _keep_asking(texters: Texters, load: Load, end: float, delay: float) -> None:
    await asyncio.sleep(delay)
    conversation = texters.new_conversation()
    while time.monotonic() < end:
        if not conversation.has_more:
            conversation = texters.new_conversation()
        load.exchanges.append(await conversation.ask_next())
