"""The next opening and closing, over midnight and over both changes of the clock (D5)."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.areas import find_area
from hotline.categories import build_categories
from hotline.hours import DAYS, Door, build_hours
from hotline.records import Record
from hotline.resources import build_directory, find_places
from tests.hotline.verified import nevada, pacific, shipped_documents, verified_directory

DOCUMENTS = shipped_documents()
PRACTICE = build_directory(DOCUMENTS, nevada(), "practice")
VERIFIED = verified_directory()
CATEGORIES = build_categories(DOCUMENTS)
NPHY = "directory/nevada/nphy"
NOON = pacific("2026-11-23 12:00")
NIGHT = pacific("2026-11-22 02:00")


def search(need, area, when=NOON, directory=PRACTICE, **more):
    return find_places(directory, need=need, area=find_area(area), now=when, **more)


def named(found):
    return [match.place.id for match in found.places]


# Weeks around both changes of the clock in 2027, and one without.
CLOCK_CHANGES = [datetime(2027, 3, 13, tzinfo=UTC), datetime(2027, 11, 6, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)]
REPEATED = [datetime(2027, 11, 7, 8, tzinfo=UTC) + timedelta(minutes=30 * half) for half in range(4)]
SPAN = st.tuples(st.sampled_from(DAYS), st.integers(0, 47), st.integers(1, 40))


def build(spans):
    """Hours on Nevada's clock from half hours of the week that do not overlap, and the half hours they take."""
    taken, kept = set(), []
    for day, opens, length in spans:
        halves = {(DAYS.index(day) * 48 + opens + half) % 336 for half in range(length)}
        if not taken & halves:
            taken |= halves
            closes = (opens + length) % 48
            clock = [f"{half // 2:02}:{half % 2 * 30:02}" for half in (opens, closes)]
            kept.append(Record({"byday": day, "opens_at": clock[0], "closes_at": clock[1]}, "test"))
    return build_hours(kept, time_zone="America/Los_Angeles", on_holidays="same"), taken


@given(st.lists(SPAN, min_size=1, max_size=4), st.sampled_from(CLOCK_CHANGES), st.integers(0, 4 * 48))
@settings(max_examples=400, deadline=None)
def test_the_next_opening_is_right_over_midnight_and_over_both_changes_of_the_clock(spans, week, half_hours):
    """D5: by the wall clock of the place, counted in half hours, as somebody would who looks at a clock there."""
    hours, taken = build(spans)
    now = week + timedelta(minutes=30 * half_hours)

    def is_open(moment):
        local = hours.local(moment)
        return local.weekday() * 48 + local.hour * 2 + local.minute // 30 in taken

    assert (hours.door(now) is Door.OPEN) == is_open(now)
    if now in REPEATED:
        return  # by the wall clock a door may open twice within this hour, and nobody keeps such hours
    if not is_open(now):
        steps = (now + timedelta(minutes=30 * step) for step in range(1, 2 * 336))
        assert hours.find_opening(now) == next((moment for moment in steps if is_open(moment)), None)
    elif hours.always is False:
        steps = (now + timedelta(minutes=30 * step) for step in range(1, 2 * 336))
        assert hours.find_closing(now) == next((moment for moment in steps if not is_open(moment)), None)


def test_a_place_that_opens_in_the_hour_that_comes_twice_opens_the_first_time():
    hours, _ = build([("SU", 2, 1)])  # Sunday 01:00 to 01:30
    assert hours.find_opening(datetime(2027, 11, 7, 5, tzinfo=UTC)) == datetime(2027, 11, 7, 8, tzinfo=UTC)
    assert hours.find_closing(datetime(2027, 11, 7, 8, tzinfo=UTC)) == datetime(2027, 11, 7, 8, 30, tzinfo=UTC)


def test_a_place_that_opens_in_the_hour_that_does_not_exist_opens_when_the_clock_has_jumped():
    hours, _ = build([("SU", 5, 4)])  # Sunday 02:30 to 04:30; on 14 March 2027 it is never 02:30
    opening = hours.find_opening(datetime(2027, 3, 14, 8, tzinfo=UTC))
    assert opening == datetime(2027, 3, 14, 10, tzinfo=UTC)
