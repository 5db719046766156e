"""Open, closed or not known: time zones, holidays, past midnight (D5, D8)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.errors import ContentError
from hotline.hours import DAYS, Door, build_hours
from hotline.records import Record
from hotline.spoken_hours import say_hours
from tests.hotline.verified import pacific, shipped_documents

HOLIDAYS = ("PH", "Oct Fr[-1]", "Nov Th[4] +1 day")
WORDS = shipped_documents()["directory/words"]["hours"]


def hours(*spans, zone="America/Los_Angeles", holidays=(), on_holidays="unknown"):
    schedules = [
        Record({"byday": days, "opens_at": opens, "closes_at": closes}, "test") for days, opens, closes in spans
    ]
    return build_hours(schedules, time_zone=zone, holidays=holidays, on_holidays=on_holidays)


WEEK = hours(("MO,TU,WE,TH,FR,SA", "08:00", "19:00"), holidays=HOLIDAYS)
NIGHT = hours(("FR", "22:00", "02:00"), ("SA", "10:00", "12:00"))


@pytest.mark.parametrize(
    ("when", "door"),
    [
        ("2026-11-23 07:59", Door.CLOSED),
        ("2026-11-23 08:00", Door.OPEN),
        ("2026-11-23 18:59", Door.OPEN),
        ("2026-11-23 19:00", Door.CLOSED),
        ("2026-11-22 12:00", Door.CLOSED),
        ("2026-11-26 12:00", Door.UNKNOWN),  # Thanksgiving
        ("2026-11-27 12:00", Door.UNKNOWN),  # Family Day of Nevada
        ("2026-10-30 12:00", Door.UNKNOWN),  # Nevada Day
        ("2026-12-25 12:00", Door.UNKNOWN),
        ("2026-12-24 12:00", Door.OPEN),
    ],
)
def test_the_door_at_a_moment(when, door):
    assert WEEK.door(pacific(when)) is door


@pytest.mark.parametrize(
    ("when", "door"),
    [
        ("2026-11-20 21:59", Door.CLOSED),
        ("2026-11-20 23:59", Door.OPEN),
        ("2026-11-21 01:59", Door.OPEN),
        ("2026-11-21 02:00", Door.CLOSED),
        ("2026-11-21 10:00", Door.OPEN),
    ],
)
def test_hours_past_midnight_are_not_cut_off_by_the_next_days_own(when, door):
    """The reason why days are joined with commas: joined with semicolons, Saturday would end Friday night."""
    assert NIGHT.door(pacific(when)) is door


def test_unknown_hours_are_unknown_at_every_hour():
    unknown = hours()
    assert unknown.door(pacific("2026-11-23 12:00")) is Door.UNKNOWN
    assert unknown.find_opening(pacific("2026-11-23 12:00")) is None
    assert say_hours(unknown, pacific("2026-11-23 12:00"), WORDS["en"]) == ""


def test_the_clock_of_the_place_counts_not_the_clock_of_the_asker():
    chicago = hours(("MO", "16:30", "23:30"), zone="America/Chicago")
    assert chicago.door(pacific("2026-11-23 14:29")) is Door.CLOSED
    assert chicago.door(pacific("2026-11-23 14:30")) is Door.OPEN
    assert chicago.door(pacific("2026-11-23 21:30")) is Door.CLOSED


def test_a_moment_in_plain_utc_is_understood():
    assert WEEK.door(datetime(2026, 11, 23, 16, 0, tzinfo=UTC)) is Door.OPEN


def test_the_hour_that_the_clock_repeats_stays_open():
    sunday = hours(("SU", "01:00", "03:00"))
    assert [sunday.door(datetime(2026, 11, 1, hour, 30, tzinfo=UTC)) for hour in (7, 8, 9, 10, 11)] == [
        Door.CLOSED, Door.OPEN, Door.OPEN, Door.OPEN, Door.CLOSED,
    ]  # fmt: skip


def test_a_holiday_may_be_said_to_be_open_or_closed():
    day = pacific("2026-11-26 12:00")
    assert hours(("TH", "08:00", "19:00"), holidays=HOLIDAYS, on_holidays="same").door(day) is Door.OPEN
    assert hours(("TH", "08:00", "19:00"), holidays=HOLIDAYS, on_holidays="closed").door(day) is Door.CLOSED


def test_day_and_night_means_holidays_too():
    always = hours((",".join(DAYS), "00:00", "24:00"), holidays=HOLIDAYS)
    assert always.always
    assert always.door(pacific("2026-12-25 03:00")) is Door.OPEN


def test_the_next_opening_skips_a_holiday():
    assert WEEK.find_opening(pacific("2026-11-25 19:30")) == pacific("2026-11-28 08:00")
    assert WEEK.find_opening(pacific("2026-11-22 02:00")) == pacific("2026-11-23 08:00")


@pytest.mark.parametrize(
    ("when", "english", "spanish"),
    [
        ("2026-11-23 12:00", "open until 7 pm", "abierto hasta las 7 pm"),
        ("2026-11-23 07:00", "closed now, opens at 8 am", "cerrado ahora, abre a las 8 am"),
        ("2026-11-23 20:00", "closed now, opens tomorrow at 8 am", "cerrado ahora, abre mañana a las 8 am"),
        ("2026-11-21 20:00", "closed now, opens Monday at 8 am", "cerrado ahora, abre el lunes a las 8 am"),
        ("2026-11-26 12:00", "", ""),
    ],
)
def test_today_is_said_in_both_languages(when, english, spanish):
    assert say_hours(WEEK, pacific(when), WORDS["en"]) == english
    assert say_hours(WEEK, pacific(when), WORDS["es"]) == spanish


@pytest.mark.parametrize(
    ("closes", "english", "spanish"),
    [
        ("13:00", "open until 1 pm", "abierto hasta la 1 pm"),
        ("12:00", "open until noon", "abierto hasta las 12 del día"),
        ("24:00", "open until midnight", "abierto hasta las 12 de la noche"),
        ("18:30", "open until 6:30 pm", "abierto hasta las 6:30 pm"),
        ("01:00", "open until 1 am", "abierto hasta la 1 am"),
    ],
)
def test_closing_times_are_said_without_doubt(closes, english, spanish):
    place = hours(("MO", "08:00", closes))
    assert say_hours(place, pacific("2026-11-23 09:00"), WORDS["en"]) == english
    assert say_hours(place, pacific("2026-11-23 09:00"), WORDS["es"]) == spanish


@pytest.mark.parametrize(
    "spans",
    [
        [("MO", "08:00", "08:00")],
        [("MO", "24:00", "08:00")],
        [("MO", "8:00", "19:00")],
        [("MO", "08:00", "25:00")],
        [("Monday", "08:00", "19:00")],
        [("", "08:00", "19:00")],
        [("MO", "08:00", "12:00"), ("MO", "11:00", "19:00")],
        [("MO", "22:00", "04:00"), ("TU", "03:00", "05:00")],
    ],
)
def test_hours_that_make_no_sense_are_refused(spans):
    """D8."""
    with pytest.raises(ContentError):
        hours(*spans)


def test_a_holiday_that_cannot_be_read_is_refused():
    with pytest.raises(ContentError):
        hours(("MO", "08:00", "19:00"), holidays=["Octember"])


SPAN = st.tuples(st.sampled_from(DAYS), st.integers(0, 47), st.integers(1, 40))


@given(st.lists(SPAN, min_size=1, max_size=6), st.integers(0, 7 * 48 - 1))
@settings(max_examples=300, deadline=None)
def test_any_week_agrees_with_a_plain_count_of_half_hours(spans, moment):
    """An oracle of our own: a week as 336 half hours, in a zone without summer time."""
    taken: set[int] = set()
    kept = []
    for day, opens, length in spans:
        halves = {(DAYS.index(day) * 48 + opens + half) % 336 for half in range(min(length, 47))}
        if not taken & halves:
            taken |= halves
            closes = (opens + min(length, 47)) % 48
            kept.append((day, f"{opens // 2:02}:{opens % 2 * 30:02}", f"{closes // 2:02}:{closes % 2 * 30:02}"))
    place = hours(*kept, zone="America/Phoenix")
    now = datetime(2026, 11, 23, 7, 10, tzinfo=UTC) + timedelta(minutes=30 * moment)
    assert (place.door(now) is Door.OPEN) == (moment in taken)
    opening = place.find_opening(now)
    if moment not in taken:
        ahead = next(step for step in range(1, 337) if (moment + step) % 336 in taken)
        assert opening == now - timedelta(minutes=10) + timedelta(minutes=30 * ahead)


def test_the_holidays_of_a_far_year_are_known():
    assert WEEK.door(pacific(f"{date(2031, 7, 4)} 12:00")) is Door.UNKNOWN
