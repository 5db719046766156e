"""Plots as SVG, made of nothing but text: lines over an axis, on a card of their own that reads in light and dark."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 720, 380
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 200, 48, 56
_CARD, _INK, _GRID = "#ffffff", "#24292f", "#d0d7de"
COLOURS = ("#0550ae", "#bc4c00", "#1a7f37", "#8250df")
_DASHES = ("", "6 4", "2 3", "10 4 2 4")
_STEPS = {1.0: 5, 1.5: 3, 2.0: 4, 2.5: 5, 3.0: 3, 4.0: 4, 5.0: 5, 7.5: 5}
"""Into how many steps an axis is shared out that ends at so many times a power of ten."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is, and its points from left to right."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Plot:
    """``log_y`` makes the upright axis logarithmic; then its values are above zero."""

    title: str
    x_name: str
    y_name: str
    lines: Sequence[Line]
    log_y: bool = False


def draw(plot: Plot) -> str:
    """The whole file. Raises ValueError of a plot without points."""
    points = [point for line in plot.lines for point in line.points]
    if not points:
        raise ValueError(f"{plot.title}: nothing to draw")
    x_axis = _Axis.fit([x for x, _ in points], _LEFT, _WIDTH - _RIGHT, log=False)
    y_axis = _Axis.fit([y for _, y in points], _HEIGHT - _BOTTOM, _TOP, log=plot.log_y)
    parts = [*_draw_frame(plot, x_axis, y_axis)]
    for number, line in enumerate(plot.lines):
        parts += _draw_line(line, number, x_axis, y_axis)
    box = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" font-family="sans-serif" font-size="13">'
    return "\n".join([head, f"<title>{escape(plot.title)}</title>", *parts, "</svg>"]) + "\n"


@dataclass(frozen=True, slots=True)
class _Axis:
    low: float
    high: float
    begin: float
    end: float
    log: bool

    @classmethod
    def fit(cls, values: Sequence[float], begin: float, end: float, *, log: bool) -> "_Axis":
        if log:
            return cls(10 ** math.floor(math.log10(min(values))), _above(max(values)), begin, end, log)
        return cls(0.0, _above(max(values)), begin, end, log)

    def place(self, value: float) -> float:
        low, high, value = (math.log10(v) for v in (self.low, self.high, value)) if self.log else self._plain(value)
        return round(self.begin + (value - low) / (high - low) * (self.end - self.begin), 1)

    def _plain(self, value: float) -> tuple[float, float, float]:
        return self.low, self.high, value

    def ticks(self) -> list[float]:
        if self.log:
            decades = range(round(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            marks = [factor * 10.0**decade for decade in decades for factor in (1, 2, 5)]
            return [mark for mark in marks if self.low <= mark <= self.high * 1.0001]
        steps = _STEPS[_lead(self.high)]
        return [round(self.high * step / steps, 10) for step in range(steps + 1)]


def _above(value: float) -> float:
    """The next round number, one that its axis can be shared out from."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (*_STEPS, 10) if factor * power >= value * 0.9999)


def _lead(high: float) -> float:
    return round(high / 10.0 ** math.floor(math.log10(high) + 1e-9), 1)


def _draw_frame(plot: Plot, x_axis: _Axis, y_axis: _Axis) -> list[str]:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    parts = [
        f'<rect x="0.5" y="0.5" width="{_WIDTH - 1}" height="{_HEIGHT - 1}" rx="8" fill="{_CARD}" stroke="{_GRID}"/>',
        _text(_LEFT, 26, plot.title, weight="bold"),
        _text((_LEFT + right) / 2, _HEIGHT - 14, plot.x_name, anchor="middle"),
        f'<text x="18" y="{(_TOP + bottom) / 2}" fill="{_INK}" text-anchor="middle" '
        f'transform="rotate(-90 18 {(_TOP + bottom) / 2})">{escape(plot.y_name)}</text>',
    ]
    for tick in y_axis.ticks():
        y = y_axis.place(tick)
        parts.append(f'<line x1="{_LEFT}" y1="{y}" x2="{right}" y2="{y}" stroke="{_GRID}"/>')
        parts.append(_text(_LEFT - 8, y + 4, f"{tick:,.10g}", anchor="end"))
    for tick in x_axis.ticks():
        x = x_axis.place(tick)
        parts.append(f'<line x1="{x}" y1="{_TOP}" x2="{x}" y2="{bottom}" stroke="{_GRID}"/>')
        parts.append(_text(x, bottom + 18, f"{tick:,.10g}", anchor="middle"))
    return parts


def _draw_line(line: Line, number: int, x_axis: _Axis, y_axis: _Axis) -> list[str]:
    colour, dash = COLOURS[number % len(COLOURS)], _DASHES[number % len(_DASHES)]
    places = [(x_axis.place(x), y_axis.place(y)) for x, y in line.points]
    path = " ".join(f"{x},{y}" for x, y in places)
    style = f'stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dash}"'
    left, top = _WIDTH - _RIGHT + 16, _TOP + 12 + 24 * number
    parts = [f'<polyline points="{path}" fill="none" {style}/>']
    parts += [f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>' for x, y in places]
    parts += [f'<line x1="{left}" y1="{top - 4}" x2="{left + 28}" y2="{top - 4}" {style}/>']
    return [*parts, _text(left + 36, top, line.name)]


def _text(x: float, y: float, words: str, *, anchor: str = "start", weight: str = "normal") -> str:
    return f'<text x="{x}" y="{y}" fill="{_INK}" text-anchor="{anchor}" font-weight="{weight}">{escape(words)}</text>'
