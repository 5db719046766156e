from datetime import UTC, datetime, timedelta

import pytest

from hotline.clocks import DURATIONS, is_forgotten, is_pressing, parse_kind, start_clock

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(("kind", "hours"), [("report", 24), ("rapid_response", 2), ("team", 72), ("debrief", 24)])
def test_each_duty_has_its_own_time(kind, hours):
    """A4, A5."""
    assert start_clock("a", parse_kind(kind), NOW).due == NOW + timedelta(hours=hours)


@pytest.mark.parametrize("kind", list(DURATIONS))
def test_a_clock_presses_in_its_last_sixth_and_after_and_is_forgotten_a_week_later(kind):
    clock = start_clock("a", kind, NOW)
    soon = clock.due - DURATIONS[kind] / 6
    assert not is_pressing(clock, soon - timedelta(seconds=1))
    assert is_pressing(clock, soon)
    assert is_pressing(clock, clock.due + timedelta(days=1))
    assert not is_forgotten(clock, clock.due + timedelta(days=7))
    assert is_forgotten(clock, clock.due + timedelta(days=7, seconds=1))


@pytest.mark.parametrize("kind", ["", "Report", "report|x", "other"])
def test_any_other_kind_is_refused(kind):
    with pytest.raises(ValueError, match="no such kind"):
        parse_kind(kind)
