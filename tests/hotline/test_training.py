"""The training gate: A7."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.errors import ContentError
from hotline.training import build_courses, compute_end, find_missing, may_read
from storage.content_files import load_documents

COURSES = build_courses(load_documents()["training"])
IDS = [course.id for course in COURSES]
TODAY = date(2026, 11, 21)
SIX = {"csec_101", "suicide_risk", "overdose", "technology_safety", "reporting_and_consent", "lgbtq_practice"}


def test_the_six_courses_are_asked_for() -> None:
    assert {course.id for course in COURSES} == SIX


def test_the_gate_opens_only_when_every_course_is_valid() -> None:
    dates = dict.fromkeys(SIX, TODAY)
    assert may_read(dates, IDS, TODAY)
    for course in SIX:
        without = {name: day for name, day in dates.items() if name != course}
        assert find_missing(without, IDS, TODAY) == (course,)
        assert not may_read(without, IDS, TODAY)
    assert not may_read({}, IDS, TODAY)


def test_a_course_counts_on_its_last_day_and_not_on_the_next() -> None:
    course = ("overdose",)
    assert may_read({"overdose": TODAY}, course, TODAY)
    assert not may_read({"overdose": TODAY}, course, date(2026, 11, 22))


@pytest.mark.parametrize(
    ("done", "months", "end"),
    [
        (date(2026, 11, 21), 12, date(2027, 11, 21)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
    ],
)
def test_the_end_is_the_same_day_so_many_months_later(done: date, months: int, end: date) -> None:
    assert compute_end(done, months) == end


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 120))
def test_every_day_has_an_end_in_the_right_month(done: date, months: int) -> None:
    end = compute_end(done, months)
    assert (end.year - done.year) * 12 + end.month - done.month == months
    assert end.day <= done.day


@pytest.mark.parametrize("document", [None, {}, {"courses": {}}, {"courses": {"a": 0}}, {"courses": {"a": "soon"}}])
def test_a_broken_list_of_courses_is_refused(document: object) -> None:
    with pytest.raises(ContentError):
        build_courses(document)
