"""The ``porchlight content`` commands: the files, and the live set that wins over them once there is one (G3)."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.content_command import ContentCommand

content_commands = typer.Typer(no_args_is_help=True, help="The reviewed words and rules.")

Folder = Annotated[Path, typer.Option("--folder", help="The folder of `porchlight run`, if no settings are given.")]
By = Annotated[str, typer.Option("--by", help="Your account name; nothing proves it, and the history says so.")]
Whole = Annotated[bool, typer.Option(help="With verification and vetting, for an installation of our own.")]
Note = Annotated[str, typer.Option("--note", help="Why, in one line.")]
_PRACTICE_FOLDER = Path("var")


@content_commands.command("check")
def content_check(region: Annotated[str, typer.Option(help="Whose places are looked at.")] = "nevada") -> None:
    """Checks every line of safety_content and prints a table with grades and parts; 1 if anything is wrong."""
    from app.start import check_all_content

    table, faults = check_all_content(region)
    typer.echo(table)
    sys.exit(1 if faults else 0)


@content_commands.command("page")
def content_page(region: Annotated[str, typer.Option(help="Whose places are looked at.")] = "nevada") -> None:
    """Prints docs/what-it-says.md: every line in both languages, with grade, parts and review, for reviewers."""
    from app.start import build_content_page

    typer.echo(build_content_page(region), nl=False)


@content_commands.command("history")
def content_history(folder: Folder = _PRACTICE_FOLDER) -> None:
    """Prints every version of the live set, the newest first: when, what kind, who, approved by whom, why."""
    _print(_run(folder, lambda command: command.history()))


@content_commands.command("drafts")
def content_drafts(folder: Folder = _PRACTICE_FOLDER) -> None:
    """Prints every draft: what it changes and what is still missing before it can go live."""
    _print(_run(folder, lambda command: command.drafts()))


@content_commands.command("import")
def content_import(  # options of a command
    hsds: Annotated[Path | None, typer.Option(help="Places: HSDS 3.0, a .json file or a folder of tables.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Places: any list, with --mapping.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="Which column of the list is what (YAML).")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what it would do.")] = False,
    by: Annotated[str, typer.Option("--by", help="Your account name: the draft's author.")] = "",
    region: Annotated[str, typer.Option(help="Where new places go; ours if left out.")] = "",
    whole: Whole = False,
    approve: Annotated[
        list[str] | None, typer.Option("--approve", help="Twice, two names: a safety fix that is live at once.")
    ] = None,
    note: Note = "A safety fix of a new release.",
    folder: Folder = _PRACTICE_FOLDER,
) -> None:
    """Takes in places as one draft; or what the files of this release change, at once with two names; 1 if refused."""
    from app.exchange_command import Source, import_places

    source = Source(hsds, csv, mapping)
    if source.is_given:
        source.check()
        if approve:
            raise ValueError("an import is approved in the console, not with --approve")
        if not by and not dry_run:
            raise ValueError("say --by and your account name, or --dry-run")
        _print(
            _run(
                folder,
                lambda command: import_places(command, source, by=by, dry_run=dry_run, region=region, whole=whole),
            )
        )
        return
    if dry_run:
        raise ValueError("a dry run is for places: say --hsds FILE, or --csv FILE with --mapping FILE")
    done, lines = _run(folder, lambda command: command.take_files(approve or [], note))
    _print(lines)
    sys.exit(0 if done else 1)


@content_commands.command("export")
def content_export(
    into: Annotated[Path | None, typer.Argument(help="An empty or new folder.")] = None,
    version: Annotated[int, typer.Option("--version", help="An older version; what is live if left out.")] = 0,
    hsds: Annotated[
        Path | None, typer.Option(help="Places for others: a .json file, or a new folder of tables.")
    ] = None,
    leave_out_confidential: Annotated[bool, typer.Option(help="Go on without confidential places.")] = False,
    unpublished: Annotated[bool, typer.Option(help="Also places that texters are not told of.")] = False,
    whole: Whole = False,
    folder: Folder = _PRACTICE_FOLDER,
) -> None:
    """Writes the live set as files, as they stand in safety_content; or its places for others, by HSDS 3.0."""
    from app.exchange_command import export_places

    if hsds is not None:
        # An older version may hold an address from when it was open (D4).
        if into is not None or version:
            raise ValueError("places go out as they are live: say --hsds alone, without a folder or --version")
        path, switches = hsds, {"unpublished": unpublished, "whole": whole, "leave_out": leave_out_confidential}
        _print(_run(folder, lambda command: export_places(command, path, **switches)))
        return
    if into is None:
        raise ValueError("say a folder, or --hsds FILE.json, or --hsds FOLDER")
    _print(_run(folder, lambda command: command.export(into, version)))


@content_commands.command("rollback")
def content_rollback(
    version: Annotated[int, typer.Argument(help="Which version to go back to.")],
    by: By,
    note: Note,
    folder: Folder = _PRACTICE_FOLDER,
) -> None:
    """Makes an old version live again, as a new one; what was pulled since stays pulled."""
    _print(_run(folder, lambda command: command.roll_back(by, version, note)))


@content_commands.command("pull")
def content_pull(
    entry: Annotated[str, typer.Argument(help="The id of a place or a line.")],
    by: By,
    note: Note,
    folder: Folder = _PRACTICE_FOLDER,
) -> None:
    """Closes a place or a line at once; it is gone from every answer within a minute."""
    _print(_run(folder, lambda command: command.pull(by, entry, note)))


@content_commands.command("confirm")
def content_confirm(
    entry: Annotated[str, typer.Argument(help="The id of a place or a line that you have phoned today.")],
    by: By,
    folder: Folder = _PRACTICE_FOLDER,
) -> None:
    """Says that you have phoned a place or a line today, and that what we say of it is true."""
    _print(_run(folder, lambda command: command.confirm(by, entry)))


def _run[Result](folder: Path, work: "Callable[[ContentCommand], Awaitable[Result]]") -> Result:
    from app.content_command import run_command

    return asyncio.run(run_command(folder, work))


def _print(lines: list[str]) -> None:
    for line in lines:
        typer.echo(line)
