"""No report, and no number of them together, gives a cell below 11 away (O4)."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline import disclosure
from hotline.disclosure import LEAST_SHOWN, check_period, list_periods, show_count, show_tables
from hotline.regions import build_region
from hotline.tally_tables import MOST_DIMENSIONS, Cell, Table, build_tables
from storage.commit import Writes
from storage.content_files import load_documents
from storage.tallies import add_tallies

TABLES = build_tables(build_region(load_documents(), "nevada"))
CELLS = [cell for table in TABLES for cell in table.list_cells()]
PERIODS = ("2026-10", "2026-11", "2026")

type Counted = dict[str, dict[Cell, int]]


@st.composite
def counted(draw: st.DrawFn) -> Counted:
    """Some cells of every period, many of them near the line."""
    near = st.one_of(st.integers(0, 25), st.integers(0, 5000))
    return {period: draw(st.dictionaries(st.sampled_from(CELLS), near, max_size=12)) for period in PERIODS}


def ask_everything(counts: Counted) -> object:
    """All that can ever be asked: every table of every period; there are no ranges, filters or joins to ask for."""
    return [(period, [(t.table.name, dict(t.cells)) for t in show_tables(TABLES, counts[period], period)])
            for period in PERIODS]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(counts=counted(), other=st.data())
def test_every_value_below_11_of_every_hidden_cell_of_every_report_stays_possible_o4(
    counts: Counted, other: st.DataObject
) -> None:
    """All hidden cells of all reports change at once, each to any value below 11: nothing that is shown changes.

    The strongest form: whoever holds every report that there is cannot rule out one value of one cell.
    """
    shown = ask_everything(counts)
    for cells in counts.values():
        for cell in [*cells, other.draw(st.sampled_from(CELLS))]:
            if cells.get(cell, 0) < LEAST_SHOWN:
                cells[cell] = other.draw(st.integers(0, LEAST_SHOWN - 1))
    assert ask_everything(counts) == shown


@given(count=st.integers(0, 100_000))
def test_what_is_shown_is_rounded_never_below_11_and_only_where_there_were_11_or_more_o4(count: int) -> None:
    shown = show_count(count)
    assert (shown is None) == (count < 11)
    assert shown is None or (shown > 11 and shown % 5 == 0 and abs(shown - count * 8 / 7) <= 2.5)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_any_set_of_counts_can_have_been_counted_so_no_table_tells_of_another_o4(data: st.DataObject) -> None:
    """Whatever one table adds up to, another may add up to anything: each count leaves out by a coin of its own."""
    wanted = {
        (f"tallies:{period}", "|".join((name, *values))): data.draw(st.integers(0, 3))
        for period in ("2026-11", "2026")
        for name, values in data.draw(st.lists(st.sampled_from(CELLS), min_size=1, max_size=6, unique=True))
    }
    every = list(dict.fromkeys((*field.split("|")[:1], tuple(field.split("|")[1:])) for _, field in wanted))
    found: dict[tuple[str, str], int] = dict.fromkeys(wanted, 0)
    for turn in range(3):  # three conversations that were the same in everything
        order = [(f"tallies:{period}", "|".join((name, *values)))
                 for period in ("2026-11", "2026") for name, values in every]  # fmt: skip
        coins = iter([wanted.get(one, 0) <= turn for one in order])
        writes = Writes()
        add_tallies(writes, every, "2026-11", is_left_out=lambda coins=coins: next(coins))
        for operation in writes.operations:
            if operation[0] == "HINCRBY":
                found[str(operation[1]), str(operation[2])] = found.get((str(operation[1]), str(operation[2])), 0) + 1
    assert {key: count for key, count in found.items() if key in wanted} == wanted


def test_what_is_left_out_is_one_in_eight_and_each_count_decides_for_itself_o4() -> None:
    """The real coin: not the same conversations in every table, or the tables could be compared after all."""
    counts: dict[tuple[object, object], int] = {}
    apart = dict.fromkeys(("tallies:2026-11", "tallies:2026"), 0)
    for _ in range(4000):
        writes = Writes()
        add_tallies(writes, [("channel", ("sms",)), ("language", ("en",))], "2026-11")
        for operation in writes.operations:
            if operation[0] == "HINCRBY":
                key = (operation[1], operation[2])
                counts[key] = counts.get(key, 0) + 1
        for period in apart:
            apart[period] += sum(operation[:2] == ("HINCRBY", period) for operation in writes.operations) == 1
    assert len(counts) == 4
    assert all(3360 < count < 3640 for count in counts.values()), counts
    # One of the two in 2 * 1/8 * 7/8 of all conversations, seven in thirty-two: 875 of 4000.
    assert all(740 < count < 1010 for count in apart.values()), apart


def test_no_table_has_more_than_two_dimensions_and_none_asks_who_somebody_is_o4_o5() -> None:
    assert all(len(table.dimensions) <= MOST_DIMENSIONS for table in TABLES)
    asked = {name for table in TABLES for name, _ in table.dimensions}
    assert asked == {
        "all", "day", "hours", "channel", "language", "level", "topic", "area", "outcome", "answer", "wait", "handoff",
        "need", "found", "unmet",
    }  # fmt: skip
    three = Table("x", (("a", ("1",)), ("b", ("1",)), ("c", ("1",))))
    with pytest.raises(ValueError, match="two dimensions"):
        show_tables([three], {}, "2026")


@pytest.mark.parametrize(
    ("period", "today"),
    [
        ("2026-11", date(2026, 11, 30)), ("2026-11", date(2026, 12, 1)), ("2026", date(2026, 12, 31)),
        ("2026", date(2027, 1, 1)), ("2026-13", date(2027, 6, 1)), ("2026-11-01", date(2027, 6, 1)),
        ("2026-10..2026-11", date(2027, 6, 1)), ("*", date(2027, 6, 1)), ("2026-1", date(2027, 6, 1)),
    ],
)  # fmt: skip
def test_only_a_whole_month_or_year_that_is_over_can_be_asked_for_o4(period: str, today: date) -> None:
    with pytest.raises(ValueError, match="report"):
        check_period(period, today)


def test_a_period_can_be_asked_for_from_its_second_day_after_on_and_the_year_is_there_well_before_31_january() -> None:
    assert check_period("2026-11", date(2026, 12, 2)) == "2026-11"
    assert check_period("2026", date(2027, 1, 2)) == "2026"
    assert (disclosure.DUE_MONTH, disclosure.DUE_DAY) == (1, 31)
    assert list_periods(date(2027, 1, 5), months=4) == ["2026", "2026-12", "2026-11", "2026-10"]
    assert list_periods(date(2026, 12, 1), months=3) == ["2025", "2026-10"]
