"""The training gate: who may read a conversation (A7)."""

from collections.abc import Collection, Mapping
from datetime import date


def may_read(dates: Mapping[str, date], required: Collection[str], today: date) -> bool:
    """True if every required course is there and valid today; its last day counts."""
    return all(course in dates and dates[course] >= today for course in required)
