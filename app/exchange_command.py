"""``porchlight content export`` and ``content import``: places out and in, with a plan before anything is written."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hotline.exchange.export import export_directory
from hotline.exchange.plan import Item, Kind, Plan, plan_import
from storage.content_files import CONTENT_FOLDER
from storage.content_text import write_documents
from storage.exchange_files import read_list, read_services, write_json, write_package

_LONGEST = 70
_TOLD = (Kind.ADD, Kind.CHANGE, Kind.CONFLICT, Kind.REFUSED)


@dataclass(frozen=True, slots=True)
class Given:
    """What to take in: ``hsds`` (a JSON file or a folder of tables), or ``csv`` with its ``columns``."""

    hsds: Path | None = None
    csv: Path | None = None
    columns: Path | None = None

    def read(self) -> tuple[list[dict[str, Any]], list[str]]:
        """The services, and a line for each thing that was left behind. Raises ValueError if it is unclear which."""
        if self.hsds and not self.csv and not self.columns:
            services, unused = read_services(self.hsds)
            return services, [f"left behind: {count} row(s) of {name}" for name, count in sorted(unused.items())]
        if self.csv and self.columns and not self.hsds:
            services, ignored = read_list(self.csv, self.columns)
            return services, [f"left behind: column {_show(name)}" for name in ignored]
        raise ValueError("say --hsds FILE, or --csv FILE with --columns FILE")


def export_places(
    documents: Mapping[str, Any], path: Path, *, leave_out: bool, unpublished: bool, whole: bool
) -> Iterator[str]:
    """Writes the directory to a JSON file, or as tables into a new folder; a line for what happened.

    Raises ConfidentialPlace before anything is written, or OSError.
    """
    export = export_directory(documents, leave_out=leave_out, unpublished=unpublished, whole=whole)
    if path.suffix == ".json":
        write_json(path, export.services)
    else:
        write_package(path, export.services)
    yield f"{len(export.services)} place(s) written to {path.name}"
    if export.confidential:
        yield f"{len(export.confidential)} confidential place(s) left out"
    if export.unpublished:
        yield f"{len(export.unpublished)} place(s) left out that are not published"


def import_places(
    documents: Mapping[str, Any], given: Given, into: Path | None, *, region: str, today: date, whole: bool
) -> Iterator[str]:
    """Prints what an import would do; with ``into`` writes the changed content files there, and nowhere else.

    Raises ExchangeError, ContentError, ValueError or OSError.
    """
    services, left = given.read()
    plan = plan_import(services, documents, region=region, today=today, whole=whole)
    yield from print_plan(plan)
    yield from left
    if into is not None:
        written = write_documents(into, plan.documents, CONTENT_FOLDER)
        yield f"{len(written)} content file(s) written to {into.name}; look at them, then check them and put them in"


def print_plan(plan: Plan) -> Iterator[str]:
    """Every record that is not the same already, its changes below it, and a closing line with counts."""
    for item in plan.items:
        if item.kind in _TOLD:
            yield from _print_item(item)
    counts = ", ".join(f"{plan.count(kind)} {word}" for kind, word in _WORDS.items())
    yield f"{len(plan.items)} record(s): {counts}"


_WORDS = {
    Kind.ADD: "to add",
    Kind.CHANGE: "to change",
    Kind.CONFLICT: "for a person to decide",
    Kind.SAME: "the same",
    Kind.REFUSED: "that cannot be read",
}


def _print_item(item: Item) -> Iterator[str]:
    where = f"  [{item.document}{': ' + item.key if item.key else ''}]" if item.document else ""
    yield f"{item.kind.value:<8} {_show(item.name)}{where}"
    for change in item.changes:
        hidden = change.before is None and change.after is None
        yield f"    {change.path}" + ("" if hidden else f": {_show(change.before)} -> {_show(change.after)}")
    yield from (f"    ! {reason}" for reason in item.reasons)
    yield from (f"    - not taken: {note}" for note in dict.fromkeys(item.notes))


def _show(value: Any) -> str:
    """Short, and in plain ASCII: what comes from elsewhere may hold signs that a terminal obeys."""
    text = json.dumps(value, default=str)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
