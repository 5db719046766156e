"""What is to be phoned this week, by the day on which it runs out (D2, D3)."""

from datetime import date, timedelta
from typing import Any

import pytest

from hotline.verify_queue import Due, list_due

TODAY = date(2026, 6, 1)


def build(days: int | None, expires: int | None = None, vetted: int | None = 10, **place: Any) -> list[Due]:
    """A line and a place that were confirmed so many days ago, and expire so many days from now."""
    assured = None if days is None else TODAY - timedelta(days=days)
    until = None if expires is None else TODAY + timedelta(days=expires)
    on = None if vetted is None else TODAY - timedelta(days=vetted)
    line = {"name": {"en": "Line"}, "call": {"number": "211"}, "assured_date": assured, "expires_on": until}
    ours = {"publish": True, "expires_on": until, "vetting": {"vetted_on": on}}
    service = {
        "key": "house",
        "name": "House",
        "status": "active",
        "assured_date": assured,
        "phones": [{"number": "5"}],
    }
    documents = {
        "numbers": {"lines": {"line": line}},
        "directory/nevada/a": {"services": [service | {"porchlight": ours} | place]},
        "directory/california/b": {"services": [{"key": "far", "name": "Far", "status": "active", "porchlight": {}}]},
    }
    return list(list_due(documents, "nevada", TODAY))


@pytest.mark.parametrize(
    ("days", "expires", "owed"),
    [
        (None, None, "never"), (91, None, "over"), (90, None, "soon"), (83, None, "soon"), (82, None, ""),
        (1, -1, "over"), (1, 7, "soon"), (1, 8, ""),
    ],
)  # fmt: skip
def test_a_confirmation_counts_ninety_days_or_until_its_own_end_d3(
    days: int | None, expires: int | None, owed: str
) -> None:
    assert [one.owed for one in build(days, expires)] == ([owed] * 2 if owed else [])


@pytest.mark.parametrize(("vetted", "found"), [(None, 1), (366, 1), (358, 1), (357, 0)])
def test_a_place_is_vetted_once_a_year_d2(vetted: int | None, found: int) -> None:
    due = build(1, vetted=vetted)
    assert [(one.entry, one.owed) for one in due] == [("house", "vetting")] * found


@pytest.mark.parametrize("place", [{"status": "temporarily closed"}, {"porchlight": {"publish": False}}])
def test_what_is_not_served_and_what_lies_elsewhere_needs_no_call(place: dict[str, Any]) -> None:
    assert [one.entry for one in build(None, **place)] == ["line"]


def test_a_line_that_was_pulled_needs_no_call_until_a_draft_opens_it_d7() -> None:
    lines = {"a": {"assured_date": None}, "b": {"assured_date": None, "status": "temporarily closed"}}
    assert [one.entry for one in list_due({"numbers": {"lines": lines}}, "nevada", TODAY)] == ["a"]


def test_what_ran_out_comes_first_then_by_day_and_a_line_that_is_never_hidden_cannot_be_closed() -> None:
    lines = {
        name: {"assured_date": TODAY - timedelta(days=days) if days else None, "never_hidden": name == "b"}
        for name, days in (("never", None), ("b", 95), ("soon", 85), ("a", 99))
    }
    due = list_due({"numbers": {"lines": lines}}, "nevada", TODAY)
    assert [one.entry for one in due] == ["a", "b", "soon", "never"]
    assert [one.can_close for one in due] == [True, False, True, True]
