"""What ``porchlight`` can do. Each command imports what it needs when it runs, so that none is slow to start."""

import asyncio
import os
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from app.content_cli import content_commands
from app.operator_cli import add_to as add_operator_commands
from app.outreach_cli import outreach_commands
from app.report_cli import add_to as add_report_command
from app.setup_cli import add_to as add_setup_commands

application = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Porchlight."
)
channels_commands = typer.Typer(no_args_is_help=True, help="The providers' side of our channels.")
staff_commands = typer.Typer(no_args_is_help=True, help="Accounts of advocates and others on our side.")
audit_commands = typer.Typer(no_args_is_help=True, help="Who on our side did what when; no content.")
add_operator_commands(application)
add_report_command(application)
add_setup_commands(application)
application.add_typer(audit_commands, name="audit")
application.add_typer(channels_commands, name="channels")
application.add_typer(staff_commands, name="staff")
application.add_typer(content_commands, name="content")
application.add_typer(outreach_commands, name="outreach")

_PRACTICE_FOLDER = Path("var")
JsonLines = Annotated[bool, typer.Option("--jsonl", help="JSON Lines on standard input and output.")]
Hotline = Annotated[Path | None, typer.Option("--hotline", help="The folder that `porchlight init` wrote.")]
Explained = Annotated[bool, typer.Option("--explain", help="Say why, for reviewers; prints the words given.")]


@application.command()
def run(
    context: typer.Context,
    folder: Annotated[Path, typer.Option(help="Where data, keys and logs go.")] = _PRACTICE_FOLDER,
    hotline: Hotline = None,
) -> None:
    """Runs everything on this machine until Ctrl-C, in the mode that PORCHLIGHT_MODE names."""
    from app.stack_command import REFUSED, run_stack
    from app.start import hotline_environ, prepare_start

    environ, prepare = hotline_environ(os.environ, hotline), partial(prepare_start, hotline=hotline)
    code = run_stack(environ, hotline or folder, prepare=prepare, early=context.obj)
    if hotline and code == REFUSED:
        typer.echo(
            f"porchlight init {hotline} asks for it; porchlight doctor --hotline {hotline} lists all that is missing"
        )
    sys.exit(code)


@application.command()
def settings() -> None:
    """Prints every setting: name, default, who is given it, whether it is needed."""
    from app.settings_table import settings_page

    typer.echo(settings_page())


@application.command()
def screen(jsonl: JsonLines = False, explain: Explained = False) -> None:
    """Screens messages: {"id","text","context"} a line in, {"id","level","reasons","micros"} a line out."""
    from app.screening_command import screen_lines

    _need_jsonl(jsonl)
    for line in screen_lines(sys.stdin, explained=explain):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


@application.command()
def talk(jsonl: JsonLines = False) -> None:
    """Plays scripts through the whole product on a stack of its own, and prints what the texter was sent."""
    from app.talk import parse_scripts, play_and_print

    _need_jsonl(jsonl)
    asyncio.run(play_and_print(parse_scripts(sys.stdin), sys.stdout))


@channels_commands.command("register")
def channels_register(hotline: Hotline = None) -> None:
    """Tells Twilio and Telegram where our webhooks are."""
    from app.start import hotline_environ, register_channels

    for line in asyncio.run(register_channels(hotline_environ(os.environ, hotline))):
        typer.echo(line)


@channels_commands.command("copies")
def channels_copies() -> None:
    """Counts what the providers still hold of our messages; erasing is the worker's."""
    from app.copies_command import count_copies

    for line in asyncio.run(count_copies(os.environ)):
        typer.echo(line)


@staff_commands.command("add")
def staff_add(
    name: Annotated[str, typer.Argument(help="An alias: small letters and digits.")],
    role: Annotated[list[str] | None, typer.Option(help="advocate, supervisor, admin or outreach.")] = None,
    language: Annotated[str, typer.Option(help="en or es.")] = "en",
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from input.")] = False,
) -> None:
    """Adds someone, or gives them a new password; a random one is printed once if none is given."""
    from app.staff import new_password
    from app.start import add_staff

    password = sys.stdin.readline().rstrip("\n") if password_stdin else new_password()
    asyncio.run(add_staff(os.environ, name, password, tuple(role or ["advocate"]), language))
    typer.echo(f"{name} may log in" if password_stdin else f"{name} may log in with: {password}")


@audit_commands.command("verify")
def audit_verify(
    known: Annotated[str, typer.Option(help="An entry that was written down elsewhere, NUMBER:MAC.")] = "",
    file: Annotated[Path | None, typer.Option(help="An exported file instead of the store.")] = None,
) -> None:
    """Says whether any entry was changed, removed or moved; 1 if so. Only --known finds an end that was cut off."""
    from app.audit_command import verify_audit

    sound, line = asyncio.run(verify_audit(os.environ, known, file))
    typer.echo(line)
    sys.exit(0 if sound else 1)


@audit_commands.command("export")
def audit_export() -> None:
    """Prints every entry, a JSON array a line. Keep the last elsewhere: it shows later that nothing was cut off."""
    from app.audit_command import export_audit

    for line in asyncio.run(export_audit(os.environ)):
        typer.echo(line)


@staff_commands.command("invite")
def staff_invite(
    name: Annotated[str, typer.Argument(help="An alias: small letters and digits.")],
    role: Annotated[list[str] | None, typer.Option(help="advocate, supervisor, admin or outreach.")] = None,
    language: Annotated[str, typer.Option(help="en or es.")] = "en",
) -> None:
    """Prints a link with which one person joins once within 48 hours and chooses password or passkey."""
    from app.start import invite_staff

    typer.echo(asyncio.run(invite_staff(os.environ, name, tuple(role or ["advocate"]), language)))


@staff_commands.command("reset")
def staff_reset(
    name: Annotated[str, typer.Argument(help="Whose account.")],
    forget_code: Annotated[
        bool, typer.Option("--forget-code", help="The printed code opens nothing any more.")
    ] = False,
) -> None:
    """Ends logins, password, codes, passkeys, key, ways to be paged and shifts of someone; then invite them again."""
    from app.start import reset_staff

    asyncio.run(reset_staff(os.environ, name, keep_recovery=not forget_code))
    typer.echo(f"{name} is out; invite them again with: porchlight staff invite {name}")


@staff_commands.command("confirm")
def staff_confirm(name: Annotated[str, typer.Argument(help="Whose account.")]) -> None:
    """Ends a suspension: after a restored backup everybody is suspended until you say who is still with us."""
    from app.start import confirm_staff

    asyncio.run(confirm_staff(os.environ, name))
    typer.echo(f"{name} may log in")


@staff_commands.command("list")
def staff_list() -> None:
    """Prints every account: name, state, roles, second step, key."""
    from app.start import list_staff

    for line in asyncio.run(list_staff(os.environ)):
        typer.echo(line)


def _need_jsonl(jsonl: bool) -> None:
    if not jsonl:
        raise ValueError("say --jsonl: messages are read as JSON Lines from standard input")
