"""What a texter gets, and what staff see, while a part is down: the table behind ``docs/degradation.md``.

Times are the constants of the code; a test holds every row to the tests, alarms and events that it names.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app import degradation_rows as rows

_HEAD = """# When a part is down

What a texter gets within how long, and what staff see, for every part that can fail. Made from `app/degradation.py`; a
test compares, and looks for every test, alarm and event that is named here. What to do stands in the
[runbook](runbook.md). Four rules hold in every row: danger is heard before anything else and without Rasa; a text that
was answered 200 is on a disk; what cannot be answered comes before a person; and where nothing can be done it says so.

| part | what is wrong | the texter gets | within | staff see | shown by |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One way to fail. ``shown_by``: ``tests/...::test`` each, or a sentence that begins with "Said openly"."""

    part: str
    wrong: str
    texter: str
    within: str
    staff: str
    shown_by: tuple[str, ...]


def list_rows() -> Iterator[Row]:
    """Every row, in the order in which a text meets the parts."""
    for part, wrong, texter, within, staff, shown_by in rows.list_all():
        yield Row(part, wrong, texter, within, staff, tuple(shown_by.split()) if "::" in shown_by else (shown_by,))


def degradation_page() -> str:
    """The table as Markdown (asserted by a test)."""
    return _HEAD + "".join(_line(row) for row in list_rows())


def _line(row: Row) -> str:
    shown = ", ".join(_short(name) for name in row.shown_by)
    return f"| {row.part} | {row.wrong} | {row.texter} | {row.within} | {row.staff} | {shown} |\n"


def _short(name: str) -> str:
    return f"`{name}`" if "::" in name else name
