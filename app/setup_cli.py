"""``porchlight init`` and ``porchlight doctor``: a new hotline's folder, and a look at a running one."""

import asyncio
import os
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from app.setup_questions import QUESTIONS, Question, read_answers

Hotline = Annotated[Path, typer.Argument(help="Where settings, secrets and keys go; /etc/porchlight for the units.")]


def init(
    folder: Hotline,
    answers: Annotated[
        Path | None, typer.Option(help="YAML with the answers; the names are those of the flags.")
    ] = None,
    name: Annotated[str, typer.Option(help="What texters read: it tells nothing.")] = "",
    region: Annotated[str, typer.Option(help="Region pack, such as nevada.")] = "",
    public_url: Annotated[str, typer.Option(help="Where providers reach the webhooks.")] = "",
    console_url: Annotated[str, typer.Option(help="Where advocates reach the console.")] = "",
    admin: Annotated[str, typer.Option(help="Alias of the first administrator.")] = "",
    language: Annotated[str, typer.Option(help="Their language: en or es.")] = "",
    channels: Annotated[str, typer.Option(help="sms, or sms,telegram.")] = "",
    number: Annotated[str, typer.Option(help="The hotline's number, +1...")] = "",
    check: Annotated[bool, typer.Option(help="Ask the providers, where their credentials are given.")] = True,
) -> None:
    """Sets up a hotline: writes its folder, checks the providers, says what comes next. Run it again to add answers.

    Secrets are never flags: they are asked for unseen, or come from the answers file (twilio_auth_token,
    telegram_bot_token, or twilio_auth_token_file with a path). What is there already is never overwritten.
    """
    flags = {
        "name": name, "region": region, "public_url": public_url, "console_url": console_url, "admin": admin,
        "language": language, "channels": channels, "number": number,
    }  # fmt: skip
    given = {**_read_file(answers), **{field: text for field, text in flags.items() if text}}
    ask = _ask if sys.stdin.isatty() and answers is None else None
    if ask:
        typer.echo(f"Up to {len(QUESTIONS)} questions. Nothing is written before the last is answered.")
    for line in asyncio.run(set_up(folder, given, ask=ask, check=check, now=datetime.now(UTC))):
        typer.echo(line)


async def set_up(
    folder: Path, given: dict[str, Any], *, ask: Any, check: bool, now: datetime, environ: Any = os.environ
) -> list[str]:
    """Writes the folder and returns what to tell. Raises ValueError with all that is wrong, then nothing is."""
    from app.hotline_folder import read_hotline_folder
    from app.setup_advice import advise_sms, list_missing, list_next_steps
    from app.setup_folder import default_data, read_earlier_answers, write_hotline_folder

    before = read_earlier_answers(folder)
    found = read_answers(given, {"data": default_data(folder), **before}, ask)
    written = write_hotline_folder(folder, found, now)
    settings = read_hotline_folder(folder)
    lines = [f"made  {path}" for path in written.made] + [f"kept  {path}" for path in written.kept]
    lines += [f"kept  {name} as it was, though you say something else now" for name in written.differs]
    if written.backup_key:
        lines += ["", "Write this on paper, away from the machine; whoever has it opens backups:", written.backup_key]
    missing = list(list_missing(folder, settings))
    lines += _part("Still missing; the programs that need it do not start until then", missing)
    if check and not missing:
        from app.doctor_providers import check_providers

        findings = await check_providers({**environ, **settings})
        lines += _part("What the providers say", [finding.line() for finding in findings])
    lines += _part("To arrange", list(advise_sms(settings)))
    return lines + _part("Next", [f"{n}. {step}" for n, step in enumerate(list_next_steps(folder, found), 1)])


def doctor(
    hotline: Annotated[
        Path | None, typer.Option(help="The folder that init wrote; /etc/porchlight with the units.")
    ] = None,
    folder: Annotated[Path, typer.Option(help="The folder of `porchlight run`, if no settings are given.")] = Path(
        "var"
    ),
    network: Annotated[bool, typer.Option(help="Ask the providers and look at the certificates.")] = True,
    everything: Annotated[bool, typer.Option("--all", help="Print also what is well.")] = False,
) -> None:
    """Looks at a running hotline: a line for each finding with what to do; 0 if nothing is wrong, 1 if something is."""
    from app.doctor import build_patient, examine
    from hotline.findings import Grade, find_worst

    patient = build_patient(os.environ, hotline, hotline or folder)
    findings = asyncio.run(examine(patient, network=network))
    for finding in sorted(findings, key=lambda one: -one.grade):
        if everything or finding.grade is not Grade.WELL:
            typer.echo(finding.line())
    counts = [sum(one.grade is grade for one in findings) for grade in (Grade.WRONG, Grade.LOOK, Grade.WELL)]
    typer.echo("{} wrong, {} to look at, {} well".format(*counts))
    sys.exit(1 if find_worst(findings) is Grade.WRONG else 0)


def add_to(application: typer.Typer) -> None:
    """Joins the commands to the whole."""
    application.command()(init)
    application.command()(doctor)


def _part(title: str, lines: list[str]) -> list[str]:
    return ["", f"{title}:", *(f"  {line}" for line in lines)] if lines else []


def _ask(question: Question, default: str, problem: str) -> str:
    later = {"": "", "-": "  Enter if there is none"}.get(question.later, "  Enter if you do not have it yet")
    nothing = f"  Enter for: {default}" if default else later
    typer.echo(f"\n  That will not do: {problem}" if problem else f"\n{question.ask}\n  {question.why}")
    if nothing:
        typer.echo(nothing)
    return str(typer.prompt("", default="", show_default=False, prompt_suffix="> ", hide_input=question.secret))


def _read_file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    import yaml

    found = path.stat()
    try:
        # All as it was typed: to YAML +18885550100 is a number without its plus.
        document = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader) or {}  # noqa: S506
    except yaml.YAMLError:
        raise ValueError(f"{path} is not YAML: a line for each answer, such as `name: Example Line`") from None
    if not isinstance(document, dict):
        raise ValueError(f"{path} is no list of answers: a line for each, such as `name: Example Line`")
    secret = {question.field for question in QUESTIONS if question.secret} & {*document}
    if secret and stat.S_IMODE(found.st_mode) & 0o077:
        raise ValueError(f"{path} holds secrets and is open to others; run: chmod 600 {path}")
    return document
