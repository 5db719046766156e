"""A text that something of ours cannot read, or that acts by itself, in a worker over real stores (R9, K5)."""

from dataclasses import replace

import pytest

from hotline.messages import SMS, ExternalId, InboundMessage
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.inbox import Inbox
from tests.storage.night_shift import SOMEONE, NightShift


@pytest.fixture
async def night(store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox) -> NightShift:
    return await NightShift(store, keys, content_keys, inbox).opens("ann")


async def come_in(inbox: Inbox, *texts: str) -> None:
    for number, text in enumerate(texts):
        await inbox.put_message(InboundMessage(SMS, SOMEONE, ExternalId(f"in{number}"), text=text))


@pytest.mark.parametrize("reader", ["find_keyword", "find_act", "guess_language"])
async def test_a_text_that_cannot_be_read_is_brought_to_a_person_at_the_first_attempt_r9(
    night: NightShift, inbox: Inbox, reader: str
) -> None:
    def broken(text: str) -> None:
        raise RuntimeError("cannot be read")

    night.world = replace(night.world, services=replace(night.world.services, **{reader: broken}))
    await come_in(inbox, "hello", "food please")
    await night.works()  # no attempt fails
    assert "crisis_general" in await night.goes_out()
    assert await night.pages()


async def test_the_short_way_out_has_its_own_turn_though_a_text_came_right_behind_it_k5(
    night: NightShift, inbox: Inbox
) -> None:
    await night.texts("food please")
    asked = len(night.talk.dialogue.asked)
    await come_in(inbox, "x", "who is this")
    await night.works()
    assert night.talk.dialogue.asked[asked:] == ["x", "who is this"]
