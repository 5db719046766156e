"""The hand-off machine: always one owner, and the bot never talks over a person (H1, H2)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline import blocking, handoff, holding, transfer
from hotline.conversations import Conversation, Owner, Session
from hotline.deadlines import Timings, due_times, handle_deadline
from hotline.messages import SMS, Address, ConversationId
from hotline.outcomes import OUTCOMES
from hotline.screening import Level
from hotline.turns import Outcome

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


def _new() -> Conversation:
    return Conversation(ConversationId("c1"), SMS, Session(Address("+17025550123")))


def _waiting(agreed: bool = True) -> Conversation:
    return handoff.enter_waiting(_new(), level=Level.HIGH, reasons=("control",), agreed=agreed, at=NOW)


_STEPS = {
    "wait": lambda c: Outcome(
        handoff.enter_waiting(c, level=Level.IMMINENT, reasons=("suicide",), agreed=True, at=NOW)
    ),
    "claim ann": lambda c: handoff.claim(c, "ann", NOW),
    "claim bob": lambda c: handoff.claim(c, "bob", NOW),
    "reply ann": lambda c: handoff.reply(c, "ann", "hello", confirmed=False, opted_out=False),
    "release ann": lambda c: handoff.release(c, "ann"),
    "close bob": lambda c: handoff.close(c, "bob"),
    "lease": lambda c: handle_deadline("lease", c, NOW),
    "wait over": lambda c: handle_deadline("wait", c, NOW),
    "page": lambda c: handle_deadline("page", c, NOW),
}


@given(st.lists(st.sampled_from(sorted(_STEPS)), max_size=30))
def test_every_sequence_of_steps_leaves_exactly_one_owner(steps: list[str]) -> None:
    conversation = _new()
    for step in steps:
        before = conversation
        outcome = _STEPS[step](conversation)
        conversation = outcome.conversation
        assert (conversation.owner is Owner.WITH_ADVOCATE) == (conversation.advocate is not None)
        if conversation.owner in {Owner.WAITING, Owner.WITH_ADVOCATE}:
            assert conversation.waiting_since is not None
            assert "session" not in due_times(conversation, NOW, Timings())
        if outcome.words:
            assert before.advocate == "ann"
        if conversation.owner is Owner.CLOSED:
            return


def test_one_of_two_who_claim_at_once_is_told_it_is_taken() -> None:
    claimed = handoff.claim(_waiting(), "ann", NOW).conversation
    assert handoff.claim(claimed, "bob", NOW).result == "taken"
    assert handoff.claim(claimed, "ann", NOW).result == "done"


def test_only_the_advocate_who_has_it_can_reply_release_or_close() -> None:
    claimed = handoff.claim(_waiting(), "ann", NOW).conversation
    for outcome in (
        handoff.reply(claimed, "bob", "hi", confirmed=True, opted_out=False),
        handoff.release(claimed, "bob"),
        handoff.close(claimed, "bob"),
    ):
        assert outcome.result == "not_yours" and not outcome.words and not outcome.forget


def test_after_someone_is_near_an_advocate_must_click_twice_r10() -> None:
    claimed = replace(handoff.claim(_waiting(), "ann", NOW).conversation, silent=True)
    assert handoff.reply(claimed, "ann", "hi", confirmed=False, opted_out=False).result == "confirm"
    assert handoff.reply(claimed, "ann", "hi", confirmed=True, opted_out=False).words == ("hi",)


def test_nobody_writes_after_stop_k2() -> None:
    claimed = handoff.claim(_waiting(), "ann", NOW).conversation
    assert handoff.reply(claimed, "ann", "hi", confirmed=True, opted_out=True).result == "gone"


def test_the_waiting_list_is_ordered_by_level_then_by_wait_h3() -> None:
    old_high = _waiting()
    new_high = replace(old_high, waiting_since=NOW + timedelta(minutes=5))
    imminent = replace(old_high, level=Level.IMMINENT, waiting_since=NOW + timedelta(minutes=9))
    assert sorted([new_high, imminent, old_high], key=handoff.queue_order) == [imminent, old_high, new_high]


def test_a_wait_that_runs_out_is_told_once_and_never_while_someone_is_near() -> None:
    outcome = handle_deadline("wait", _waiting(), NOW)
    assert [ref.key for ref in outcome.replies] == ["handoff_wait_ran_out"]
    assert handle_deadline("wait", outcome.conversation, NOW).replies == ()
    assert handle_deadline("wait", replace(_waiting(), silent=True), NOW).replies == ()
    assert handle_deadline("wait", _waiting(agreed=False), NOW).replies == ()
    written_since = replace(_waiting(), silent=False, reasons=("someone_here",))
    assert handle_deadline("wait", written_since, NOW).replies == (), "it may be whoever came near that wrote (R10)"


def test_a_lost_console_returns_the_conversation_to_waiting_and_pages_h6() -> None:
    claimed = handoff.claim(_waiting(), "ann", NOW).conversation
    outcome = handle_deadline("lease", claimed, NOW)
    assert outcome.conversation.owner is Owner.WAITING and outcome.conversation.locked and outcome.alert


def _claimed(advocate: str = "ann", silent: bool = False) -> Conversation:
    return replace(handoff.claim(_waiting(), advocate, NOW).conversation, silent=silent)


def _keys(outcome: Outcome) -> list[str]:
    return [ref.key for ref in outcome.replies]


def test_whoever_lost_an_advocate_stands_first_in_its_level_h6() -> None:
    lost = handoff.lease_ran_out(_claimed(), NOW + timedelta(minutes=9)).conversation
    assert sorted([_waiting(), lost], key=handoff.queue_order)[0] is lost
    worse = replace(_waiting(), level=Level.IMMINENT)
    assert sorted([lost, worse], key=handoff.queue_order)[0] is worse


def test_the_same_advocate_coming_back_is_not_announced_twice_and_another_is_h6_h4() -> None:
    lost = handoff.lease_ran_out(_claimed(), NOW).conversation
    assert _keys(handoff.claim(lost, "ann", NOW)) == []
    assert _keys(handoff.claim(lost, "bob", NOW)) == ["advocate_joined_next"]
    told = handoff.wait_ran_out(lost)
    assert _keys(told) == ["handoff_still_looking"]
    assert _keys(handoff.claim(told.conversation, "ann", NOW)) == ["advocate_joined"]


def test_whoever_writes_into_a_lost_line_hears_once_that_the_person_had_to_go_h4() -> None:
    lost = handoff.lease_ran_out(_claimed(), NOW).conversation
    first = handoff.still_waiting(lost, on_shift=True)
    assert _keys(first) == ["advocate_away"]
    assert _keys(handoff.still_waiting(first.conversation, on_shift=True)) == ["handoff_already_waiting"]
    assert _keys(handoff.still_waiting(lost, on_shift=False)) == ["handoff_nobody"]
    assert _keys(handoff.still_waiting(_waiting(), on_shift=True)) == ["handoff_already_waiting"]


def test_nobody_hears_that_a_person_had_to_go_of_whom_they_were_told_already_or_never_h4() -> None:
    given_back = handoff.give_back(_claimed(), NOW).conversation
    unseen = replace(handoff.claim(replace(_waiting(), silent=True), "ann", NOW).conversation, silent=False)
    for waiting in (given_back, handoff.lease_ran_out(unseen, NOW).conversation):
        assert waiting.last_advocate == "ann"
        assert _keys(handoff.still_waiting(waiting, on_shift=True)) == ["handoff_already_waiting"]


def test_the_line_that_answers_is_not_said_twice_running_h4() -> None:
    waiting = _waiting()
    told = replace(waiting, session=replace(waiting.session, offered=("crisis_suicide", "handoff_nobody")))
    outcome = handoff.wait_ran_out(told)
    assert outcome.replies == () and outcome.conversation.told_waiting


def test_declining_hides_nothing_from_others_and_gives_back_what_was_taken_a5() -> None:
    declined = handoff.decline(_waiting(), "ann", NOW)
    assert declined.conversation.declined == ("ann",) and declined.conversation.owner is Owner.WAITING
    assert not declined.replies and handoff.claim(declined.conversation, "bob", NOW).result == "done"
    back = handoff.decline(_claimed(), "ann", NOW)
    assert back.conversation.owner is Owner.WAITING and back.conversation.declined == ("ann",)
    assert _keys(back) == ["advocate_away"] and back.conversation.locked
    assert handoff.decline(_claimed(), "bob", NOW).result == "not_yours"


def test_an_offer_leaves_it_with_the_giver_until_it_is_taken_a2() -> None:
    offered = transfer.transfer(_claimed(), "ann", "bob", NOW).conversation
    assert offered.advocate == "ann"
    assert due_times(offered, NOW, Timings())["transfer"] == NOW + timedelta(seconds=60)
    assert handoff.reply(offered, "ann", "hi", confirmed=False, opted_out=False).words
    assert not handoff.reply(offered, "bob", "hi", confirmed=False, opted_out=False).words
    assert transfer.accept(offered, "cy").result == "gone"
    taken = transfer.accept(offered, "bob")
    assert taken.conversation.advocate == "bob" and _keys(taken) == ["advocate_changed"]
    assert transfer.accept(taken.conversation, "bob").replies == ()
    refused = handoff.decline(offered, "bob", NOW).conversation
    assert (refused.advocate, refused.transfer_to, refused.declined) == ("ann", None, ())
    assert transfer.transfer(_claimed(), "bob", "cy", NOW).result == "not_yours"
    assert transfer.transfer(_claimed(), "ann", "ann", NOW).result == "unknown"


def test_given_straight_back_it_waits_first_in_line_and_the_texter_hears_it_a2() -> None:
    back = transfer.transfer(_claimed(), "ann", "", NOW)
    assert back.conversation.owner is Owner.WAITING and back.alert and _keys(back) == ["advocate_away"]
    assert back.conversation.declined == ()


def test_a_partner_writes_too_and_only_one_at_a_time_a2() -> None:
    paired = transfer.pair(_claimed(), "ann", "bob")
    assert _keys(paired) == ["advocate_paired"]
    assert handoff.reply(paired.conversation, "bob", "hi", confirmed=False, opted_out=False).words == ("hi",)
    assert transfer.pair(paired.conversation, "ann", "cy").result == "unknown"
    assert transfer.pair(paired.conversation, "bob", "cy").result == "not_yours"
    assert handoff.release(paired.conversation, "bob").result == "not_yours"
    assert _keys(transfer.unpair(paired.conversation, "bob")) == ["advocate_unpaired"]
    assert transfer.unpair(paired.conversation, "cy").result == "not_yours"


@pytest.mark.parametrize("code", OUTCOMES)
def test_every_close_is_told_kindly_or_with_a_line_and_never_while_someone_is_near_a5_r10(code: str) -> None:
    line = code in {"abusive", "probe"}
    closed = handoff.close(_claimed(), "ann", code)
    assert _keys(closed) == ["closed_with_line" if line else "closed_kindly"]
    assert closed.forget and closed.closed_as == code
    assert handoff.close(_claimed(silent=True), "ann", code).replies == ()


def test_a_close_with_words_instead_of_a_code_closes_nothing_a2() -> None:
    outcome = handoff.close(_claimed(), "ann", "she told me that")
    assert outcome.result == "unknown" and not outcome.forget


@pytest.mark.parametrize(
    "step",
    [
        lambda c: handoff.decline(c, "ann", NOW),
        lambda c: transfer.transfer(c, "ann", "", NOW),
        lambda c: transfer.accept(replace(c, transfer_to="bob", transfer_at=NOW), "bob"),
        lambda c: transfer.pair(c, "ann", "bob"),
        lambda c: transfer.unpair(replace(c, partner="bob"), "ann"),
        lambda c: handoff.release(c, "ann"),
        lambda c: handoff.claim(handoff.lease_ran_out(c, NOW).conversation, "bob", NOW),
        lambda c: handoff.wait_ran_out(handoff.lease_ran_out(c, NOW).conversation),
    ],
)
def test_no_step_writes_to_a_phone_that_someone_else_may_hold_r10(step: Callable[[Conversation], Outcome]) -> None:
    assert step(_claimed(silent=True)).replies == ()
    assert step(_claimed()).replies


def test_an_advocate_may_say_that_someone_is_near_r10() -> None:
    hushed = handoff.hush(_claimed(), "ann").conversation
    assert handoff.reply(hushed, "ann", "hi", confirmed=False, opted_out=False).result == "confirm"
    assert handoff.hush(_claimed(), "bob").result == "not_yours"


def test_a_hold_has_a_ceiling_that_counts_from_its_first_click_a4() -> None:
    held = holding.hold(_claimed(), "ann", "", NOW, Timings()).conversation
    assert held.held_until == NOW + timedelta(hours=2)
    later = holding.hold(held, "ann", "9999", NOW + timedelta(hours=1), Timings()).conversation
    assert later.held_until == NOW + timedelta(hours=4)
    assert holding.hold(held, "bob", "", NOW, Timings()).result == "not_yours"
    assert holding.hold(held, "ann", "a week", NOW, Timings()).result == "unknown"
    assert holding.hold(held, "ann", "0", NOW, Timings()).conversation.held_until is None


def test_what_ended_is_kept_for_its_holder_alone_and_only_as_address_and_window_a4() -> None:
    held = holding.hold(_claimed(), "ann", "", NOW, Timings()).conversation
    ended = handoff.close(held, "ann", "reported")
    assert not ended.forget and ended.conversation.owner is Owner.CLOSED
    assert ended.conversation.session == Session(Address("+17025550123"))
    assert due_times(ended.conversation, NOW, Timings()) == {"hold": NOW + timedelta(hours=2)}
    assert handoff.claim(ended.conversation, "bob", NOW).result == "gone"
    assert holding.hold(ended.conversation, "bob", "", NOW, Timings()).result == "not_yours"
    assert handle_deadline("hold", ended.conversation, NOW).forget
    assert handoff.close(ended.conversation, "ann").forget
    assert not handle_deadline("hold", held, NOW).forget


def test_a_release_ends_a_hold_h7() -> None:
    held = holding.hold(_claimed(), "ann", "", NOW, Timings()).conversation
    assert handoff.release(held, "ann").conversation.held_until is None


def test_a_block_needs_a_second_person_r8() -> None:
    proposed = blocking.block(_claimed(), "ann")
    assert not proposed.block and proposed.conversation.block_by == "ann"
    assert blocking.block(proposed.conversation, "ann").result == "second_person"
    assert blocking.block(proposed.conversation, "bob").block
    assert blocking.block(_claimed(), "bob").result == "not_yours"
    assert blocking.block(_waiting(), "bob").result == "not_yours"
