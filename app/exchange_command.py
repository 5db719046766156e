"""``porchlight content export --hsds`` and ``content import --hsds``: places out and in, by what is live (G4).

An import is a plan, and then one draft: nothing is live before another account has approved it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.content_command import ContentCommand
from hotline.exchange.export import export_directory
from hotline.exchange.plan import Item, Kind, Plan
from storage.content_import import Given, land, plan_over
from storage.content_live import name_command_line
from storage.content_texts import parse_texts
from storage.exchange_files import read_list, read_services, write_json, write_package

_LONGEST = 70
_TOLD = (Kind.ADD, Kind.CHANGE, Kind.CONFLICT, Kind.REFUSED)


@dataclass(frozen=True, slots=True)
class Source:
    """What to take in: ``hsds`` (a JSON file or a folder of tables), or ``csv`` with its ``mapping``."""

    hsds: Path | None = None
    csv: Path | None = None
    mapping: Path | None = None

    @property
    def is_given(self) -> bool:
        """True if any of them is."""
        return bool(self.hsds or self.csv or self.mapping)

    def check(self) -> None:
        """Raises ValueError if it is unclear what is meant."""
        if bool(self.hsds) == bool(self.csv) or bool(self.csv) != bool(self.mapping):
            raise ValueError("say --hsds FILE, or --csv FILE with --mapping FILE")

    def read(self) -> tuple[list[dict[str, Any]], list[str]]:
        """The services, and a line for each thing that was left behind. Raises ExchangeError, ContentError, OSError."""
        if self.hsds:
            services, unused = read_services(self.hsds)
            return services, [f"left behind: {count} row(s) of {name}" for name, count in sorted(unused.items())]
        services, ignored = read_list(self.csv or Path(), self.mapping or Path())
        return services, [f"left behind: column {_show(name)}" for name in ignored]

    @property
    def name(self) -> str:
        """The file's name, for the history."""
        return (self.hsds or self.csv or Path()).name


async def export_places(
    command: ContentCommand, path: Path, *, leave_out: bool, unpublished: bool, whole: bool
) -> list[str]:
    """Writes the places that are live to a JSON file, or as tables into a new folder; a line for what happened.

    Raises ConfidentialPlace before anything is written, or OSError.
    """
    documents = parse_texts((await command.desk.look()).texts)
    export = export_directory(documents, leave_out=leave_out, unpublished=unpublished, whole=whole)
    if path.suffix == ".json":
        write_json(path, export.services)
    else:
        write_package(path, export.services)
    lines = [f"{len(export.services)} place(s) written to {path.name}"]
    if export.confidential:
        lines.append(f"{len(export.confidential)} confidential place(s) left out")
    if export.unpublished:
        lines.append(f"{len(export.unpublished)} place(s) left out that are not published")
    return lines


async def import_places(
    command: ContentCommand, source: Source, *, by: str, dry_run: bool, region: str, whole: bool
) -> list[str]:
    """What an import would do, or did: then all of it is one draft in the name of ``by``.

    Raises ExchangeError, ContentError, ValueError or OSError.
    """
    services, left = source.read()
    given = Given(services, source.name, region or command.settings.region, whole=whole)
    today = datetime.now(UTC).date()
    if dry_run:
        plan = await plan_over(await command.desk.look(), given, today)
        return [*print_plan(plan), *left, "a dry run: nothing was changed"]
    await command.check_account(by)
    # The account that is named stays an author: if it is theirs, they do not approve it.
    plan, draft = await land(command.desk, by, given, today, others=(name_command_line(by),))
    if draft is None:
        return [*print_plan(plan), *left, "nothing to change: no draft was made"]
    await command.note("content_drafted", draft.id)
    said = f"draft {draft.id}: {len(draft.texts)} document(s)"
    said += f", {len(plan.choices)} place(s) to choose on its page in the console" if plan.choices else ""
    return [*print_plan(plan), *left, f"{said}; not live before another account has approved it"]


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
    yield from ["    ? choose in the draft"] if item.choice else []
    yield from (f"    - not taken: {note}" for note in dict.fromkeys(item.notes))


def _show(value: Any) -> str:
    """Short, and in plain ASCII: what comes from elsewhere may hold signs that a terminal obeys."""
    text = json.dumps(value, default=str)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
