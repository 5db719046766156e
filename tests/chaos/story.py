"""Plays a plan from beginning to end and judges it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from app.stack import Stack
from storage.connection import Store
from storage.keyspace import PARTITIONS
from tests.chaos.plan import PERSON, QUICK, SMS, TELEGRAM, Plan
from tests.chaos.records import Conversation, Findings, Span, Words, find_ownerless, judge
from tests.chaos.scene import CLOCK
from tests.chaos.staff import COMINGS, LEFT, SAYS, Robin
from tests.chaos.texters import Feed, Texter
from tests.chaos.troubles import Troubles
from tests.proof.places import PLACES, search
from tests.proof.scene import Scene
from tests.proof.shapes import Finder

_CALM_SECONDS = 30.0
_QUIET_SECONDS = 1.0
_NUDGE_SECONDS = 10.0
_PAGE_SECONDS = 75.0
"""How late a page may be while everything breaks: the ladder's own repeat, and room for a program's start."""

_NEXT_PAGE_SECONDS = 400
_LAPSE_SECONDS = 5.0
"""A lease that was found gone was lost so long before at most: it lasts three seconds."""

SEARCHED = frozenset({"files", "logs", "open", "proc", "keys", "dumps", "mem st"})
SEARCHED_QUICKLY = frozenset({"files", "logs", "open", "proc", "keys"})


@dataclass
class Result:
    """What came of a run."""

    plan: Plan
    findings: Findings
    conversations: list[Conversation]
    spans: list[Span]
    lapses: int
    failed_troubles: list[str]
    missed_troubles: int
    unwritten: int
    repeated: int
    refused: int
    visits: int
    left: list[str]
    readable: list[str]
    searched: Mapping[str, int]
    took: Mapping[str, float] = field(default_factory=dict)


async def play(plan: Plan, scene: Scene, *, patience: float, places: Collection[str] = SEARCHED) -> Result:
    """Everything: learns the words in calm, plays, lets all settle, judges, searches."""
    began = time.monotonic()
    async with _at_work(scene) as (feed, robin, working):
        learned = await asyncio.gather(*(_learn(scene, feed, channel) for channel in (SMS, TELEGRAM)))
        words = dict(zip((SMS, TELEGRAM), learned, strict=True))
        working.append(asyncio.create_task(robin.work()))
        texters = [
            Texter(scene.http, scene.stack.url("phone"), feed, one.channel, scene.aviary.name(f"{number}"))
            for number, one in enumerate(plan.scripts)
        ]
        troubles = Troubles(scene.stack, scene.http, scene.control / CLOCK)
        start = time.monotonic()
        until = start + plan.seconds + patience
        async with asyncio.TaskGroup() as group:
            group.create_task(troubles.make_all(plan.troubles))
            for texter, script in zip(texters, plan.scripts, strict=True):
                group.create_task(texter.play(script, words[script.channel], start, until, patience))
        played = time.monotonic()
        left = await _settle(scene.stack, texters, words, robin, patience)
        await feed.read()
    settled = time.monotonic()
    conversations = [texter.conversation for texter in texters]
    for text in (text for one in conversations for step in one.steps for text in step):
        text.taken_at = feed.taken.get(text.external_id)
    lapses = find_lapses(scene.stack)
    findings = judge(conversations, words, feed.pushes, [*troubles.spans, *lapses], _PAGE_SECONDS)
    readable, searched = await _search(scene, places)
    took = {"start": start - began, "play": played - start, "settle": settled - played}
    took["search"] = time.monotonic() - settled
    return Result(
        plan,
        findings,
        conversations,
        troubles.spans,
        len(lapses),
        troubles.failed,
        troubles.missed,
        sum(texter.unwritten for texter in texters),
        sum(texter.repeated for texter in texters),
        feed.refused,
        robin.visits,
        left,
        readable,
        searched,
        took,
    )


@asynccontextmanager
async def _at_work(scene: Scene) -> AsyncIterator[tuple[Feed, Robin, list[asyncio.Task[None]]]]:
    """The feed runs; what is put into the list is ended with it."""
    feed, robin = Feed(scene.http, scene.stack.url("phone")), Robin(scene.stack)
    await robin.come()
    tasks = [asyncio.create_task(feed.run())]
    try:
        yield feed, robin, tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await robin.aclose()


async def _learn(scene: Scene, feed: Feed, channel: str) -> Words:
    """What each text is answered with in calm; what comes with the first ones besides are openings."""
    texter = Texter(scene.http, scene.stack.url("phone"), feed, channel, scene.aviary.name(f"calm {channel}"))
    openings, answers = set[str](), dict[str, set[str]]()
    for number, kind in enumerate((*QUICK, *QUICK, PERSON)):
        before = len(texter.conversation.received)
        await texter.says(kind)
        heard = await _listen(texter, before)
        openings |= heard if number < len(QUICK) else set()
        answers[kind] = heard
    assert all(len(heard) == 1 for heard in answers.values()), "in calm every text has one answer"
    markers = {kind: next(iter(answers[kind])) for kind in QUICK}
    (asked,) = answers[PERSON]
    return Words(markers, frozenset(openings - set(markers.values())), asked, SAYS, LEFT, COMINGS)


async def _listen(texter: Texter, before: int) -> set[str]:
    """What came after the first ``before`` messages, once nothing more comes for a while; a person's apart."""
    known = -1
    async with asyncio.timeout(_CALM_SECONDS):
        while (count := len(texter.conversation.received)) == before or count != known:
            known = count
            await asyncio.sleep(_QUIET_SECONDS)
    return {message.text for message in texter.conversation.received[before:]}


async def _settle(
    stack: Stack, texters: Sequence[Texter], words: Mapping[str, Words], robin: Robin, patience: float
) -> list[str]:
    """Until nobody waits and no queue holds anything; the clocks of those go on who have waited for their next page.

    What is left after all that, each in words.
    """
    store = Store(stack.store_url("proof"))
    ended, nudged = time.monotonic() + patience, 0.0
    while left := [*await _in_queues(store), *([f"{open_} open"] if (open_ := await robin.take_all()) else [])]:
        if time.monotonic() > ended:
            break
        if time.monotonic() - nudged > _NUDGE_SECONDS:
            nudged = time.monotonic()
            alone = [one for one in texters if find_ownerless(one.conversation, words[one.conversation.channel])]
            await asyncio.gather(*(one.let_pass(_NEXT_PAGE_SECONDS) for one in alone))
        await asyncio.sleep(0.5)
    await store.aclose()
    return left


def find_lapses(stack: Stack) -> list[Span]:
    """When workers found a lease gone, as their logs tell: after a trouble, or on a machine too busy to renew it."""
    ahead, lapses = time.time() - time.monotonic(), list[Span]()
    for name in ("worker", "worker-2"):
        for line in stack.log(name).read_text("utf-8", errors="replace").splitlines():
            if '"LeaseLost"' in line and line.startswith("{"):
                at = datetime.fromisoformat(json.loads(line)["timestamp"]).timestamp() - ahead
                lapses.append(Span("lapse of a worker", at - _LAPSE_SECONDS, at))
    return lapses


async def _in_queues(store: Store) -> list[str]:
    queues = [f"{queue}:{partition}" for queue in ("inbox", "outbox", "pages") for partition in range(PARTITIONS)]
    lengths = await store.call_all([("XLEN", name) for name in queues])
    return [f"{length} in {name}" for name, length in zip(queues, lengths, strict=True) if length]


async def _search(scene: Scene, places: Collection[str]) -> tuple[list[str], dict[str, int]]:
    """Where a texter's words, number or chat can be read, in the places that the proof of privacy knows."""
    readable, searched = list[str](), dict.fromkeys(places, 0)
    for place in (one for one in PLACES if one.short in places):
        finder = Finder(scene.aviary)
        hits = await search(scene, place, finder)
        readable += [f"{place.short}: {where} ({shape})" for _, where, shape in sorted(hits)]
        searched[place.short] = finder.searched
    return readable, searched
