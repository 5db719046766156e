"""What comes out of the press: sizes, marks, pictures, and nothing about who made it (O1)."""

import re
import struct
import subprocess
import sys
import zlib

import pytest

from hotline.errors import ContentError
from outreach.cards import Card, PrintWords, build_card
from outreach.press import build_compiler, check_sizes, print_card
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


@pytest.mark.parametrize("product", ["insert", "poster-a4", "poster-letter"])
def test_nothing_but_the_ground_runs_over_the_cut(words: PrintWords, product: str) -> None:
    """Between the cut and the bleed's end a white card is white: no tab, word or number is cut through."""
    card = build_card(words, PRODUCTS[product], NUMBER, language="both")
    ppi, dot = 72.0, 72 / 25.4
    rows = _read_png(build_compiler(card, "press").compile(format="png", ppi=ppi))
    left, right = round((_MARK_MM + BLEED_MM) * dot), round((_MARK_MM + BLEED_MM + card.product.width) * dot)
    top, bottom = round((_MARK_MM + BLEED_MM) * dot), round((_MARK_MM + BLEED_MM + card.product.height) * dot)
    edge, over = round(_MARK_MM * dot) + 1, 2
    ring = [value for y, row in enumerate(rows[edge:-edge], edge) for x, value in enumerate(row[edge:-edge], edge)
            if not (left - over < x < right + over and top - over < y < bottom + over)]  # fmt: skip
    assert len(ring) > 500
    assert min(ring) > 250
    assert min(min(row[left:right]) for row in rows[top:bottom]) < 60


def _read_png(png: bytes) -> list[list[int]]:
    """Red of every dot, of a PNG with eight bits a colour and no interlacing."""
    width, _, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", png[16:29])
    assert (depth, interlaced) == (8, 0)
    step = {2: 3, 6: 4}[kind]
    packed, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        packed += png[at + 8 : at + 8 + length] if png[at + 4 : at + 8] == b"IDAT" else b""
        at += length + 12
    raw, stride = zlib.decompress(packed), 1 + width * step
    rows, above = [], bytes(width)
    for start in range(0, len(raw), stride):
        # A colour is guessed from the same colour of its neighbours alone.
        line = bytearray(raw[start + 1 : start + stride : step])
        west = corner = 0
        for place, value in enumerate(line):
            north = above[place]
            west = line[place] = value + _guess(raw[start], west, north, corner) & 255
            corner = north
        above = bytes(line)
        rows.append(list(above))
    return rows


def _guess(kind: int, west: int, north: int, corner: int) -> int:
    if kind == 4:
        return min((west, north, corner), key=lambda one: abs(west + north - corner - one))
    return (0, west, north, (west + north) // 2)[kind]


def test_a_qr_code_whose_squares_would_be_too_small_for_old_phones_is_refused(words: PrintWords) -> None:
    card = build_card(words, PRODUCTS["wallet"], NUMBER, qr="sms")
    sizes = [{"kind": one, "pt": 100.0} for one in ("number", "word", "small")]
    check_sizes(card, [*sizes, {"kind": "code", "pt": 60.0}])
    with pytest.raises(ContentError, match="no QR code"):
        check_sizes(card, [*sizes, {"kind": "code", "pt": 20.0}])
    with pytest.raises(ContentError, match="how large"):
        check_sizes(card, sizes)


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
    code = "import app.commands, outreach.press, sys; sys.exit('typst' in sys.modules or 'segno' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
