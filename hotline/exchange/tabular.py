"""Services as the tables of HSDS 3.0 and back, without loss (G4).

The tables hold what the standard lets them hold. What it has no column for (our additions, a field that nobody knows,
one phone that hangs from two contacts) stands in a table of our own beside them: the record as a whole, with a mark of
what the tables said when it was written. Whoever edits the tables is believed: then the mark no longer fits.
"""

import copy
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from hotline.exchange.entry import ExchangeError
from hotline.exchange.tables import OF_FIELD, TABLES, list_pointers, pointing_column

type Rows = dict[str, list[dict[str, Any]]]
"""Rows by table name; a cell that is not there is empty."""

OWN = "porchlight"
OWN_COLUMNS = ("id", "porchlight", "seen", "record")
_MARK_BYTES = 16


def to_tables(services: Iterable[Mapping[str, Any]]) -> Rows:
    """The rows of all tables, and those of ``porchlight`` for what they cannot say.

    Raises ExchangeError for two services with one id, or one without.
    """
    services = list(services)
    ids = {service.get("id") for service in services}
    if len(ids) < len(services) or not all(isinstance(name, str) for name in ids):
        raise ExchangeError("every service needs an id of its own")
    found: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in TABLES}
    for service in services:
        _flatten("service", service, {}, found)
    rows: Rows = {name: list(by_id.values()) for name, by_id in found.items()}
    index = _Index(rows)
    nested = {row["id"]: index.nest("service", row) for row in rows["service"]}
    rows[OWN] = []
    for service in services:
        plain = {key: value for key, value in service.items() if key != OWN}
        there = nested.get(service.get("id"))
        own: dict[str, Any] = {"id": service.get("id")}
        own |= {OWN: _dump(service[OWN])} if OWN in service else {}
        own |= {"seen": _mark(there), "record": _dump(plain)} if there != plain else {}
        rows[OWN] += [own] if len(own) > 1 else []
    return rows


def from_tables(rows: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The services that the tables hold, everything nested. Rows that hang from no service are not among them."""
    given = {name: [row for row in rows.get(name, ()) if row.get("id")] for name in TABLES}
    index = _Index(given)
    own = {row.get("id"): row for row in rows.get(OWN, ())}
    found = []
    for row in given["service"]:
        nested = index.nest("service", row)
        beside = own.get(row["id"], {})
        if beside.get("record") and beside.get("seen") == _mark(nested):
            nested = json.loads(beside["record"])
        if beside.get(OWN):
            nested[OWN] = json.loads(beside[OWN])
        found.append(nested)
    return found


def count_unused(rows: Mapping[str, list[dict[str, Any]]]) -> dict[str, int]:
    """How many rows of each table no service uses, so that nothing is left behind in silence."""
    used: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in TABLES}
    for service in from_tables({name: part for name, part in rows.items() if name != OWN}):
        _flatten("service", service, {}, used)
    counts = {name: len({row.get("id") for row in rows.get(name, ())} - set(used[name])) for name in TABLES}
    return {name: count for name, count in counts.items() if count}


def nest(table: str, rows: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The rows of any table with all that hangs from them."""
    index = _Index(rows)
    return [index.nest(table, row) for row in rows.get(table, ())]


def flatten(table: str, records: Iterable[Mapping[str, Any]]) -> Rows:
    """Records of any table as rows of all of them."""
    found: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in TABLES}
    for record in records:
        _flatten(table, record, {}, found)
    return {name: list(by_id.values()) for name, by_id in found.items()}


def _flatten(table: str, record: Any, pointers: Mapping[str, Any], found: dict[str, dict[str, dict[str, Any]]]) -> None:
    spec = TABLES[table]
    if not isinstance(record, Mapping) or not isinstance(record.get("id"), str):
        return
    row = found[table].setdefault(record["id"], {})
    for column in spec.columns:
        value = record.get(column)
        if value is not None and not isinstance(value, Mapping | list):
            row.setdefault(column, value)
    for column, target in pointers.items():
        row.setdefault(column, target)
    for field, (child, column) in spec.one.items():
        nested = record.get(field)
        if isinstance(nested, Mapping) and isinstance(nested.get("id"), str):
            row.setdefault(column, nested["id"])
            _flatten(child, nested, {}, found)
    for field in spec.many:
        child = OF_FIELD[field]
        column = pointing_column(table, child)
        items = record.get(field)
        for item in items if isinstance(items, list) else ():
            _flatten(child, item, {column: record["id"]} if column else {}, found)


class _Index:
    """Rows by what they point at."""

    def __init__(self, rows: Mapping[str, list[dict[str, Any]]]) -> None:
        self._by_id = {name: {row["id"]: row for row in rows.get(name, ()) if row.get("id")} for name in TABLES}
        self._below: dict[tuple[str, str, Any], list[dict[str, Any]]] = {}
        self._pointers = {name: list_pointers(name) for name in TABLES}
        for name in TABLES:
            for row in rows.get(name, ()):
                for column in self._pointers[name]:
                    if row.get(column) is not None:
                        self._below.setdefault((name, column, row[column]), []).append(row)

    def nest(self, table: str, row: Mapping[str, Any], *, below: bool = False) -> dict[str, Any]:
        """The row with everything that hangs from it. The standard's tables form no circle, so this ends."""
        spec = TABLES[table]
        hidden = self._pointers[table] if below or table == "service_at_location" else frozenset()
        record = {column: value for column, value in row.items() if column not in hidden}
        for field, (child, column) in spec.one.items():
            target = self._by_id[child].get(row.get(column))
            if target is not None:
                record.pop(column, None)
                record[field] = self.nest(child, target, below=True)
        for field in spec.many:
            child = OF_FIELD[field]
            column = pointing_column(table, child)
            rows = self._below.get((child, column, row.get("id")), ()) if column else ()
            if rows:
                record[field] = [self.nest(child, item, below=True) for item in rows]
        return copy.deepcopy(record)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _mark(record: Any) -> str:
    plain = json.dumps(record, sort_keys=True).encode()
    return hashlib.sha256(plain).hexdigest()[: 2 * _MARK_BYTES]
