"""What may be shown of the counts, so that no report, and no number of them together, gives away a small cell (O4).

The proof, which ``tests/hotline/test_disclosure.py`` tries to break:

1. Every number that is shown comes from one count alone, and only if that count is 11 or more. Nothing is added up:
   there are no totals, no shares of a total and no rest. So what is shown does not change if any count below 11 becomes
   any other number below 11.
2. Counts are free of each other: each leaves out one conversation in eight by a coin of its own that is never kept.
   So no sum over one table says what another table's sum must be, nor twelve months what the year must be, and every
   set of numbers could have been counted.
3. Periods are whole months and whole years of the calendar, shown once they are over: there are no ranges that differ
   by a day, no filters, and the same page for everybody.

From 1 and 2: whatever is asked, every value from 0 to 10 of a hidden count stays possible.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hotline.tally_tables import MOST_DIMENSIONS, Cell, Table

LEAST_SHOWN = 11
LEFT_OUT_OF = 8
"""One conversation in so many is left out of each count."""
STEP = 5
"""What is shown is rounded to this."""
DUE_MONTH, DUE_DAY = 1, 31
"""The yearly report goes out by 31 January (S4 L1390)."""

_PERIOD = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as it may leave the house: each cell's rounded number, or None for fewer than 11."""

    table: Table
    cells: Mapping[tuple[str, ...], int | None]


def show_tables(tables: Sequence[Table], counts: Mapping[Cell, int], period: str) -> tuple[ShownTable, ...]:
    """Every table of a period. Raises ValueError for a table of more than two dimensions."""
    if any(len(table.dimensions) > MOST_DIMENSIONS for table in tables):
        raise ValueError("a table that is shown has two dimensions at most")
    return tuple(
        ShownTable(table, {cell[1]: show_count(counts.get(cell, 0)) for cell in table.list_cells()})
        for table in tables
        if len(period) > len("2026") or not table.monthly_only
    )


def show_count(count: int) -> int | None:
    """About how many there were, the left-out ones allowed for, in fives; None for a count below 11, 0 too."""
    if count < LEAST_SHOWN:
        return None
    return STEP * round(count * LEFT_OUT_OF / (LEFT_OUT_OF - 1) / STEP)


def check_period(period: str, today: date) -> str:
    """The period itself, ``2026-11`` or ``2026``, once it has been over for a day. Raises ValueError for any other."""
    found = _PERIOD.fullmatch(period)
    if not found:
        raise ValueError("a report is of a month, as 2026-11, or of a year, as 2026")
    year, month = int(found[1]), int(found[2] or 12)
    after = date(year + month // 12, month % 12 + 1, 1)
    if today <= after:
        raise ValueError(f"{period} can be reported from {after + timedelta(days=1)} on: reports are of what is over")
    return period


def list_periods(today: date, months: int = 13) -> Sequence[str]:
    """The months and years that can be reported at ``today`` and are still kept, newest first; years lead."""
    found: list[str] = []
    year, month = today.year, today.month
    for _ in range(months):
        found.append(f"{year}-{month:02}")
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return [period for period in (f"{today.year - 1}", *found) if _is_over(period, today)]


def _is_over(period: str, today: date) -> bool:
    try:
        return bool(check_period(period, today))
    except ValueError:
        return False
