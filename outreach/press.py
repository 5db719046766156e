"""Lays cards out and prints them to a file's bytes; the layout library is imported only here, when it is used (O1)."""

import io
import json
from pathlib import Path
from typing import Any

from hotline.errors import ContentError
from outreach.cards import Card
from outreach.products import BLEED_MM, SAFE_MM, SHEETS, SMALLEST_PT, TAB_NUMBER_PT

FORMS = ("press", "sheet-a4", "sheet-letter", "png", "svg")
"""For a print shop with bleed and crop marks; many on the paper of an office printer; the cut piece as a picture."""

ENDINGS = {"press": "pdf", "sheet-a4": "pdf", "sheet-letter": "pdf", "png": "png", "svg": "svg"}
LEAST_MODULE_MM = 0.33
"""A QR code's smallest square that old phones still read from paper."""

_HERE = Path(__file__).parent
_PNG_PPI = 300.0
_QUIET_ZONE = 4
_PT_OF_MM = 72 / 25.4


def print_card(card: Card, form: str = "press") -> bytes:
    """The card as PDF, PNG (300 dots an inch) or SVG.

    The same card gives the same bytes, and they carry no date, author or title. Raises ContentError if anything on it
    would be set too small to read.
    """
    if form not in FORMS:
        raise ContentError(f"no such form; there are {', '.join(FORMS)}")
    if form.startswith("sheet") and card.product.layout == "poster":
        raise ContentError("a poster is a sheet by itself: print it as png, svg or press")
    compiler = build_compiler(card, form)
    check_sizes(card, json.loads(compiler.query("<size>", field="value")))
    return _compile(compiler, ENDINGS[form])


def build_compiler(card: Card, form: str) -> Any:
    """The layout of a card in a form, not checked and not printed yet."""
    import typst

    inputs = {"card": json.dumps(_describe(card, form))}
    return typst.Compiler(
        str(_HERE / "layout.typ"), root=str(_HERE), font_paths=[str(_HERE / "fonts")], ignore_system_fonts=True,
        sys_inputs=inputs,
    )  # fmt: skip


def _compile(compiler: Any, ending: str) -> bytes:
    if ending == "png":
        return bytes(compiler.compile(format="png", ppi=_PNG_PPI))
    if ending == "pdf":
        return bytes(compiler.compile(format="pdf", pdf_standards="1.4"))  # what every print shop's machine reads
    return bytes(compiler.compile(format="svg"))


def check_sizes(card: Card, sizes: list[dict[str, Any]]) -> None:
    """Raises ContentError naming what would be set smaller than the product allows."""
    least = {"number": card.product.number_pt, "word": card.product.word_pt, "number-tab": TAB_NUMBER_PT}
    wanted_kinds = {"number", "word", "small"}
    if card.qr:
        squares, _ = _build_qr(card).symbol_size(border=_QUIET_ZONE)
        least["code"] = squares * LEAST_MODULE_MM * _PT_OF_MM
        wanted_kinds.add("code")
    if wanted_kinds - {size["kind"] for size in sizes}:
        raise ContentError("the layout did not say how large its type is")
    for size in sizes:
        wanted = least.get(size["kind"], SMALLEST_PT)
        if size["pt"] < wanted - 0.01:
            raise ContentError(
                f"{card.product.id}: {size['kind']} would be {size['pt']:.1f} pt; {wanted:g} pt is the least. "
                "Choose a larger product, a shorter word, one language, or no QR code."
            )


def _describe(card: Card, form: str) -> dict[str, Any]:
    product = card.product
    return {
        "width": product.width, "height": product.height, "layout": product.layout, "panels": product.panels,
        "bleed": BLEED_MM, "safe": SAFE_MM, "ink": card.style.ink, "ground": card.style.ground, "number": card.number,
        "rows": [{"before": row.before, "word": row.word, "after": row.after} for row in card.rows],
        "qr": _draw_qr(card), "logo": card.logo, "form": form.partition("-")[0],
        "sheet": SHEETS.get(form.partition("-")[2], (0, 0)),
    }  # fmt: skip


def _draw_qr(card: Card) -> str:
    """The QR code as SVG, black on white whatever the style, with its quiet zone; empty for none."""
    if not card.qr:
        return ""
    out = io.BytesIO()
    _build_qr(card).save(out, kind="svg", border=_QUIET_ZONE, light="#fff", xmldecl=False, svgns=True)
    return out.getvalue().decode()


def _build_qr(card: Card) -> Any:
    import segno

    return segno.make_qr(card.qr, error="m")
