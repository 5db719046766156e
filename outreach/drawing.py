"""A drawing of words and bars in points, and the same drawing as SVG; ``outreach.pdf`` writes it as PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

SHADES: Mapping[str, str] = {"ink": "#1a1c22", "quiet": "#555a66", "bar": "#2f5d8a", "faint": "#e6e9ee"}
"""On white; every shade that text is in stands out 4.5 to 1 or more."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words whose baseline begins at x, y from the top left."""

    x: float
    y: float
    words: str
    size: float = 10
    bold: bool = False
    shade: str = "ink"


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle from its top left corner."""

    x: float
    y: float
    width: float
    height: float
    shade: str = "bar"


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on white, ``width`` by ``height`` points; ``title`` says in a sentence what is to be seen."""

    width: float
    height: float
    shapes: Sequence[Text | Bar]
    title: str


def write_svg(drawing: Drawing) -> str:
    """The drawing as an SVG of its own, which nothing is fetched for."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width:g} {drawing.height:g}" role="img"'
        f' width="{drawing.width:g}" height="{drawing.height:g}" font-family="Helvetica, Arial, sans-serif">',
        f"<title>{escape(drawing.title)}</title>",
        f'<rect width="{drawing.width:g}" height="{drawing.height:g}" fill="#ffffff"/>',
    ]
    lines += [_write_shape(shape) for shape in drawing.shapes]
    return "\n".join([*lines, "</svg>", ""])


def _write_shape(shape: Text | Bar) -> str:
    fill = SHADES[shape.shade]
    if isinstance(shape, Bar):
        return (
            f'<rect x="{shape.x:g}" y="{shape.y:g}" width="{shape.width:g}" height="{shape.height:g}" fill="{fill}"/>'
        )
    weight = ' font-weight="bold"' if shape.bold else ""
    place = f'x="{shape.x:g}" y="{shape.y:g}" font-size="{shape.size:g}"'
    return f'<text {place}{weight} fill="{fill}">{escape(shape.words)}</text>'
