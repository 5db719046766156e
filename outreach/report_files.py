"""A report as files: CSV for a spreadsheet, PDF for the board, one SVG a chart for a public page (O4)."""

import csv
import io
from textwrap import wrap

from outreach.charts import WIDTH, draw_section
from outreach.drawing import Drawing, Text, write_svg
from outreach.pdf import write_pdf
from outreach.report import Report

_COLUMNS = ("period", "table", "title", "row", "row_label", "column", "column_label", "about")
_LETTERS = 100
"""Of 10 points, on a line."""


def write_csv(report: Report) -> str:
    """One line a cell: codes for a program, labels for a person, and about how many or ``<11``."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(_COLUMNS)
    for section in report.sections:
        for line in section.lines:
            for (code, label), value in zip(section.columns, line.values, strict=True):
                about = report.words["under"] if value is None else value
                row = (report.period, section.name, section.title, line.code, line.label, code, label, about)
                table.writerow(row)
    return out.getvalue()


def write_report_pdf(report: Report, language: str) -> bytes:
    """Title, how to read it, then every chart."""
    drawings = [_draw_head(report), *(draw_section(report, section) for section in report.sections)]
    return write_pdf(drawings, title=report.title, language=language)


def write_charts(report: Report) -> dict[str, str]:
    """File name to SVG, one for each table."""
    return {
        f"{report.period}-{section.name}.svg": write_svg(draw_section(report, section)) for section in report.sections
    }


def _draw_head(report: Report) -> Drawing:
    y, shapes = 54.0, [Text(0, 20, report.title, 17, bold=True)]
    for said in report.intro:
        for line in wrap(said, _LETTERS):
            shapes.append(Text(0, y, line))
            y += 14
        y += 5
    return Drawing(WIDTH, y, shapes, report.title)
