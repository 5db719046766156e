"""The hand-off machine over real stores: offers, holds, blocks, dropped lines and pages (H1-H6, A4, R8)."""

import pytest

from hotline.conversations import Owner
from hotline.messages import ConversationId
from storage.connection import Store
from storage.content_keys import ContentKeys
from storage.data_map import find_stored
from storage.inbox import Inbox
from storage.keyspace import partition_of
from tests.storage.night_shift import LANE, NightShift


@pytest.fixture
async def night(store: Store, keys: Store, content_keys: ContentKeys, inbox: Inbox) -> NightShift:
    return await NightShift(store, keys, content_keys, inbox).opens("ann", "bob", "cy")


async def _waits(night: NightShift, text: str = "!imminent") -> ConversationId:
    await night.texts(text)
    (listed,) = await night.waiting()
    return listed.id


async def _claimed(night: NightShift, advocate: str = "ann") -> ConversationId:
    conversation = await _waits(night)
    assert await night.clicks("claim", advocate, conversation) == "done"
    assert await night.goes_out() == ["advocate_joined"]
    return conversation


async def test_an_offer_that_nobody_accepts_lapses_and_the_giver_has_it_all_along_a2(night: NightShift) -> None:
    conversation = await _claimed(night)
    assert await night.clicks("transfer", "ann", conversation, "bob") == "done"
    listed = await night.desk.find(conversation)
    assert listed and (listed.advocate, listed.transfer_to) == ("ann", "bob")
    assert await night.passes(seconds=61) == []
    listed = await night.desk.find(conversation)
    assert listed and (listed.advocate, listed.transfer_to) == ("ann", None)
    assert await night.clicks("accept", "bob", conversation) == "gone"


async def test_an_accepted_offer_gives_the_other_one_a_lease_of_their_own_h6(night: NightShift) -> None:
    conversation = await _claimed(night)
    await night.passes(seconds=50)
    await night.clicks("transfer", "ann", conversation, "bob")
    await night.passes(seconds=30)
    assert await night.clicks("accept", "bob", conversation) == "done"
    assert await night.goes_out() == ["advocate_changed"]
    assert await night.clicks("reply", "ann", conversation) == "not_yours"
    assert await night.passes(seconds=30) == []
    listed = await night.desk.find(conversation)
    assert listed and (listed.owner, listed.advocate) == (Owner.WITH_ADVOCATE, "bob")


async def test_only_those_who_may_read_are_offered_a_conversation_or_made_second_in_it_p2_a7(night: NightShift) -> None:
    conversation = await _claimed(night)
    assert await night.clicks("transfer", "ann", conversation, "mallory") == "unknown"
    assert await night.clicks("pair", "ann", conversation, "mallory") == "unknown"
    assert await night.clicks("pair", "ann", conversation, "cy") == "done"
    assert await night.goes_out() == ["advocate_paired"]


async def test_a_partner_reads_writes_and_keeps_the_lease_until_they_leave_a2_h6(night: NightShift) -> None:
    conversation = await _claimed(night)
    await night.clicks("pair", "ann", conversation, "cy")
    await night.passes(seconds=80)
    assert await night.desk.renew(conversation, "cy") and not await night.desk.renew(conversation, "bob")
    await night.passes(seconds=80)
    listed = await night.desk.find(conversation)
    assert listed and (listed.advocate, listed.partner) == ("ann", "cy")
    assert await night.clicks("reply", "cy", conversation) == "done"
    assert await night.clicks("unpair", "cy", conversation) == "done"
    assert not await night.desk.renew(conversation, "cy")


async def test_a_hold_outlives_the_close_hides_the_address_and_is_erased_in_time_a4(
    night: NightShift, store: Store, content_keys: ContentKeys
) -> None:
    conversation = await _claimed(night)
    assert await night.clicks("hold", "ann", conversation, "30") == "done"
    assert await night.clicks("close", "ann", conversation, "reported") == "done"
    assert await night.goes_out() == ["closed_kindly"] and night.tally.outcomes == ["reported"]
    listed = await night.desk.find(conversation)
    assert listed and (listed.owner, listed.held_by) == (Owner.CLOSED, "ann")
    assert await night.desk.read_window(conversation)
    assert await store.call("EXISTS", f"address:{LANE}") == 0

    assert await night.texts("food please") == ["food", "welcome"], "a stranger is welcomed (C9)"
    new = (await store.call("GET", f"address:{LANE}")).decode()
    assert new != conversation
    assert len(await night.desk.read_window(ConversationId(new))) == 3

    await night.passes(minutes=29)
    assert await night.desk.find(conversation)
    assert await night.texts("food please") == ["phone_ok", "food"]
    await night.passes(minutes=2)
    assert await night.desk.find(conversation) is None
    for name in (f"conversation:{conversation}", f"window:{conversation}", f"status:{conversation}"):
        assert await store.call("EXISTS", name) == 0, name
    assert await content_keys.find(conversation) is None
    assert not await store.call("SISMEMBER", "open", conversation)
    due = await store.call("ZRANGE", f"deadlines:{partition_of(LANE)}", 0, -1)
    assert due and not [member for member in due if conversation.encode() in member]
    assert (await store.call("GET", f"address:{LANE}")).decode() == new, "the new conversation lost its texter"


@pytest.mark.parametrize("leaving", ["STOP", "BYE", "CLEAR", "stop texting me"])
async def test_a_texter_who_leaves_erases_nothing_that_is_held_and_is_a_stranger_after_a4_k5(
    leaving: str, night: NightShift, store: Store
) -> None:
    conversation = await _claimed(night)
    await night.clicks("hold", "ann", conversation)
    await night.texts(leaving)
    listed = await night.desk.find(conversation)
    assert listed and (listed.owner, listed.held_by) == (Owner.LEFT, "ann")
    assert await store.call("EXISTS", f"address:{LANE}") == 0
    assert await night.clicks("reply", "ann", conversation) == "not_yours"
    await night.passes(hours=2, seconds=1)
    assert await night.desk.find(conversation) is None


async def test_a_hold_ends_at_the_ceiling_however_often_it_is_asked_for_and_early_on_request_a4(
    night: NightShift,
) -> None:
    conversation = await _claimed(night)
    await night.clicks("hold", "ann", conversation, "180")
    await night.clicks("close", "ann", conversation, "reported")
    await night.passes(minutes=150)
    assert await night.clicks("hold", "bob", conversation, "180") == "not_yours"
    assert await night.clicks("hold", "ann", conversation, "180") == "done"
    await night.passes(minutes=89)
    assert await night.desk.find(conversation)
    await night.passes(minutes=2)
    assert await night.desk.find(conversation) is None


async def test_what_is_not_held_is_erased_with_the_close(night: NightShift, store: Store) -> None:
    conversation = await _claimed(night)
    assert await night.clicks("close", "ann", conversation, "because") == "unknown"
    assert await night.clicks("close", "ann", conversation, "abusive") == "done"
    assert await night.goes_out() == ["closed_with_line"]
    assert await store.call("EXISTS", f"conversation:{conversation}", f"window:{conversation}", f"address:{LANE}") == 0


async def test_the_last_message_of_what_is_erased_leaves_no_note_behind_p3(night: NightShift, store: Store) -> None:
    conversation = await _claimed(night)
    await night.clicks("reply", "ann", conversation)
    await night.sends()
    assert await store.call("EXISTS", f"status:{conversation}") == 1
    await night.clicks("close", "ann", conversation)
    await night.sends()
    assert await store.call("EXISTS", f"status:{conversation}") == 0


async def test_two_people_block_an_address_for_a_day_and_danger_is_heard_all_along_r8(
    night: NightShift, store: Store
) -> None:
    conversation = await _claimed(night)
    assert await night.clicks("block", "bob", conversation) == "not_yours"
    assert await night.clicks("block", "ann", conversation) == "done"
    assert await store.call("EXISTS", f"blocked:{LANE}") == 0
    assert await night.clicks("block", "ann", conversation) == "second_person"
    assert await night.clicks("block", "bob", conversation) == "done"
    assert 0 < await store.call("TTL", f"blocked:{LANE}") <= 24 * 3600
    await night.clicks("close", "ann", conversation, "probe")
    await night.goes_out()

    assert await night.texts("food please") == ["blocked_line"]
    assert await night.texts("NUMBER") == ["number_given", "welcome"]
    assert await night.texts("!danger") == ["crisis_danger", "handoff_asked"]
    (listed,) = await night.waiting()
    await night.clicks("claim", "ann", listed.id)
    await night.clicks("close", "ann", listed.id, "other")
    await night.goes_out()
    assert await night.texts("food please") == ["blocked_line"]
    await night.passes(hours=24, seconds=1)
    assert await night.texts("food please") == ["food", "welcome"]


async def test_whoever_lost_their_line_takes_it_up_again_and_the_texter_is_not_told_twice_h6(night: NightShift) -> None:
    conversation = await _claimed(night)
    assert await night.passes(seconds=91) == []
    (listed,) = await night.waiting()
    assert listed.owner is Owner.WAITING
    assert await night.clicks("claim", "ann", conversation) == "done"
    assert await night.goes_out() == []

    await night.passes(seconds=91)
    assert await night.clicks("claim", "bob", conversation) == "done"
    assert await night.goes_out() == ["advocate_joined_next"]

    await night.passes(seconds=91)
    assert await night.passes(seconds=121) == ["handoff_still_looking"]
    assert await night.clicks("claim", "bob", conversation) == "done"
    assert await night.goes_out() == ["advocate_joined"]


async def test_what_was_declined_stays_first_for_others_and_a_lost_one_stands_first_in_its_level_a5_h3(
    night: NightShift, content_keys: ContentKeys
) -> None:
    conversation = await _waits(night)
    assert await night.clicks("decline", "ann", conversation) == "done"
    listed = await night.desk.find(conversation)
    assert listed and listed.declined == ("ann",) and listed.owner is Owner.WAITING
    assert await night.clicks("claim", "bob", conversation) == "done"
    await night.goes_out()
    assert await night.clicks("decline", "bob", conversation) == "done"
    assert await night.goes_out() == ["advocate_away"]
    listed = await night.desk.find(conversation)
    assert listed and listed.declined == ("ann", "bob") and listed.advocate is None


async def test_pages_climb_and_an_acknowledged_one_leaves_out_one_h3(night: NightShift) -> None:
    conversation = await _waits(night)
    assert await night.pages() == 1
    await night.passes(seconds=59)
    assert await night.pages() == 1
    await night.passes(seconds=2)
    assert await night.pages() == 2
    assert await night.clicks("acknowledge", "bob", conversation) == "done"
    await night.passes(seconds=61)
    assert await night.pages() == 2
    await night.passes(seconds=60)
    assert await night.pages() == 3
    listed = await night.desk.find(conversation)
    assert listed and listed.rung == 3


async def test_every_field_of_the_machine_is_kept_and_comes_back(night: NightShift, store: Store) -> None:
    conversation = await _claimed(night)
    for action, advocate, detail in (
        ("pair", "ann", "cy"), ("transfer", "ann", "bob"), ("hold", "ann", "30"), ("block", "ann", ""),
    ):  # fmt: skip
        assert await night.clicks(action, advocate, conversation, detail) == "done"  # type: ignore[arg-type]
    row = await store.call("HGETALL", f"conversation:{conversation}")
    assert {name.decode() for name in row} == set(find_stored("store", "conversation:x").fields)
    loaded = (await night.world.conversations.load([LANE])).conversation
    assert loaded and (loaded.partner, loaded.transfer_to) == ("cy", "bob")
    assert (loaded.held_by, loaded.block_by) == ("ann", "ann")
    assert loaded.transfer_at == loaded.held_since == night.clock.at and loaded.told_joined and loaded.rung == 1
