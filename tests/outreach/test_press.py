"""What comes out of the press: sizes, marks, pictures, and nothing about who made it (O1)."""

import re
import struct
import subprocess
import sys

import pytest

from hotline.errors import ContentError
from outreach.cards import Card, PrintWords, build_card
from outreach.press import check_sizes, print_card
from outreach.products import BLEED_MM, PRODUCTS

NUMBER = "7755550123"
_MARK_MM = 4


def _box_mm(pdf: bytes) -> tuple[float, float]:
    """Width and height of a PDF's first page, in millimetres."""
    found = re.search(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert found
    return float(found[1]) / 72 * 25.4, float(found[2]) / 72 * 25.4


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("language", ["en", "es", "both"])
def test_every_product_prints_in_every_language_with_room_for_bleed_and_marks(
    words: PrintWords, product: str, language: str
) -> None:
    """O1: print_card itself refuses type that is too small."""
    card = build_card(words, PRODUCTS[product], NUMBER, language=language)
    width, height = _box_mm(print_card(card))
    edge = 2 * (BLEED_MM + _MARK_MM)
    assert width == pytest.approx(card.product.width + edge, abs=0.1)
    assert height == pytest.approx(card.product.height + edge, abs=0.1)


def test_a_picture_has_the_cut_size_at_three_hundred_dots_an_inch(words: PrintWords) -> None:
    picture = print_card(build_card(words, PRODUCTS["insert"], NUMBER), "png")
    width, height = struct.unpack(">II", picture[16:24])
    assert (width, height) == (round(50 / 25.4 * 300), round(25 / 25.4 * 300))


def test_the_same_card_gives_the_same_bytes_and_they_name_nobody(words: PrintWords) -> None:
    card = build_card(words, PRODUCTS["insert"], NUMBER)
    first = print_card(card)
    assert first == print_card(card)
    assert not re.search(rb"/(Author|CreationDate|ModDate|Title|Subject|Keywords) ?[(<]", first)
    assert set(re.findall(rb"/FontName/[A-Z]{6}\+([\w-]+)", first)) == {b"SourceSansPro-Bold", b"SourceSansPro-Regular"}
    assert b"<text" not in print_card(card, "svg")  # outlines: no font is needed where it is printed


def test_an_office_printer_gets_many_on_a_sheet_and_no_poster(words: PrintWords) -> None:
    sheet = print_card(build_card(words, PRODUCTS["insert"], NUMBER), "sheet-letter")
    assert _box_mm(sheet) == pytest.approx((215.9, 279.4), abs=0.1)
    with pytest.raises(ContentError, match="poster"):
        print_card(build_card(words, PRODUCTS["poster-a4"], NUMBER), "sheet-a4")


def test_what_would_be_too_small_to_read_is_refused_with_advice(words: PrintWords) -> None:
    crowded = build_card(words, PRODUCTS["insert"], NUMBER, language="both", qr="sms")
    with pytest.raises(ContentError, match="no QR code"):
        print_card(crowded)


@pytest.mark.parametrize("kind", ["number", "word", "small", "number-tab"])
def test_every_kind_of_type_has_a_least_size(words: PrintWords, kind: str) -> None:
    card: Card = build_card(words, PRODUCTS["poster-a4"], NUMBER)
    sizes = [{"kind": one, "pt": 100.0} for one in ("number", "word", "small", "number-tab")]
    check_sizes(card, sizes)
    with pytest.raises(ContentError, match="least"):
        check_sizes(card, [*sizes, {"kind": kind, "pt": 5.0}])


def test_a_layout_that_tells_no_sizes_prints_nothing(words: PrintWords) -> None:
    with pytest.raises(ContentError, match="how large"):
        check_sizes(build_card(words, PRODUCTS["insert"], NUMBER), [])


def test_the_command_line_starts_without_the_layout_library() -> None:
    code = "import app.cli, outreach.press, sys; sys.exit('typst' in sys.modules or 'segno' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
