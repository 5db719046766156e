"""``porchlight content export`` and ``content import``, for the places of the directory."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

Hsds = Annotated[Path | None, typer.Option(help="HSDS 3.0: a .json file, or a folder of tables.")]
Region = Annotated[str, typer.Option(help="Where new places go.")]
Whole = Annotated[bool, typer.Option(help="With verification and vetting, for an installation of our own.")]


def add_to(commands: typer.Typer) -> None:
    """Adds both commands to ``porchlight content``."""
    commands.command("export")(content_export)
    commands.command("import")(content_import)


def content_export(
    hsds: Hsds = None,
    leave_out_confidential: Annotated[bool, typer.Option(help="Go on without them.")] = False,
    unpublished: Annotated[bool, typer.Option(help="Also what texters are not told of.")] = False,
    whole: Whole = False,
) -> None:
    """Writes the directory for others. Fails if a confidential place is in it, unless they are left out."""
    from app.exchange_command import export_places
    from storage.content_files import load_documents

    if hsds is None:
        raise ValueError("say --hsds FILE.json or --hsds FOLDER")
    written = export_places(
        load_documents(), hsds, leave_out=leave_out_confidential, unpublished=unpublished, whole=whole
    )
    for line in written:
        typer.echo(line)


def content_import(
    hsds: Hsds = None,
    csv: Annotated[Path | None, typer.Option(help="Any list of places.")] = None,
    columns: Annotated[Path | None, typer.Option(help="Which column of the list is what (YAML).")] = None,
    into: Annotated[Path | None, typer.Option(help="A new folder for the changed files; without it a dry run.")] = None,
    region: Region = "nevada",
    whole: Whole = False,
) -> None:
    """Shows what would be added, changed, or has to be decided; changes nothing that is here."""
    from app.exchange_command import Given, import_places
    from storage.content_files import load_documents

    given, today = Given(hsds, csv, columns), datetime.now(UTC).date()
    for line in import_places(load_documents(), given, into, region=region, today=today, whole=whole):
        typer.echo(line)
