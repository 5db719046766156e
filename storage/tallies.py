"""Counts of conversations by month and by year: numbers of things, with one in eight left out at random (O4).

Each count decides for itself what it leaves out, so that no sum of counts gives another (``hotline/disclosure.py``).
"""

import secrets
from collections.abc import Callable, Iterable, Mapping

from hotline.disclosure import LEFT_OUT_OF
from hotline.tally_tables import Cell
from storage.commit import Writes
from storage.connection import Store
from storage.keyspace import TALLY_SECONDS


def is_left_out() -> bool:
    """The coin that every count tosses by itself; True for one in eight."""
    return secrets.randbelow(LEFT_OUT_OF) == 0


def add_tallies(
    writes: Writes, cells: Iterable[Cell], month: str, *, is_left_out: Callable[[], bool] = is_left_out
) -> None:
    """Adds one to each cell of the month (``2026-11``) and of its year, but for what is left out, in a turn's commit.

    ``is_left_out`` is asked for every count by itself.
    """
    cells = list(cells)
    for period in (month, month[:4]):
        key, counted = f"tallies:{period}", [cell for cell in cells if not is_left_out()]
        for cell in counted:
            writes.add("HINCRBY", key, _field(cell), 1)
        if counted:
            writes.add("EXPIRE", key, TALLY_SECONDS)


class StoreTallies:
    """Reads what was counted. Only ``hotline.disclosure`` turns it into something that may be shown."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def read(self, period: str) -> Mapping[Cell, int]:
        """The counts of a month (``2026-11``) or a year (``2026``). Raises StoreError."""
        row = await self._store.call("HGETALL", f"tallies:{period}")
        return {_parse(field.decode()): int(count) for field, count in row.items()}


def _field(cell: Cell) -> str:
    table, values = cell
    return "|".join((table, *values))


def _parse(field: str) -> Cell:
    table, *values = field.split("|")
    return table, tuple(values)
