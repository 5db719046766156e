"""What an operator does on the machine: keys, backup, wipe. Joined to the ``porchlight`` command."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.settings import Settings

keys_commands = typer.Typer(no_args_is_help=True, help="The server's key files.")

Folder = Annotated[Path, typer.Option("--folder", help="The folder of `porchlight run`, if no settings are given.")]
Which = Annotated[list[str] | None, typer.Argument(help="server, address or staff; all of them if none is named.")]
_PRACTICE_FOLDER = Path("var")


@keys_commands.command("init")
def keys_init() -> None:
    """Makes those of the three key files that are missing where the settings say; never overwrites one."""
    from app.start import make_keys

    for path in make_keys(os.environ):
        typer.echo(f"made {path}")


@keys_commands.command("status")
def keys_status(folder: Folder = _PRACTICE_FOLDER) -> None:
    """Which keys there are, how old, and how much lies under each; no secret."""
    from app.keys_command import describe_keys, now_utc

    _print(_run(folder, lambda settings: describe_keys(settings, now_utc())))


@keys_commands.command("rotate")
def keys_rotate(which: Which = None, folder: Folder = _PRACTICE_FOLDER) -> None:
    """Puts a new key in front of each file. Running programs take it up by themselves; nothing is restarted."""
    from app.keys_command import now_utc, rotate_keys

    _print(_run(folder, lambda settings: rotate_keys(settings, which or (), now_utc())))


@keys_commands.command("prune")
def keys_prune(which: Which = None, folder: Folder = _PRACTICE_FOLDER) -> None:
    """Drops old keys that nothing needs any more; says why the others stay."""
    from app.keys_command import now_utc, prune_keys

    _print(_run(folder, lambda settings: prune_keys(settings, which or (), now_utc())))


@keys_commands.command("vapid")
def keys_vapid() -> None:
    """Prints a new key pair for pushing to staff browsers; the private one goes to the worker alone."""
    from vault.web_push import VapidKey

    key = VapidKey.create()
    typer.echo(f"VAPID_PUBLIC_KEY={key.public}")
    typer.echo(f"VAPID_PRIVATE_KEY={key.private}")


@keys_commands.command("backup-init")
def keys_backup_init() -> None:
    """Prints a new key pair for backups, once: the public half is a setting, the private half is kept on paper."""
    from vault.backup import BackupKey

    key = BackupKey.create()
    typer.echo(f"PORCHLIGHT_BACKUP_PUBLIC_KEY={key.spell_public()}")
    typer.echo(f"keep this away from the machine; whoever has it opens backups: {key.spell()}")


def backup(
    file: Annotated[Path, typer.Argument(help="Where to; it must not be there yet.")],
    folder: Folder = _PRACTICE_FOLDER,
) -> None:
    """Writes a sealed backup: staff, shifts, audit, counts, and who said STOP as keyed hashes. Nothing of texters."""
    from app.backup_command import write_backup_file

    typer.echo(_run(folder, lambda settings: write_backup_file(settings, file)))


def restore(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    over: Annotated[bool, typer.Option("--over", help="Into a store that is not empty; what is there wins.")] = False,
    unproved: Annotated[
        bool, typer.Option("--unproved", help="Though the staff key cannot show that this backup is ours.")
    ] = False,
    folder: Folder = _PRACTICE_FOLDER,
) -> None:
    """Restores a backup; the private key is read from standard input. Accounts come back suspended."""
    from app.backup_command import restore_file

    if sys.stdin.isatty():
        typer.echo("the backup's private key, then Enter:", err=True)
    text = sys.stdin.readline()
    _print(_run(folder, lambda settings: restore_file(settings, file, text, over=over, unproved=unproved)))


def wipe(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    folder: Folder = _PRACTICE_FOLDER,
) -> None:
    """PANIC: erases everything about texters, at once and for good, and looks whether anything is left; 1 if so."""
    from app.wipe_command import wipe as wipe_all

    def say(line: str) -> None:
        typer.echo(line)

    async def ask_and_wipe(settings: "Settings") -> bool:
        if not yes:
            typer.echo("Everything about texters goes: open conversations, who waits, who said STOP. No way back.")
            given = await asyncio.to_thread(input, f"Type the hotline's name ({settings.hotline_name}): ")
            if given.strip() != settings.hotline_name:
                raise ValueError("that is not the name; nothing was wiped")
        return await wipe_all(settings, say)

    sys.exit(0 if _run(folder, ask_and_wipe) else 1)


def add_to(application: typer.Typer) -> None:
    """Joins these commands to the whole."""
    application.add_typer(keys_commands, name="keys")
    for command in (backup, restore, wipe):
        application.command()(command)


def _run[Result](folder: Path, work: Callable[["Settings"], Awaitable[Result]]) -> Result:
    from app.operating import operate

    async def run() -> Result:
        async with operate(os.environ, folder) as settings:
            return await work(settings)

    return asyncio.run(run())


def _print(lines: list[str]) -> None:
    for line in lines:
        typer.echo(line)
