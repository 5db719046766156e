"""Writes drawings as a PDF of letter pages: the standard fonts, no date, no author, nothing fetched, no dependency."""

import zlib
from collections.abc import Iterable, Sequence

from outreach.drawing import SHADES, Bar, Drawing, Text

PAGE = (612.0, 792.0)
MARGIN = 54.0
_FOOT = 30.0


def write_pdf(drawings: Iterable[Drawing], *, title: str, language: str) -> bytes:
    """The drawings one below the other, each whole on its page, with the title and the page's number at its foot.

    Raises ValueError for a drawing that is higher than a page, or words outside Windows' western letters.
    """
    pages = _paginate(drawings)
    bodies = [_draw_page(page, f"{title} – {number}/{len(pages)}") for number, page in enumerate(pages, 1)]
    kids = " ".join(f"{6 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /Lang {_string(language)} /ViewerPreferences << /DisplayDocTitle true >> >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        _font("Helvetica"),
        _font("Helvetica-Bold"),
        f"<< /Title {_string(title)} >>",
    ]
    numbered = [one.encode("latin-1") for one in objects]
    for at, body in enumerate(bodies):
        numbered.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE[0]:g} {PAGE[1]:g}] /Contents {7 + 2 * at} 0 R"
            " /Resources << /Font << /F0 3 0 R /F1 4 0 R >> >> >>".encode()
        )
        packed = zlib.compress(body, 9)
        head = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode()
        numbered.append(head + packed + b"\nendstream")
    return _join(numbered)


def _paginate(drawings: Iterable[Drawing]) -> list[list[tuple[float, Drawing]]]:
    """Drawings with how far down their page each begins."""
    pages: list[list[tuple[float, Drawing]]] = [[]]
    y = MARGIN
    for drawing in drawings:
        if drawing.height > PAGE[1] - 2 * MARGIN:
            raise ValueError("a drawing is higher than a page")
        if pages[-1] and y + drawing.height > PAGE[1] - MARGIN:
            pages.append([])
            y = MARGIN
        pages[-1].append((y, drawing))
        y += drawing.height + 14
    return pages


def _draw_page(page: Sequence[tuple[float, Drawing]], foot: str) -> bytes:
    parts = [_shape(shape, top) for top, drawing in page for shape in drawing.shapes]
    parts.append(_shape(Text(0, PAGE[1] - _FOOT, foot, 8, shade="quiet"), 0))
    return b"\n".join(parts)


def _shape(shape: Text | Bar, top: float) -> bytes:
    colour = " ".join(f"{int(SHADES[shape.shade][at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5))
    x = MARGIN + shape.x
    if isinstance(shape, Bar):
        y = PAGE[1] - top - shape.y - shape.height
        return f"{colour} rg {x:.2f} {y:.2f} {shape.width:.2f} {shape.height:.2f} re f".encode()
    y = PAGE[1] - top - shape.y
    place = f"BT /F{int(shape.bold)} {shape.size:g} Tf {colour} rg {x:.2f} {y:.2f} Td ".encode()
    return place + _string(shape.words).encode("latin-1") + b" Tj ET"


def _string(words: str) -> str:
    """A PDF string, its bytes as the standard fonts' WinAnsi has them."""
    try:
        plain = words.encode("cp1252").decode("latin-1")
    except UnicodeEncodeError:
        raise ValueError("a word of the report has a letter that the PDF's fonts lack") from None
    for special in ("\\", "(", ")"):
        plain = plain.replace(special, f"\\{special}")
    return f"({plain})"


def _font(name: str) -> str:
    return f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"


def _join(objects: Sequence[bytes]) -> bytes:
    out, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + end.encode()
