"""When the whole service is flooded, the dialogue gives way before the crisis path does (item: crisis first)."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from app.lanes import Lanes
from app.pressure import BoundedDialogue, Gate
from app.turn_items import Item
from app.turn_worker import TurnWorker
from hotline.errors import DialogueError
from hotline.messages import SMS, Address, ExternalId, InboundMessage
from hotline.ports import DialogueAnswer
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.inbox import Inbox
from storage.keyspace import PARTITIONS
from storage.ownership import Ownership
from storage.streams import Entry
from tests.hotline.pipeline_world import NOON, PlainDialogue
from tests.storage.conftest import ADDRESS_KEYS
from tests.storage.night_shift import NightShift


class SlowDialogue(PlainDialogue):
    """An engine that needs a while."""

    seconds = 0.1

    async def answer(
        self,
        text: str,
        *,
        language: str,
        channel: str,
        state: Mapping[str, Any],
        now: datetime,
        choice: str | None = None,
    ) -> DialogueAnswer:
        await asyncio.sleep(self.seconds)
        return await super().answer(text, language=language, channel=channel, state=state, now=now, choice=choice)


class Flood:
    """A worker's lanes, fed with what lies in the inbox."""

    def __init__(self, night: NightShift, inbox: Inbox, *, room: int, asked: int = 1000) -> None:
        self._night, self._inbox = night, inbox
        self.answered: list[str] = []
        self._ownership = Ownership(night.store, "w")
        dialogue = BoundedDialogue(SlowDialogue(), asked)
        world = replace(night.world, services=replace(night.world.services, dialogue=dialogue))
        self.worker = TurnWorker(world)
        self.worker._gate = Gate(room)
        self.lanes = Lanes[Item](self._work_off)

    async def _work_off(self, lane: Any) -> None:
        await self.worker.work_off(lane)
        self.answered.append(lane.name)

    async def comes_in(self, texts: Mapping[str, str]) -> None:
        for address, text in texts.items():
            for number, line in enumerate(text.splitlines()):
                message = InboundMessage(SMS, Address(address), ExternalId(f"{address}{number}"), text=line)
                await self._inbox.put_message(message)

    async def starts(self) -> None:
        await self._ownership.beat()
        for partition in range(PARTITIONS):
            for identifier, fields in await self._night.store.call("XRANGE", f"inbox:{partition}", "-", "+"):
                lane = fields[b"a"].decode()
                entry = Entry("inbox", partition, identifier.decode(), lane, fields)
                self.lanes.feed(lane, partition, Item(entry=entry))

    async def ends(self) -> None:
        while self.lanes._tasks:
            await self._ownership.beat()
            await asyncio.sleep(0.1)
        assert not self._night.tally.failures, self._night.tally.failures


@pytest.fixture
async def night(store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox) -> NightShift:
    return await NightShift(store, keys, content_keys, inbox).opens("ann")


async def test_danger_goes_ahead_of_forty_conversations_that_wait(night: NightShift, inbox: Inbox) -> None:
    flood = Flood(night, inbox, room=4)
    await flood.comes_in({f"+1702555{1000 + n}": "food please" for n in range(40)})
    danger = {"+17025559990": "!danger", "+17025559991": "hello\n!imminent", "+17025559992": "PERSON"}
    await flood.comes_in(danger)
    await flood.starts()
    await flood.ends()
    lanes = {ADDRESS_KEYS.hash_address(SMS, Address(address)) for address in danger}
    places = [flood.answered.index(lane) for lane in lanes]
    assert max(places) < 12, f"answered as number {sorted(places)} of {len(flood.answered)}"
    assert len(flood.answered) == 43, "and nobody is forgotten"


async def test_danger_behind_a_plain_text_that_waits_is_heard_before_its_turn_comes(
    night: NightShift, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.pressure._LOOK_AGAIN_SECONDS", 0.05)
    flood = Flood(night, inbox, room=1)
    await flood.comes_in({f"+1702555{1000 + n}": "food please" for n in range(15)})
    await flood.comes_in({"+17025559990": "hello"})
    await flood.starts()
    await asyncio.sleep(0.3)
    late = InboundMessage(SMS, Address("+17025559990"), ExternalId("late"), text="!danger")
    await inbox.put_message(late)
    lane = ADDRESS_KEYS.hash_address(SMS, Address("+17025559990"))
    partition = int(lane[:8], 16) % PARTITIONS
    (*_, (identifier, fields)) = await night.store.call("XRANGE", f"inbox:{partition}", "-", "+")
    flood.lanes.feed(lane, partition, Item(entry=Entry("inbox", partition, identifier.decode(), lane, fields)))
    await flood.ends()
    assert flood.answered.index(lane) < 12


async def test_an_engine_that_is_asked_too_much_is_asked_no_more_and_nobody_waits_for_it() -> None:
    engine = SlowDialogue()
    bounded = BoundedDialogue(engine, 3)

    async def ask() -> str:
        try:
            await bounded.answer("food", language="en", channel="sms", state={}, now=NOON)
        except DialogueError:
            return "down"
        return "food"

    began = time.monotonic()
    assert sorted(await asyncio.gather(*(ask() for _ in range(10)))) == ["down"] * 7 + ["food"] * 3
    assert time.monotonic() - began < 2 * engine.seconds
    assert await ask() == "food", "it is asked again when it has room"


async def test_an_engine_that_hangs_keeps_nobody_out_of_the_room_r9() -> None:
    gate, engine = Gate(1), SlowDialogue()
    engine.seconds, bounded = 60, BoundedDialogue(engine)
    came_in: list[int] = []

    async def turn(number: int) -> None:
        async with gate.enter():
            came_in.append(number)
            await bounded.answer("food", language="en", channel="sms", state={}, now=NOON)

    turns = [asyncio.create_task(turn(number)) for number in range(5)]
    await asyncio.sleep(0.1)
    assert came_in == [0, 1, 2, 3, 4]
    for one in turns:
        one.cancel()
    await asyncio.gather(*turns, return_exceptions=True)


async def test_a_place_is_given_back_once_whether_it_was_left_before_the_end_or_not_r9() -> None:
    gate, bounded = Gate(2), BoundedDialogue(SlowDialogue(), 4)

    async def turn(number: int) -> None:
        async with gate.enter():
            if number % 3:
                with contextlib.suppress(DialogueError):
                    await bounded.answer("food", language="en", channel="sms", state={}, now=NOON)

    turns = [asyncio.create_task(turn(number)) for number in range(12)]
    await asyncio.sleep(0.02)
    turns[-1].cancel()
    await asyncio.gather(*turns, return_exceptions=True)
    inside, most = 0, 0

    async def look() -> None:
        nonlocal inside, most
        async with gate.enter():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1

    await asyncio.gather(*(look() for _ in range(6)))
    assert most == 2 and gate._second._value == 2, "as many places as there were"


async def test_no_plain_text_is_let_in_while_messages_stand_in_line_to_go_out_and_danger_is_h3() -> None:
    behind = Gate(1)
    gate, inside, going = Gate(4, behind=behind), list[str](), asyncio.Event()

    async def send() -> None:
        async with behind.enter():
            await going.wait()

    async def turn(name: str, danger: bool) -> None:
        async def cannot_wait() -> bool:
            return danger

        async with gate.enter(cannot_wait):
            inside.append(name)

    tasks = [asyncio.create_task(send()) for _ in range(2)]
    await asyncio.sleep(0)
    tasks += [asyncio.create_task(turn("plain", False)), asyncio.create_task(turn("danger", True))]
    await asyncio.sleep(0.1)
    assert inside == ["danger"]
    going.set()
    await asyncio.gather(*tasks)
    assert inside == ["danger", "plain"]


async def test_of_what_waits_at_the_gate_nothing_is_begun_when_a_worker_leaves_x5() -> None:
    done, going = list[str](), asyncio.Event()

    async def work_off(lane: Any) -> None:
        await going.wait()
        done.append(lane.items.popleft())

    lanes = Lanes[str](work_off, Gate(1))
    for name in ("first", "second"):
        lanes.feed(name, 1, name)
    await asyncio.sleep(0)
    finishing = asyncio.create_task(lanes.finish(5))
    await asyncio.sleep(0)
    going.set()
    await finishing
    assert done == ["first"] and not lanes.busy()


async def test_a_flooded_engine_gives_a_line_and_the_offer_of_a_person(night: NightShift, inbox: Inbox) -> None:
    flood = Flood(night, inbox, room=100, asked=0)
    await flood.comes_in({"+17025550123": "food please"})
    await flood.starts()
    await flood.ends()
    assert (await night.goes_out())[0] == "dialogue_down"


async def test_one_address_that_floods_does_not_delay_another(night: NightShift, inbox: Inbox) -> None:
    flood = Flood(night, inbox, room=256)
    await flood.comes_in(
        {"+17025551111": "\n".join(f"it is text {n} of many" for n in range(200)), "+17025552222": "food please"}
    )
    await flood.starts()
    await flood.ends()
    other = ADDRESS_KEYS.hash_address(SMS, Address("+17025552222"))
    assert flood.answered.index(other) <= 3 and len(flood.answered) == 21, "twenty turns of ten, the other one between"
