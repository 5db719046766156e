"""The training gate: an advocate reads and takes real conversations only while every course is valid (A7).

What is kept is one date for each course: no marks, no notes, no reasons.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hotline.errors import ContentError


@dataclass(frozen=True, slots=True)
class Course:
    """A course that advocates need; ``months`` is how long it counts."""

    id: str
    months: int


def build_courses(document: Any) -> tuple[Course, ...]:
    """The courses of ``training.yml``, in its order. Raises ContentError."""
    try:
        courses = tuple(Course(str(name), int(months)) for name, months in document["courses"].items())
    except (TypeError, KeyError, AttributeError, ValueError):
        raise ContentError("training: needs courses, each with a number of months") from None
    if not courses or not all(0 < course.months <= 120 for course in courses):
        raise ContentError("training: a course counts for 1 to 120 months, and there is at least one")
    return courses


def find_missing(dates: Mapping[str, date], required: Iterable[str], today: date) -> tuple[str, ...]:
    """Required courses that were never done or have run out; ``dates`` holds the last day on which each is valid."""
    return tuple(course for course in required if dates.get(course, date.min) < today)


def may_read(dates: Mapping[str, date], required: Iterable[str], today: date) -> bool:
    """True if every required course is there and valid today; its last day counts."""
    return not find_missing(dates, required, today)


def compute_end(done: date, months: int) -> date:
    """The last valid day of a course that was done on a day: the same day so many months later, or the month's last."""
    years, month = divmod(done.month - 1 + months, 12)
    year = done.year + years
    for day in range(done.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, done.day)
