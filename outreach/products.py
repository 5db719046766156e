"""What can be printed: sizes, and the smallest type that each may carry (O1)."""

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.errors import ContentError

SMALLEST_PT = 6.0
"""Nothing on any product is set smaller; a capital is then 1.4 mm high."""

BLEED_MM = 3.0
"""How far a ground of colour runs beyond the cut."""

SAFE_MM = 3.0
"""How far from the cut anything stays that must not be cut off."""


@dataclass(frozen=True, slots=True)
class Product:
    """A printed thing: its cut size in millimetres, how it is laid out, and the least size of number and word."""

    id: str
    width: float
    height: float
    layout: str
    number_pt: float
    word_pt: float
    takes_qr: bool = True
    takes_logo: bool = True
    panels: int = 1
    """How often the words stand on it: around a tube so that one always faces up, on a poster as tabs to tear off."""


_ROWS = (
    Product("insert", 50, 25, "face", 16, 12),
    Product("wrap", 54, 42, "wrap", 12, 8, takes_qr=False, takes_logo=False, panels=3),
    Product("phone", 60, 100, "face", 22, 20),
    Product("wallet", 85.6, 54, "face", 28, 22),
    Product("sticker", 50, 50, "round", 14, 14, takes_qr=False, takes_logo=False),
    Product("poster-a4", 210, 297, "poster", 64, 54, panels=10),
    Product("poster-letter", 215.9, 279.4, "poster", 64, 54, panels=10),
)

PRODUCTS: Mapping[str, Product] = {product.id: product for product in _ROWS}
"""Shoe insert, lip-balm wrap, slip behind a phone's case, wallet card, round sticker, two posters with tabs."""

SHEETS: Mapping[str, tuple[float, float]] = {"a4": (210, 297), "letter": (215.9, 279.4)}
"""Paper of an office printer, in millimetres."""

TAB_NUMBER_PT = 13.0
"""The least size of the number on a tab of a poster."""


@dataclass(frozen=True, slots=True)
class Style:
    """Ink on ground, as ``#rrggbb``."""

    ink: str
    ground: str


STYLES: Mapping[str, Style] = {
    "plain": Style("#111111", "#ffffff"),
    "night": Style("#ffffff", "#1b2a41"),
    "sand": Style("#1a1a1a", "#f2e8d5"),
    "mint": Style("#10211b", "#d5ede2"),
}

LEAST_CONTRAST = 7.0
"""WCAG 2 level AAA: read in a bathroom's light, or in a hurry."""


def find_product(name: str) -> Product:
    """The product of that id. Raises ContentError that lists them all."""
    if name not in PRODUCTS:
        raise ContentError(f"no product of that name; there are {', '.join(PRODUCTS)}")
    return PRODUCTS[name]


def measure_contrast(style: Style) -> float:
    """The WCAG contrast ratio of ink and ground, 1 to 21."""
    light, dark = sorted((_luminance(style.ink), _luminance(style.ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
