"""``porchlight report``: counts of a month or year that is over, as CSV, PDF or one SVG a chart (O4)."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

_PRACTICE_FOLDER = Path("var")


def report(
    period: Annotated[
        str, typer.Argument(help="A month or year that is over: 2026-11, 2026. None: which there are.")
    ] = "",
    kind: Annotated[str, typer.Option("--as", help="csv, pdf or svg (a file for each chart).")] = "csv",
    language: Annotated[str, typer.Option(help="en or es.")] = "en",
    out: Annotated[Path | None, typer.Option(help="Folder for the files; CSV goes to standard output without.")] = None,
    folder: Annotated[
        Path, typer.Option("--folder", help="The folder of `porchlight run`, if no settings are given.")
    ] = _PRACTICE_FOLDER,
) -> None:
    """Prints or writes a report of counts; no count below 11 is in it. The yearly one is due by 31 January."""
    for line in asyncio.run(write_report(os.environ, folder, period, kind=kind, language=language, out=out)):
        typer.echo(line)


async def write_report(
    environ: Mapping[str, str], folder: Path, period: str, *, kind: str, language: str, out: Path | None
) -> list[str]:
    """Writes the files and says which, or gives the CSV itself. Raises ValueError for what cannot be reported."""
    from app.audit_command import note_command
    from app.content_wiring import build_from_live
    from app.operating import operate
    from app.reports import StoreReports, build_reports
    from app.world import SystemClock
    from hotline.regions import build_region
    from hotline.resources import build_directory
    from storage.connection import Store

    async with operate(environ, folder) as settings:
        store = Store(settings.redis_url.reveal())

        def build(documents: Mapping[str, Any]) -> StoreReports:
            directory = build_directory(documents, build_region(documents, settings.region), settings.mode)
            return build_reports(store, documents, directory, SystemClock(), settings.hotline_name)

        try:
            reports = await build_from_live(store, build)
            if not period:
                return [f"{code}  {name}" for code, name in reports.list_periods(language)]
            if kind == "svg":
                files = {name: svg.encode() for name, svg in (await reports.draw(period, language)).items()}
            else:
                files = {f"report-{period}-{language}.{kind}": (await reports.write(period, language, kind))[0]}
        finally:
            await store.aclose()
        await note_command(settings, "report_written", period)
    if out is None and kind == "csv":
        return [next(iter(files.values())).decode("utf-8-sig").rstrip()]
    return _write_files(files, out or Path())


def _write_files(files: Mapping[str, bytes], out: Path) -> list[str]:
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (out / name).write_bytes(content)
    return [str(out / name) for name in files]


def add_to(application: typer.Typer) -> None:
    """Joins this command to the whole."""
    application.command()(report)
