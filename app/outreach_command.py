"""Prints one product from the reviewed words and the hotline's number (O1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hotline.errors import ContentError


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


def print_product(environment: Mapping[str, str], order: PrintOrder, out: Path) -> int:
    """Writes the file and returns its size in bytes. Raises ContentError saying what is to be chosen otherwise."""
    from hotline.numbers import build_lines
    from outreach.cards import build_card, build_print_words
    from outreach.press import print_card
    from outreach.products import find_product
    from storage.content_files import load_documents

    number = order.number or environment.get("TWILIO_FROM", "")
    if not number:
        raise ContentError("say --number, or set TWILIO_FROM: the number that is texted")
    documents = load_documents()
    card = build_card(
        build_print_words(documents),
        find_product(order.product),
        number,
        language=order.language,
        style=order.style,
        word=order.word,
        qr=order.qr,
        logo=order.logo.read_text("utf-8") if order.logo else "",
        refused=build_lines(documents).refused,
    )
    return out.write_bytes(print_card(card, order.form))
