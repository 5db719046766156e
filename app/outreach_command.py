"""Prints one product from the reviewed words and the hotline's number (O1)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotline.digits import flatten
from hotline.errors import ContentError
from hotline.outreach_words import list_free_codes

if TYPE_CHECKING:
    from outreach.cards import Card, PrintWords


@dataclass(frozen=True, slots=True)
class PrintOrder:
    """What is to be printed, as it was asked for."""

    product: str
    number: str = ""
    language: str = "en"
    style: str = "plain"
    form: str = "press"
    word: str = ""
    qr: str = ""
    logo: Path | None = None


def list_products() -> Iterator[str]:
    """A line a product, then styles and forms."""
    from outreach.press import FORMS
    from outreach.products import PRODUCTS, STYLES

    for product in PRODUCTS.values():
        yield f"{product.id:<14} {product.width:g} x {product.height:g} mm"
    yield f"styles: {', '.join(STYLES)}; forms: {', '.join(FORMS)}; languages: en, es, both"


async def print_product(environment: Mapping[str, str], folder: Path, order: PrintOrder, out: Path) -> list[str]:
    """Writes the file from the words that are live, and returns what to tell. ``folder`` is that of ``porchlight run``.

    Raises ContentError saying what is to be chosen otherwise; then nothing is written.
    """
    from outreach.press import print_card

    own = environment.get("TWILIO_FROM", "")
    number = order.number or own
    if not number:
        raise ContentError("say --number, or set TWILIO_FROM: the number that is texted")
    words, refused = await _read_words(environment, folder)
    card = _build_card(order, number, words, refused)
    size = out.write_bytes(print_card(card, order.form))
    lines = [f"{out}: {size} bytes", f"text {card.rows[0].word} to {card.number} yourself before you print many"]
    if own and flatten(number) != flatten(own):
        lines.append("this is not the hotline's own number (TWILIO_FROM)")
    return lines


def _build_card(order: PrintOrder, number: str, words: "PrintWords", refused: Collection[str]) -> "Card":
    from outreach.cards import build_card
    from outreach.products import find_product

    if order.word and order.word.lower() not in list_free_codes(words.site_words, ()):
        raise ContentError("--word takes a site code of the register, such as sun4: nothing else is counted")
    return build_card(
        words,
        find_product(order.product),
        number,
        language=order.language,
        style=order.style,
        word=order.word,
        qr=order.qr,
        logo=order.logo.read_text("utf-8") if order.logo else "",
        refused=refused,
    )


async def _read_words(environment: Mapping[str, str], folder: Path) -> "tuple[PrintWords, Collection[str]]":
    """The words to print and the known misprints: as they are live, or of the files where no hotline is named."""
    from app.content_wiring import build_from_live
    from app.operating import operator_environ
    from app.settings import load_settings
    from hotline.numbers import build_lines
    from outreach.cards import build_print_words
    from storage.connection import Store
    from storage.content_files import load_documents

    def build(documents: Mapping[str, Any]) -> "tuple[PrintWords, Collection[str]]":
        return build_print_words(documents), build_lines(documents).refused

    found = operator_environ(environment, folder)
    if found is None:
        return build(load_documents())
    store = Store(load_settings(found, "operator").redis_url.reveal())
    try:
        return await build_from_live(store, build)
    finally:
        await store.aclose()
