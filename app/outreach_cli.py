"""Commands that print what outreach staff hand out."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

_PRACTICE_FOLDER = Path("var")

outreach_commands = typer.Typer(no_args_is_help=True, help="Cards, stickers and posters: one number, one word.")


@outreach_commands.command("products")
def products() -> None:
    """Prints what can be made: name, cut size, styles, forms."""
    from app.outreach_command import list_products

    for line in list_products():
        typer.echo(line)


@outreach_commands.command("print")
def print_one(
    product: Annotated[str, typer.Argument(help="As `porchlight outreach products` lists them.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    number: Annotated[str, typer.Option(help="The number to text; without it, that of TWILIO_FROM.")] = "",
    language: Annotated[str, typer.Option(help="en, es or both.")] = "en",
    style: Annotated[str, typer.Option(help="plain, night, sand or mint.")] = "plain",
    form: Annotated[str, typer.Option(help="press, sheet-a4, sheet-letter, png or svg.")] = "press",
    word: Annotated[str, typer.Option(help="A site code of the register instead of the usual word.")] = "",
    qr: Annotated[str, typer.Option(help="sms, or the name of your Telegram bot; none unless asked for.")] = "",
    logo: Annotated[Path | None, typer.Option(help="An SVG file; none unless asked for.")] = None,
    folder: Annotated[
        Path, typer.Option("--folder", help="The folder of `porchlight run`, if no settings are given.")
    ] = _PRACTICE_FOLDER,
) -> None:
    """Writes one product to a file, and refuses what could not be read or texted."""
    from app.outreach_command import PrintOrder, print_product

    order = PrintOrder(product, number, language, style, form, word, qr, logo)
    for line in asyncio.run(print_product(os.environ, folder, order, out)):
        typer.echo(line)
