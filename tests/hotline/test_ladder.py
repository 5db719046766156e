"""The ladder: who is paged, and when again (H3)."""

from datetime import UTC, datetime, timedelta

from hotline import handoff
from hotline.conversations import Conversation, Session
from hotline.ladder import acknowledge, climb
from hotline.messages import SMS, Address, ConversationId
from hotline.screening import Level
from hotline.timings import Timings
from hotline.turns import Outcome

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


def _new() -> Conversation:
    return Conversation(ConversationId("c1"), SMS, Session(Address("+17025550123")))


def _waiting() -> Conversation:
    return handoff.enter_waiting(_new(), level=Level.HIGH, reasons=("control",), agreed=True, at=NOW)


def _climb(conversation: Conversation, seconds: float, alert: str | None = None) -> Outcome:
    at = NOW + timedelta(seconds=seconds)
    return climb(conversation, Outcome(conversation, alert=alert), at, Timings())


def _pages(level: Level, moments: tuple[float, ...]) -> list[tuple[str, ...]]:
    """Who is paged at each moment after the conversation began to wait."""
    waiting = handoff.enter_waiting(_new(), level=level, reasons=("control",), agreed=True, at=NOW)
    outcome, found = climb(_new(), Outcome(waiting), NOW, Timings()), []
    for seconds in moments:
        found.append(outcome.page)
        outcome = _climb(outcome.conversation, seconds)
    return [*found, outcome.page]


def test_at_imminent_all_on_call_are_paged_at_once_again_at_60_s_then_the_supervisor_h3() -> None:
    both, everybody = ("on_shift", "on_call"), ("on_shift", "on_call", "supervisor")
    assert _pages(Level.IMMINENT, (59, 60, 120, 180)) == [both, (), both, everybody, everybody]


def test_at_high_those_on_shift_come_first_then_all_on_call_then_the_supervisor_h3() -> None:
    everybody = ("on_shift", "on_call", "supervisor")
    assert _pages(Level.HIGH, (60, 299, 300, 600)) == [
        ("on_shift",), ("on_shift", "on_call"), (), everybody, everybody,
    ]  # fmt: skip


def test_a_higher_level_begins_the_ladder_anew_at_once_h3() -> None:
    waiting = _climb(_waiting(), 0).conversation
    raised = handoff.enter_waiting(waiting, level=Level.IMMINENT, reasons=("danger",), agreed=True, at=NOW)
    outcome = climb(waiting, Outcome(raised), NOW + timedelta(seconds=10), Timings())
    assert outcome.page == ("on_shift", "on_call") and outcome.conversation.rung == 1


def test_an_alert_between_two_pages_pages_and_puts_off_nothing_h3() -> None:
    waiting = _climb(_waiting(), 0).conversation
    outcome = _climb(waiting, 30, "someone_here")
    assert outcome.page == ("on_shift",) and outcome.conversation == waiting


def test_an_acknowledged_page_leaves_out_one_and_then_they_go_on_h3() -> None:
    waiting = _climb(_waiting(), 0).conversation
    seen = acknowledge(waiting, NOW + timedelta(seconds=5)).conversation
    assert _climb(seen, 119).page == ()
    assert _climb(seen, 120).page == ("on_shift", "on_call")
    assert _climb(seen, 120).conversation.acknowledged_at is None
    assert acknowledge(handoff.claim(_waiting(), "ann", NOW).conversation, NOW).result == "gone"
