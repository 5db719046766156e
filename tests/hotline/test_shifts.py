"""The on-call calendar: who is on which rung, gaps, weeks and clocks (H3, A6)."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.shifts import (
    GAPS_AHEAD,
    ON_CALL,
    RUNGS,
    Shift,
    ShiftError,
    build_shift,
    copy_week,
    find_gaps,
    find_monday,
    find_on_duty,
    find_week,
    list_higher,
)

NEVADA = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)

_minutes = st.integers(-3 * 24 * 60, 9 * 24 * 60)


@st.composite
def shifts(draw: st.DrawFn) -> Shift:
    begin, length = draw(_minutes), draw(st.integers(1, 3 * 24 * 60))
    from_at = NOW + timedelta(minutes=begin)
    return Shift(
        "s", draw(st.sampled_from("abc")), draw(st.sampled_from(RUNGS)), from_at, from_at + timedelta(minutes=length)
    )


@given(st.lists(shifts(), max_size=12), st.sampled_from(RUNGS), _minutes)
def test_those_on_a_rung_at_any_instant_are_those_that_counting_minutes_finds_h3(planned, duty, minute) -> None:
    at = NOW + timedelta(minutes=minute)
    minutes = {  # every minute of every shift, one by one
        (shift.from_at + timedelta(minutes=n), shift.name)
        for shift in planned
        if shift.duty == duty
        for n in range(int((shift.until_at - shift.from_at) / timedelta(minutes=1)))
    }
    expected = {name for begun, name in minutes if begun == at}
    assert find_on_duty(planned, duty, at) == tuple(sorted(expected))


@given(st.lists(shifts(), max_size=12), st.integers(0, 7 * 24 * 60 - 1))
def test_an_instant_of_the_coming_week_lies_in_a_gap_exactly_if_nobody_is_on_call_h3(planned, minute) -> None:
    at = NOW + timedelta(minutes=minute)
    gaps = find_gaps(planned, NOW)
    assert any(begin <= at < end for begin, end in gaps) == (not find_on_duty(planned, ON_CALL, at))
    assert all(NOW <= begin < end <= NOW + GAPS_AHEAD for begin, end in gaps)
    assert all(one[1] < other[0] for one, other in pairwise(gaps))


def test_a_shift_ends_just_before_its_end_and_the_next_begins_then() -> None:
    noon = NOW + timedelta(hours=8)
    first, second = Shift("1", "a", ON_CALL, NOW, noon), Shift("2", "b", ON_CALL, noon, noon + timedelta(hours=1))
    assert find_on_duty([first, second], ON_CALL, noon - timedelta(microseconds=1)) == ("a",)
    assert find_on_duty([first, second], ON_CALL, noon) == ("b",)


def test_what_is_typed_is_local_time_and_kept_as_utc() -> None:
    shift = build_shift("1", "robin", ON_CALL, ("2026-11-21T22:00", "2026-11-22T06:00"), NEVADA, NOW)
    assert shift.from_at == datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
    assert shift.until_at - shift.from_at == timedelta(hours=8)


@pytest.mark.parametrize(
    ("spoken", "duty", "code"),
    [
        (("2026-11-21T22:00", "2026-11-21T22:00"), ON_CALL, "backwards"),
        (("2026-11-22T22:00", "2026-11-21T22:00"), ON_CALL, "backwards"),
        (("2026-11-21T22:00", "2026-12-25T22:00"), ON_CALL, "long"),
        (("2026-11-01T22:00", "2026-11-02T22:00"), ON_CALL, "over"),
        (("2028-11-01T22:00", "2028-11-02T22:00"), ON_CALL, "far"),
        (("tonight", "2026-11-02T22:00"), ON_CALL, "time"),
        (("", ""), ON_CALL, "time"),
        (("0001-01-01T00:00", "9999-12-31T23:59"), ON_CALL, "time"),
        (("2026-11-21T22:00+02:00", "2026-11-22T22:00"), ON_CALL, "time"),
        (("2027-03-14T02:30", "2027-03-14T08:00"), ON_CALL, "no_such_hour"),
        (("2026-11-21T22:00", "2026-11-22T06:00"), "boss", "duty"),
    ],
)
def test_what_cannot_be_planned_is_named(spoken: tuple[str, str], duty: str, code: str) -> None:
    with pytest.raises(ShiftError) as raised:
        build_shift("1", "robin", duty, spoken, NEVADA, NOW)
    assert raised.value.code == code


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_typed_text_does_anything_but_be_refused_or_planned(one: str, other: str) -> None:
    with pytest.raises(ShiftError):
        build_shift("1", "robin", ON_CALL, (one, other), NEVADA, NOW)


def test_a_copied_week_keeps_the_hours_by_the_clock_when_the_clocks_change() -> None:
    """The clocks go back in the night to the first of November 2026."""
    before = build_shift(
        "1", "a", ON_CALL, ("2026-10-26T22:00", "2026-10-27T06:00"), NEVADA, datetime(2026, 10, 20, tzinfo=UTC)
    )
    (copied,) = copy_week([before], date(2026, 11, 2), NEVADA)
    assert copied.from_at.astimezone(NEVADA).strftime("%a %H:%M") == "Mon 22:00"
    assert copied.from_at - before.from_at == timedelta(days=7, hours=1)
    assert copied.id == ""


def test_a_week_is_copied_once_and_only_what_began_in_it() -> None:
    monday = find_monday(date(2026, 11, 21))
    first, after = find_week(monday, NEVADA)
    inside = Shift("1", "a", ON_CALL, first, first + timedelta(hours=8))
    outside = Shift("2", "b", ON_CALL, after, after + timedelta(hours=8))
    copied = copy_week([inside, outside], monday + timedelta(days=7), NEVADA)
    assert [shift.name for shift in copied] == ["a"]
    assert copy_week([inside, outside, *copied], monday + timedelta(days=7), NEVADA) == []


def test_the_ladder_goes_up() -> None:
    assert list_higher(("on_shift",)) == ("on_call", "supervisor")
    assert list_higher(("on_shift", "on_call")) == ("supervisor",)
    assert list_higher(("supervisor",)) == ()
