"""A turn sees one version of the content from begin to end; the next one sees the new (G2)."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.known_answers import KnownAnswers
from app.lanes import Lane
from app.turn_items import Item
from app.work_loop import Worker
from hotline.errors import ContentError, DialogueError
from hotline.messages import SMS, ExternalId, InboundMessage
from hotline.ports import DialogueAnswer, ReplyRef
from storage.ownership import Ownership
from storage.streams import Entry
from tests.storage.conftest import content_keys, inbox, keys, servers, store
from tests.storage.night_shift import LANE, SOMEONE, NightShift, partition_of

__all__ = ["content_keys", "inbox", "keys", "servers", "store"]


class Saying:
    """Words that say which version they are of."""

    def __init__(self, version: str) -> None:
        self.version = version

    def render(self, ref: ReplyRef, **_: Any) -> tuple[str, ...]:
        return (f"{self.version} {ref.key}",)


@pytest.fixture
async def night(store, keys, content_keys, inbox):
    return NightShift(store, keys, content_keys, inbox)


async def test_a_turn_that_has_begun_ends_on_its_version_and_the_next_one_has_the_new(night, inbox):
    begun, go_on = asyncio.Event(), asyncio.Event()
    ask = night.world.services.dialogue.answer

    async def answer_slowly(*given: Any, **more: Any) -> DialogueAnswer:
        begun.set()
        await go_on.wait()
        return await ask(*given, **more)

    slow = cast(Any, SimpleNamespace(answer=answer_slowly))
    old = replace(night.world, words=cast(Any, Saying("old")), services=replace(night.world.services, dialogue=slow))
    newer = [replace(old, words=cast(Any, Saying("new")))]

    async def find_newer(world: Any) -> Any:
        return newer.pop() if newer else None

    worker = Worker(old, "w", lambda *figures: None, find_newer)
    await Ownership(night.store, "w").beat()
    first = asyncio.create_task(worker._work_turn(await put_text(night, inbox, "1")))
    await begun.wait()
    await worker._take_content()
    go_on.set()
    await first
    said = await night.goes_out()
    assert said and all(one.startswith("old ") for one in said)
    await Ownership(night.store, "w").beat()
    await worker._work_turn(await put_text(night, inbox, "2"))
    said = await night.goes_out()
    assert said and all(one.startswith("new ") for one in said)


async def put_text(night, inbox, number) -> Lane[Item]:
    await inbox.put_message(InboundMessage(SMS, SOMEONE, ExternalId(f"SM{number}"), text="is it cold outside"))
    partition = partition_of(LANE)
    ((identifier, fields),) = await night.store.call("XRANGE", f"inbox:{partition}", "-", "+")
    lane = Lane[Item](LANE, partition)
    lane.items.append(Item(entry=Entry("inbox", partition, identifier.decode(), LANE, fields)))
    return lane


class Shelf:
    """Knows some ids, and refuses the others as the directory and the lines do."""

    def __init__(self, *known: str) -> None:
        self.known = known

    def get(self, one: str) -> str:
        if one not in self.known:
            raise ContentError("no such thing")
        return one

    def reply(self, key: str, language: str) -> str:
        return self.get(key)


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        (ReplyRef("place_found", {"place": "house"}), ReplyRef("place_found", {"place": "house"})),
        (ReplyRef("place_found", {"place": "pulled"}), ReplyRef("place_no_more", {"line": "lifeline"})),
        (ReplyRef("number_given", {"line": "gone"}), None),
        (ReplyRef("no_such_reply"), None),
    ],
)
async def test_an_answer_that_names_what_was_pulled_a_moment_ago_names_a_line_instead(monkeypatch, ref, said):
    """The actions may know the old content for seconds (D7)."""
    monkeypatch.setattr("app.known_answers.find_line", lambda directory, need, now: "lifeline")
    words = SimpleNamespace(
        content=Shelf("place_found", "number_given"), directory=Shelf("house"), lines=Shelf("lifeline")
    )

    async def answer(*_: Any, **__: Any) -> DialogueAnswer:
        return DialogueAnswer(replies=(ref,), state={})

    asked = KnownAnswers(cast(Any, SimpleNamespace(answer=answer)), cast(Any, words))
    asking = asked.answer("a", language="en", channel="sms", state={}, now=cast(Any, None))
    if said is None:
        with pytest.raises(DialogueError):
            await asking
    else:
        assert (await asking).replies == (said,)
