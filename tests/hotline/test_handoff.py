"""The hand-off machine: always one owner, and the bot never talks over a person (H1, H2)."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from hotline import handoff
from hotline.conversations import Conversation, Owner, Session
from hotline.deadlines import Timings, due_times, handle_deadline
from hotline.messages import SMS, Address, ConversationId
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
    from dataclasses import replace

    claimed = replace(handoff.claim(_waiting(), "ann", NOW).conversation, silent=True)
    assert handoff.reply(claimed, "ann", "hi", confirmed=False, opted_out=False).result == "confirm"
    assert handoff.reply(claimed, "ann", "hi", confirmed=True, opted_out=False).words == ("hi",)


def test_nobody_writes_after_stop_k2() -> None:
    claimed = handoff.claim(_waiting(), "ann", NOW).conversation
    assert handoff.reply(claimed, "ann", "hi", confirmed=True, opted_out=True).result == "gone"


def test_the_waiting_list_is_ordered_by_level_then_by_wait_h3() -> None:
    from dataclasses import replace
    from datetime import timedelta

    old_high = _waiting()
    new_high = replace(old_high, waiting_since=NOW + timedelta(minutes=5))
    imminent = replace(old_high, level=Level.IMMINENT, waiting_since=NOW + timedelta(minutes=9))
    assert sorted([new_high, imminent, old_high], key=handoff.queue_order) == [imminent, old_high, new_high]


def test_a_wait_that_runs_out_is_told_once_and_never_while_someone_is_near() -> None:
    from dataclasses import replace

    outcome = handle_deadline("wait", _waiting(), NOW)
    assert [ref.key for ref in outcome.replies] == ["handoff_wait_ran_out"]
    assert handle_deadline("wait", outcome.conversation, NOW).replies == ()
    assert handle_deadline("wait", replace(_waiting(), silent=True), NOW).replies == ()
    assert handle_deadline("wait", _waiting(agreed=False), NOW).replies == ()


def test_a_lost_console_returns_the_conversation_to_waiting_and_pages_h6() -> None:
    claimed = handoff.claim(_waiting(), "ann", NOW).conversation
    outcome = handle_deadline("lease", claimed, NOW)
    assert outcome.conversation.owner is Owner.WAITING and outcome.conversation.locked and outcome.alert
