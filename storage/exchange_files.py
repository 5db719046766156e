"""Reads and writes the files of an exchange: HSDS as JSON, as a folder of tables, and any other list as CSV (G4)."""

import csv
import json
import math
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import yaml

from hotline.exchange.columns import Columns
from hotline.exchange.entry import ExchangeError
from hotline.exchange.forms import list_services
from hotline.exchange.tables import TABLES
from hotline.exchange.tabular import OWN, OWN_COLUMNS, count_unused, from_tables, to_tables

LARGEST_BYTES = 64 * 1024 * 1024
"""Of one file; the directory of a whole state is smaller."""

_PACKAGE = "datapackage.json"
_FILES = {**{name: table.file for name, table in TABLES.items()}, OWN: "porchlight.csv"}
_COLUMNS = {**{name: table.columns for name, table in TABLES.items()}, OWN: OWN_COLUMNS}


def read_services(path: Path) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The services of a JSON file or of a folder of tables, and how many rows of which table no service uses.

    Raises ExchangeError saying what is wrong, or OSError.
    """
    if path.is_dir():
        rows = {name: _read_table(path / file, name) for name, file in _FILES.items() if (path / file).is_file()}
        if not rows.get("service"):
            raise ExchangeError(f"{path.name} holds no {_FILES['service']} with a service in it")
        return from_tables(rows), count_unused(rows)
    return parse_services(_read(path), path.name), {}


def parse_services(text: str, name: str) -> list[dict[str, Any]]:
    """The services of a JSON text. Raises ExchangeError saying what is wrong."""
    try:
        data = json.loads(text, parse_constant=_refuse_number, parse_float=_parse_float)
        _check_whole(data)
    except (ValueError, RecursionError) as error:
        raise ExchangeError(f"{name} is not readable as JSON ({type(error).__name__})") from None
    return list_services(data)


def read_list(path: Path, mapping: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows of any CSV as services by a mapping file, and the columns that nothing takes.

    Raises ExchangeError or ContentError saying what is wrong, or OSError.
    """
    return parse_list(_read(path), _read(mapping), path.name)


def parse_list(text: str, mapping: str, name: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The same of texts. Raises ExchangeError or ContentError saying what is wrong."""
    try:
        columns = Columns(yaml.safe_load(mapping))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ExchangeError(f"the mapping is not readable as YAML ({type(error).__name__})") from None
    rows = _parse_csv(text, name)
    unused = columns.check_header(list(rows[0]) if rows else [])
    return [columns.build_service(row) for row in rows], unused


def write_json(path: Path, services: Sequence[Mapping[str, Any]]) -> None:
    """Writes the services as one JSON list. Raises OSError."""
    path.write_text(json.dumps(services, ensure_ascii=False, indent=2) + "\n", "utf-8")


def write_package(folder: Path, services: Sequence[Mapping[str, Any]]) -> None:
    """Writes the services as tables with their description, into a new or empty folder.

    Raises ExchangeError if something is in it, or OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise ExchangeError(f"{folder.name} is not empty; name a new folder")
    rows = to_tables(services)
    written = [name for name in _FILES if rows.get(name)]
    for name in written:
        with (folder / _FILES[name]).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, _COLUMNS[name])
            writer.writeheader()
            writer.writerows(rows[name])
    (folder / _PACKAGE).write_text(json.dumps(_describe(written), indent=2) + "\n", "utf-8")


def _describe(tables: Sequence[str]) -> dict[str, Any]:
    resources = []
    for name in tables:
        numbers = TABLES[name].numbers if name in TABLES else frozenset()
        fields = [{"name": key, "type": "number" if key in numbers else "string"} for key in _COLUMNS[name]]
        described = {"name": name, "path": _FILES[name], "profile": "tabular-data-resource", "format": "csv"}
        resources.append({**described, "mediatype": "text/csv", "schema": {"primaryKey": "id", "fields": fields}})
    said = "Places by the Human Services Data Specification 3.0 of Open Referral; porchlight.csv holds what it has not."
    return {
        "name": "porchlight-directory", "profile": "tabular-data-package", "description": said, "resources": resources,
    }  # fmt: skip


def _read_table(path: Path, name: str) -> list[dict[str, Any]]:
    numbers = TABLES[name].numbers if name in TABLES else frozenset()
    return [
        {column: _read_cell(cell, number=column in numbers) for column, cell in row.items() if cell}
        for row in _parse_csv(_read(path), path.name)
    ]


def _read_cell(cell: str, *, number: bool) -> Any:
    if not number:
        return cell
    try:
        return json.loads(cell, parse_constant=_refuse_number, parse_float=_parse_float)
    except ValueError:
        return cell


def _parse_csv(text: str, name: str) -> list[dict[str, str]]:
    csv.field_size_limit(LARGEST_BYTES)
    try:
        reader = csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
        rows = list(reader)
    except csv.Error:
        raise ExchangeError(f"{name} is not readable as CSV") from None
    if any(None in row for row in rows):
        raise ExchangeError(f"{name} has a row with more cells than columns")
    return [{column: cell for column, cell in row.items() if cell is not None} for row in rows]


def _read(path: Path) -> str:
    if path.stat().st_size > LARGEST_BYTES:
        raise ExchangeError(f"{path.name} is larger than {LARGEST_BYTES // 1024 // 1024} MiB")
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise ExchangeError(f"{path.name} is not UTF-8") from None


def _check_whole(data: Any) -> None:
    """Half a character, which JSON can spell, could be written nowhere."""
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("half a character") from None


def _parse_float(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse_number(text)


def _refuse_number(_text: str) -> float:
    raise ValueError("not a number of JSON")
