"""Charts that a board member reads without help: bars with their numbers, grids with theirs (O4)."""

from textwrap import wrap

from outreach.drawing import Bar, Drawing, Text
from outreach.report import Report, Section, Value

WIDTH = 504.0
"""The width of a printed page's text, in points."""
_LABELS, _LINE, _TOP = 190.0, 18.0, 44.0
_SMALL = 4.9
"""About how wide a letter of 9 points is; what is wider is broken, never cut."""


def draw_section(report: Report, section: Section) -> Drawing:
    """A section as a chart: bars for one column, a grid for several; what is hidden is named below."""
    shapes: list[Text | Bar] = [Text(0, 14, section.title, 13, bold=True), Text(0, 30, section.hint, 9, shade="quiet")]
    draw = _draw_bars if len(section.columns) == 1 else _draw_grid
    bottom = draw(report, section, shapes) if section.shown else _TOP
    bottom = _draw_hidden(report, section, shapes, bottom)
    return Drawing(WIDTH, bottom + 8, shapes, f"{section.title}. {section.hint}")


def _draw_bars(report: Report, section: Section, shapes: list[Text | Bar]) -> float:
    y, room = _TOP, WIDTH - _LABELS - 60
    for line in section.shown:
        (value,) = line.values
        length = room * (value or 0) / section.most
        shapes += [
            Text(0, y + 11, line.label),
            Bar(_LABELS, y + 1, length, 13),
            Text(_LABELS + length + 6, y + 12, _say(report, value), bold=True),
        ]
        y += _LINE
    return y


def _draw_grid(report: Report, section: Section, shapes: list[Text | Bar]) -> float:
    width = (WIDTH - _LABELS) / len(section.columns)
    heads = [wrap(label, int((width - 8) / _SMALL)) for _, label in section.columns]
    y = _TOP + 11 * max(len(head) for head in heads)
    for at, head in enumerate(heads):
        shapes += [
            Text(_LABELS + at * width + 6, y - 11 * (len(head) - row) + 5, part, 9, shade="quiet")
            for row, part in enumerate(head)
        ]
    y += 4
    for line in section.shown:
        shapes.append(Text(0, y + 12, line.label))
        for at, value in enumerate(line.values):
            x, length = _LABELS + at * width, (width - 12) * (value or 0) / section.most
            shapes.append(Bar(x + 6, y + 1, width - 12, 14, "faint"))
            shapes += [Bar(x + 6, y + 15, length, 3)] if length else []
            shade = "ink" if value is not None else "quiet"
            shapes.append(Text(x + 10, y + 12, _say(report, value), bold=value is not None, shade=shade))
        y += _LINE + 4
    return y


def _draw_hidden(report: Report, section: Section, shapes: list[Text | Bar], y: float) -> float:
    if not section.hidden:
        return y
    words = report.words
    under = words["all_under"] if len(section.columns) > 1 else f"{words['under']}:"
    said = f"{under} {'; '.join(section.hidden)}" if section.shown else words["nothing"]
    for line in wrap(said, int(WIDTH / 4.6)):
        shapes.append(Text(0, y + 12, line, 9, shade="quiet"))
        y += 12
    return y


def _say(report: Report, value: Value) -> str:
    return report.words["under"] if value is None else f"{value:,}"
