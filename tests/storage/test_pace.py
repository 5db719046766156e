"""What an address asked for is kept beside its conversation: one read, one commit, an hour, and no word of it (D6)."""

from datetime import timedelta

import pytest

from app.turn_items import MOST_JOINED
from hotline import handoff
from hotline.messages import SMS, ExternalId, InboundMessage
from hotline.pace import TEXTS_A_MINUTE, Pace
from hotline.ports import DialogueAnswer, ReplyRef
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.inbox import Inbox
from storage.keyspace import PACE_SECONDS, PARTITIONS
from storage.paces import pace_fields
from tests.storage.night_shift import LANE, SOMEONE, NightShift


@pytest.fixture
async def night(store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox) -> NightShift:
    return await NightShift(store, keys, content_keys, inbox).opens("ann", "bob")


async def test_a_flood_is_counted_under_the_keyed_hash_for_an_hour_and_says_nothing_else(
    night: NightShift, store: Store
) -> None:
    for _ in range(TEXTS_A_MINUTE):
        assert await night.texts("food please")
    assert await night.texts("food please") == ["dialogue_down"]
    assert await night.texts("food please") == []
    fields = {name.decode(): value for name, value in (await store.call("HGETALL", f"pace:{LANE}")).items()}
    assert set(fields) == set(pace_fields(Pace())[::2]) and all(value.isdigit() for value in fields.values())
    assert 0 < await store.call("TTL", f"pace:{LANE}") <= PACE_SECONDS


async def test_danger_in_a_flood_reaches_a_person_and_the_texter_over_real_stores_r7(night: NightShift) -> None:
    for _ in range(TEXTS_A_MINUTE + 5):
        await night.texts("food please")
    pages = await night.pages()
    assert await night.texts("!danger") == ["crisis_danger", "handoff_asked"]
    assert await night.pages() == pages + 1
    assert await night.texts("PERSON") == ["handoff_already_waiting"]


async def test_the_count_of_places_outlives_bye_and_an_idle_session_d6(night: NightShift) -> None:
    place = DialogueAnswer((ReplyRef("place_found", {"place": "p1"}),), {"intent": "place_tonight"})
    night.talk.dialogue.answers = {"shelter": place}
    for _ in range(3):
        assert "place_found" in await night.texts("shelter")
    (listed,) = await night.waiting()
    assert listed.reasons == (handoff.MANY_PLACES,)
    await night.texts("BYE")
    await night.passes(minutes=31)
    assert "place_rationed" in await night.texts("shelter")
    night.clock.at += timedelta(hours=1)
    assert "place_found" in await night.texts("shelter")


async def test_texts_that_came_together_are_answered_ten_at_a_time_and_none_is_lost_c13(
    night: NightShift, inbox: Inbox, store: Store
) -> None:
    heard: list[str] = []
    screen = night.world.services.screen

    def listen(text: str, context: object) -> object:
        heard.append(text)
        return screen(text, ())

    object.__setattr__(night.world.services, "screen", listen)
    for number in range(35):
        await inbox.put_message(InboundMessage(SMS, SOMEONE, ExternalId(f"SMf{number}"), text=f"text {number}"))
    await night.works()
    assert list(dict.fromkeys(heard)) == [f"text {number}" for number in range(35)]
    assert len(await night.goes_out()) <= 3 * 2 + 1, "four turns of ten; the flood's gets one line"
    assert sum([await store.call("XLEN", f"inbox:{number}") for number in range(PARTITIONS)]) == 0
    assert MOST_JOINED == 10
