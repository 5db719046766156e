"""Reports in words, charts and files: every code has its word, nothing small leaves, every page can be read (O4)."""

import itertools
import re
import zlib
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.disclosure import show_tables
from hotline.errors import ContentError
from hotline.regions import build_region
from hotline.tally_tables import Cell, Table, build_tables
from hotline.verification import Freshness
from outreach import drawing as drawings
from outreach.charts import WIDTH, draw_section
from outreach.drawing import SHADES, Bar, Drawing, Text, write_svg
from outreach.pdf import MARGIN, PAGE, write_pdf
from outreach.report import Report, Shown, build_report, load_report_words
from outreach.report_files import write_charts, write_csv, write_report_pdf
from storage.content_files import load_documents

REGIONS = [build_region(load_documents(), name) for name in ("nevada", "california")]
TABLES = build_tables(REGIONS[0])
CELLS = [cell for table in TABLES for cell in table.list_cells()]
FRESH = {Freshness.FRESH: (12, 8), Freshness.UNCONFIRMED: (41, 0)}


def build(counts: Mapping[Cell, int], language: str = "en", period: str = "2026-11") -> Report:
    region = REGIONS[0]
    shown = Shown(show_tables(TABLES, counts, period), FRESH)
    places = {metro.id: metro.name for metro in region.metros.values()}
    return build_report(shown, period, language=language, hotline_name="Porchlight", places=places)


def read_pdf(pdf: bytes) -> str:
    """The words of a PDF of ours."""
    streams = re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL)
    strings = [part for one in streams for part in re.findall(rb"\(((?:\\.|[^()\\])*)\) Tj", zlib.decompress(one))]
    return "\n".join(re.sub(r"\\(.)", r"\1", part.decode("cp1252")) for part in strings)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("region", REGIONS, ids=lambda region: region.name)
def test_every_code_of_every_table_has_its_word_in_both_languages(language: str, region: object) -> None:
    tables = build_tables(region)  # type: ignore[arg-type]
    places = {metro: metro for metro in region.metros}  # type: ignore[attr-defined]
    for period in ("2026-11", "2026"):
        shown = Shown(show_tables(tables, {}, period), FRESH)
        report = build_report(shown, period, language=language, hotline_name="", places=places)
        assert [one.name for one in report.sections][-1] == "freshness"
    extra = Table("new", (("new", ("x",)),))
    with pytest.raises(ContentError, match="new is missing"):
        build_report(Shown(show_tables([extra], {}, "2026"), {}), "2026", language=language, hotline_name="", places={})


def test_both_languages_have_the_same_words_and_no_word_of_blame() -> None:
    def keys(words: object, above: str = "") -> set[str]:
        if not isinstance(words, Mapping):
            return {above}
        return {key for name, inner in words.items() for key in keys(inner, f"{above}.{name}")}

    english, spanish = load_report_words("en"), load_report_words("es")
    assert keys(english) == keys(spanish)
    assert not re.search(r"victim|prostitut|pimp|víctima", f"{english}{spanish}", re.IGNORECASE)
    with pytest.raises(ContentError):
        load_report_words("../en")


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_no_file_of_a_report_changes_with_a_count_below_11_o4(data: st.DataObject) -> None:
    """The files as well as the numbers: the lengths of bars, the order of lines, the sizes of pages."""
    counts = data.draw(st.dictionaries(st.sampled_from(CELLS), st.integers(11, 400), max_size=20))
    small = data.draw(st.dictionaries(st.sampled_from(CELLS), st.integers(1, 10), min_size=1, max_size=20))
    bare, full = build(counts), build({**small, **counts})
    assert write_csv(full) == write_csv(bare)
    assert write_report_pdf(full, "en") == write_report_pdf(bare, "en")
    assert write_charts(full) == write_charts(bare)


def test_a_pdf_says_what_the_report_says_in_both_languages_with_page_numbers() -> None:
    counts = {cell: 10 + at % 60 for at, cell in enumerate(CELLS)}
    for language, word in (("en", "Shelter and housing"), ("es", "¿Llegó una persona?")):
        report = build(counts, language)
        pdf = write_report_pdf(report, language)
        words = read_pdf(pdf)
        assert report.title in words
        assert word in words
        pages = pdf.count(b"/Type /Page ")
        assert f"{report.title} – {pages}/{pages}" in words
        assert f"/Lang ({language})".encode() in pdf
        assert all(section.title in words for section in report.sections)


def test_a_pdf_names_where_each_object_is() -> None:
    pdf = write_report_pdf(build({}), "en")
    start = int(pdf.rpartition(b"startxref\n")[2].split()[0])
    assert pdf[start : start + 4] == b"xref"
    for number, place in enumerate(re.findall(rb"(\d{10}) 00000 n", pdf[start:]), 1):
        assert pdf[int(place) :].startswith(f"{number} 0 obj".encode())


def test_a_letter_that_the_fonts_lack_and_a_drawing_too_high_are_refused() -> None:
    with pytest.raises(ValueError, match="fonts lack"):
        write_pdf([Drawing(100, 100, [Text(0, 10, "日本")], "x")], title="x", language="en")
    with pytest.raises(ValueError, match="higher than a page"):
        write_pdf([Drawing(100, PAGE[1], [], "x")], title="x", language="en")


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_chart_runs_over_its_edge_or_its_words_into_each_other(language: str) -> None:
    """All lines of all tables at once, the longest there can be; a letter is taken as wide as most are."""
    report = build(dict.fromkeys(CELLS, 99_999), language)
    for section in report.sections:
        drawn = draw_section(report, section)
        assert drawn.height <= PAGE[1] - 2 * MARGIN
        for shape in drawn.shapes:
            right = shape.x + (shape.width if isinstance(shape, Bar) else len(shape.words) * shape.size * 0.52)
            assert right <= WIDTH + 4, (section.name, shape)
        lines = [shape for shape in drawn.shapes if isinstance(shape, Text)]
        for one, other in itertools.combinations(lines, 2):
            if abs(one.y - other.y) < 3 and one.x < other.x:
                assert one.x + len(one.words) * one.size * 0.52 <= other.x + 2, (section.name, one, other)


def test_every_shade_of_words_stands_out_from_white_4_5_to_1() -> None:
    def light(shade: str) -> float:
        parts = [int(SHADES[shade][at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    assert all(1.05 / (light(shade) + 0.05) >= 4.5 for shade in ("ink", "quiet"))
    assert 1.05 / (light("bar") + 0.05) >= 3


def test_an_svg_says_what_it_shows_and_fetches_nothing() -> None:
    for svg in write_charts(build(dict.fromkeys(CELLS, 50))).values():
        assert svg.count("<title>") == 1
        assert not re.search(r"href|url\(|@import|<script|<image", svg)
    assert "&lt;11" in write_svg(drawings.Drawing(10, 10, [Text(0, 0, "<11")], "x"))
